"""A model that answers with a draw."""
