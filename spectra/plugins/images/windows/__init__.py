"""Windows around places in pictures, for networks that see no more at once."""
