"""Lists of lines, for any technique: encoders, distortions, the list reader, and the posterior of unlabelled peaks."""
