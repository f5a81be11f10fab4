"""What similarity searches keep on record: feature spaces, and what was found of measurements."""
