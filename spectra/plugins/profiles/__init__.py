"""Curves, for any technique: the binned encoder, distortions, columns of text and checks, rebinning, background."""
