"""What a generation keeps on disk, so that nothing is paid for twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vs_core.generation.calls import CallRecord
from vs_core.generation.generation import Generation
from vs_core.journal.claim import alone_in
from vs_core.journal.cost import Cost
from vs_core.journal.file import JOURNAL, Journal
from vs_core.journal.head import KIND
from vs_core.journal.index import PromptIndex


class Keeping:
    """The journal of a generation: what came of every call, in a folder of its own.

    Args:
        folder: Where it is, or will be.
        generation: What is kept.
        identity: What besides its settings decides the answers, as plain JSON by name: the model
            and its own settings.
        name: Who keeps it, for messages.
        elsewhere: What to use instead of a folder that is refused, in words.
        hide: Takes out of a line what must not stand in a file.

    Attributes:
        written: How many calls that did not fail this run has added.

    Raises:
        JournalError: What is there is of another model or other settings, or no journal.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.generation import Generation, Keeping
        >>> from vs_core.generation import CallRecord, GenerationSettings
        >>> with TemporaryDirectory() as folder:
        ...     generation = Generation("Flip a coin.", GenerationSettings(n=1))
        ...     keeping = Keeping(Path(folder), generation, identity={"model": "openai:a"})
        ...     with keeping.opened() as write:
        ...         write(CallRecord.of(generation.next_step(), parse_reply("1. (0.6) Heads")))
        ...     keeping.written
        1
    """

    def __init__(
        self,
        folder: Path,
        generation: Generation,
        *,
        identity: Mapping[str, Any],
        name: str = "generate",
        elsewhere: str = "another folder",
        hide: Callable[[str], str] = str,
    ) -> None:
        self._folder = folder
        self._generation = generation
        self._messages = {"name": name, "elsewhere": elsewhere}
        self._journal = Journal(
            folder / JOURNAL,
            CallRecord,
            head={KIND: "generation", **identity, **generation.settings.identity},
            hide=hide,
            **self._messages,
        )

    @property
    def path(self) -> Path:
        """The file."""
        return self._journal.path

    @property
    def written(self) -> int:
        """How many calls that did not fail this run has added."""
        return self._journal.written

    def index(self) -> PromptIndex[CallRecord]:
        """Where in the journal what stands."""
        return self._journal.index_by_prompt()

    def prompts(self) -> Iterator[str]:
        """The prompt of each outcome in the journal, in order."""
        return self._journal.prompts()

    @contextmanager
    def opened(self) -> Iterator[Callable[[CallRecord], None]]:
        """Keep other runs out, and have the generation go on where an earlier one ended.

        Yields:
            What to call with the outcome of each call.

        Raises:
            JournalError: Another run writes there, or nothing can be written.
        """
        with alone_in(self._folder, **self._messages):
            index = self.index()
            self._generation.resume(index.of, spent=self._spent(), prompts=len(index))
            with self._journal.appending() as write:
                yield write

    def _spent(self) -> Cost:
        settings = self._generation.settings
        if settings.max_calls is None and settings.max_tokens is None:
            return Cost()  # nobody asks
        return sum((record.cost for record in self._journal.records()), Cost())
