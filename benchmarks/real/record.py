"""Compares the ways of asking on a real model by `vs compare`, and keeps what it found.

    make bench-real URL=http://127.0.0.1:8000/v1 MODEL=qwen2.5-coder-1.5b

Each temperature is a comparison of its own. Every reply is kept in `.benchmarks/real/` as it
comes: stop at any time, and the same command goes on. What is complete is written to
`benchmarks/recorded/compare-MODEL-tTEMPERATURE.json`, and its tables are printed. With
`OPTIONS="--structured-output json_schema"` the server is to enforce the shape of the lists.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from report import tables

from vs_cli import main
from vs_core.comparison import Comparison

HERE = Path(__file__).parent
RECORDED = HERE.parent / "recorded"
JOURNALS = HERE.parents[1] / ".benchmarks" / "real"
PROMPTS = HERE / "prompts.jsonl"

METHODS = "direct,sequence,standard,cot"
MOST_TOKENS = 500
"""Five sentences with their notation take about 300; a reply that repeats itself ends here."""


def record(
    url: str, model: str, temperature: float, n: int, shape: str | None = None
) -> Comparison | None:
    """Make one comparison, or go on with it; None if it is not complete.

    Args:
        url: Where the model is served.
        model: Its name there.
        temperature: What its calls are told.
        n: Responses to each prompt by each method.
        shape: How the server is to enforce the shape of a list; None asks in words.
    """
    named = re.sub(r"[^a-zA-Z0-9.-]+", "-", model)
    name = f"{named}-t{temperature}{'-enforced' if shape else ''}"
    folder = JOURNALS / name
    arguments = {
        "--prompts": PROMPTS,
        "--model": f"openai:{model}",
        "--base-url": url,
        "--temperature": temperature,
        "--max-tokens": MOST_TOKENS,
        "--timeout": 600,
        "--methods": METHODS,
        "-n": n,
        "--seed": 1,
        "--concurrency": 4,
        "--out": folder,
    }
    if shape:
        arguments["--structured-output"] = shape
    said = [str(part) for argument in arguments.items() for part in argument]
    if (found := _complete(folder, n)) is None:
        main(["compare", *said])
        found = _complete(folder, n)
    if found is None:
        return None
    (RECORDED / f"compare-{name}.json").write_text(found.model_dump_json() + "\n", encoding="utf-8")
    return found


def _complete(folder: Path, n: int) -> Comparison | None:
    """What is reported in a folder, if every exchange was made.

    A comparison that is complete is not gone on with: what could not be read would be asked again,
    and the record would show fewer failures than there were.
    """
    report = folder / "report.json"
    if not report.exists():
        return None
    found = Comparison.model_validate_json(report.read_bytes())
    return found if found.complete and found.settings.n == n else None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--url", required=True, help="such as http://127.0.0.1:8000/v1")
    parser.add_argument("--model", required=True, help="its name on that server")
    parser.add_argument("--temperatures", type=float, nargs="+", default=[0.7, 1.0])
    parser.add_argument("-n", type=int, default=50, help="responses to each prompt by each method")
    parser.add_argument("--structured-output", help="such as json_schema")
    return parser.parse_args()


if __name__ == "__main__":
    asked = _arguments()
    recorded = [
        record(asked.url, asked.model, temperature, asked.n, asked.structured_output)
        for temperature in asked.temperatures
    ]
    complete = [comparison for comparison in recorded if comparison]
    print(tables(complete))
    sys.exit(len(complete) < len(recorded))
