"""Features of pictures for comparing them: texture, and the answers of the user's own network."""
