"""`Names`: which of a few names a text means."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice

from vs_core.values.question import NO, YES, LabelQuestion
from vs_core.values.words import normalise, words

_COUNTED = re.compile(
    r"(?:question|label|level|score|class|option|choice|category|rating|q)[\s:#-]{0,3}",
    re.IGNORECASE,
)
_MEANING = re.compile(r"\s{0,9}[:=(]|\s[\u2013\u2014-]\s")
_MOST_MARKS = 8
_LONGEST = 2000
_LONGEST_IN_TEXT = 80
_ALSO = {YES: ("true", "y"), NO: ("false", "n")}


class Names:
    """Finds the name that a text means: word for word, else by what makes two answers the same.

    Where several names are the same but for case, punctuation or spaces, only a text that is one
    of them word for word means one.

    Attributes:
        all: The names.
        written: What may stand for them inside a text: the names, and what else means one if it
            is short.

    Args:
        names: The names.
        others: For each name what else means it, such as its description; may be empty.

    Example:
        >>> from vs_core.parsing.decisions.names import Names
        >>> names = Names(["in_stock", "sold out"])
        >>> names.meant_by("**In stock**"), names.meant_by("Sold Out."), names.meant_by("stock")
        ('in_stock', 'sold out', None)
    """

    def __init__(self, names: Iterable[str], others: Sequence[Sequence[str]] = ()) -> None:
        self.all = tuple(names)
        self._names = frozenset(self.all)
        pairs = [(name, name) for name in self.all]
        meanings = [
            (written, name)
            for name, each in zip(self.all, others, strict=False)
            for written in each
        ]
        self._known = [
            (normalise, _unambiguous(pairs, normalise)),
            (_spaced, _unambiguous(pairs, _spaced)),
            (normalise, _unambiguous(meanings, normalise)),
        ]
        short = [text for written, _ in meanings if _is_short(text := written.strip(" .!?"))]
        self.written = (*self.all, *(each for each in short if each not in self._names))
        self._met: dict[str, str | None] = {}

    @classmethod
    def of_labels(cls, question: LabelQuestion) -> Names:
        """The labels of a question, each of which its description means too.

        Args:
            question: The question.
        """
        others = [
            (*((meaning,) if meaning else ()), *_others_of(label, question))
            for label, meaning in question.described()
        ]
        return cls(question.labels, others)

    @classmethod
    def of_questions(cls, questions: Mapping[str, LabelQuestion]) -> Names:
        """What questions are called, each of which its id and its wording mean too.

        Args:
            questions: The questions, by what they are called in the reply.
        """
        return cls(questions, [(each.id, each.instructions) for each in questions.values()])

    def meant_by(self, text: str) -> str | None:
        """The name that a text means; None if it means none, or more than one.

        Args:
            text: What a model wrote in the place of a name.
        """
        if text not in self._met:
            self._met[text] = self._found(text)
        return self._met[text]

    def _found(self, text: str) -> str | None:
        if text in self._names:
            return text
        text = text.strip()
        if len(text) > _LONGEST:
            return text if text in self._names else None
        return self._as_it_stands(text) or self._behind_a_word(text) or self._before_meaning(text)

    def _as_it_stands(self, text: str) -> str | None:
        for written in (text, _unquoted(text)):
            if written in self._names:
                return written
        found = (known.get(form(text)) for form, known in self._known)
        return next((name for name in found if name), None)

    def _behind_a_word(self, text: str) -> str | None:
        """`Level 2`, `label: billing`."""
        counted = _COUNTED.match(text)
        return None if counted is None else self._as_it_stands(text[counted.end() :])

    def _before_meaning(self, text: str) -> str | None:
        """`billing: charges and invoices`; a name may hold such a mark itself."""
        marks = islice(_MEANING.finditer(text), _MOST_MARKS)
        found = (self._as_it_stands(text[: mark.start()]) for mark in marks)
        return next((name for name in found if name), None)


def _unambiguous(pairs: Iterable[tuple[str, str]], form: Callable[[str], str]) -> dict[str, str]:
    """What has the same form as one name's writing, and as no other's."""
    known: dict[str, set[str]] = {}
    for written, name in pairs:
        known.setdefault(form(written), set()).add(name)
    return {key: min(names) for key, names in known.items() if key and len(names) == 1}


def _is_short(written: str) -> bool:
    return 1 < len(written) <= _LONGEST_IN_TEXT and any(map(str.isalpha, written))


def _others_of(label: str, question: LabelQuestion) -> tuple[str, ...]:
    return _ALSO[label] if question.kind == "yes_no" else ()


def _spaced(text: str) -> str:
    return " ".join(words(text.replace("_", " ")))


def _unquoted(text: str) -> str:
    if text[:1] == text[-1:] == '"':
        try:
            read = json.loads(text)
        except ValueError:
            return text[1:-1]
        return read if isinstance(read, str) else text
    return text.strip("`*'\u201c\u201d\u2018\u2019 ")
