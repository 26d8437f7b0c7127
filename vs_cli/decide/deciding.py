"""The calls about many states: some at a time, delivered in the order of the states."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from vs_cli.decide.outcome import Outcome
from vs_cli.decide.states import State
from vs_cli.errors import FailureError

Decide = Callable[[State], Awaitable[Outcome]]
_FIRST = 5
"""Fewer may fail by chance, or for what stands in them."""

Take = Callable[[Outcome], object]


async def decide_each(
    states: Sequence[State],
    decide: Decide,
    *,
    concurrency: int,
    take: Take,
    on_end: Callable[[], object] = lambda: None,
) -> None:
    """Judge states side by side; one that fails takes nothing from the others.

    Args:
        states: What to judge.
        decide: Judges one; a failed call is an outcome, too.
        concurrency: Most states at a time.
        take: Called with each outcome, in the order of the states.
        on_end: Called whenever one has ended, in any order.

    Raises:
        FailureError: The first ones failed all, five or as many as are judged at a time: so would
            the others, and nothing more is asked.

    Example:
        >>> import asyncio
        >>> from vs_cli.decide.deciding import decide_each
        >>> from vs_cli.decide.outcome import Outcome
        >>> from vs_cli.decide.states import State
        >>> async def decide(state):
        ...     return Outcome(state)
        >>> states, taken = [State("one"), State("two")], []
        >>> asyncio.run(decide_each(states, decide, concurrency=8, take=taken.append))
        >>> [outcome.state.text for outcome in taken]
        ['one', 'two']
    """
    free = asyncio.Semaphore(concurrency)

    async def ended(state: State) -> Outcome:
        async with free:
            outcome = await decide(state)
        on_end()
        return outcome

    under_way = [asyncio.create_task(ended(state)) for state in states]
    failed, tried = 0, max(_FIRST, concurrency)
    try:
        for number, task in enumerate(under_way, start=1):
            outcome = await task
            take(outcome)
            failed += outcome.error is not None
            if failed == number == tried < len(states):
                raise FailureError(
                    f"the first {number} of {len(states)} states all failed, and nothing more is "
                    f"asked; the last one: {outcome.error}"
                )
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
