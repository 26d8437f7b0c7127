"""The labelled decisions in a file, each line checked before anything is fitted."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from vs_cli.errors import MisuseError
from vs_cli.lines import numbered_lines
from vs_cli.reading import named, opened

_SHOWN = 8


@dataclass
class Examples:
    """Decisions with their true labels.

    Attributes:
        probabilities: Of each decision.
        labels: The true label of each.
        unlabelled: Lines that were left out since they have no true label.
        failed: Lines that were left out since they say that there was no answer.
    """

    probabilities: list[dict[str, float]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    unlabelled: int = 0
    failed: int = 0

    def add(self, decision: Mapping[str, Any], where: str) -> None:
        """Take the decision of a line.

        Args:
            decision: With probabilities, and a label if there is one.
            where: The line, for messages.

        Raises:
            MisuseError: It cannot be used.
        """
        if decision.get("calibrated") is True:
            raise MisuseError(
                f"{where} has calibrated probabilities, and those that the model states are to be "
                "calibrated: run vs decide without --calibration"
            )
        probabilities = _probabilities(decision.get("probabilities"), where)
        label = _written(decision.get("label"))
        if label is None:
            self.unlabelled += 1
            return
        if label not in probabilities:
            raise MisuseError(
                f"{where} has the label {label!r}, which is none of those with a probability: "
                f"{_listed(probabilities)}"
            )
        self.probabilities.append(probabilities)
        self.labels.append(label)

    @property
    def left_out(self) -> Iterator[str]:
        """Which lines were left out, in sentences."""
        for lines, why in ((self.unlabelled, "a label"), (self.failed, "an answer")):
            if lines:
                yield f"{lines} {'line' if lines == 1 else 'lines'} without {why} left out"


def read_examples(file: str, question: str | None) -> Examples:
    """The examples in a file.

    Args:
        file: Its path; `-` is standard input.
        question: The id of the question whose answers are taken; None where there is one question.

    Raises:
        MisuseError: It cannot be read, or a line cannot be used; the message names it.
    """
    try:
        with opened(file) as lines:
            return _read(lines, named(file), question)
    except (OSError, ValueError) as error:
        raise MisuseError(f"{file}: {getattr(error, 'strerror', None) or error}") from error


def _read(lines: BinaryIO, source: str, question: str | None) -> Examples:
    examples, chooser = Examples(), _Chooser(question)
    number = 0
    for number, line in numbered_lines(lines, source, "vs calibrate"):
        where = f"line {number} of {source}"
        said = _object(line, where)
        if "error" in said and not said.keys() & {"probabilities", "decisions"}:
            examples.failed += 1
            continue
        examples.add(chooser.decision(said, where), where)
    if not number:
        raise MisuseError(f"{source} is empty: give lines as vs decide --states --json writes them")
    if not examples.labels:
        raise MisuseError(
            f"no line of {source} has a true label: give the states labels before they are decided "
            '(vs decide --states FILE, with a "label" in each line), or add them to the lines'
        )
    return examples


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise MisuseError(f"{where} is no JSON: {line[:80]}") from error
    if not isinstance(said, dict):
        raise MisuseError(f"{where} is no JSON object: {line[:80]}")
    return said


class _Chooser:
    """Finds the part of a line that is about one question, the same one in all lines.

    Args:
        question: Its id; None where there is one question.
    """

    def __init__(self, question: str | None) -> None:
        self._question = question
        self._first: tuple[str | None] | None = None

    def decision(self, said: Mapping[str, Any], where: str) -> Mapping[str, Any]:
        """The part of a line.

        Args:
            said: The line.
            where: The line, for messages.

        Raises:
            MisuseError: There is none, or it is about another question than in the lines before.
        """
        decisions = said.get("decisions")
        if decisions is None:
            self._require_same(None, where)
            return said
        if not isinstance(decisions, dict) or not all(map(_is_object, decisions.values())):
            raise MisuseError(f'{where}: "decisions" is no object with an object for each question')
        id_ = self._question
        if id_ is None and len(decisions) != 1:
            raise MisuseError(
                f"{where} has answers to several questions: say which by --question, one of "
                f"{_listed(decisions)}"
            )
        id_ = next(iter(decisions)) if id_ is None else id_
        if id_ not in decisions:
            raise MisuseError(f"{where} has no answer to {id_!r}, but to {_listed(decisions)}")
        self._require_same(id_, where)
        found: Mapping[str, Any] = decisions[id_]
        return found

    def _require_same(self, id_: str | None, where: str) -> None:
        if id_ is None and self._question is not None:
            raise MisuseError(
                f"{where} does not say which question it answers: leave --question out, or take "
                "lines that do"
            )
        self._first = self._first or (id_,)
        if self._first != (id_,):
            [first] = self._first
            raise MisuseError(
                f"{where} answers {_named(id_)}, and lines before it answer {_named(first)}: "
                "calibrate one question at a time"
            )


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _named(id_: str | None) -> str:
    return "a question without an id" if id_ is None else repr(id_)


def _probabilities(given: Any, where: str) -> dict[str, float]:
    if not isinstance(given, dict) or len(given) < 2:
        raise MisuseError(
            f'{where} has no "probabilities", an object of two labels or more with a number each'
        )
    for label, number in given.items():
        if not _is_probability(number):
            raise MisuseError(
                f"{where} has {json.dumps(number):.40} for {label!r}: a probability is a number, 0 "
                "or above"
            )
    if not any(given.values()):
        raise MisuseError(f"{where} has 0 for every label: leave out what was not decided")
    return {label: float(number) for label, number in given.items()}


def _is_probability(number: Any) -> bool:
    if not isinstance(number, (int, float)) or isinstance(number, bool):
        return False
    # Nor a whole number beyond those of floating point; of NaN this is False, too.
    return 0 <= number <= sys.float_info.max


def _written(label: Any) -> str | None:
    """A label as it stands in front of its number, which in JSON is a text."""
    if isinstance(label, bool):
        return "yes" if label else "no"
    return None if label is None else str(label)


def _listed(names: Mapping[str, Any]) -> str:
    shown = ", ".join(map(repr, list(names)[:_SHOWN]))
    return shown + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
