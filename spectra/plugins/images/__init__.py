"""Pictures, for any technique: a reader of picture files, area means, and pixels as features."""
