"""Pictures of a simulated spectrum: mode shapes, sensitivities, and Young's modulus over direction."""
