"""What a model is asked about a query for which there are several routes."""

from __future__ import annotations

ROUTING = (
    "The input is a query. Which of these choices is the most relevant to it? Judge by what is "
    "said of each choice, not by prior knowledge of the topic."
)
"""Asks which of several choices a query belongs to."""
