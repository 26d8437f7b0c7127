"""Folders of finished records that repeat each other, and what is to be left of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pyarrow import parquet

LONG = "Why do coffee beans never gossip in a cafe when others can hear them?"
FOLDERS: list[list[tuple[str, Any]]] = [
    [("A joke?", LONG), ("A joke?", "Decaf? I'm out."), ("A user", {"name": "Ada", "age": 36})],
    [("A joke?", LONG.replace(" a cafe", " the cafe")), ("A joke?", "DECAF? I'm out!")],
    [("A user", {"age": 36, "name": "Ada"}), ("A user", {"name": "Ada", "age": 37})],
    [("Another joke?", LONG), ("Another joke?", "Decaf? I'm out.")],
]
"""A prompt and an answer for each record."""
KEPT = {
    "A joke?": ["decaf? i'm out", "why do coffee beans"],
    "A user": ['{"age": 36, "name": "ada"}', '{"age": 37, "name": "ada"}'],
    "Another joke?": ["decaf? i'm out", "why do coffee beans"],
}


def write_shards(home: Path) -> list[str]:
    """Write the folders; gives their names."""
    for number, records in enumerate(FOLDERS):
        folder = home / f"shard{number}"
        folder.mkdir()
        rows = [{"prompt": prompt, "value": value, "stated": None} for prompt, value in records]
        lines = "".join(f"{json.dumps(row)}\n" for row in rows)
        (folder / "data.jsonl").write_text(lines, "utf-8")
    return [f"shard{number}" for number in range(len(FOLDERS))]


def kept_in(folder: Path) -> dict[str, list[str]]:
    """What is left for each prompt, as far as it is the same whichever of two alike was kept."""
    found: dict[str, list[str]] = {}
    for row in parquet.read_table(folder).to_pylist():
        found.setdefault(row["prompt"], []).append(_plain(row["value"]))
    return {prompt: sorted(values) for prompt, values in found.items()}


def _plain(value: str) -> str:
    if value.startswith("{"):
        return json.dumps(json.loads(value), sort_keys=True).lower()
    return " ".join(value.lower().rstrip(".!").split()[:4])
