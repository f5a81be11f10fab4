"""A technique that is not RUS: one Lorentzian line in a profile, and the same line as a pair of profile and image.

It is installed as a stranger's plugin would be, by its own distribution metadata and entry point, and it uses nothing
of the platform but spectra.core.
"""
