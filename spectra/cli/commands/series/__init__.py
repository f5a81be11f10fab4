"""Commands on what depends on a condition: ``series`` measures it, ``plot`` draws it from the record."""
