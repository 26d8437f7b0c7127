"""The card of a data set: `README.md`, as the Hugging Face hub reads it and people do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from vs_cli.generate.about import About
from vs_cli.generate.samples import Samples
from vs_cli.generate.sentences import LIMITS, PROBABILITIES, SIMULATED, UNSEEN, figure_rows, title
from vs_core.adapters import visible
from vs_core.generation import GenerationReport

MARK = "<!-- written by vs generate, which overwrites it -->"
"""By it a later run knows the file again."""

_SHOWN_CHARACTERS = 2_000
_SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
_SIZE_NAMES = ("1K", "10K", "100K", "1M", "10M")

_COLUMNS = {
    "prompt": "what was asked",
    "value": "the answer",
    "stated": "the number that the model wrote beside it, as a fraction; null if there was none",
    "probability": "that number normalised within the call",
    "method": "how the model was asked",
    "model": "who answered, if it told",
    "round": "in which round of calls about this prompt it came, from 0",
    "call": "key of the call in journal.jsonl",
}


def render_card(
    report: GenerationReport, about: About, samples: Samples, *, parquet: bool = False
) -> str:
    """Write the card.

    Args:
        report: What was made.
        about: How.
        samples: Some of the answers.
        parquet: Whether the data is there as Parquet, too.
    """
    return "\n".join(
        [
            *_front_matter(report, parquet=parquet),
            *(f"> {SIMULATED}\n" for _ in range(report.simulated)),
            *_prompts(report, samples),
            *_making(report, about),
            *_table("Figures", figure_rows(report, about.wanted)),
            *(f"{visible(note)}\n" for note in report.notes),
            f"{UNSEEN}\n",
            *_table("Columns", _COLUMNS.items()),
            f"{PROBABILITIES}\n",
            "## Limits\n",
            *(f"- {limit}" for limit in LIMITS[report.simulated :]),
            "- No licence is claimed here: what may be done with the answers depends on the model.",
            "",
        ]
    )


def _front_matter(report: GenerationReport, *, parquet: bool) -> Iterator[str]:
    # JSON strings are YAML, whatever is in them.
    yield "---"
    yield f"pretty_name: {_quoted(title(report))}"
    yield f"tags: {_quoted(['synthetic', 'verbalized-sampling'])}"
    yield f"size_categories: {_quoted([_size(report.figures.accepted)])}"
    yield "configs:"
    yield "- config_name: default"
    yield f"  data_files: {'data.parquet' if parquet else 'data.jsonl'}"
    yield "---"
    yield f"{MARK}\n"
    yield f"# {_inline(title(report))}\n"


def _prompts(report: GenerationReport, samples: Samples) -> Iterator[str]:
    first = next(iter(report.prompts), None)
    if first is None:
        return
    several = len(report.prompts) > 1
    yield f"{'The first of the prompts' if several else 'The prompt'}:\n"
    yield _fenced(first.prompt)
    found = [record.value for record in samples.of(first.prompt)[:5]]
    if found:
        yield "Some of the answers to it:\n"
        yield _fenced("\n".join(json.dumps(value, ensure_ascii=False) for value in found))


def _making(report: GenerationReport, about: About) -> Iterator[str]:
    state = "" if report.complete else " It had not come to its end then."
    yield "## How it was made\n"
    yield (
        "By verbalized sampling ([arXiv 2510.01171](https://arxiv.org/abs/2510.01171)): each call "
        "asks for several answers with their probabilities, later calls are told some of the "
        f"earlier answers, and what is not new is refused. Made by `{about.program}`, "
        f"{about.date}.{state}\n"
    )
    plain = {name: value for name, value in about.settings.items() if name != "value_schema"}
    yield from _table("", plain.items())
    if "value_schema" in about.settings:
        yield "Each answer is a value of this schema:\n"
        yield _fenced(about.settings["value_schema"])


def _table(heading: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    if heading:
        yield f"## {heading}\n"
    yield "| | |"
    yield "|---|---|"
    for name, value in rows:
        yield f"| {name} | {_inline(value)} |"
    yield ""


def _inline(text: str) -> str:
    """A text on one line of Markdown, as it is."""
    line = " ".join(visible(text[:_SHOWN_CHARACTERS]).split())
    return re.sub(r"([\\`*_{}\[\]<>|#&$~])", r"\\\1", line)


def _fenced(text: str) -> str:
    shown = visible(text[:_SHOWN_CHARACTERS])
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{shown}\n{fence}\n"


def _quoted(value: object) -> str:
    return json.dumps(value)


def _size(rows: int) -> str:
    place = sum(rows >= size for size in _SIZES)
    if not place:
        return f"n<{_SIZE_NAMES[0]}"
    if place == len(_SIZES):
        return "n>10M" if rows > _SIZES[-1] else "1M<n<10M"
    return f"{_SIZE_NAMES[place - 1]}<n<{_SIZE_NAMES[place]}"
