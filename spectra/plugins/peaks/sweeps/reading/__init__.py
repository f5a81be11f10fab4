"""Files of sweeps: columns, recordings, and what they mean."""
