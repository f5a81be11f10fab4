"""Commands on the workers of a cluster."""
