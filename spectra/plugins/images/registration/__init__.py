"""Registration: where in a picture points lie at which something was measured."""
