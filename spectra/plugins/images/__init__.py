"""Pictures, for any technique: a reader of picture files, random turns, area means, and pixels as features."""
