"""What can be said to `vs decide`."""

from __future__ import annotations

import argparse

from vs_cli.model_arguments import add_model, positive
from vs_cli.setting_arguments import add_settings
from vs_core.adapters.decisions import DecisionSettings

_EPILOG = """\
Each label gets a probability: how plausible it seems to the model, and no frequency. With labelled
examples `vs calibrate` makes it mean that: give what it writes as --calibration.

The exit code is 3 if --threshold is given and the one STATE is to be handed over.

without --model, replies come from a built-in simulation, not from a language model

examples:
  vs decide "Where is my parcel?" --choices billing,delivery,returns
  vs decide "Where is my parcel?" --choice "billing=charges, invoices" --choice "delivery=parcels"
  vs decide "The shop is down!" --yes-no "Is it urgent?" --model openai:gpt-4.1-mini -n 5
  vs decide "This is the third time!" --levels calm,annoyed,angry --threshold 0.7
  vs decide --states mails.jsonl --questions questions.json --json > decisions.jsonl
  vs decide "Where is my parcel?" --choices billing,delivery --calibration calibration.json
"""


def add_decide(decide: argparse.ArgumentParser) -> None:
    """Add the arguments of `vs decide` to its parser."""
    decide.epilog = _EPILOG
    _add_states(decide)
    _add_questions(decide)
    add_model(decide)
    add_settings(
        decide,
        DecisionSettings,
        *("n", "structured_output", "instructions"),
        n="calls about each state; their probabilities are averaged, and their spread is shown",
    )
    decide.add_argument(
        "--calibration",
        action="append",
        default=[],
        metavar="[ID=]FILE",
        help="what vs calibrate wrote: for all questions, or for that of an id; may be repeated",
    )
    decide.add_argument(
        "--threshold",
        type=_share,
        metavar="P",
        help="say of what is less probable than P that it is to be handed over to a person",
    )
    decide.add_argument("--seed", type=int, metavar="N", help="make the simulation repeatable")
    decide.add_argument(
        "--concurrency", type=positive, default=8, metavar="N", help="states at a time (8)"
    )
    decide.add_argument(
        "--json",
        action="store_true",
        help="print one JSON document instead; with --states one a line, as soon as it is there",
    )


def _add_states(decide: argparse.ArgumentParser) -> None:
    decide.add_argument(
        "state", metavar="STATE", nargs="?", help="the text to judge; - reads standard input"
    )
    decide.add_argument(
        "--states",
        metavar="FILE",
        help='many of them, one a line, or JSON lines with "text" (or "state", any JSON) and, '
        'where it is known, the true "label"; - reads standard input',
    )
    decide.add_argument(
        "--label-field",
        metavar="NAME",
        help="where the true label stands in the JSON lines of --states (label, or labels)",
    )


def _add_questions(decide: argparse.ArgumentParser) -> None:
    decide.add_argument(
        "--question", metavar="TEXT", help="what the labels answer (which of them fits best)"
    )
    decide.add_argument(
        "--choices",
        dest="labels",
        type=_choices,
        action="extend",
        metavar="A,B,...",
        help="the labels to choose from",
    )
    decide.add_argument(
        "--choice",
        dest="labels",
        type=_choice,
        action="extend",
        metavar="LABEL[=MEANING]",
        help="one label, and what it means; repeat it for each",
    )
    decide.add_argument("--yes-no", metavar="TEXT", help="a question that yes or no answers")
    decide.add_argument(
        "--levels", type=_names, metavar="A,B,...", help="levels, from the lowest to the highest"
    )
    decide.add_argument(
        "--questions",
        metavar="FILE",
        help="several questions at once, under an id each in a JSON object, as langchain-core has "
        'them: {"type": "choice", "instructions": ..., "criteria": {label: meaning}}, or with type '
        "noul (yes or no) or score (levels)",
    )


def _choices(written: str) -> list[tuple[str, str | None]]:
    return [(label, None) for label in _names(written)]


def _choice(written: str) -> list[tuple[str, str | None]]:
    label, is_said, meaning = written.partition("=")
    if not label.strip():
        raise argparse.ArgumentTypeError(f"{written!r} names no label: write LABEL=MEANING")
    return [(label.strip(), meaning.strip() or None if is_said else None)]


def _names(written: str) -> list[str]:
    names = [name.strip() for name in written.split(",") if name.strip()]
    if not names:
        raise argparse.ArgumentTypeError("no label is named")
    return names


def _share(written: str) -> float:
    try:
        share = float(written)
    except ValueError:
        share = 0.0
    if not 0.0 < share <= 1.0:
        raise argparse.ArgumentTypeError(f"{written!r} is no number above 0 and up to 1")
    return share
