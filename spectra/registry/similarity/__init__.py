"""What similarity searches compare, as people select it."""
