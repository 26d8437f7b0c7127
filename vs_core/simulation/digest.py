"""Answers that a prompt lists as given before, as this package words it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vs_core.prompts.different import BE_DIFFERENT, GIVEN_BEFORE

_CUT = "…"
_DIGEST = re.compile(rf"\n\n{re.escape(GIVEN_BEFORE)}\n((?:- .*\n)+){re.escape(BE_DIFFERENT)}\s*$")


def parted_from_digest(text: str) -> tuple[str, frozenset[str]]:
    """A question, and the lines that list what has been given to it before.

    Args:
        text: What a user says.

    Example:
        >>> from vs_core.prompts.different import different_from
        >>> from vs_core.simulation.digest import parted_from_digest
        >>> parted_from_digest(different_from("Name a colour.", ["red"]))
        ('Name a colour.', frozenset({'red'}))
        >>> parted_from_digest("Name a colour.")
        ('Name a colour.', frozenset())
    """
    found = _DIGEST.search(text)
    if found is None:
        return text, frozenset()
    return text[: found.start()], frozenset(line[2:] for line in found[1].splitlines())


def listed_answers(answers: Iterable[str], listed: Iterable[str]) -> frozenset[str]:
    """Those of some answers that stand in a list of what has been given before.

    White space and case make no difference, as JSON may be written with and without spaces.

    Args:
        answers: The answers.
        listed: The lines of the list; of a long answer it has the beginning.

    Example:
        >>> from vs_core.simulation.digest import listed_answers
        >>> sorted(listed_answers(["Red", "blue sea", "green"], ["red", "blue…"]))
        ['Red', 'blue sea']
    """
    whole = {_squeezed(line) for line in listed}
    beginnings: dict[int, set[str]] = {}
    for line in whole:
        if line.endswith(_CUT):
            begun = line.removesuffix(_CUT)
            beginnings.setdefault(len(begun), set()).add(begun)
    return frozenset(
        answer
        for answer in answers
        if (told := _squeezed(answer)) in whole
        or any(told[:length] in begun for length, begun in beginnings.items())
    )


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()
