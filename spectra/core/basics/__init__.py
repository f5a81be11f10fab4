"""Files, units and documents: what everything else stands on."""
