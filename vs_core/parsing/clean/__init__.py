"""Cleaning: what is no part of an answer, and how characters are written."""
