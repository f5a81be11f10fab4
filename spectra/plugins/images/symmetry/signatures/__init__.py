"""What is periodic in a picture, and which operations map it onto itself: 39 numbers."""
