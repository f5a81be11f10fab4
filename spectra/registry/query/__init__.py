"""Queries: the language, its keys, the conditions as SQL, the search, and the columns of what was found."""
