"""An encoder and a regressor for techniques that are somebody else's."""
