"""Maps of similarity, made by child processes and shown live."""
