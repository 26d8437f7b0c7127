"""`History`: how a generation went, for pictures of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vs_core.generation.calls import CallRecord
from vs_core.generation.records import GeneratedRecord, Judged
from vs_core.generation.report import Moment

MOST_MOMENTS = 400


class History:
    """Keeps one moment in so many calls; twice as many calls as soon as there are too many."""

    def __init__(self) -> None:
        self._moments: list[Moment] = []
        self._every = 1
        self._last = Moment(calls=0, accepted=0)

    def note(
        self, record: CallRecord, judged: Sequence[Judged], unseen: Callable[[], float | None]
    ) -> None:
        """Take in an outcome.

        Args:
            record: What came of a call.
            judged: The answers that it made it possible to judge.
            unseen: Tells the unseen share at present.
        """
        refused = [one.resemblance.how for one in judged if not isinstance(one, GeneratedRecord)]
        calls = self._last.calls + (not record.error)
        is_kept = calls != self._last.calls and calls % self._every == 0
        self._last = Moment(
            calls=calls,
            accepted=self._last.accepted + len(judged) - len(refused),
            same=self._last.same + refused.count("same"),
            near=self._last.near + len(refused) - refused.count("same"),
            unseen=unseen() if is_kept else self._last.unseen,
        )
        if is_kept:
            self._moments.append(self._last)
            self._thin_out()

    def moments(self) -> tuple[Moment, ...]:
        """The moments, the last one included."""
        if self._moments and self._moments[-1].calls == self._last.calls:
            return (*self._moments[:-1], self._last)
        return (*self._moments, self._last) if self._last.calls else ()

    def _thin_out(self) -> None:
        if len(self._moments) > MOST_MOMENTS:
            self._every *= 2
            self._moments = [m for m in self._moments if m.calls % self._every == 0]
