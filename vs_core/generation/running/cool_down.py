"""`CoolDown`: after a provider says that there are too many calls, all of them wait."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

FIRST_SECONDS, MOST_SECONDS = 1.0, 60.0


class CoolDown:
    """When the next call may be made; shared by all calls to one provider.

    It lasts as long as the provider says, else twice as long each time, until a call succeeds.

    Args:
        clock: Seconds.

    Example:
        >>> from vs_core.adapters.generation import CoolDown
        >>> now = 0.0
        >>> pause = CoolDown(clock=lambda: now)
        >>> pause.begin(began=0.0, asked_for=30.0)
        >>> pause.seconds_left() >= 30.0
        True
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rng = random.Random()
        self._begun = float("-inf")
        self._until = float("-inf")
        self._in_a_row = 0
        self._rejected_since: float | None = None

    def now(self) -> float:
        """The time by its clock."""
        return self._clock()

    def seconds_left(self) -> float:
        """How long a call has to wait; a little more than the others, so that not all come at once.

        0 if it need not wait.
        """
        left = self._until - self._clock()
        return left + self._rng.uniform(0.0, min(1.0, left / 4)) if left > 0 else 0.0

    def begin(self, *, began: float, asked_for: float | None) -> None:
        """Have calls wait.

        Args:
            began: When the call that was rejected began. One that was under way already when the
                present pause began says nothing new.
            asked_for: Seconds that the provider asks for, if it does.
        """
        now = self._clock()
        if self._rejected_since is None:
            self._rejected_since = now
        if began > self._begun:
            self._begun = now
            self._in_a_row += 1
        doubled = min(MOST_SECONDS, FIRST_SECONDS * 2.0 ** (self._in_a_row - 1))
        self._until = max(self._until, now + (doubled if asked_for is None else asked_for))

    def succeeded(self) -> None:
        """Note that a call was answered."""
        self._in_a_row = 0
        self._rejected_since = None

    def seconds_rejected(self) -> float:
        """How long no call has been answered since the first that was rejected."""
        return 0.0 if self._rejected_since is None else self._clock() - self._rejected_since
