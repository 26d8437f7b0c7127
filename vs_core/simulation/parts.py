"""The two parts of a user's text: an instruction on the reply's form, and the question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from vs_core.simulation.wording import read_wording

_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
_SENTENCES = re.compile(r"(?<=[.!?:])[ \t]+|\n")

_ABOUT_THE_FORM = re.compile(
    "|".join(  # noqa: FLY002 - an alternative a line is what can be read
        (
            r"</?(?:responses?|candidates?|text|reasoning|probability|confidence|perplexity|nll)\b",
            r"^[ \t]{0,4}[-*] ?[\"'`]?(?:text|probability|confidence|perplexity|nll)\b",
            r"\bjson\b",
            r"[\"'`]responses[\"'`]",
            r"\b(?:full|tails? of the) distribution\b",
            r"\bfrom the tails?\b",
            r"\binput prompt\b",
            r"\bhelpful assistant\b",
            r"\b(?:output|give|return|reply with) only\b",
            r"\bper line\b",
            r"\b(?:own|separate|numbered) line\b",
            r"\b1\. \(|\(0?\.\d{1,9}\)",
            r"\blog (?:likelihood|probabilit)",
            r"\b(?:possible|different|diverse|plausible|alternative|such|these) responses\b",
            r"\b(?:the|this|each|every) (?:one )?responses?\b",
            r"\bresponses? should\b",
        )
    ),
    re.IGNORECASE | re.MULTILINE,
)


_ORDERS_A_FORM = re.compile(
    r"(?:please )?(?:output|return|give|respond|reply|format|use|randomly|sample|each|every|"
    r"provide|responses?|do not|generate)\b|[-*] |\W?<",
    re.IGNORECASE,
)


def split_instruction(text: str) -> tuple[str, str]:
    r"""Part a user's text into the instruction on the form of the reply and the question.

    A paragraph that asks for several responses in a certain notation is an instruction, and what
    follows is the question. Else those paragraphs, or sentences, that speak of the form (tags,
    JSON, the distribution) are the instruction. What follows the last of them is the question; if
    nothing does, what is left without them.

    Args:
        text: What a user wrote, or a program in the user's name.

    Returns:
        The instruction and the question. A text that speaks only of the form, or not at all of
        it, has no instruction or no question: the other string is empty.

    Example:
        >>> split_instruction("Give 3 possible responses in <response> tags.\n\nName a colour.")
        ('Give 3 possible responses in <response> tags.', 'Name a colour.')
        >>> split_instruction("Name a colour.")
        ('', 'Name a colour.')
    """
    paragraphs = [part.strip() for part in _PARAGRAPHS.split(text) if part.strip()]
    form, question = _led(paragraphs) or _parted(paragraphs)
    if form and not question:
        sentences = [part.strip() for part in _SENTENCES.split(text) if part and part.strip()]
        form, question = _parted(sentences)
        return " ".join(form), " ".join(question)
    return "\n\n".join(form), "\n\n".join(question)


def _led(paragraphs: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """The parts, if one of the paragraphs but the last is a complete instruction."""
    for place, paragraph in enumerate(paragraphs[:-1], start=1):
        wording = read_wording(paragraph)
        if wording.several and wording.layout:
            more = sum(1 for _ in takewhile(_ORDERS_A_FORM.match, paragraphs[place:-1]))
            return list(paragraphs[: place + more]), list(paragraphs[place + more :])
    return None


def _parted(parts: Sequence[str]) -> tuple[list[str], list[str]]:
    marked = [bool(_ABOUT_THE_FORM.search(part)) for part in parts]
    if not any(marked):
        return [], list(parts)
    if not marked[-1]:
        start = len(parts) - marked[::-1].index(True)
        return list(parts[:start]), list(parts[start:])
    form = [part for part, about in zip(parts, marked, strict=True) if about]
    question = [part for part, about in zip(parts, marked, strict=True) if not about]
    return form, question
