"""Spaces of pictures: generators that turn codes into pictures of a kind seen before, and pictures into codes."""
