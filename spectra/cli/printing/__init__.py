"""What commands print for a person: tables and lines on the terminal, by rich."""
