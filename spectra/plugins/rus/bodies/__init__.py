"""Bodies: their shape in a sample file, triangulated surfaces, and polynomial bases on their inside."""
