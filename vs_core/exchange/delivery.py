"""`Delivery`: what of an exchange is passed on when, where it is streamed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.trace import EMPTY_TRACE

Distribution = VerbalizedDistribution[Any]


class Delivery:
    """Keeps reports back until there is a candidate to go with them.

    A stream that has given something counts as alive: a fallback takes over only from one that
    fails before. So a call that failed, or a reply that could not be read, is told of with the
    first candidate of a later one, or at the end, if that is no error.

    Example:
        >>> from vs_core import Trace, VerbalizedDistribution, parse_reply
        >>> from vs_core.exchange.delivery import Delivery
        >>> delivery = Delivery()
        >>> list(delivery.of(VerbalizedDistribution.of((), Trace(notes=("a call failed",)))))
        []
        >>> [found] = delivery.of(parse_reply('{"heads": 0.5}'))
        >>> found.texts, found.trace.notes
        (['heads'], ('a call failed',))
    """

    def __init__(self) -> None:
        self._held: Distribution = VerbalizedDistribution()
        self._has_begun = False

    def of(self, chunk: Distribution) -> Iterator[Distribution]:
        """What is to be passed on now.

        Args:
            chunk: What the exchange gave.
        """
        if not self._has_begun:
            chunk = self._held + chunk
            self._has_begun = bool(chunk)
        if self._has_begun:
            yield chunk
        else:
            self._held = chunk

    def rest(self) -> Iterator[Distribution]:
        """What was held back to the end of an exchange that gave no candidate, and no error."""
        if not self._has_begun and self._held.trace != EMPTY_TRACE:
            yield self._held
