"""What can be said to `vs compare`."""

from __future__ import annotations

import argparse
from typing import cast, get_args

from vs_cli.model_arguments import add_model, positive
from vs_cli.presets import add_preset
from vs_cli.setting_arguments import add_settings
from vs_core import Method
from vs_core.comparison import ComparisonSettings

ALL_METHODS: tuple[Method, ...] = ("direct", "sequence", "standard", "cot", "multi")
"""Baselines first, as they are read."""

_SETTINGS = ("n", "k", "max_probability", "layout", "wording", "structured_output")

EXAMPLES = """\
examples:
  vs compare "Tell me a joke about coffee"
  vs compare "Tell me a joke about coffee" --model openai:gpt-4.1-mini -n 30 --out report/
  vs compare --prompts prompts.txt --methods direct,standard --model openai:gpt-4.1-mini --json
"""

_DETAILS = """\
Every method gives the same number of responses (-n) to each prompt. With --out, every reply is
written to DIR/journal.jsonl as it comes: interrupt with Ctrl-C and run the same command again to
go on where it stopped.

without --model, replies come from a built-in simulation, not from a language model

"""


def add_compare(compare: argparse.ArgumentParser) -> None:
    """Add the arguments of `vs compare` to its parser."""
    compare.epilog = _DETAILS + EXAMPLES
    compare.add_argument(
        "prompt", metavar="PROMPT", nargs="?", help="the question; - reads standard input"
    )
    compare.add_argument(
        "--prompts",
        metavar="FILE",
        help='many questions, one a line, or JSON lines with "prompt" and, if the answers are '
        'known, "reference": a list, or weights by answer; - reads standard input',
    )
    add_model(compare)
    add_preset(compare, ComparisonSettings)
    compare.add_argument(
        "--methods",
        type=_methods,
        default=ALL_METHODS,
        metavar="M,M,...",
        help=f"which to compare ({','.join(ALL_METHODS)}; with --preset, direct and its own)",
    )
    add_settings(compare, ComparisonSettings, *_SETTINGS)
    compare.add_argument(
        "--embeddings",
        metavar="PROVIDER:NAME",
        help="embeddings as LangChain's init_embeddings takes them, for the semantic metrics",
    )
    compare.add_argument(
        "--seed",
        type=int,
        metavar="N",
        help="make the intervals repeatable, and the simulation",
    )
    compare.add_argument(
        "--concurrency", type=positive, default=8, metavar="N", help="exchanges at a time (8)"
    )
    compare.add_argument(
        "--out", metavar="DIR", help="write report.html, report.json and the pictures there"
    )
    compare.add_argument("--json", action="store_true", help="print one JSON document instead")


def _methods(written: str) -> tuple[Method, ...]:
    names = [name.strip() for name in written.split(",") if name.strip()]
    unknown = [name for name in names if name not in get_args(Method)]
    if unknown or not names:
        what = f"unknown method {unknown[0]!r}" if unknown else "no method is named"
        raise argparse.ArgumentTypeError(f"{what}; choose from {', '.join(ALL_METHODS)}")
    return tuple(dict.fromkeys(cast("list[Method]", names)))
