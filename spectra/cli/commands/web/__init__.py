"""The page, and the report of one prediction: the registry in a browser."""
