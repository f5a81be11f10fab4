"""What the loaded plugins provide, by kind and name, and what became of those that could not be loaded."""
