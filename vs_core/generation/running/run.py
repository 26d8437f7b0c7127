"""`GenerationRun`: a generation as whoever asked for it sees it, record by record or whole."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator
from contextlib import aclosing, closing
from typing import Any

from pydantic import BaseModel, ConfigDict

from vs_core.generation.generation import Generation
from vs_core.generation.records import GeneratedRecord, Judged, RefusedAnswer
from vs_core.generation.report import GenerationReport
from vs_core.generation.running.blocking import blocking

JudgedAnswers = Callable[[], AsyncGenerator[Judged, None]]


class GenerationResult(BaseModel):
    """All that a generation gave.

    Attributes:
        records: The accepted answers, in the order in which they were accepted.
        refused: The answers that were not new, each with what it resembles.
        report: What it has come to.

    Example:
        >>> from langchain_vs import SimulatedChatModel, generate
        >>> found = generate(SimulatedChatModel(seed=1), "Name a US state", n=20).result()
        >>> len(found.records), len(set(found.values)), found.report.complete
        (20, 20, True)
    """

    model_config = ConfigDict(frozen=True)

    records: tuple[GeneratedRecord, ...]
    refused: tuple[RefusedAnswer, ...]
    report: GenerationReport

    @property
    def values(self) -> list[Any]:
        """The answers themselves."""
        return [record.value for record in self.records]

    def to_records(self) -> list[dict[str, Any]]:
        """One plain mapping for each record, as for `pandas.DataFrame`."""
        return [record.model_dump(mode="json") for record in self.records]


class _Progress:
    """What both kinds of run have."""

    def __init__(self, generation: Generation, judged: JudgedAnswers) -> None:
        self._generation = generation
        self._judged = judged
        self._is_taken = False

    def _begun(self) -> AsyncGenerator[Judged, None]:
        if self._is_taken:
            raise RuntimeError(
                "this generation has been taken already, by an iteration or for its result: make "
                "another one, with a journal to go on where this one ended"
            )
        self._is_taken = True
        return self._judged()

    @property
    def report(self) -> GenerationReport:
        """What it has come to so far."""
        return self._generation.report()

    def _result(self, judged: list[Judged]) -> GenerationResult:
        return GenerationResult(
            records=tuple(one for one in judged if isinstance(one, GeneratedRecord)),
            refused=tuple(one for one in judged if isinstance(one, RefusedAnswer)),
            report=self.report,
        )


class GenerationRun(_Progress):
    """A generation: what `generate` returns.

    Iterate over it for the records as they are accepted; no call is begun while one is looked at.
    When the iteration is ended early, the calls under way are lost, and no others are made. Or take
    all of it by `result`. Either can be done once. Calls begin with the first record that is asked
    for.

    Args:
        generation: What is asked.
        judged: Begins the calls, and gives the answers as they are judged.

    Example:
        >>> from langchain_vs import SimulatedChatModel, generate
        >>> run = generate(SimulatedChatModel(seed=1), "Name a US state", n=20)
        >>> len([record.value for record in run]), run.report.figures.accepted
        (20, 20)
    """

    def __iter__(self) -> Iterator[GeneratedRecord]:
        """Give the records as they are accepted."""
        with closing(self.judged()) as judged:
            for one in judged:
                if isinstance(one, GeneratedRecord):
                    yield one

    def judged(self) -> Generator[Judged, None, None]:
        """Give all answers as they are judged: records, and those refused."""
        return blocking(self._begun())

    def result(self) -> GenerationResult:
        """Make all calls, and return all that they gave."""
        return self._result(list(self.judged()))


class AsyncGenerationRun(_Progress):
    """As `GenerationRun`, without blocking: what `agenerate` returns.

    Iterate over it with `async for`, or await it for its result; once.

    Args:
        generation: What is asked.
        judged: Begins the calls, and gives the answers as they are judged.

    Example:
        >>> import asyncio
        >>> from langchain_vs import SimulatedChatModel, agenerate
        >>> async def states():
        ...     found = await agenerate(SimulatedChatModel(seed=1), "Name a US state", n=20)
        ...     return found.report.figures.accepted
        >>> asyncio.run(states())
        20
    """

    async def __aiter__(self) -> AsyncIterator[GeneratedRecord]:
        """Give the records as they are accepted."""
        async with aclosing(self.judged()) as judged:
            async for one in judged:
                if isinstance(one, GeneratedRecord):
                    yield one

    def judged(self) -> AsyncGenerator[Judged, None]:
        """Give all answers as they are judged: records, and those refused."""
        return self._begun()

    def __await__(self) -> Generator[Any, None, GenerationResult]:
        """As `result`."""
        return self.result().__await__()

    async def result(self) -> GenerationResult:
        """Make all calls, and return all that they gave."""
        async with aclosing(self.judged()) as judged:
            return self._result([one async for one in judged])
