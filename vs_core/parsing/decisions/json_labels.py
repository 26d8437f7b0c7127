"""What a value of JSON says of the labels of one question."""

from __future__ import annotations

from typing import Any

from vs_core.parsing import words
from vs_core.parsing.clean.characters import fold
from vs_core.parsing.decisions.names import Names
from vs_core.parsing.decisions.said import Said, SaidOfLabel, numbered
from vs_core.parsing.record.json_fields import is_number
from vs_core.parsing.segment.json_values import Unfinished, Written, is_text
from vs_core.values.question import YES, LabelQuestion
from vs_core.values.stated import number_spans, read_number

_DEEPEST = 8
_PAIR = 2
_LONGEST_NUMBER = 60
_LABELLING = ("label", "choice", "option", "answer", "value", "name", "text", "category", "class")


def said_of(question: LabelQuestion, labels: Names, value: Any, deep: int = 0) -> Said:
    """What a value says of the labels of a question: the part of it that names most of them.

    Args:
        question: The question.
        labels: What its labels are called.
        value: As `JsonScan` reads it.
        deep: How many parts it stands in.
    """
    ways = [_directly(question, labels, value)]
    if deep < _DEEPEST:
        ways += [said_of(question, labels, part, deep + 1) for part in inner_values(value)]
    return max(ways, key=lambda said: (len(numbered(said, labels)), bool(said)))


def inner_values(value: Any) -> list[Any]:
    """The objects and lists that a value holds.

    Args:
        value: Any value.
    """
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [part for part in parts if isinstance(part, (dict, list))]


def _directly(question: LabelQuestion, labels: Names, value: Any) -> Said:
    if isinstance(value, dict):
        return _of_members(labels, value)
    if isinstance(value, list):
        by_level = _by_level(question, value)
        return by_level or [one for element in value for one in _of_element(labels, element)]
    # A number alone answers a question of yes or no.
    is_alone = question.kind == "yes_no" and is_number(value)
    return [SaidOfLabel(YES, str(value))] if is_alone else []


def _by_level(question: LabelQuestion, value: list[Any]) -> Said:
    """Numbers alone, one for each level in their order."""
    if question.kind != "score" or len(value) != len(question.labels):
        return []
    if not all(map(is_number, value)):
        return []
    if len(value) > _PAIR and sorted(map(str, value)) == sorted(question.labels):
        return []  # The levels themselves, listed or ranked; of two they may be 0 and 1.
    return [SaidOfLabel(*each) for each in zip(question.labels, map(str, value), strict=True)]


def _of_element(labels: Names, element: Any) -> Said:
    if isinstance(element, dict):
        return _of_members(labels, element)
    if isinstance(element, list) and len(element) == _PAIR and is_number(element[1]):
        return [SaidOfLabel(str(element[0]), str(element[1]))]
    return []


def _of_members(labels: Names, members: dict[str, Any]) -> Said:
    one = [said for each in _run_together(members) for said in _of_one(labels, each)]
    if any(labels.meant_by(said.label) for said in one):
        return one
    return _by_key(labels, members) or _side_by_side(labels, members) or one


def _run_together(members: dict[str, Any]) -> list[dict[str, Any]]:
    """The objects of one whose names repeat: `{"label": ..., "p": ..., "label": ..., "p": ...}`."""
    objects: list[dict[str, Any]] = [{}]
    for key, part in getattr(members, "pairs", None) or members.items():
        if key in objects[-1]:
            objects.append({})
        objects[-1][key] = part
    return objects


def _of_one(labels: Names, members: dict[str, Any]) -> Said:
    """`{"label": "billing", "probability": 0.7}`."""
    stated = [part for key, part in members.items() if words.names_number(str(key))]
    if not stated:
        return []
    raw = next((raw for part in stated if (raw := _stated(part)) is not None), None)
    called = {str(key).casefold(): _called(part) for key, part in members.items()}
    texts = [text for key in _LABELLING if (text := called.get(key)) is not None]
    # The label may stand under the question's own name.
    others = [part for part in members.values() if is_text(part)]
    known = next((text for text in [*texts, *others] if labels.meant_by(text)), None)
    if known is not None:
        return [SaidOfLabel(known, raw)]
    return [SaidOfLabel(texts[0], raw)] if texts and raw is not None else []


def _by_key(labels: Names, members: dict[str, Any]) -> Said:
    """`{"billing": 0.7, "sales": 0.2}`; what is no label is taken only if it has a number."""
    said = []
    for key, value in getattr(members, "pairs", None) or members.items():
        raw = _stated(value)
        if labels.meant_by(str(key)):
            skipped = raw is None and isinstance(value, (list, Unfinished))
            said += [] if skipped else [SaidOfLabel(str(key), raw)]
        elif raw is not None and is_number(raw) and not words.names_number(str(key)):
            said.append(SaidOfLabel(str(key), raw))
    return said if any(labels.meant_by(one.label) for one in said) else []


def _side_by_side(labels: Names, members: dict[str, Any]) -> Said:
    """`{"labels": ["billing", "sales"], "probabilities": [0.7, 0.2]}`."""
    lists = {key: part for key, part in members.items() if isinstance(part, list) and part}
    # Labels may be numbers, too: those that are called probabilities come first.
    ranked = sorted(lists, key=lambda key: not words.names_number(str(key)))
    numbers = next((lists[key] for key in ranked if all(map(is_number, lists[key]))), [])
    others = [[_called(part) for part in each] for each in lists.values() if each is not numbers]
    texts = next(([t for t in each if t is not None] for each in others if None not in each), [])
    if len(numbers) != len(texts) or not any(map(labels.meant_by, texts)):
        return []
    return [SaidOfLabel(*each) for each in zip(texts, map(str, numbers), strict=True)]


def _called(value: Any) -> str | None:
    """A value that may stand for a label, as text."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str) and not isinstance(value, Unfinished) else None


def _stated(value: Any) -> str | None:
    """A number, the number of `{"probability": 0.7}`, or that of `about 70 %`."""
    if isinstance(value, dict):
        inner = [part for key, part in value.items() if words.names_number(str(key))]
        value = inner[0] if inner else None
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str) or isinstance(value, Unfinished):
        return None
    if is_number(value):
        return str(value)
    return None if isinstance(value, Written) else _in_words(str(value))


def _in_words(text: str) -> str | None:
    if len(text) > _LONGEST_NUMBER:
        return None
    line = fold(text)
    spans = number_spans(line)
    if spans:
        return line[spans[0].start : spans[0].end] if spans[0].clear else None
    return text if read_number(text) is not None else None
