"""The page: the registry in a browser. Beside the command line, on the same views and the same registry."""
