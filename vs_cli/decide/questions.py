"""What is asked about each state: one question from the command line, or several from a file."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from vs_cli.errors import MisuseError
from vs_core.adapters.decisions import unsaid_question
from vs_core.decisions import LabelQuestion

ONLY = "answer"
"""What a question from the command line is called, to the model and in messages."""

_SHOWN = 8


@dataclass(frozen=True)
class AskedQuestion:
    """One question.

    Attributes:
        id: What it is called.
        asked: The question as langchain-core has it, in plain JSON.
        text: What it asks, to be shown.
        labels: Its labels as they are printed, by what a decision calls them: its levels have
            numbers there.
        has_levels: Whether the labels are levels, from the lowest to the highest.
        meanings: What is to be shown beside a label, by its printed name.
    """

    id: str
    asked: Mapping[str, Any]
    text: str
    labels: Mapping[str, str]
    has_levels: bool = False
    meanings: Mapping[str, str] = field(default_factory=dict)

    def label_of(self, value: object) -> str:
        """The label that a value names, as it is printed.

        Args:
            value: A label; True or False for yes or no; the name or the number of a level.

        Raises:
            LookupError: It names none; the message lists the labels.

        Example:
            >>> from vs_cli.decide.questions import yes_no_question
            >>> yes_no_question("Is it urgent?").label_of(True)
            'yes'
        """
        name = as_printed(value)
        if name in self.labels.values():
            return name
        if name in self.labels:
            return self.labels[name]
        raise LookupError(f"{value!r} is none of the labels of {self.id!r}: {self.listed}")

    def named(self, numbers: Mapping[str, float]) -> dict[str, float]:
        """The numbers of a decision, by the labels as they are printed.

        Args:
            numbers: By what the decision calls the labels; some may be left out.
        """
        return {self.labels[label]: number for label, number in numbers.items()}

    @property
    def listed(self) -> str:
        """Its labels in a message."""
        names = list(map(repr, self.labels.values()))
        more = len(names) - _SHOWN
        return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


@dataclass(frozen=True)
class Questions:
    """All that is asked about one state, in one call.

    Attributes:
        each: The questions.
        have_ids: Whether they come from a file that names each.
    """

    each: tuple[AskedQuestion, ...]
    have_ids: bool = False

    @property
    def asked(self) -> dict[str, Mapping[str, Any]]:
        """The questions of a request to a decision model."""
        return {question.id: question.asked for question in self.each}


def as_printed(label: object) -> str:
    """A label as a text, as JSON has it in front of a number; True and False are yes and no.

    Args:
        label: Of any kind.
    """
    return {True: "yes", False: "no"}[label] if isinstance(label, bool) else str(label)


def question_in(asked: argparse.Namespace) -> AskedQuestion:
    """The one question that the arguments make.

    Args:
        asked: The command line.

    Raises:
        MisuseError: No question is given, or more than one; or its labels cannot be told apart.
    """
    given = {
        "--choices": asked.labels,
        "--yes-no": asked.yes_no,
        "--levels": asked.levels,
    }
    options = [option for option, value in given.items() if value is not None]
    if len(options) != 1:
        raise MisuseError(
            "give one of --choices (with --choice, if labels have meanings), --yes-no, --levels, "
            "or --questions FILE, which may ask several questions at once"
        )
    if asked.yes_no is not None:
        if asked.question is not None:
            raise MisuseError("--yes-no has its question: leave --question out")
        return yes_no_question(asked.yes_no)
    if asked.levels is not None:
        return _levels_question(asked.question or unsaid_question("score"), asked.levels)
    return _choice_question(asked.question or unsaid_question("choice"), asked.labels)


def yes_no_question(text: str) -> AskedQuestion:
    """A question that yes or no answers.

    Args:
        text: The question.

    Raises:
        MisuseError: It is blank.
    """
    _require_text(text, "--yes-no")
    return AskedQuestion(
        ONLY,
        {"type": "noul", "instructions": text},
        text,
        labels={"yes": "yes", "no": "no"},
    )


def _choice_question(text: str, labels: Sequence[tuple[str, str | None]]) -> AskedQuestion:
    _require_text(text, "--question")
    names = [label for label, _ in labels]
    _require_labels("--choices", names)
    return AskedQuestion(
        ONLY,
        {"type": "choice", "instructions": text, "criteria": dict(labels)},
        text,
        labels={name: name for name in names},
    )


def _levels_question(text: str, levels: Sequence[str]) -> AskedQuestion:
    _require_text(text, "--question")
    _require_labels("--levels", levels)
    return AskedQuestion(
        ONLY,
        {"type": "score", "instructions": text, "criteria": list(levels)},
        text,
        labels={str(number): name for number, name in enumerate(levels)},
        has_levels=True,
    )


def _require_text(text: str, option: str) -> None:
    if not text.strip():
        raise MisuseError(f"{option} is empty: write the whole question")


def _require_labels(option: str, names: Sequence[str]) -> None:
    if len(names) < 2:
        raise MisuseError(f"{option}: {names[0]!r} alone is no choice: give two labels or more")
    try:
        LabelQuestion(id=ONLY, instructions="", labels=tuple(names))
    except ValidationError as error:
        said = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise MisuseError(f"{option}: {said}") from error
