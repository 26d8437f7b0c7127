"""Answers from what was retrieved, and conversations about it."""
