"""The built-in answer spaces and how a question finds its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from vs_core.simulation import chance
from vs_core.simulation.answers.angles import ANGLES
from vs_core.simulation.answers.combined import (
    MORE_ANGLES,
    MORE_POEM_LINES,
    QUESTIONS,
    combined,
)
from vs_core.simulation.answers.jokes import COFFEE_JOKES, TOPIC_JOKES
from vs_core.simulation.answers.names import COFFEE_SHOP_NAMES, COLOURS, PRODUCT_NAMES
from vs_core.simulation.answers.openings import POEM_LINES, STORY_OPENINGS
from vs_core.simulation.answers.places import US_STATES
from vs_core.simulation.reading import reading_of, rewriting_space
from vs_core.simulation.records.things import COMPANY_HEADS, COMPANY_TAILS
from vs_core.simulation.space import AnswerSpace
from vs_core.simulation.topics import topic_of

_WORD = re.compile(r"[^\W_]+(?:['.][^\W_]+)*")

_CHOOSING = (
    "pick",
    "choose",
    "guess",
    "random",
    "name",
    "think",
    "suggest",
    "list",
    "give",
    "generate",
    "favourite",
    "favorite",
)

_ANGLES = (*ANGLES, *MORE_ANGLES)
_POEMS = (*POEM_LINES, *MORE_POEM_LINES)
_COMPANIES = combined("{first} {second}", COMPANY_HEADS, COMPANY_TAILS)
_PRODUCTS = (*PRODUCT_NAMES, *_COMPANIES)
_OF_QUESTIONS = ("write", "quiz", "trivia", "exam", "create", "invent")

COFFEE_JOKE_SPACE = AnswerSpace.ranked("jokes about coffee", COFFEE_JOKES)


@dataclass(frozen=True)
class _Entry:
    """A space and the words that point to it: every word of one of the groups must occur.

    A word in capitals is met only by capitals ("US" is not "us").
    """

    groups: tuple[str, ...]
    space: Callable[[str], AnswerSpace]

    def matches(self, words: frozenset[str]) -> bool:
        return any(words.issuperset(group.split()) for group in self.groups)


def _constant(space: AnswerSpace) -> Callable[[str], AnswerSpace]:
    return lambda _question: space


def _weighted(name: str, weights: dict[str, float]) -> Callable[[str], AnswerSpace]:
    return _constant(AnswerSpace(name, tuple(weights), tuple(weights.values())))


def _about_topic(
    name: str, shapes: Iterable[str], default: str | None = None
) -> Callable[[str], AnswerSpace]:
    def build(question: str) -> AnswerSpace:
        topic = topic_of(question, default)
        answers = (shape.replace("{topic}", topic) for shape in shapes)
        return AnswerSpace.ranked(f"{name} {topic}", answers)

    return build


_ENTRIES: tuple[_Entry, ...] = (
    _Entry(("joke coffee", "pun coffee", "joke espresso"), _constant(COFFEE_JOKE_SPACE)),
    _Entry(("joke", "pun"), _about_topic("jokes about", TOPIC_JOKES, "Mondays")),
    _Entry(
        ("poem", "haiku", "verse", "sonnet"),
        _about_topic("poem lines on", _POEMS, "the sea"),
    ),
    _Entry(
        ("story", "tale"),
        _about_topic("story openings about", STORY_OPENINGS, "a lost key"),
    ),
    _Entry(
        tuple(f"{word} question" for word in _OF_QUESTIONS),
        _about_topic("questions about", QUESTIONS),
    ),
    _Entry(
        ("US state", "USA state", "united state", "american state"),
        _weighted("US states", US_STATES),
    ),
    _Entry(("coin flip", "coin toss", "coin throw", "heads tails"), _constant(chance.coin())),
    _Entry(("dice", "die roll", "die throw", "die sided", "die face"), chance.die),
    _Entry(
        ("number between", "number from", *(f"number {verb}" for verb in _CHOOSING)),
        chance.numbers,
    ),
    _Entry(
        ("coffee shop name", "café name", "cafe name", "coffee house name"),
        _constant(AnswerSpace.ranked("coffee shop names", COFFEE_SHOP_NAMES)),
    ),
    _Entry(
        ("product name", "brand name", "company name", "startup name", "business name"),
        _constant(AnswerSpace.ranked("product names", _PRODUCTS)),
    ),
    _Entry(
        tuple(f"{noun} {verb}" for noun in ("colour", "color") for verb in _CHOOSING),
        _weighted("colours", COLOURS),
    ),
)

_ANY_QUESTION = _about_topic("angles on", _ANGLES)


def find_space(question: str, told: str = "") -> AnswerSpace:
    """The answer space of a question.

    Known: jokes (about coffee, or any topic), poems, stories, US states, a coin, a die, a number
    in a range, questions to be written, names for a coffee shop or a product, colours. Other
    questions that come with a context are answered by its sentences, and where search queries are
    asked for, a query gets other wordings. Anything else gets plainly generic answers built from
    the question's own words.

    Args:
        question: The user's words, in any wording.
        told: What the model is told to do with them.

    Example:
        >>> find_space("Tell me a joke about coffee").name
        'jokes about coffee'
        >>> find_space("Name a US state.").answers[0]
        'California'
        >>> find_space("How do tides work?").name
        'angles on "How do tides work"'
    """
    reading = reading_of(question)
    return (
        rewriting_space(told, question)
        or known_space(reading.query if reading else question)
        or (reading.space() if reading else _ANY_QUESTION(question))
    )


def known_space(question: str) -> AnswerSpace | None:
    """The space of a question that one of the built-in topics covers, else None.

    Args:
        question: The user's words, in any wording.

    Example:
        >>> known_space("How do tides work?") is None
        True
    """
    words = _words(question)
    for entry in _ENTRIES:
        if entry.matches(words):
            return entry.space(question)
    return None


def _words(question: str) -> frozenset[str]:
    words: set[str] = set()
    for written in _WORD.findall(question):
        word = written.replace(".", "")
        lower = word.lower()
        words |= {lower, _singular(lower)}
        if word.isupper():
            words.add(word)
    return frozenset(words)


def _singular(word: str) -> str:
    return word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")
