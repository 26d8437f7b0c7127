"""Which passage a judgement means: by its number, by a label, or by its own words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator
from typing_extensions import TypedDict

_NAMES = (
    r"(?:passage|document|doc|node|context|source|text|chunk|snippet|paragraph|excerpt|result|item|"
    r"number|num|no|nr|index|id)"
)
_AROUND = r"[\s\[\](){}<>*_#\"'`:.,;|=]{0,8}"
_NUMBER = r"(\d{1,9})"
_ALONE = re.compile(rf"{_AROUND}(?:{_NAMES}{_AROUND}){{0,3}}{_NUMBER}{_AROUND}", re.IGNORECASE)
# With more behind it, a number must be marked as a label: an answer may begin with one as well.
_IN_FRONT = re.compile(
    rf"(?:{_AROUND}(?:{_NAMES}{_AROUND}){{1,3}}{_NUMBER}|\s{{0,8}}\[{_NUMBER}(?=\]))"
    r"[\])}*_\"']{0,4}\s{0,4}(?::\s{0,4}|[\u2013\u2014-]\s{1,4}|\n|(?<=[\])])\s)(?![\d\s\[])",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\s{0,8}[(*_]{0,3}(\d{1,9})[.):*_]{1,4}\s{1,8}(?=\S)")
_SUBJECT = re.compile(
    rf"{_AROUND}passage{_AROUND}{_NUMBER}[\])}}*_\"']{{0,4}}\s(?!\s{{0,4}}(?:and|or|to|&|-)?\s{{0,4}}\d)",
    re.IGNORECASE,
)
_LONGEST_LABEL = 120
_LONGEST_TEXT = 20_000

_WORD = re.compile(r"[^\W_]+")
_FEWEST_WORDS_OF_BEGINNING = 3
_FEWEST_WORDS_OF_PART = 5
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{2}")
"""Two letters of a script without spaces; they count as a word."""
_SHARED = 0.5
"""The share of its words that a text about a passage has from it, at least."""

_TITLES = ("passage", "document", "doc", "node", "context", "chunk", "snippet", "excerpt", "source")
_NUMBERS = ("number", "num", "no", "nr")
_COUNTERS = ("id", "index", "idx")
_TEXTS = ("text", "content", "quote")
_SUFFIXES = ("", "_number", "_id", "_index", "_text")


class _Judgement(TypedDict, total=False):
    """The fields of a judgement: what the reader must keep beside the probability."""

    text: str
    content: str
    quote: str
    number: int
    num: int
    no: int
    nr: int
    id: str
    index: int
    idx: int
    passage: str
    passage_number: int
    passage_id: str
    passage_index: int
    passage_text: str
    document: str
    document_number: int
    document_id: str
    document_index: int
    document_text: str
    doc: str
    doc_number: int
    doc_id: str
    doc_index: int
    node: str
    node_id: str
    context: str
    chunk: str
    chunk_id: str
    snippet: str
    excerpt: str
    source: str


@dataclass(frozen=True)
class Passages:
    """Passages that were shown to a model under the numbers from 1 on.

    A judgement is a text, or fields such as `number`, `passage`, `id` and `text`. What counts, in
    this order:

    1. A text that is a passage word for word, or its beginning: case, punctuation and white space
       aside, three words at least, or two in front of an ellipsis. It decides against any number
       beside it, since models count their answers too. Of equal passages the one with the number
       beside it is meant, else the first.
    2. A number: alone (`3`, `[3]`, `Passage 3`), as a label in front of a text (`Passage 3: ...`),
       or in a field that is called `number` or after a passage. A number alone is a number, even if
       a passage consists of it. Two different numbers name none.
    3. A passage's id, word for word.
    4. A number that may be a mere counter (`3. ...`, or a field `id` or `index`), if nothing
       stands beside it, or a text that shares more words with that passage than with the others.
    5. Five or more words in a row that stand in one passage and in no other.

    Attributes:
        count: How many there are.
        texts: The wordings by which each can be quoted, the passage itself first; may be empty.
        ids: Their ids; may be empty.

    Example:
        >>> from vs_core.adapters.relevance import Passages
        >>> passages = Passages(2, texts=(("Tea is steeped.",), ("3 ways to brew",)))
        >>> passages.meant_by("[1]"), passages.meant_by("3 Ways to Brew...")
        (1, 2)
        >>> passages.meant_by({"number": 1, "text": "3 ways to brew"})
        2
    """

    count: int
    texts: tuple[tuple[str, ...], ...] = ()
    ids: tuple[str, ...] = ()

    def meant_by(self, judgement: object) -> int:
        """The number of the passage that a judgement means, from 1.

        Args:
            judgement: A text, a number, or fields by name.

        Raises:
            ValueError: It means no passage, or several, or one that there is not.
        """
        said = _said_by(judgement)
        text, number = said.text, said.number
        alone = _label_alone(text)
        if alone is not None:
            text, number = "", _agreed(number, alone)
        words = _words(text)
        label, behind = _label_in_front(text)
        for quotation, own in ((words, number), (_words(behind), label)):
            if quoted := self._quoted(quotation):
                return own if own in quoted else quoted[0]
        number = _agreed(number, label)
        if number is None:
            number = self._less_certain(said, text, words)
        if number is None:
            raise ValueError("this is not the number of a passage")
        if not 1 <= number <= self.count:
            raise ValueError(f"no passage has the number {number}: there are {self.count}")
        return number

    def _less_certain(self, said: _Said, text: str, words: _Words) -> int | None:
        for written in (said.id, text.strip()):
            if written in self.ids:
                return self.ids.index(written) + 1
        listed, behind = _first(_LISTED, text)
        counted = said.counter if listed is None else listed
        if counted is not None and self._may_count(counted, _words(behind)):
            return counted
        held = self._holding(words)
        return held[0] if self._are_alike(held) else _first(_SUBJECT, text)[0]

    # --- by the words ---------------------------------------------------------------------

    @cached_property
    def _wordings(self) -> tuple[tuple[_Words, ...], ...]:
        return tuple(tuple(map(_words, wordings)) for wordings in self.texts)

    def _numbers(self, holds: Callable[[_Words], bool]) -> list[int]:
        return [n for n, each in enumerate(self._wordings, 1) if any(map(holds, each))]

    def _quoted(self, said: _Words) -> list[int]:
        """The passages of which a text is the whole or the beginning; both are beyond doubt."""
        if not said.joined:
            return []
        if whole := self._numbers(lambda wording: wording.joined == said.joined):
            return whole
        if said.size < _FEWEST_WORDS_OF_BEGINNING - said.is_cut:
            return []
        begun = self._numbers(lambda wording: wording.begins_with(said))
        return begun if self._are_alike(begun) else []

    def _are_alike(self, numbers: Sequence[int]) -> bool:
        return len({self._wordings[n - 1][0].joined for n in numbers}) == 1

    def _holding(self, said: _Words) -> list[int]:
        """The passages in which a text stands, or that stand in it."""
        return self._numbers(
            lambda wording: (
                _is_clear_part(said, wording)
                or _is_clear_part(wording, said)
                or (wording.size >= _FEWEST_WORDS_OF_BEGINNING and said.begins_with(wording))
            )
        )

    def _may_count(self, number: int, said: _Words) -> bool:
        """Whether a number that may be a counter is that of the passage a text is about."""
        if not said.joined:
            return True
        shared = [
            max((wording.shared_with(said) for wording in each), default=0.0)
            for each in self._wordings
        ]
        if not 1 <= number <= len(shared):
            return False
        own = shared[number - 1]
        return own >= _SHARED and all(
            own > other for n, other in enumerate(shared, 1) if n != number
        )


@dataclass(frozen=True)
class _Words:
    """A text without case, punctuation and white space.

    Attributes:
        joined: Its words, with a space around each; empty if there are none.
        is_cut: Whether an ellipsis stands at its end.
    """

    joined: str
    is_cut: bool

    @cached_property
    def size(self) -> int:
        """How many words it has."""
        return self.joined.count(" ") - 1 + len(_UNSPACED.findall(self.joined))

    @cached_property
    def distinct(self) -> frozenset[str]:
        return frozenset(self.joined.split())

    def begins_with(self, other: _Words) -> bool:
        """Whether another is its beginning; a cut may go through a word."""
        beginning = other.joined.rstrip(" ") if other.is_cut else other.joined
        return self.joined.startswith(beginning)

    def shared_with(self, other: _Words) -> float:
        """The share of another's words that it has."""
        return len(self.distinct & other.distinct) / max(1, len(other.distinct))


def _is_clear_part(part: _Words, whole: _Words) -> bool:
    return part.size >= _FEWEST_WORDS_OF_PART and part.joined in whole.joined


def _words(text: str) -> _Words:
    folded = unicodedata.normalize("NFKC", text[:_LONGEST_TEXT]).casefold()
    words = _WORD.findall(folded)
    # NFKC has made three dots of an ellipsis.
    is_cut = bool(words) and folded.rstrip(" \t\n\"'\u201d\u2019)]>*_").endswith("...")
    return _Words(f" {' '.join(words)} " if words else "", is_cut)


class _Said(NamedTuple):
    """What a judgement says.

    Attributes:
        text: Its text.
        number: Its number.
        counter: A number that may count the judgements as well.
        id: What is called an id and is no number.
    """

    text: str
    number: int | None = None
    counter: int | None = None
    id: str = ""


def _said_by(judgement: object) -> _Said:
    if isinstance(judgement, (list, tuple)) and len(judgement) == 1:
        return _said_by(judgement[0])
    if not isinstance(judgement, Mapping):
        return _Said(_text_of(judgement)[:_LONGEST_TEXT])
    fields = dict(_flat(judgement))
    titled = _labels(fields, [f"{title}{suffix}" for title in _TITLES for suffix in _SUFFIXES])
    numbers = _labels(fields, _NUMBERS)
    counters = _labels(fields, _COUNTERS)
    texts = [fields[name] for name in _TEXTS if name in fields]
    texts += [fields[name] for name, label in titled.items() if label is None]
    number = _agreed(*titled.values())
    return _Said(
        text=next((text for text in texts if text.strip()), "")[:_LONGEST_TEXT],
        number=_agreed(*numbers.values()) if number is None else number,
        counter=next((n for n in counters.values() if n is not None), None),
        id=next((fields[name].strip() for name, n in counters.items() if n is None), ""),
    )


def _labels(fields: Mapping[str, str], names: Sequence[str]) -> dict[str, int | None]:
    """What some fields have, as numbers of passages; None for what is none."""
    return {name: _label_alone(fields[name]) for name in names if name in fields}


def _flat(fields: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    """The fields by their names in lower case, those of an object in a field too."""
    for name, value in fields.items():
        inner = value if isinstance(value, Mapping) else {name: value}
        for own, written in inner.items():
            if isinstance(written, (str, int, float)):
                yield _name(str(own)), _text_of(written)


def _text_of(value: object) -> str:
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


def _name(name: str) -> str:
    """A field's name in lower case, its parts joined by `_`."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[\s_-]+", "_", apart).lower()


def _agreed(*numbers: int | None) -> int | None:
    """The number that is given; None if there is none.

    Raises:
        ValueError: They differ.
    """
    given = {number for number in numbers if number is not None}
    if len(given) > 1:
        named = " and ".join(map(str, sorted(given)))
        raise ValueError(f"this is not the number of a passage, but of several: {named}")
    return next(iter(given), None)


def _label_alone(text: str) -> int | None:
    found = _ALONE.fullmatch(_normal(text)) if len(text) <= _LONGEST_LABEL else None
    return None if found is None else int(found[1])


def _label_in_front(text: str) -> tuple[int | None, str]:
    number, behind = _first(_IN_FRONT, text)
    return (number, behind) if number is not None else (None, _first(_LISTED, text)[1])


def _first(pattern: re.Pattern[str], text: str) -> tuple[int | None, str]:
    """The number that a pattern finds at the beginning of a text, and what stands behind it."""
    normal = _normal(text)
    found = pattern.match(normal[:_LONGEST_LABEL])
    if found is None:
        return None, text
    return int(next(group for group in found.groups() if group)), normal[found.end() :]


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def passage_number(count: int, texts: Sequence[Sequence[str]] = (), ids: Sequence[str] = ()) -> Any:
    """The type of a passage's number, as a `value_schema`: 1 to `count`, as an int.

    What models write instead of the bare number is read too; see `Passages`.

    Args:
        count: How many passages there are.
        texts: For each passage the wordings by which it can be quoted.
        ids: For each passage its id.

    Example:
        >>> from pydantic import TypeAdapter
        >>> from vs_core.adapters.relevance import passage_number
        >>> TypeAdapter(passage_number(5)).validate_python("**Passage 3**")
        3
    """
    passages = Passages(count, tuple(map(tuple, texts)), tuple(ids))
    validator = BeforeValidator(passages.meant_by, json_schema_input_type=str | _Judgement)
    return Annotated[int, validator]
