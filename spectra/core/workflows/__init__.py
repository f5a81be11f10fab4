"""The two workflows, train (simulate, distort, encode, fit, evaluate) and analyze (encode, predict, refine)."""
