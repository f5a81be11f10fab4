"""Charts and graphs as SVG of our own: their parts can be links, and none needs a script."""
