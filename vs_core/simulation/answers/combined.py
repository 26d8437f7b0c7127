"""Answers put together of two parts, for questions to which there are hundreds of answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

MOST_COMBINED = 400
"""So many are added to the answers of a kind that are written out."""


def combined(shape: str, firsts: Sequence[str], seconds: Sequence[str]) -> tuple[str, ...]:
    """Texts of two parts, neighbours of which have none in common.

    Args:
        shape: With `{first}` and `{second}` where the parts go.
        firsts: What the first part may be.
        seconds: What the second part may be.

    Example:
        >>> from vs_core.simulation.answers.combined import combined
        >>> combined("{first} {second}", ("a", "b"), ("1", "2"))
        ('a 1', 'b 2', 'a 2', 'b 1')
    """
    written = (
        shape.replace("{first}", first).replace("{second}", second)
        for first, second in _pairs(firsts, seconds)
    )
    return tuple(text for text, _ in zip(written, range(MOST_COMBINED), strict=False))


def _pairs(firsts: Sequence[str], seconds: Sequence[str]) -> Iterator[tuple[str, str]]:
    for shift in range(len(seconds)):
        for place, first in enumerate(firsts):
            yield first, seconds[(place + shift) % len(seconds)]


_VIEWS = (
    *("A nurse's", "A sailor's", "A baker's", "A judge's", "A goalkeeper's", "A translator's"),
    *("A pilot's", "A cook's", "A historian's", "A plumber's", "A tailor's", "A geologist's"),
    *("A librarian's", "A parent's", "A traveller's", "A critic's", "A beekeeper's", "A clerk's"),
    *("A detective's", "A musician's"),
)
_ADVICE = (
    "watch what people do before you ask what they want.",
    "write the last step first.",
    "there are two reasons for it, and one is never told.",
    "half of it is patience, and the other half is tools.",
    "measure it on a bad day.",
    "begin where it last went wrong.",
    "the exceptions teach more than the rule.",
    "keep it as small as it can be, and no smaller.",
    "ask who did it before there was a word for it.",
    "whatever is shared has to be explained twice.",
    "leave a margin, and guard it.",
    "the cheapest part fails first.",
    "it looks different from the back of the room.",
    "a good name saves a page of instructions.",
    "do the dull part while you are fresh.",
    "what nobody complains about may be what nobody uses.",
    "the season matters more than the skill.",
    "trust the routine, check the result.",
    "say what it is not, and see what is left.",
    "two people agree on it only until it starts.",
)
MORE_ANGLES = combined("{first} view of {topic}: {second}", _VIEWS, _ADVICE)

_BEGUN = (
    *("In the harbour, before the boats,", "Behind the school, at four,", "On the last tram home,"),
    *("Under the kitchen light,", "Between two letters,", "Above the frozen field,"),
    *("At the edge of the map,", "In the pocket of an old coat,", "After the guests had gone,"),
    *(
        "By the third cup of tea,",
        "Where the road forgets its name,",
        "In my father's handwriting,",
    ),
    *("On a wall in the rain,", "Through the thin hotel wall,", "While the bread was rising,"),
    *("At the bottom of the well,", "Across the empty square,", "In the orchard, unpicked,"),
    *("Before the word for it,", "Over the noise of the mill,"),
)
_ENDED = (
    *(
        "patient as a stone.",
        "and no one looked up.",
        "like a bell that has been rung.",
        "still warm.",
    ),
    *("folded twice.", "asking for nothing.", "and the geese went over.", "a little out of tune."),
    *("older than the house.", "and I let it stay.", "paid for in small coins.", "the door ajar."),
    *(
        "as snow keeps a path.",
        "counting its change.",
        "with its shoes in its hand.",
        "half awake.",
    ),
    *("and the clock agreed.", "saying my name wrong.", "blue, then bluer.", "not yet forgiven."),
)
MORE_POEM_LINES = combined("{first}\nI found {topic}, {second}", _BEGUN, _ENDED)

_ABOUT = (
    *("the tools", "the rules", "the cost", "the language", "the risks", "the teaching"),
    *("the earliest records", "the main dispute", "the public image", "the vocabulary"),
    *("the hardest part", "the everyday use", "the funding", "the most common mistake"),
    *("the first machines", "the seasons", "the best-known figure", "the unwritten customs"),
    *("the future", "the local forms"),
)
_WHEN = (
    *("in the last ten years", "before the railways", "in the 1950s", "in ancient Greece"),
    *("after the war", "in the Middle Ages", "today", "in rural areas", "in large cities"),
    *("at school", "on islands", "in the 19th century", "in cold countries", "at sea"),
    *("in wartime", "among the young", "at court", "in the newspapers", "in law", "in films"),
)
QUESTIONS = combined("What shaped {first} of {topic} {second}?", _ABOUT, _WHEN)
