"""Files, units, documents and verdicts: what everything else stands on."""
