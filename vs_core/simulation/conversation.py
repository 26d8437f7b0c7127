"""What a whole conversation asks for: the question, and the form of the next reply."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vs_core.simulation.digest import parted_from_digest
from vs_core.simulation.notation import answers_in
from vs_core.simulation.reading import reading_of
from vs_core.simulation.records.asked_form import asked_schema
from vs_core.simulation.spaces import known_space
from vs_core.simulation.wording import Wording, read_wording

Message = tuple[str, str]
"""A role (`system`, `user` or `assistant`) and a text."""

ROLES = ("system", "user", "assistant")

_USUAL_COUNT = 5
_SHORT = 12
_MORE = re.compile(r"\b(?:more|another|alternative|other)\b", re.IGNORECASE)
# What the instructions of this package and of the paper say, and a question hardly does.
_OF_THE_FORM = re.compile(r"\b(?:input prompt|responses|JSON|numbered passages?)\b|<response\b")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True)
class Request:
    """What the next reply has to be.

    Attributes:
        question: The user's words that decide the answer space.
        told: What the model is told to do with them.
        form: What the reply has to look like.
        given: Answers that earlier turns have given and this one should not repeat.
        schema: The JSON schema of the values asked for, None for texts.
        listed: Beginnings of answers that the user lists as given before.
    """

    question: str
    told: str
    form: Wording
    given: frozenset[str]
    schema: dict[str, Any] | None = None
    listed: frozenset[str] = frozenset()

    @property
    def count(self) -> int:
        """How many responses a list has."""
        return self._passages or self.form.count or _USUAL_COUNT

    @property
    def judges_passages(self) -> bool:
        """Whether the responses are numbers of passages that come with the question."""
        return bool(self._passages)

    @property
    def _passages(self) -> int | None:
        reading = reading_of(self.question)
        return reading.passages if reading else None


def read_conversation(messages: Sequence[Message]) -> Request:
    """What a conversation asks for next.

    The question is the latest user message that is no request for more responses, without an
    instruction in front of it. Where nothing before asks for several responses, it may itself.

    Args:
        messages: Role and text of each message, oldest first.

    Raises:
        ValueError: There is no message, or a role is unknown.

    Example:
        >>> from vs_core import PromptSettings, instruction
        >>> asked = read_conversation(
        ...     [("system", instruction(PromptSettings(k=3))), ("user", "Name a colour")]
        ... )
        >>> asked.question, asked.count, asked.form.layout
        ('Name a colour', 3, 'xml')
    """
    if not messages:
        raise ValueError("messages: at least one (role, text) pair is needed, got none")
    told, question, form, given = "", "", Wording(), frozenset[str]()
    listed = frozenset[str]()
    replied, followed_up = False, False
    for role, text in messages:
        if role not in ROLES:
            raise ValueError(f"role {role!r} is unknown; allowed: {', '.join(ROLES)}")
        said = text
        if role == "assistant":
            replied, given = True, given | answers_in(text)
            continue
        if role == "user":
            said, listed = parted_from_digest(text)
            followed_up = replied and _is_follow_up(said)
        if role == "user" and not followed_up:
            said, question = _parted(said)
            form = form if said or form.several else read_wording(question, form)
        told, form = f"{told}\n{said}", read_wording(said, form)
    given = given if followed_up or form.several else frozenset()
    return Request(question or messages[-1][1], told, form, given, asked_schema(told), listed)


def _parted(text: str) -> tuple[str, str]:
    """The instruction, whose paragraphs stand first, and the question."""
    paragraphs = _PARAGRAPHS.split(text)
    of_the_form = [n for n, part in enumerate(paragraphs[:-1], 1) if _OF_THE_FORM.search(part)]
    at = of_the_form[-1] if of_the_form else 0
    return "\n\n".join(paragraphs[:at]), "\n\n".join(paragraphs[at:])


def _is_follow_up(text: str) -> bool:
    """Whether this asks for more: in words of this package, or in a few of the user's own."""
    if _OF_THE_FORM.search(text):
        return not _parted(text)[0]
    return len(text.split()) <= _SHORT and bool(_MORE.search(text)) and known_space(text) is None
