"""One command, or one family of commands, a module; each imports what it needs when it is run."""
