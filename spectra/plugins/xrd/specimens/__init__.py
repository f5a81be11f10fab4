"""Specimens of gold: their structure, what is done to it, molecular dynamics, and what is seen of them."""
