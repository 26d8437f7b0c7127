"""Questions with the answers that belong to them."""

from __future__ import annotations

import random
from typing import NamedTuple

from vs_core.simulation.records import people, things

_PERIODS = (
    *("in the last ten years", "before the railways", "in the 1950s", "in ancient Greece"),
    *("after the war", "in the Middle Ages", "today", "in rural areas", "in large cities"),
    *("at school", "on islands", "in the 19th century", "in cold countries", "at sea"),
)
_ASPECTS = (
    *("the tools", "the rules", "the cost", "the language", "the risks", "the teaching"),
    *("the earliest records", "the best-known figure", "the main dispute", "the seasons"),
    *("the public image", "the vocabulary", "the hardest part", "the everyday use"),
    *("the funding", "the most common mistake", "the role of women", "the first machines"),
)
_ASKED = (
    ("What shaped {aspect} of {topic} {period}?", "Mostly {cause}."),
    ("Why did people argue about {aspect} of {topic} {period}?", "Because of {cause}."),
    ("How would you explain {aspect} of {topic} {period}?", "Begin with {cause}."),
    ("Who paid for {aspect} of {topic} {period}?", "Those who profited from {cause}."),
    ("Which part of {aspect} of {topic} is least understood {period}?", "The part of {cause}."),
)
_CAUSES = (
    *("cheap paper", "long winters", "new trade routes", "a shortage of teachers", "better glass"),
    *("a change of law", "family habits", "the price of fuel", "rival towns", "a lucky accident"),
    *("older customs", "clean water", "local pride", "faster travel", "a single stubborn person"),
)
_THINGS = ("apples", "tickets", "pencils", "stamps", "eggs", "books", "tiles", "coins", "seeds")


class Exercise(NamedTuple):
    """A question and its answer.

    Attributes:
        question: The question.
        answer: The answer; digits where it is a number.
    """

    question: str
    answer: str


def exercise(rng: random.Random, topic: str, *, whole: bool) -> Exercise:
    """A question with its answer.

    Args:
        rng: The source of randomness.
        topic: What an open question is about.
        whole: Whether the answer has to be a whole number: then it is a sum.

    Example:
        >>> import random
        >>> from vs_core.simulation.records.exercises import exercise
        >>> exercise(random.Random(1), "tea", whole=True).answer.isdigit()
        True
    """
    return _sum(rng) if whole else _open(rng, topic)


def _open(rng: random.Random, topic: str) -> Exercise:
    asked, answered = rng.choice(_ASKED)
    question = asked.replace("{aspect}", rng.choice(_ASPECTS))
    question = question.replace("{period}", rng.choice(_PERIODS)).replace("{topic}", topic)
    return Exercise(question, answered.replace("{cause}", rng.choice(_CAUSES)))


def _sum(rng: random.Random) -> Exercise:
    few, more, many = rng.randint(2, 12), rng.randint(13, 60), rng.randint(61, 400)
    name, thing = rng.choice(people.FIRST_NAMES), rng.choice(_THINGS)
    place = rng.choice(things.CITIES)[0]
    question, answer = rng.choice(
        (
            (f"What is {more} + {many}?", more + many),
            (f"What is {many} - {more}?", many - more),
            (f"What is {few} times {more}?", few * more),
            (f"{name} has {more} {thing} and buys {few} more. How many are there?", more + few),
            (f"{name} shares {few * more} {thing} among {few} friends. How many each?", more),
            (f"A train to {place} has {few} cars of {more} seats. How many seats?", few * more),
            (f"{name} had {many} {thing} and sold {more}. How many are left?", many - more),
            (f"{name} packs {few} boxes of {more} {thing}. How many is that?", few * more),
        )
    )
    return Exercise(question, str(answer))
