"""What values of JSON say of the labels of questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from vs_core.parsing import words
from vs_core.parsing.decisions.json_labels import said_of
from vs_core.parsing.decisions.names import Names
from vs_core.parsing.decisions.said import Said, numbered
from vs_core.parsing.segment.json_scan import JsonScan
from vs_core.parsing.segment.json_values import is_text
from vs_core.parsing.segment.starts import next_json
from vs_core.values.question import LabelQuestion

_DEEPEST = 8
_MOST_VALUES = 1000
_NAMING = ("question", "question_id", "id", "name", "key")


class JsonAnswers:
    """Finds in values of JSON what is said of each question.

    Args:
        questions: The questions, by what they are called in the reply.
        labels: For each question what its labels are called.
    """

    def __init__(self, questions: Mapping[str, LabelQuestion], labels: Mapping[str, Names]) -> None:
        self._questions = questions
        self._labels = labels
        self._names = Names.of_questions(questions)

    def in_value(self, value: Any) -> dict[str, Said]:
        """What a value says, by question; nothing of those that it does not mention.

        Args:
            value: As `JsonScan` reads it.
        """
        found = self._in(value, 0)
        if len(self._questions) == 1:
            # It need not be named.
            [name] = self._questions
            whole, labels = self._of(name, value), self._labels[name]
            if len(numbered(whole, labels)) > len(numbered(found.get(name, []), labels)):
                return {name: whole}
            found = found or ({name: whole} if whole else {})
        return found

    def _in(self, value: Any, deep: int) -> dict[str, Said]:
        found: dict[str, Said] = {}
        rest: list[Any] = []
        elements = value if isinstance(value, list) else [value]
        for element in elements:
            named = self._named_by(element) if isinstance(element, dict) else {}
            for name, said in named.items():
                found.setdefault(name, []).extend(said)
            rest += self._unnamed(element) if named or element is value else [element]
        if deep < _DEEPEST:
            for inner in rest:
                if isinstance(inner, (dict, list)):
                    for name, said in self._in(inner, deep + 1).items():
                        found.setdefault(name, said)
        return found

    def _named_by(self, members: dict[str, Any]) -> dict[str, Said]:
        """What an object says of the questions that it names."""
        if self._is_of_one_label(members):
            name = self._named_inside(members)
            return {name: self._of(name, members)} if name else {}
        said = {
            name: self._of(name, part)
            for key, part in members.items()
            if (name := self._name_of(key, part))
        }
        if any(said.values()) or not (inside := self._named_inside(members)):
            return {name: each for name, each in said.items() if each}
        rest = {key: part for key, part in members.items() if key not in _NAMING}
        return {inside: found} if (found := self._of(inside, rest)) else {}

    def _unnamed(self, value: Any) -> list[Any]:
        """The parts of an object that do not belong to a question."""
        if not isinstance(value, dict):
            return []
        if self._named_inside(value):
            return []
        return [part for key, part in value.items() if not self._name_of(key, part)]

    def _name_of(self, key: Any, part: Any) -> str | None:
        """The question that a member is about; none, if it is a wrapper around all of them."""
        names = self._names
        if len(names.all) > 1 and isinstance(part, dict):
            inside = {names.meant_by(str(inner)) for inner in part}
            if inside.issuperset(names.all):
                return None
        return names.meant_by(str(key))

    def _named_inside(self, members: dict[str, Any]) -> str | None:
        """The question of `{"question": "team", ...}`, or of `{"team": "sales", "prob": 0.7}`."""
        for key in _NAMING:
            called = members.get(key)
            if isinstance(called, str) and (name := self._names.meant_by(called)):
                return name
        named = {
            name
            for key, part in members.items()
            if is_text(part) and (name := self._names.meant_by(str(key)))
            if self._labels[name].meant_by(part)
        }
        return named.pop() if len(named) == 1 else None

    def _is_of_one_label(self, members: dict[str, Any]) -> bool:
        """Whether it is `{"label": "billing", "probability": 0.7}`, whatever is asked."""
        texts = [part for part in members.values() if is_text(part)]
        if not any(map(words.names_number, map(str, members))):
            return False
        return any(names.meant_by(text) for names in self._labels.values() for text in texts)

    def _of(self, name: str, value: Any) -> Said:
        return said_of(self._questions[name], self._labels[name], value)


def json_values_in(text: str, *, truncated: bool | None) -> Iterator[tuple[Any, bool]]:
    """The values of JSON in a text, and whether each was cut off.

    Args:
        text: The reply.
        truncated: Whether the provider says that it was cut off; None if it says nothing.
    """
    for _ in range(_MOST_VALUES):
        at = next_json(text, final=True)[0]
        if at < 0:
            return
        scan = JsonScan(lambda _: False)
        scan.feed(text[at:])
        scan.close(cut=truncated is not False)
        yield scan.root, scan.cut
        text = scan.rest if len(scan.rest) < len(text) - at else text[at + 1 :]
