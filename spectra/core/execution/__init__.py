"""Work on other machines: the cluster that hands tasks out, and the workers that do them."""
