"""Which questions a conversation asks about which input, read by the sentences that ask them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vs_core.prompts import decisions as wording
from vs_core.values.question import NO, YES, LabelQuestion, QuestionKind

_QUOTED = r'("(?:[^"\\\n]|\\.)*")'
_KINDS: dict[str, QuestionKind] = {
    order: kind for kind, order in wording.ORDER.items() if kind != "yes_no"
}
_QUESTION = re.compile(
    "^"
    + wording.QUESTION.substitute(
        name=_QUOTED,
        instructions="(.*?)",
        order=f"({'|'.join(map(re.escape, _KINDS))})",
        labels=rf'(- .*?)(?=\n\nQuestion "|\n\n{re.escape(wording.NUMBERS)})',
    ),
    re.MULTILINE | re.DOTALL,
)
_LABEL = re.compile(rf'^- {_QUOTED}(?:: (.*?))?(?=\n- "|\Z)', re.MULTILINE | re.DOTALL)
_STATE = re.compile(rf"^<({wording.STATE}(?:_\d{{1,9}})?)>\n(.*?)\n</\1>", re.MULTILINE | re.DOTALL)
_MISSING = wording.MISSING.template.partition("$")[0]
_NAMED = re.compile(rf"The labels of {_QUOTED}: ")


class AskedDecision(NamedTuple):
    """What a conversation asks to be judged.

    Attributes:
        state: The input.
        questions: The questions that the next reply is to answer, by what it calls them.
    """

    state: str
    questions: dict[str, LabelQuestion]


def asked_decision(messages: Sequence[tuple[str, str]]) -> AskedDecision | None:
    """What a conversation asks to be judged; None if it asks for something else.

    Args:
        messages: Role and text of each message, oldest first.

    Example:
        >>> from vs_core.adapters.decisions import decision_instruction, state_prompt
        >>> from vs_core.decisions import yes_no
        >>> from vs_core.simulation.decisions.request import asked_decision
        >>> told = decision_instruction({"late": yes_no("late", "Is it late?")}, None, None)
        >>> asked = asked_decision([("system", told), ("user", state_prompt("It is noon."))])
        >>> asked.state, asked.questions["late"].labels
        ('It is noon.', ('yes', 'no'))
        >>> asked_decision([("user", "Is it late?")]) is None
        True
    """
    told = [
        (at, found)
        for at, (role, text) in enumerate(messages)
        if role != "assistant" and (found := dict(_questions_in(_told_before_state(text))))
    ]
    if not told:
        return None
    at, questions = told[-1]
    said = [text for role, text in messages[at:] if role == "user"]
    states = [found[2] for text in said for found in _STATE.finditer(text)]
    # Without a tag it is whatever the user says.
    state = states[0] if states else "\n".join(said)
    again = said[-1] if said and said[-1].startswith(_MISSING) else ""
    open_ones = [json.loads(name) for name in _NAMED.findall(again)]
    asked = {name: q for name, q in questions.items() if name in open_ones}
    return AskedDecision(state, asked or questions)


def _told_before_state(text: str) -> str:
    found = _STATE.search(text)
    before = text if found is None else text[: found.start()]
    return before.partition(wording.TASK)[2]


def _questions_in(told: str) -> Iterator[tuple[str, LabelQuestion]]:
    for name, instructions, order, listed in _QUESTION.findall(told):
        labels = _labels_in(listed)
        if labels:
            yield (
                json.loads(name),
                LabelQuestion(
                    id=json.loads(name),
                    instructions=instructions,
                    labels=tuple(labels),
                    descriptions=tuple(meaning or None for meaning in labels.values()),
                    kind="yes_no" if [*labels] == [YES, NO] and not order else _KINDS[order],
                ),
            )


def _labels_in(listed: str) -> dict[str, str]:
    """Each label with what it means; a description that looks like a label again is none."""
    found: dict[str, str] = {}
    for label, meaning in _LABEL.findall(listed):
        found.setdefault(json.loads(label), meaning)
    return {label: meaning for label, meaning in found.items() if label.strip()}
