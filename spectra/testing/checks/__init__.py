"""The checks, one module for each kind of component; importing the modules registers them."""
