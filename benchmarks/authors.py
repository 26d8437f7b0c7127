"""What the paper's authors measured, and what this package measures on the same responses.

    PYTHONPATH=. python benchmarks/authors.py
    PYTHONPATH=. python benchmarks/authors.py --replies DIR --record FILE.json

DIR has what was published with Zhang et al., "Verbalized Sampling", arXiv 2510.01171, in the
repository CHATS-lab/verbalized-sampling (Apache-2.0): responses (`recorded/*.jsonl`), the authors'
results (`results/*.json`) and whole replies (`replies/*.txt`). It is no part of this repository.
Recorded are figures, no texts; without `--replies` the tables are made of the record.
"""

from __future__ import annotations

import argparse
import ast
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from statistics import fmean
from typing import Any

from vs_core import parse_reply
from vs_core.metrics import coverage_n, kl_divergence, measure, precision

RECORD = Path(__file__).parent / "recorded" / "authors.json"
LLAMA, GPT = "llama-3.1-70b-instruct__state_name__", "gpt-4.1__joke__"
METHODS = {"direct": "direct", "sequence": "sequence", "structure_with_prob": "standard"}
"""The methods as their files call them, and as this package does."""
PROMPTS = {
    "US State": "a US state",
    "constellation": "a constellation",
    "country in Europe": "a country in Europe",
    "National Park": "a national park",
    "chemical element": "a chemical element",
}
STATES = """
Alabama, Alaska, Arizona, Arkansas, California, Colorado, Connecticut, Delaware, Florida, Georgia,
Hawaii, Idaho, Illinois, Indiana, Iowa, Kansas, Kentucky, Louisiana, Maine, Maryland,
Massachusetts, Michigan, Minnesota, Mississippi, Missouri, Montana, Nebraska, Nevada,
New Hampshire, New Jersey, New Mexico, New York, North Carolina, North Dakota, Ohio, Oklahoma,
Oregon, Pennsylvania, Rhode Island, South Carolina, South Dakota, Tennessee, Texas, Utah, Vermont,
Virginia, Washington, West Virginia, Wisconsin, Wyoming
"""
REFERENCE = [name.strip() for name in STATES.split(",")]
JOKES = ("Tell me a joke about drinking", "Tell me a joke about beer", "Make a joke about coffee")
LEXICAL = ("unique_fraction", "distinct_2", "rouge_l")
EQUAL = 1e-6
"""Below this the figures are called equal: theirs have 1e-10 added in another place."""

Row = dict[str, Any]


def answers(replies: Path) -> list[Row]:
    """Divergence and coverage of short answers, from their counts and from their responses."""
    rows = []
    for path in sorted(replies.glob(f"results/{LLAMA}*.json")):
        method = path.name.removeprefix(LLAMA).partition(".")[0]
        stats = json.loads(path.read_text(encoding="utf-8"))
        for prompt, theirs in stats["overall_metrics"]["per_prompt_stats"].items():
            counts = theirs["response_distribution"]
            rows.append(_answer_row(method, prompt, theirs, counts, "counts"))
            if given := _responses(replies, f"{LLAMA}{method}").get(prompt):
                rows.append(_answer_row(method, prompt, theirs, given, "responses"))
    return rows


def _answer_row(
    method: str, prompt: str, theirs: Row, given: Mapping[str, int] | Sequence[str], source: str
) -> Row:
    name = next(name for part, name in PROMPTS.items() if part in prompt)
    reference = REFERENCE
    if isinstance(given, Mapping) and "US State" not in prompt:
        # Of the other references only the size is known.
        size = theirs["num_gt_responses"]
        reference = [*given, *(f"not given {n}" for n in range(size))][:size]
    number = sum(given.values()) if isinstance(given, Mapping) else len(given)
    return {
        "prompt": name,
        "method": METHODS[method],
        "source": source,
        "responses": number,
        "of": theirs["num_responses"] if source == "counts" else 500,
        "kl_divergence": [theirs["kl_divergence"], kl_divergence(given, reference)],
        "kl_divergence_full": kl_divergence(given, reference, convention="full"),
        "coverage_n": [theirs["unique_recall_rate"], coverage_n(given, reference)],
        "precision": [theirs["precision"], precision(given, reference)],
    }


def jokes(replies: Path) -> list[Row]:
    """Lexical diversity of thirty jokes to each of three prompts, by method."""
    rows = []
    for method, name in METHODS.items():
        given = _responses(replies, f"{GPT}{method}")
        for prompt in JOKES:
            found = measure(given[prompt], metrics=LEXICAL)
            numbers = {"responses": len(given[prompt]), **found}
            rows.append({"prompt": prompt, "method": name, **numbers})
    return rows


def readings(replies: Path) -> list[Row]:
    """How many candidates whole replies hold, and how many are read with text and number."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for path in sorted(replies.glob("replies/*.txt")):
        reply = path.read_text(encoding="utf-8")
        is_json = reply.lstrip().startswith("{")
        items = json.loads(reply)["responses"] if is_json else ast.literal_eval(reply)
        held = [(item.get("text") or item["response"], item["probability"]) for item in items]
        read = [(candidate.text, candidate.stated) for candidate in parse_reply(reply)]
        kind = "Claude 4 Sonnet, JSON" if is_json else "GPT-4.1, a Python list"
        right = sum(a == b for a, b in zip(held, read, strict=False)) - abs(len(held) - len(read))
        found[kind].append((len(held), right))
    return [
        {
            "kind": kind,
            "replies": len(pairs),
            "candidates": sum(held for held, _ in pairs),
            "read": sum(right for _, right in pairs),
        }
        for kind, pairs in found.items()
    ]


def _responses(replies: Path, run: str) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = defaultdict(list)
    path = replies / "recorded" / f"{run}.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        texts[row["prompt"].strip()] += [item["text"] for item in row["responses"]]
    return texts


def figures(replies: Path) -> Row:
    """All that the tables are made of."""
    return {"answers": answers(replies), "jokes": jokes(replies), "readings": readings(replies)}


def answer_table(found: Row) -> Iterator[str]:
    """The lines of the table of short answers."""
    head = ("asked for, method", "computed from", "KL: theirs", "ours", "difference")
    yield _line(*head, "coverage: theirs", "ours")
    yield "|---|---|--:|--:|--:|--:|--:|"
    for row in found["answers"]:
        (kl, own_kl), (coverage, own_coverage) = row["kl_divergence"], row["coverage_n"]
        yield _line(
            f"{row['prompt']}, `{row['method']}`",
            _source(row),
            f"{kl:.4f}",
            f"{own_kl:.4f}",
            _difference(own_kl - kl),
            f"{coverage:.3f}",
            f"{own_coverage:.3f}",
        )


def _source(row: Row) -> str:
    if row["source"] == "counts":
        return f"their counts of {row['responses']} answers"
    return f"{row['responses']} of {row['of']} responses"


def _difference(number: float) -> str:
    return "0" if abs(number) < EQUAL else f"{number:+.4f}"


def joke_table(found: Row) -> Iterator[str]:
    """The lines of the table of jokes: means over the prompts."""
    yield "| jokes by GPT-4.1 | responses | unique ↑ | distinct-2 ↑ | ROUGE-L ↓ |"
    yield "|---|--:|--:|--:|--:|"
    by_method: dict[str, list[Row]] = defaultdict(list)
    for row in found["jokes"]:
        by_method[row["method"]].append(row)
    for method, rows in by_method.items():
        means = (f"{fmean(row[name] for row in rows):.3f}" for name in LEXICAL)
        yield _line(f"`{method}`", str(sum(row["responses"] for row in rows)), *means)


def reading_table(found: Row) -> Iterator[str]:
    """The lines of the table of whole replies."""
    yield "| replies as they were published | replies | candidates in them | read exactly |"
    yield "|---|--:|--:|--:|"
    for row in found["readings"]:
        yield _line(row["kind"], *(str(row[name]) for name in ("replies", "candidates", "read")))


def tables(found: Row) -> Iterator[str]:
    """All tables, a blank line between two of them."""
    yield from answer_table(found)
    yield ""
    yield from joke_table(found)
    yield ""
    yield from reading_table(found)


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Compute or take the figures, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replies", type=Path, help="the folder of the published responses")
    parser.add_argument("--record", type=Path, help="a file for the figures")
    arguments = parser.parse_args()
    if not arguments.replies:
        found = json.loads((arguments.record or RECORD).read_text(encoding="utf-8"))
    else:
        found = figures(arguments.replies)
        if arguments.record:
            today = datetime.now(tz=timezone.utc).date().isoformat()
            written = json.dumps({"date": today, **found})
            for first in ('{"prompt"', '{"kind"'):
                written = written.replace(first, f"\n{first}")
            arguments.record.write_text(written + "\n", encoding="utf-8")
    print("\n".join(tables(found)))


if __name__ == "__main__":
    main()
