"""Questions to be answered from a text, passages to be judged, queries to be rewritten."""

from __future__ import annotations

import re
from typing import NamedTuple

from vs_core.simulation.space import AnswerSpace

_CONTEXT = re.compile(
    r"^-{3,}$(.*?)^-{3,}$|^(?:new )?context:(.*?)(?=^(?:user )?(?:query|question):)",
    re.MULTILINE | re.IGNORECASE | re.DOTALL,
)
_QUERY = re.compile(r"^(?:user )?(?:query|question): *(\S.*)$", re.MULTILINE | re.IGNORECASE)
_TAGGED_QUERY = re.compile(r"<query(?:_\d{1,9})?>\n(.*?)\n</query", re.DOTALL)
_PASSAGE = re.compile(
    r'<passage(?:_\d{1,9})? number="(\d{1,9})">\n(.*?)\n</passage(?:_\d{1,9})?>', re.DOTALL
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"[^\W_]+")
_METADATA = re.compile(r"\w{1,40}: \S{1,200}$")

_SEARCHED_FOR = re.compile(r"\bsearch quer(?:y|ies)\b", re.IGNORECASE)
# Words that say nothing about what a text is about.
_FUNCTION_WORDS = (
    "a an and are as at be by can could do does did for from how i in is it me of on or should "
    "that the their there this to was were what when where which who why will with would you "
    "about tell give show explain describe"
)
_EMPTY_WORDS = frozenset(_FUNCTION_WORDS.split())
_REWRITES = (
    "explained, step by step, history and origin, common mistakes, equipment and tools, "
    "compared with alternatives, for beginners, cost and price, science behind it, examples, "
    "health and safety, expert tips"
)


class Reading(NamedTuple):
    """A question that comes with texts.

    Attributes:
        query: The question.
        texts: What may be answered, and the text that speaks for it: a passage's number and the
            passage, or a sentence of the context and itself.
        passages: How many passages are to be judged; None if the question is to be answered.
    """

    query: str
    texts: dict[str, str]
    passages: int | None

    def space(self) -> AnswerSpace:
        """The answers: likelier, the more words of the question their texts have.

        It is a crude stand-in for reading.
        """
        wanted = _stems(self.query)
        shared = [len(wanted & _stems(text)) for text in self.texts.values()]
        name = "passages" if self.passages else "answers from a text"
        return AnswerSpace(name, tuple(self.texts), tuple(float((1 + n) ** 2) for n in shared))


def reading_of(text: str) -> Reading | None:
    r"""The question and the texts that come with it; None if there are no texts.

    Args:
        text: What a user wrote, or a program in the user's name.

    Example:
        >>> reading = reading_of(
        ...     "---\nTea is brewed. Coffee is roasted.\n---\nQuery: How is coffee roasted?"
        ... )
        >>> reading.space().answers, [round(p, 2) for p in reading.space().probabilities]
        (('Tea is brewed.', 'Coffee is roasted.'), [0.1, 0.9])
        >>> reading_of("How is coffee roasted?") is None
        True
    """
    tagged, passages = _TAGGED_QUERY.search(text), dict(_PASSAGE.findall(text))
    if tagged and passages:
        return Reading(tagged[1], passages, len(passages))
    query = _QUERY.search(text)
    context = query and _CONTEXT.search(text)
    if query is None or context is None:
        return None
    sentences = map(str.strip, _SENTENCE_END.split(context[1] or context[2]))
    said = {one: one for one in sentences if one and not _METADATA.match(one)}
    return Reading(query[1], said, None) if said else None


def rewriting_space(instruction: str, query: str) -> AnswerSpace | None:
    """Other wordings of a search query, where those are asked for, else None.

    Args:
        instruction: What the model is told to do.
        query: The query.

    Example:
        >>> rewriting_space("Each response is another search query.", "How is coffee made?").answers
        ('coffee made explained', ...)
    """
    stated = _QUERY.search(query)
    asked_for = _SEARCHED_FOR.search(instruction) or (stated and _SEARCHED_FOR.search(query))
    words = _WORD.findall(stated[1] if stated else query)
    asked = " ".join(word for word in words if word.lower() not in _EMPTY_WORDS)
    if not asked_for or not asked:
        return None
    return AnswerSpace.ranked(
        "search queries", [f"{asked} {more}" for more in _REWRITES.split(", ")]
    )


def _stems(text: str) -> frozenset[str]:
    words = (word.lower() for word in _WORD.findall(text))
    return frozenset(word[:5] for word in words if word not in _EMPTY_WORDS)
