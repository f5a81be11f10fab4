"""The Python face: the tasks as methods of a session, and answers that show themselves in a notebook."""
