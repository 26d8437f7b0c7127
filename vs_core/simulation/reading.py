"""Questions to be answered from a text, passages to be judged, queries to be rewritten."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from vs_core.simulation.space import AnswerSpace

_RULE = re.compile(r"^-{3,}$", re.MULTILINE)
_LABEL = re.compile(r"^(?:new )?context:", re.MULTILINE | re.IGNORECASE)
_QUERY = re.compile(r"^(?:query|question|user question): *(\S.*)$", re.MULTILINE | re.IGNORECASE)
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
    "{words} explained",
    "{words} step by step",
    "{words} history and origin",
    "{words} common mistakes",
    "{words} equipment and tools",
    "{words} compared with alternatives",
    "{words} for beginners",
    "{words} cost and price",
    "{words} science behind it",
    "{words} examples",
    "{words} health and safety",
    "{words} expert tips",
)


def reading_space(text: str) -> AnswerSpace | None:
    r"""The answers to a question about texts that come with it, else None.

    A question with a context is answered by the context's sentences; numbered passages that are
    to be judged, by their numbers. The more words of the question a sentence or a passage has,
    the likelier it is: a crude stand-in for reading.

    Args:
        text: What a user wrote, or a program in the user's name.

    Example:
        >>> space = reading_space(
        ...     "---\nTea is brewed. Coffee is roasted.\n---\nQuery: How is coffee roasted?"
        ... )
        >>> space.answers, [round(p, 2) for p in space.probabilities]
        (('Tea is brewed.', 'Coffee is roasted.'), [0.1, 0.9])
        >>> reading_space("How is coffee roasted?") is None
        True
    """
    tagged = _TAGGED_QUERY.search(text)
    if tagged and count_passages(text):
        return _by_overlap("passages", dict(_PASSAGE.findall(text)), tagged[1])
    query, context = _QUERY.search(text), _context(text)
    if query is None or context is None:
        return None
    sentences = dict.fromkeys(part.strip() for part in _SENTENCE_END.split(context))
    said = [sentence for sentence in sentences if sentence and not _METADATA.match(sentence)]
    return _by_overlap("answers from a text", dict(zip(said, said, strict=True)), query[1])


def count_passages(text: str) -> int | None:
    r"""How many passages are to be judged; None if the text is about something else.

    Args:
        text: What a user wrote, or a program in the user's name.

    Example:
        >>> count_passages('<query>\nTea?\n</query>\n<passage number="1">\nYes.\n</passage>')
        1
    """
    return (len(_PASSAGE.findall(text)) or None) if _TAGGED_QUERY.search(text) else None


def query_of(text: str) -> str:
    r"""The question itself, without the texts that come with it.

    Args:
        text: What a user wrote, or a program in the user's name.

    Example:
        >>> query_of("---\nTea is brewed.\n---\nQuery: What is brewed?")
        'What is brewed?'
    """
    tagged, query = _TAGGED_QUERY.search(text), _QUERY.search(text)
    if reading_space(text) is None:
        return text
    return tagged[1] if tagged else query[1] if query else text


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
    words = [word for word in words if word.lower() not in _EMPTY_WORDS]
    if not asked_for or not words:
        return None
    asked = " ".join(words)
    return AnswerSpace.ranked(
        "search queries", [shape.replace("{words}", asked) for shape in _REWRITES]
    )


def _context(text: str) -> str | None:
    """What stands between the first two rules, or between its label and the question."""
    rules = [rule.span() for rule in islice(_RULE.finditer(text), 2)]
    if len(rules) == 2:
        return text[rules[0][1] : rules[1][0]]
    label = _LABEL.search(text)
    query = label and _QUERY.search(text, label.end())
    return text[label.end() : query.start()] if label and query else None


def _by_overlap(name: str, texts: dict[str, str], query: str) -> AnswerSpace | None:
    if not texts:
        return None
    wanted = _stems(query)
    shared = [len(wanted & _stems(text)) for text in texts.values()]
    return AnswerSpace(name, tuple(texts), tuple(float((1 + n) ** 2) for n in shared))


def _stems(text: str) -> frozenset[str]:
    words: Iterable[str] = (word.lower() for word in _WORD.findall(text))
    return frozenset(word[:5] for word in words if word not in _EMPTY_WORDS)
