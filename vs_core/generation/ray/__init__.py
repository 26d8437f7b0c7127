"""Calls made by the processes of a Ray cluster."""
