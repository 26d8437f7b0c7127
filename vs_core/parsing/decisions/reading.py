"""`read_labels`: from a reply to the numbers it states for the labels of known questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vs_core.parsing.clean.characters import without_end_token
from vs_core.parsing.clean.thinking import without_thoughts
from vs_core.parsing.decisions.attempts import Attempt, Attempts
from vs_core.parsing.decisions.json_answers import JsonAnswers, json_values_in
from vs_core.parsing.decisions.names import Names
from vs_core.parsing.decisions.said import Said, SaidOfLabel, numbered
from vs_core.parsing.decisions.text_answers import TextAnswers
from vs_core.values.question import NO, YES, LabelQuestion
from vs_core.values.stated import read_number, read_together
from vs_core.values.terms import Layout
from vs_core.values.trace import Dropped

UNKNOWN = "none of the labels of {name!r}"
REPEATED = "{name!r} names this label more than once: the first usable number counts"
NUMBERLESS = "no number that can be read"
JSON: Layout = "json"
LINES: Layout = "lines"
_PARTS_OF_NUMBERS = "0123456789.,/"
CUT = "cut off before every label of {name!r} had its number"
UNDECIDED = "most of the probability of {name!r} belongs to what could not be read"
"""Where that is so, the labels that were read would get what was stated for others."""
_HALF = 0.5
_TEN = 10.0


@dataclass
class StatedLabels:
    """What a reply states.

    Attributes:
        numbers: For each question that is answered the number of each label that has one, by the
            label, in the order of the labels; a fraction.
        raw: The same numbers as written.
        layout: The notation that was read; None if nothing was.
        dropped: What could not be used, with the reason.
    """

    numbers: dict[str, dict[str, float]] = field(default_factory=dict)
    raw: dict[str, dict[str, str]] = field(default_factory=dict)
    layout: Layout | None = None
    dropped: list[Dropped] = field(default_factory=list)


def read_labels(
    reply: str, questions: Mapping[str, LabelQuestion], *, truncated: bool | None = None
) -> StatedLabels:
    """Read what a reply states of the labels of some questions, whatever notation it is in.

    A question counts as answered if one of its labels has a number above 0. Of a reply that was
    cut off, it counts only if all of them have a number. Where only yes or only no has one, the
    other has what is missing to 1.

    Args:
        reply: What the model wrote.
        questions: The questions, by what they are called in the reply.
        truncated: Whether the provider says that it was cut off; None if it says nothing.

    Example:
        >>> from vs_core.decisions import yes_no
        >>> from vs_core.parsing.decisions.reading import read_labels
        >>> read_labels('{"urgent": {"yes": "80%"}}', {"urgent": yes_no("u", "Urgent?")}).numbers
        {'urgent': {'yes': 0.8, 'no': 0.2}}
    """
    text = without_end_token(without_thoughts(reply)[0])
    labels = {name: Names.of_labels(question) for name, question in questions.items()}
    in_json = _in_json(text, questions, labels, truncated=truncated)
    found, layout = in_json, JSON
    if not any(numbered(one.said, labels[name]) for name, one in in_json.items()):
        if truncated:
            text = text.rstrip(_PARTS_OF_NUMBERS)
        in_text = TextAnswers(questions, labels).in_text(text)
        if in_text:
            found, layout = {n: Attempt(said) for n, said in in_text.items()}, LINES
    stated = StatedLabels(layout=layout if found else None)
    for name, one in found.items():
        is_cut = one.cut or bool(truncated)
        _take(stated, name, questions[name], labels[name], one.said, is_cut=is_cut)
    return stated


def _in_json(
    text: str,
    questions: Mapping[str, LabelQuestion],
    labels: Mapping[str, Names],
    *,
    truncated: bool | None,
) -> dict[str, Attempt]:
    answers = JsonAnswers(questions, labels)
    attempts = {name: Attempts(each) for name, each in labels.items()}
    for value, cut in json_values_in(text, truncated=truncated):
        for name, said in answers.in_value(value).items():
            attempts[name].add(Attempt(said, cut))
    best = {name: each.best for name, each in attempts.items()}
    return {name: one for name, one in best.items() if one is not None}


def _take(
    stated: StatedLabels,
    name: str,
    question: LabelQuestion,
    labels: Names,
    said: Said,
    *,
    is_cut: bool,
) -> None:
    """Take what is said of one question, if it answers the question."""
    numbers: dict[str, float] = {}
    raw: dict[str, str] = {}
    for one, number in zip(said, read_together([one.raw for one in said]), strict=True):
        label = labels.meant_by(one.label)
        reason = _objection(name, label, number, numbers)
        if reason is not None:
            stated.dropped.append(Dropped(fragment=_shown(one), reason=reason))
        elif label is not None and number is not None:
            numbers[label], raw[label] = number, one.raw or ""
    if question.kind == "yes_no":
        # To take the rest for no would approve what nobody judged.
        is_elsewhere = _unknown(labels, said) > sum(numbers.values())
        is_undecided = is_elsewhere or not _complete(labels, said, numbers)
    else:
        is_undecided = _lost(labels, said, numbers)
    reason = None
    if is_cut and len(numbers) < len(question.labels):
        reason = CUT
    elif is_undecided:
        reason = UNDECIDED
    if reason is not None:
        said_so = ", ".join(map(_shown, said))
        stated.dropped.append(Dropped(fragment=said_so, reason=reason.format(name=name)))
    elif any(numbers.values()):
        stated.numbers[name] = {lab: numbers[lab] for lab in question.labels if lab in numbers}
        stated.raw[name] = raw


def _objection(
    name: str, label: str | None, number: float | None, numbers: Mapping[str, float]
) -> str | None:
    if label is None:
        return UNKNOWN.format(name=name)
    if number is None:
        return NUMBERLESS
    return REPEATED.format(name=name) if label in numbers else None


def _lost(labels: Names, said: Said, numbers: Mapping[str, float]) -> bool:
    """Whether a label without a number that can be read may have had most."""
    numberless = any(_known(labels, one) not in (None, *numbers) for one in said)
    return numberless and 0 < sum(numbers.values()) < _HALF


def _unknown(labels: Names, said: Said) -> float:
    """What is stated of what is no label."""
    read = read_together([one.raw for one in said])
    return sum(n or 0.0 for one, n in zip(said, read, strict=True) if not _known(labels, one))


def _known(labels: Names, one: SaidOfLabel) -> str | None:
    return labels.meant_by(one.label)


def _complete(labels: Names, said: Said, numbers: dict[str, float]) -> bool:
    """Give yes or no what is missing to 1, where only the other has a number; whether that held."""
    for label, other in ((YES, NO), (NO, YES)):
        if other in numbers or not numbers.get(label):
            continue
        raws = {_known(labels, one): one.raw for one in reversed(said) if one.raw is not None}
        number = read_number(raws[label] or "")
        # A 9 alone is 9 % or 9 of 10, which say opposite things.
        on_which_scale = number is not None and number.bare and 1 < number.value <= _TEN
        if other in raws or on_which_scale:
            return False
        numbers[other] = round(1 - numbers[label], 12)
    return True


def _shown(one: SaidOfLabel) -> str:
    return one.label if one.raw is None else f"{one.label}: {one.raw}"
