"""The platform's words as types, the hooks, and the two workflows. Knows no technique and no database."""
