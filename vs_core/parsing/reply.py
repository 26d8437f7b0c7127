"""`parse_reply` and `ReplyParser`: from a model's reply to a distribution."""

from __future__ import annotations

import logging

from vs_core.errors import NoCandidatesError, ReaderClosedError
from vs_core.parsing.advice import advice
from vs_core.parsing.asked import Asked, expectation_of
from vs_core.parsing.candidate import CandidateReader
from vs_core.parsing.clean.thinking import without_thoughts
from vs_core.parsing.fragment import Fragment
from vs_core.parsing.stream import ReplyReader
from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.trace import Dropped, Trace

_log = logging.getLogger(__name__)

_NOTHING: VerbalizedDistribution[str] = VerbalizedDistribution()
_SHOWN = 200
_BY_LIMIT = "(the provider says that a limit or a filter ended it)"
_PERHAPS_REFUSED = "(perhaps a refusal: streams of plain chat completions drop its words)"
_LONGEST_FRAGMENT = 400


def parse_reply(
    reply: str, *, asked: Asked | None = None, truncated: bool | None = None
) -> VerbalizedDistribution[str]:
    r"""Read the candidates of a reply, whatever notation the model chose.

    Tags, JSON, numbered and bulleted lists, headings, tables, labelled blocks; alone, in a code
    fence, in prose, after a block of thinking, cut off, with the usual mistakes. Texts are never
    altered; what had to be mended is in each candidate's `repairs`, what could not be used in
    `trace.dropped`.

    Args:
        reply: What the model returned.
        asked: What was asked for, if that is known: the settings of the prompt. With a
            `value_schema` the candidates are the values as text, and not yet validated.
        truncated: Whether the provider says that the reply was cut off; None if it says nothing.

    Returns:
        The candidates in the model's order.

    Raises:
        NoCandidatesError: Nothing in the reply can be read as a candidate.

    Example:
        >>> d = parse_reply("1. Heads (probability: 0.5)\n2. Tails (probability: 40%)")
        >>> [(c.text, c.stated) for c in d]
        [('Heads', 0.5), ('Tails', 0.4)]
    """
    parser = ReplyParser(asked=asked)
    found = parser.feed(reply) + parser.close(truncated=truncated)
    if not found:
        several = asked is None or asked.k > 1
        raise no_candidates(
            reply, truncated=truncated, tries=advice(truncated=truncated, several=several)
        )
    return found


def no_candidates(
    reply: str, *, truncated: bool | None = None, tries: str | None = None
) -> NoCandidatesError:
    """The error for a reply in which nothing could be read.

    Args:
        reply: The reply, which the error carries.
        truncated: Whether the provider says that it was cut off; None if it says nothing.
        tries: What to try; None if all that can be known is in the other arguments.

    Example:
        >>> no_candidates("I'd rather not.").reply
        "I'd rather not."
    """
    tries = advice(truncated=truncated) if tries is None else tries
    return NoCandidatesError(
        "no candidate could be read: looked for tags such as <response> with <text> and "
        "<probability>, for JSON with texts and probabilities, and for a numbered, bulleted or "
        f"labelled list; {shown(reply, truncated=bool(truncated))}. {tries}",
        reply=reply,
    )


def shown(reply: str, *, truncated: bool = False) -> str:
    """A reply in a message: as much of it as helps.

    Args:
        reply: What the model returned.
        truncated: Whether the provider says that it was cut off.

    Example:
        >>> from vs_core.parsing.reply import shown
        >>> shown("I'd rather not. ")
        "the reply was: I'd rather not."
    """
    start = reply.strip()
    if not start:
        return f"the reply was empty {_BY_LIMIT if truncated else _PERHAPS_REFUSED}"
    start = start if len(start) <= _SHOWN else f"{start[:_SHOWN]}\u2026"
    if not without_thoughts(reply)[0].strip():
        return f"the reply holds nothing but thinking: {start}"
    return f"the reply was: {start}"


class ReplyParser:
    """Reads a reply as it arrives, piece by piece.

    However the reply is cut into pieces, the distributions returned add up to what
    `parse_reply` gives for the whole. A candidate's `stated` is provisional until then, because
    whether a bare `30` is a percentage shows only in the whole set. Tags, JSON and the lines that
    were asked for are delivered candidate by candidate; looser notations at the end.

    Args:
        asked: What was asked for, if that is known: the settings of the prompt.

    Example:
        >>> parser = ReplyParser()
        >>> parser.feed("<response><text>Heads</text><probability>0.5</prob").texts
        []
        >>> parser.feed("ability></response><response><text>Ta").texts
        ['Heads']
        >>> rest = parser.close()
        >>> rest.texts, rest.trace.truncated, rest.trace.dropped[0].fragment
        ([], True, 'Ta')
    """

    __slots__ = ("_candidates", "_closed", "_definition", "_reader", "_trace")

    def __init__(self, *, asked: Asked | None = None) -> None:
        expected = expectation_of(asked)
        self._definition = expected.definition
        self._candidates = CandidateReader(expected)
        self._reader = ReplyReader(expected)
        self._trace = Trace(definition=expected.definition)
        self._closed = False

    def feed(self, chunk: str) -> VerbalizedDistribution[str]:
        """Read on.

        Args:
            chunk: The next piece of the reply.

        Returns:
            The candidates that this piece completed; the empty distribution if none.

        Raises:
            ReaderClosedError: The parser has been closed.
        """
        if self._closed:
            raise ReaderClosedError(
                "this ReplyParser has been closed: use a new one for each reply"
            )
        records = self._reader.feed(chunk)
        if not records:
            return _NOTHING
        return VerbalizedDistribution.of(self._candidates.read(records), self._trace)

    @property
    def provisional_count(self) -> int:
        r"""How many candidates seem to have begun so far, for whoever must stop a runaway.

        It costs one look at each line. Most notations are judged at the end of the reply only, so
        that it may exceed what `close` returns, or fall short of it.

        Example:
            >>> parser = ReplyParser()
            >>> parser.feed("1. heads: 30%\n2. tails: 20%\n3. ed").texts
            []
            >>> parser.provisional_count
            3
        """
        return self._reader.provisional_count

    def holds(self, number: int) -> bool:
        r"""Whether so many candidates are complete, for whoever must stop a runaway.

        What is delivered as it arrives is counted. A notation that is judged at the end of the
        reply is judged as far as it goes, but only if each candidate has its number: the items of
        a list may be the text of one.

        Args:
            number: How many.

        Example:
            >>> parser = ReplyParser()
            >>> parser.feed("1. heads: 30%\n2. tails: 20%\n3. ed").texts
            []
            >>> parser.holds(2), parser.holds(3)
            (True, False)
        """
        return self._reader.holds(number)

    def close(self, *, truncated: bool | None = None) -> VerbalizedDistribution[str]:
        """Read to the end.

        Args:
            truncated: Whether the provider says that the reply was cut off; None if it says
                nothing, and the notation has to tell.

        Returns:
            The candidates that only the end of the reply completes, with the trace of the whole:
            the layout that was read, whether the reply was cut off, what could not be used.
            Empty, without an error, when there are none.

        Raises:
            ReaderClosedError: The parser has been closed before.
        """
        if self._closed:
            raise ReaderClosedError("this ReplyParser has been closed before")
        self._closed = True
        records, verdict = self._reader.close(truncated=truncated)
        _log.debug("read as %s: %s", verdict.layout or "nothing", verdict.rule)
        trace = Trace(
            definition=self._definition,
            layout=verdict.layout,
            truncated=verdict.cut if truncated is None else truncated,
            dropped=tuple(map(_dropped, verdict.dropped)),
        )
        return VerbalizedDistribution.of(self._candidates.read(records), trace)


def _dropped(fragment: Fragment) -> Dropped:
    text = fragment.text.strip()
    if len(text) > _LONGEST_FRAGMENT:
        text = text[:_LONGEST_FRAGMENT] + "\u2026"
    return Dropped(fragment=text, reason=fragment.reason)
