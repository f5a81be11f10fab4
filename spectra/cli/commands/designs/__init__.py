"""The command that looks for designs, and what its options mean."""
