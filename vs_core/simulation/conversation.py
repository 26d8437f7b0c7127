"""What a whole conversation asks for: the question, and the form of the next reply."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from vs_core.simulation.notation import answers_in
from vs_core.simulation.parts import split_instruction
from vs_core.simulation.reading import count_passages, reading_space
from vs_core.simulation.spaces import known_space
from vs_core.simulation.wording import USUAL_COUNT, Items, Number, Wording, read_wording
from vs_core.values.terms import Layout

Message = tuple[str, str]
"""A role (`system`, `user` or `assistant`) and a text."""

ROLES = ("system", "user", "assistant")

Manner = Literal["direct", "sequence", "verbalized"]

_SHORT = 12
_MORE = re.compile(
    r"\b(?:more|another|additional|alternatives?|other|further|again|original|remaining|missing|"
    r"earlier|previous)\b",
    re.IGNORECASE,
)
_OF_RESPONSES = re.compile(
    r"\b(?:responses?|candidates?|answers?|repl(?:y|ies)|prompt|format|ones?)\b", re.IGNORECASE
)

_UNREAD = re.compile(r"\b(?:could|can) ?not be read\b|\bno \w{1,20} could be read\b", re.IGNORECASE)


@dataclass(frozen=True)
class Request:
    """What the next reply has to be.

    Attributes:
        question: The user's words that decide the answer space.
        told: What the model is told to do with them.
        manner: One answer, a list, or a list with stated numbers.
        count: The number of responses.
        layout: The notation.
        items: What a list in JSON holds.
        number: Which number is stated.
        field: The name under which it is written.
        threshold: The bound of the tail, as a fraction; None for the full distribution.
        reasoning: Reasoning comes before the responses.
        given: Answers that earlier turns have given and this one should not repeat.
    """

    question: str
    told: str
    manner: Manner
    count: int
    layout: Layout
    items: Items
    number: Number
    field: str
    threshold: float | None
    reasoning: bool
    given: frozenset[str]


def read_conversation(messages: Sequence[Message]) -> Request:
    """What a conversation asks for next.

    The question is the first user message without an instruction in front of it, or a later one
    that is itself a question and no request for more responses. The form is that of the latest
    message that states one.

    Args:
        messages: Role and text of each message, oldest first.

    Raises:
        ValueError: There is no message, or a role is unknown.

    Example:
        >>> asked = read_conversation(
        ...     [("system", "Give 3 <response> tags, each with <text> and <probability>."),
        ...      ("user", "Name a colour")]
        ... )
        >>> asked.question, asked.manner, asked.count, asked.layout
        ('Name a colour', 'verbalized', 3, 'xml')
    """
    _check(messages)
    wordings: list[Wording] = []
    told: list[str] = []
    question = ""
    followed_up = False
    replied = False
    for role, text in messages:
        if role == "assistant":
            replied = True
        elif role == "system":
            told.append(text)
            wordings.append(read_wording(text))
        elif replied and _is_follow_up(text):
            followed_up = True
            wordings.append(read_wording(text))
        else:
            form, own = split_instruction(text)
            reading = reading_space(text) is not None
            question, followed_up = text if reading else own or text, False
            governed = any(wording.several for wording in wordings)
            told.append(form)
            if form and own and not (reading and governed):
                wordings.append(read_wording(form))
            elif not governed:
                wordings.append(read_wording(text))
    if not question:
        question = split_instruction(messages[-1][1])[1] or messages[-1][1]
    return _request(question, "\n".join(told), wordings, _given(messages), followed_up=followed_up)


def _check(messages: Sequence[Message]) -> None:
    if not messages:
        raise ValueError("messages: at least one (role, text) pair is needed, got none")
    for role, _ in messages:
        if role not in ROLES:
            raise ValueError(f"role {role!r} is unknown; allowed: {', '.join(ROLES)}")


def _is_follow_up(text: str) -> bool:
    form, own = split_instruction(text)
    rest = own if own and "\n\n" in text else text
    if _UNREAD.search(rest):
        return True
    if _MORE.search(rest) and _OF_RESPONSES.search(rest):
        return True
    if form and not own:
        return True
    return bool(_MORE.search(rest)) and len(rest.split()) <= _SHORT and known_space(rest) is None


def _given(messages: Sequence[Message]) -> frozenset[str]:
    return frozenset(
        answer for role, text in messages if role == "assistant" for answer in answers_in(text)
    )


def _request(
    question: str,
    told: str,
    wordings: Sequence[Wording],
    given: frozenset[str],
    *,
    followed_up: bool,
) -> Request:
    counts = (w.count for w in reversed(wordings) if w.count is not None)
    count = count_passages(question) or next(counts, None)
    stated = any(w.stated for w in wordings)
    forms = [w for w in wordings if w.several and w.layout]
    several = any(w.several for w in wordings) and (count != 1 or bool(forms))
    manner: Manner = "verbalized" if stated else "sequence" if several else "direct"
    number: Number = next((w.number for w in reversed(wordings) if w.number), "probability")
    return Request(
        question=question,
        told=told,
        manner=manner,
        count=count or USUAL_COUNT,
        layout=next((w.layout for w in reversed(forms) if w.layout), "lines"),
        items=forms[-1].items if forms else "objects",
        number=number,
        field=next((w.field for w in reversed(wordings) if w.field), number),
        threshold=next((w.threshold for w in reversed(wordings) if w.threshold), None),
        reasoning=any(w.reasoning for w in wordings if w.several),
        given=given if followed_up or manner != "direct" else frozenset(),
    )
