"""One record as one file to send, and the theme that it shares with the page."""
