"""The techniques that ship with the platform, registered through the same hooks as a stranger's."""
