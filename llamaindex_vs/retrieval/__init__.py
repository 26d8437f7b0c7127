"""Searches with several queries, and one ranking of what they find."""
