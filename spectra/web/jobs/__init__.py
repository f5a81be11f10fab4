"""Long work that a page has started: each job is a process of its own with a folder of its own."""
