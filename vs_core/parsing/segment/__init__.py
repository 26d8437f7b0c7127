"""Segments: where each candidate begins and ends."""
