"""The wording of an answer, and when two wordings differ by no more than a word here and there.

Similarity alone can't tell a repeated answer from another answer of the same template: the
capital of France and the capital of Germany differ by one word, and so does a sentence from itself
with an adverb. What does tell them apart is that a template *replaces* words, while a repetition
drops some, adds some or moves some. So two wordings are alike only if

- what decides answers is equal in both: numbers, operators between them, single letters, negations;
- neither has words in the place of words of the other, articles and the like aside.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from vs_core.generation.novelty.deciding import deciding
from vs_core.values.said import leaves
from vs_core.values.words import words

SHINGLE = 4
"""Characters of a shingle. In a script without spaces every other one is a space."""

_WORDS_FOR_A_REPLACED_ONE = 100
_BITS = 1024
_DETERMINERS = frozenset(["a", "an", "the", "this", "that", "these", "those", "which", "who"])
_CONTRACTIONS = [
    (re.compile(pattern, re.IGNORECASE), full)
    for pattern, full in (
        (r"\bcan['\u2019]t\b|\bcannot\b", "can not"),
        (r"\bwon['\u2019]t\b", "will not"),
        (r"n['\u2019]t\b", " not"),
        (r"['\u2019]re\b", " are"),
        (r"['\u2019]m\b", " am"),
        (r"['\u2019]ll\b", " will"),
        (r"['\u2019]ve\b", " have"),
        # Of a possessive, too; it does no harm, as it does so in both texts.
        (r"['\u2019]s\b", " is"),
    )
]


@dataclass(frozen=True)
class Wording:
    """What of an answer is compared.

    Attributes:
        words: Its words, contractions written out.
        deciding: What must be equal in both; of a typed value in its order.
        shingles: All runs of `SHINGLE` characters of its words.
        imprint: A bit for each word. Two wordings can be alike only if one has no bit that the
            other lacks.
    """

    words: Sequence[str]
    deciding: tuple[str, ...]
    shingles: frozenset[str]
    imprint: int

    def likeness(self, other: Wording) -> float:
        """The Jaccard similarity of the shingles, 0 if the two say different things.

        Shared shingles over all shingles of both. Broder, "On the resemblance and containment of
        documents", 1997.

        Args:
            other: The wording to compare with.

        Returns:
            In [0, 1].
        """
        if self.deciding != other.deciding or _replaces(self.words, other.words):
            return 0.0
        shared = len(self.shingles & other.shingles)
        return shared / (len(self.shingles) + len(other.shingles) - shared)


def wording(value: Any) -> Wording:
    """The wording of an answer.

    Args:
        value: The answer: a text, or a typed value, of which the texts count and the keys don't.

    Example:
        >>> from vs_core.generation.novelty.wording import wording
        >>> tea, same = wording("I don't drink tea."), wording("I do not drink the tea")
        >>> round(tea.likeness(same), 2)
        0.7
        >>> tea.likeness(wording("I don't drink wine."))
        0.0
    """
    parts = list(leaves(value))
    text = "\n".join(parts)
    found = words(_written_out(text))
    decides = list(deciding(text, found))
    line = " ".join(found)
    shingles = (line[at : at + SHINGLE] for at in range(max(1, len(line) - SHINGLE + 1)))
    in_order = not isinstance(value, str)
    return Wording(
        words=found,
        deciding=tuple(decides if in_order else sorted(decides)),
        shingles=frozenset(shingles),
        imprint=_imprint(found),
    )


def _imprint(found: Sequence[str]) -> int:
    if len(found) >= _WORDS_FOR_A_REPLACED_ONE:
        return 0
    imprint = 0
    for word in set(found) - _DETERMINERS:
        imprint |= 1 << hash(word) % _BITS
    return imprint


def _written_out(text: str) -> str:
    if "'" not in text and "\u2019" not in text and "annot" not in text.lower():
        return text
    for contraction, full in _CONTRACTIONS:
        text = contraction.sub(full, text)
    return text


def _replaces(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether there are words in the place of others; in long texts, one in a hundred may be."""
    mine, yours = Counter(ours), Counter(theirs)
    removed, added = mine - yours, yours - mine
    allowed = len(ours) // _WORDS_FOR_A_REPLACED_ONE
    if min(removed.total(), added.total()) > allowed and (removed | added).keys() - _DETERMINERS:
        return True
    # The same words may have changed places with each other: who lent what to whom.
    steps = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    return allowed < sum(
        min(_content(ours[start:end]), _content(theirs[begin:stop]))
        for step, start, end, begin, stop in steps
        if step == "replace"
    )


def _content(found: Sequence[str]) -> int:
    return sum(word not in _DETERMINERS for word in found)
