"""Feature spaces on record."""
