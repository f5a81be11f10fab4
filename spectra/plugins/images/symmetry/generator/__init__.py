"""Pictures of the 17 plane groups, exact at every pixel."""
