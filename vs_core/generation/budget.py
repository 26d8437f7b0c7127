"""`Budget`: whether another call can be afforded."""

from __future__ import annotations

from vs_core.errors import UnsuitableModelError
from vs_core.generation.calls import CallRecord
from vs_core.generation.records import EndedBy
from vs_core.journal.cost import Cost


class Budget:
    """What may be spent, what has been, and what calls under way will probably cost.

    Args:
        max_calls: Most calls; None for any number.
        max_tokens: Most tokens, sent and received; None for any number.
        spent: By earlier runs; None for nothing.

    Example:
        >>> from vs_core.generation.budget import Budget
        >>> budget = Budget(max_calls=1, max_tokens=None)
        >>> budget.exceeded(), budget.begin("8c1f"), budget.exceeded()
        (None, None, 'max_calls')
    """

    def __init__(
        self, max_calls: int | None, max_tokens: int | None, spent: Cost | None = None
    ) -> None:
        self._max_calls, self._max_tokens = max_calls, max_tokens
        self._spent = spent or Cost()
        self._under_way: set[str] = set()

    @property
    def is_under_way(self) -> bool:
        """Whether there are calls whose cost is not known yet."""
        return bool(self._under_way)

    def exceeded(self) -> EndedBy | None:
        """Which budget another call would exceed; None if none."""
        calls = self._spent.calls + len(self._under_way) + 1
        if self._max_calls is not None and calls > self._max_calls:
            return "max_calls"
        if self._max_tokens is not None and self._tokens_expected() > self._max_tokens:
            return "max_tokens"
        return None

    def is_unknown(self) -> bool:
        """Whether it has to be seen first what the call under way costs."""
        return self._max_tokens is not None and bool(self._under_way) and not self._spent.calls

    def begin(self, key: str) -> None:
        """Note that a call is made.

        Args:
            key: Of the call.
        """
        self._under_way.add(key)

    def end(self, record: CallRecord) -> None:
        """Note what a call cost; nothing if it is one of an earlier run.

        Args:
            record: What came of it.

        Raises:
            UnsuitableModelError: There is a budget of tokens, and the model reports none.
        """
        if record.key not in self._under_way:
            return
        self._under_way.remove(record.key)
        cost = record.cost
        self._spent += cost
        if self._max_tokens is not None and not record.error and cost.tokens is None:
            raise UnsuitableModelError(
                f"max_tokens={self._max_tokens} cannot be kept, as the model does not report how "
                "many tokens a call takes: give max_calls instead"
            )

    def _tokens_expected(self) -> float:
        tokens = self._spent.tokens or 0
        each = tokens / self._spent.calls if self._spent.calls else 0.0
        return tokens + each * (len(self._under_way) + 1)
