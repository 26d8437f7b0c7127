"""The table of `docs/local.md`: what small models make of k responses, in words and enforced.

    python benchmarks/small_models.py

prints it from `benchmarks/recorded/small-*.json`. `benchmarks/prompts.py` makes these files, one
for each model, against any server with OpenAI's interface:

    python benchmarks/prompts.py --url http://127.0.0.1:8080/v1 --model my-model \
        --journal replies.jsonl --wordings standard enforced --against standard --layouts xml \
        --k 3 5 10 --record benchmarks/recorded/small-my-model.json
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).parent / "recorded"
ASKED = {"standard": "in words", "enforced": "enforced"}
HEAD = (
    "| model | k | asked | n | readable | k different | cut off | tokens | for one |\n"
    "|---|--:|---|--:|--:|--:|--:|--:|--:|"
)


def rows(folder: Path = RECORDED) -> Iterator[str]:
    """The lines of the table under `HEAD`, the smallest number of responses first.

    Args:
        folder: Where the records are.
    """
    for file in sorted(folder.glob("small-*.json")):
        record = json.loads(file.read_text("utf-8"))
        for figure in sorted(record["figures"], key=lambda figure: figure["k"]):
            yield _row(record["model"], figure)


def _row(model: str, figure: dict[str, Any]) -> str:
    for_one = figure["tokens_per_usable"]
    cells = [
        model,
        figure["k"],
        ASKED[figure["wording"]],
        figure["trials"],
        f"{figure['readable'][0]:.0%}",
        _with_interval(figure["different"]),
        f"{figure['cut'][0]:.0%}",
        f"{figure['tokens_in']:.0f} + {figure['tokens_out']:.0f}",
        "-" if for_one is None else f"{for_one:.0f}",
    ]
    return f"| {' | '.join(map(str, cells))} |"


def _with_interval(share: Sequence[float]) -> str:
    mean, low, high = share
    return f"{mean:.0%} ({low:.0%} to {high:.0%})"


if __name__ == "__main__":
    print(HEAD)
    for line in rows():
        print(line)
