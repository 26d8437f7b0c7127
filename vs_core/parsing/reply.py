"""`parse_reply` and `ReplyParser`: from a model's reply to a distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vs_core.errors import NoCandidatesError, ReaderClosedError
from vs_core.parsing.reader import Reader
from vs_core.values.candidate import Candidate
from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.stated import read_number
from vs_core.values.trace import Dropped, Trace

if TYPE_CHECKING:
    from vs_core.parsing.item import Item
    from vs_core.values.terms import Definition

_NOTHING: VerbalizedDistribution[str] = VerbalizedDistribution()
_SHOWN = 200


def parse_reply(reply: str, *, definition: Definition = "explicit") -> VerbalizedDistribution[str]:
    r"""Read the candidates of a reply, whatever notation the model chose.

    Tags, JSON, numbered and bulleted lists, headings, tables, labelled blocks; alone, in a code
    fence, in prose, after a block of thinking, cut off, with the usual mistakes. Texts are never
    altered; what had to be mended is in each candidate's `repairs`, what could not be used in
    `trace.dropped`.

    Args:
        reply: What the model returned.
        definition: Which number the model was asked to write.

    Returns:
        The candidates in the model's order.

    Raises:
        NoCandidatesError: Nothing in the reply can be read as a candidate.

    Example:
        >>> d = parse_reply("1. Heads (probability: 0.5)\n2. Tails (probability: 40%)")
        >>> [(c.text, c.stated) for c in d]
        [('Heads', 0.5), ('Tails', 0.4)]
    """
    parser = ReplyParser(definition=definition)
    found = parser.feed(reply) + parser.close()
    if not found:
        raise no_candidates(reply)
    return found


def no_candidates(reply: str) -> NoCandidatesError:
    """The error for a reply in which nothing could be read.

    Args:
        reply: The reply, which the error carries.

    Example:
        >>> no_candidates("I'd rather not.").reply
        "I'd rather not."
    """
    shown = reply.strip()
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}\u2026"
    said = f"the reply was: {shown}" if shown else "the reply was empty"
    return NoCandidatesError(
        "no candidate could be read: looked for tags such as <response> with <text> and "
        "<probability>, for JSON with texts and probabilities, and for a numbered, bulleted or "
        f"labelled list; {said}",
        reply=reply,
    )


class ReplyParser:
    """Reads a reply as it arrives, piece by piece.

    However the reply is cut into pieces, the distributions returned add up to what
    `parse_reply` gives for the whole. A candidate's `stated` is provisional until then, because
    whether a bare `30` is a percentage shows only in the whole set.

    Args:
        definition: Which number the model was asked to write.

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

    __slots__ = ("_closed", "_definition", "_reader", "_trace")

    def __init__(self, *, definition: Definition = "explicit") -> None:
        self._definition: Definition = definition
        self._reader = Reader(definition)
        self._trace = Trace(definition=definition)
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
        reader = self._reader
        if reader.skim(reader.source, chunk):
            return _NOTHING
        items = reader.feed(chunk)
        if not items:
            return _NOTHING
        return VerbalizedDistribution.of(map(self._candidate, items), self._trace)

    def close(self) -> VerbalizedDistribution[str]:
        """Read to the end.

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
        items = self._reader.close()
        gathered = self._reader.gathered
        trace = Trace(
            definition=self._definition,
            layout=gathered.layout,
            truncated=gathered.truncated,
            dropped=tuple(
                Dropped(fragment=fragment, reason=reason) for fragment, reason in gathered.dropped
            ),
        )
        return VerbalizedDistribution.of(map(self._candidate, items), trace)

    def _candidate(self, item: Item) -> Candidate[str]:
        raw = item.raw
        number = None if raw is None else read_number(raw, self._definition)
        stated = None
        if number is not None:
            stated = number.value
            if number.bare and stated > 1.0 and self._definition not in ("nll", "perplexity"):
                stated /= 100.0
        return _constructed(
            {
                "value": item.text,
                "probability": 0.0,
                "stated": stated,
                "raw_probability": raw,
                "reasoning": item.reasoning,
                "repairs": item.repairs,
                "weight": None,
                "turn": 0,
            }
        )


_FIELDS = frozenset(Candidate.model_fields)
_set = object.__setattr__


def _constructed(fields: dict[str, object]) -> Candidate[str]:
    """What `Candidate.model_construct` makes of a full set of fields, in a quarter of the time."""
    candidate: Candidate[str] = Candidate.__new__(Candidate)
    _set(candidate, "__dict__", fields)
    _set(candidate, "__pydantic_fields_set__", set(_FIELDS))
    _set(candidate, "__pydantic_extra__", None)
    _set(candidate, "__pydantic_private__", None)
    return candidate
