"""Which rewrites of a query are worth a search: not the query once more, and no answer to it.

Asked for search queries, small models copy the query, number it, put a label in front, write one
rewrite several times, or answer the query.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from vs_core.parsing.words import normal, words_of
from vs_core.prompts.queries import HYPOTHETICAL_ANSWERS, QUERY_REWRITES
from vs_core.prompts.settings import PromptSettings

Objection = Callable[[str], str | None]
"""Says of a text why it is of no use; None if it is."""

COPY = "repeats the query"
REPEATED = "repeats an earlier rewrite"
ANSWER = "answers the query instead of rewriting it"

# `+` and `#` make another word of `C`, and a currency or a percent sign another of a number.
_WORD = re.compile(r"[\w+#%&@$\u20ac\u00a3\u00a5]+|[\u2600-\u27bf\U0001f000-\U0001faff]")
_QUOTED = re.compile(r"[\"\u201c\u00ab][^\"\u201d\u00bb]*[\"\u201d\u00bb]")
_LABEL = re.compile(
    r"\s*(?:[-*\u2022>]\s+|[(\[]?\d{1,2}[.):\]]\s+"
    r"|[*_]{0,2}(?:(?:search|rewritten|alternative|new|original)\s+)?"
    r"(?:rewrite|rewriting|rewritten|query|question|search|alternative|reformulation|rephrasing|"
    r"variation|version)(?:\s+\d{1,2})?[*_]{0,2}\s?:[*_]{0,2}\s*)",
    re.IGNORECASE,
)
_MOST_LABELS = 3

_SENTENCE_END = re.compile(
    r"\n|(?<=[.!?\u2026])[\"')\u201d\u2019\]]*\s+(?=[^\W\d_])|(?<=[\u3002\uff01\uff1f])"
)
_QUESTION = ("?", "\uff1f", "\u061f")
_STATED = (".", "!", "\u2026", "\u3002", "\uff01")
_CLOSING = " \t\n\"'*_)]\u201d\u2019"

_COPULAS = words_of("is are was were has have ist sind wird est sont etait es sono e")
"""Verbs behind a subject that make a statement of words, and that are hardly ever anything else.

A rule and not a grammar: `uses`, `works` or `will` would tell more answers, and they are nouns of
many queries, too.
"""
_PRONOUNS = frozenset(("you", "it", "they", "these", "this", "there"))
_MODALS = frozenset(("can", "could", "should", "may", "will", "would", "must"))
_ASKING = words_of(
    """
    who whom whose what when where which why how whether if that is are was were do does did can
    could should would will has have may find search show list explain describe tell give compare
    define look get identify provide discuss summarize summarise name learn discover explore i we my
    our
    wer wen wem was wann wo warum wieso weshalb wie welche welcher welches ob dass finde suche zeige
    erklare nenne
    qui que quoi quand ou pourquoi comment quel quelle quels quelles si trouver chercher expliquer
    quien cuando donde cual cuales como por buscar encontrar explicar
    chi che cosa quando dove perche come quale quali se cercare trovare spiegare quem onde qual
    """
)
"""Words that begin a question or a request, and that let a verb follow in a search query."""
_FEWEST_SENTENCES = 3
_FEWEST_WORDS_OF_SHORT = 3
_FEWEST_WORDS_OF_SENTENCE = 5
_FEWEST_WORDS_WITHOUT_END = 8
_LONGEST_SUBJECT = 4
_ARTICLES = frozenset(("the", "a", "an", "this"))
_MOST_WORDS_OF_QUERY = 40


def objections_to_rewrites(query: str, settings: PromptSettings) -> Objection | None:
    """What says of each rewrite of a query why it is of no use.

    Of what the built-in wording asks for, copies and answers are of none. To a wording of one's
    own an answer may be what was asked for, so that only copies are; of hypothetical answers
    (HyDE), all are of use.

    Args:
        query: The user's query.
        settings: What is asked. Calls that don't know of each other (`direct`, or
            `split="parallel"`) may repeat each other.

    Example:
        >>> from vs_core import PromptSettings
        >>> from vs_core import QUERY_REWRITES
        >>> from vs_core.adapters.retrieval import objections_to_rewrites
        >>> settings = PromptSettings(instructions=QUERY_REWRITES)
        >>> objection = objections_to_rewrites("brew tea", settings)
        >>> objection("1. Brew tea!"), objection("steep tea leaves"), objection("Steep tea leaves")
        ('repeats the query', None, 'repeats an earlier rewrite')
        >>> objection("Tea is brewed by pouring hot water over the leaves.")
        'answers the query instead of rewriting it'
    """
    if settings.instructions == HYPOTHETICAL_ANSWERS:
        return None
    earlier: set[tuple[str, ...]] = set()
    may_repeat = settings.method == "direct" or settings.split == "parallel"
    objects_to_answers = settings.instructions == QUERY_REWRITES and not is_answer(query)

    def objection(rewrite: str) -> str | None:
        if is_near_copy(rewrite, query):
            return COPY
        if objects_to_answers and is_answer(rewrite):
            return ANSWER
        words = _words(rewrite)
        if words in earlier and not may_repeat:
            return REPEATED
        earlier.add(words)
        return None

    return objection


def is_near_copy(rewrite: str, query: str) -> bool:
    """Whether a rewrite has the words of the query and no others, in any order.

    Case, punctuation, white space and a label or number in front of it (`1.`, `Rewrite:`) make no
    difference.

    Args:
        rewrite: What a model wrote.
        query: The user's query.

    Example:
        >>> from vs_core.retrieval.rewrites import is_near_copy
        >>> is_near_copy("Rewrite: how is Espresso brewed", "How is espresso brewed?")
        True
        >>> is_near_copy("How is espresso made?", "How is espresso brewed?")
        False
    """
    return bool(rewrite.strip()) and _words(rewrite) in (_words(query), _words_of(query))


def is_answer(text: str) -> bool:
    """Whether a text is a statement rather than a search query.

    A cautious rule: what may be a query is none, and some answers pass for one. A statement is a
    sentence of five words or more that begins with a capital, with a subject of at most four words
    and a verb such as `is` or `was` (of six languages) behind it, and which ends as a sentence; or
    one that says what `you can` do. Without its end it must be longer, with the verb right behind
    the subject. Three sentences that end as such are an answer too, and so is one of more than 40
    words. Questions, requests (`Explain ...`, `I want ...`) and words without a verb are queries.

    Args:
        text: What a model wrote, or a query.

    Example:
        >>> from vs_core.retrieval.rewrites import is_answer
        >>> is_answer("Espresso is brewed by forcing hot water through ground coffee.")
        True
        >>> is_answer("espresso brewing pressure"), is_answer("Explain how espresso is brewed.")
        (False, False)
    """
    text = _unlabelled(unicodedata.normalize("NFKC", text)).strip()
    sentences = [s.strip() for s in _SENTENCE_END.split(text) if s.strip()]
    stated = [s for s in sentences if not s.rstrip(_CLOSING).endswith(_QUESTION)]
    ended = [s for s in stated if _is_ended(s) and len(s.split()) >= _FEWEST_WORDS_OF_SHORT]
    if len(ended) >= _FEWEST_SENTENCES:
        return True
    return any(_is_statement(s) or len(s.split()) > _MOST_WORDS_OF_QUERY for s in stated)


def _is_statement(sentence: str) -> bool:
    words = [normal(word) for word in _WORD.findall(_QUOTED.sub("", sentence))]
    if len(words) < _FEWEST_WORDS_OF_SENTENCE or words[0] in _ASKING:
        return False
    if not sentence[:1].isupper():
        return False
    if words[0] in _PRONOUNS and words[1] in _MODALS:
        return True
    if _is_ended(sentence):
        return _follows_subject(words, _LONGEST_SUBJECT)
    # Without its full stop only a verb right behind a subject shows it.
    longest = 2 if words[0] in _ARTICLES else 1
    return len(words) >= _FEWEST_WORDS_WITHOUT_END and _follows_subject(words, longest)


def _is_ended(sentence: str) -> bool:
    return sentence.rstrip(_CLOSING).endswith(_STATED)


def _follows_subject(words: list[str], longest: int) -> bool:
    """Whether a verb stands behind a subject of so many words, and none that asks or relates."""
    for word in words[1 : longest + 1]:
        if word in _COPULAS:
            return True
        if word in _ASKING:
            return False
    return False


def _words(text: str) -> tuple[str, ...]:
    """The words that a search is for, in an order of their own."""
    return _words_of(_unlabelled(text))


def _words_of(text: str) -> tuple[str, ...]:
    return tuple(sorted(_WORD.findall(unicodedata.normalize("NFKC", text).casefold())))


def _unlabelled(text: str) -> str:
    """A text without the labels in front of it, as far as something stands behind them."""
    for _ in range(_MOST_LABELS):
        label = _LABEL.match(text)
        if label is None or not text[label.end() :].strip():
            break
        text = text[label.end() :]
    return text
