"""Figures as a table."""

from __future__ import annotations

from collections.abc import Mapping

LABELS = {
    "accuracy": "accuracy ↑",
    "ece": "ECE ↓",
    "brier": "Brier score ↓",
    "log_loss": "log loss ↓",
}
"""What each figure is called, with an arrow to where it is better."""


def table_of(examples: int, columns: Mapping[str, Mapping[str, object]]) -> list[list[str]]:
    """A head and one row for each figure.

    Args:
        examples: How many there are.
        columns: Under the heading of each column, its figures by name.
    """
    head = [f"{examples:,} examples", *columns]
    return [head, *([LABELS[name], *(str(c[name]) for c in columns.values())] for name in LABELS)]
