"""What is to be judged: one text from the command line, or many states from a file."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from vs_cli.decide.questions import Questions
from vs_cli.errors import MisuseError
from vs_cli.lines import begins_object, numbered_lines
from vs_cli.reading import named, one_prompt, opened, require_whole

_LABEL_FIELDS = ("label", "labels")


@dataclass(frozen=True)
class State:
    """One input to judge.

    Attributes:
        content: A text, or what JSON holds.
        line: Where it stands in its file; None for one from the command line.
        labels: The true labels, by the ids of the questions, as far as they are known.
    """

    content: Any
    line: int | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The content as it is shown."""
        if isinstance(self.content, str):
            return self.content
        return json.dumps(self.content, ensure_ascii=False)


def states_in(asked: argparse.Namespace, questions: Questions) -> tuple[State, ...]:
    """The states that a command line names, checked.

    Args:
        asked: The command line.
        questions: What is asked about each, for the true labels.

    Raises:
        MisuseError: Neither or both ways were used, the file cannot be read, or a line of it
            cannot be judged; the message names it.
    """
    if (asked.state is None) == (asked.states is None):
        raise MisuseError("pass either a STATE or --states FILE")
    if asked.states is None:
        if asked.label_field is not None:
            raise MisuseError("--label-field is for the lines of --states: leave it out")
        return (_one(asked.state),)
    try:
        with opened(asked.states) as file:
            reader = _Reader(named(asked.states), questions, asked.label_field)
            return tuple(reader.read(file))
    except (OSError, ValueError) as error:
        raise MisuseError(f"--states: {asked.states}: {error}") from error


def _one(argument: str) -> State:
    text = one_prompt(argument)
    if not text.strip():
        raise MisuseError("the state is empty: pass the text to judge")
    return State(text)


class _Reader:
    """Reads the lines of one file, all of the kind of the first one."""

    def __init__(self, source: str, questions: Questions, label_field: str | None) -> None:
        self._source = source
        self._questions = questions
        self._label_field = label_field

    def read(self, file: BinaryIO) -> Iterator[State]:
        in_json: bool | None = None
        for number, line in numbered_lines(file, self._source, "--states"):
            where = f"--states: line {number} of {self._source}"
            in_json = begins_object(line) if in_json is None else in_json
            if begins_object(line) and not in_json:
                raise MisuseError(
                    f"{where} begins like a JSON object, and the first line is plain text: write "
                    'all lines as objects with the text as "text", or none'
                )
            require_whole(line, where)
            yield self._of_object(number, line, where) if in_json else State(line, number)
        if in_json is None:
            raise MisuseError(f"--states: {self._source} holds nothing to judge")
        if not in_json and self._label_field is not None:
            raise MisuseError(
                f"--label-field: {self._source} is plain text, and has no fields: leave it out"
            )

    def _of_object(self, number: int, line: str, where: str) -> State:
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            said = None
        content = _content(said) if isinstance(said, dict) else None
        if not content:
            raise MisuseError(
                f'{where} is no JSON object with a text as "text", or text, an object or a list '
                f'as "state": {line[:80]}'
            )
        require_whole(json.dumps(content, ensure_ascii=False), where)
        return State(content, number, self._labels(said, where))

    def _labels(self, said: Mapping[str, Any], where: str) -> dict[str, str]:
        fields = (self._label_field,) if self._label_field is not None else _LABEL_FIELDS
        name = next((name for name in fields if said.get(name) is not None), None)
        if name is None:
            return {}
        given = said[name]
        by_id = given if isinstance(given, dict) else self._by_the_only_id(given, name, where)
        known = {question.id: question for question in self._questions.each}
        if unknown := [id_ for id_ in by_id if id_ not in known]:
            raise MisuseError(f"{where}: {name!r} has {unknown[0]!r}, which is no question here")
        try:
            return {
                id_: known[id_].label_of(label) for id_, label in by_id.items() if label is not None
            }
        except LookupError as error:
            raise MisuseError(f"{where}: {name!r}: {error.args[0]}") from error

    def _by_the_only_id(self, label: Any, name: str, where: str) -> dict[str, Any]:
        each = self._questions.each
        if len(each) > 1:
            raise MisuseError(
                f"{where}: {name!r} is {label!r}, and there are {len(each)} questions: give an "
                f"object of their ids, such as {json.dumps({each[0].id: label})}"
            )
        return {each[0].id: label}


def _content(said: Mapping[str, Any]) -> Any:
    """What is to be judged, None if there is nothing or too much."""
    text, state = said.get("text"), said.get("state")
    if (text is None) == (state is None):
        return None
    if text is not None:
        return text if isinstance(text, str) and text.strip() else None
    is_usable = isinstance(state, (dict, list)) or (isinstance(state, str) and state.strip())
    return state if is_usable else None
