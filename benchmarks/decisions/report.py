"""What the record of `benchmarks/decisions/ask.py` shows, as tables in Markdown.

    PYTHONPATH=. python benchmarks/decisions/report.py RECORD.jsonl

For each way of asking: how good the probabilities are as stated, and after a calibration, for
messages that it was not fitted to; with 95 % intervals, and what a message costs in tokens. Then
how much the first way differs from each of the others, message by message.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean
from typing import Any

from vs_core.calibration import Calibration, Evaluation, calibrate
from vs_core.comparison import Estimate, estimate

HEAD = ("way of asking", "accuracy", "ECE", "Brier score", "log loss", "tokens sent", "received")
Row = dict[str, Any]


def rows_of(record: Path) -> dict[str, list[Row]]:
    """The lines of the record, by way of asking."""
    found: dict[str, list[Row]] = defaultdict(list)
    for line in record.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[row["way"]].append(row)
    return dict(found)


def read_in(rows: list[Row]) -> list[Row]:
    """The rows in which labels have probabilities."""
    return [row for row in rows if "probabilities" in row]


def qualities(ways: dict[str, list[Row]]) -> Iterator[str]:
    """The lines of the table of figures."""
    yield _line(HEAD)
    yield f"|---|{'--:|' * (len(HEAD) - 1)}"
    for way, rows in ways.items():
        read = read_in(rows)
        calibration = calibrate(
            [row["probabilities"] for row in read], [row["intent"] for row in read]
        )
        tokens = [
            f"{fmean(row[kind] or 0 for row in read):.0f}"
            for kind in ("input_tokens", "output_tokens")
        ]
        named = way if len(read) == len(rows) else f"{way} ({len(read)} of {len(rows)} read)"
        yield _line([named, *_figures(calibration.before), *tokens])
        yield _line([f"… {_map(calibration)}", *_figures(calibration.after), "", ""])


def differences(ways: dict[str, list[Row]]) -> Iterator[str]:
    """The lines of the table of what the first way has more than the others, as stated."""
    (first, rows), *others = ways.items()
    yield _line([f"{first}, less", "accuracy", "Brier score"])
    yield "|---|--:|--:|"
    mine = {row["id"]: row for row in read_in(rows)}
    for way, theirs in others:
        pairs = [(mine[row["id"]], row) for row in read_in(theirs) if row["id"] in mine]
        yield _line(
            [
                way,
                *(
                    _signed(estimate([figure(a) - figure(b) for a, b in pairs]))
                    for figure in (_share_right, _brier)
                ),
            ]
        )


def _share_right(row: Row) -> float:
    """Of the most probable labels; of equals each counts for its part."""
    most = max(row["probabilities"].values())
    best = [label for label, number in row["probabilities"].items() if number == most]
    return (row["intent"] in best) / len(best)


def _brier(row: Row) -> float:
    return sum(
        (number - (label == row["intent"])) ** 2 for label, number in row["probabilities"].items()
    )


def _figures(quality: Evaluation) -> list[str]:
    each = (quality.accuracy, quality.ece, quality.brier, quality.log_loss)
    return [f"{one.value:.2f} ({one.low:.2f} to {one.high:.2f})" for one in each]


def _signed(found: Estimate) -> str:
    return f"{found.mean:+.2f} ({found.low:+.2f} to {found.high:+.2f})"


def _map(calibration: Calibration) -> str:
    if calibration.temperature is None:
        return "calibrated, by an isotonic map"
    return f"calibrated, T = {calibration.temperature:.1f}"


def _line(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    found = rows_of(Path(sys.argv[1]))
    print("\n".join([*qualities(found), "", *differences(found)]))
