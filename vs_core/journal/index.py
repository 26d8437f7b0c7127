"""`PromptIndex`: where the records of each prompt stand in a journal."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from typing import Generic

from vs_core.journal.lines import R

_NONE = -1


class PromptIndex(Generic[R]):
    """Finds the records of one prompt without keeping any: made by `Journal.index_by_prompt`.

    Prompts are known by their hashes, and the places of one prompt's records form a chain, so that
    a record costs about 20 bytes and a prompt about 130 more, however long they are.

    Args:
        places: Where lines begin in the file, in order, each with a prompt that stands there.
        read: Reads the records in the lines that begin at some places.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from pathlib import Path
        >>> from vs_core.adapters.journal import Journal, JournalRecord
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "journal.jsonl")
        ...     kept = Journal(path, JournalRecord, head={"model": "openai:a"}, name="my run")
        ...     with kept.appending() as write:
        ...         for prompt in ("Flip a coin.", "Roll a die."):
        ...             write(JournalRecord(prompt=prompt, error="TimeoutError: 60 s"))
        ...     index = kept.index_by_prompt()
        ...     print([record.prompt for record in index.of("Roll a die.")])
        ['Roll a die.']
    """

    def __init__(
        self, places: Iterable[tuple[int, str]], read: Callable[[Iterable[int]], Iterator[R]]
    ) -> None:
        self._read = read
        self._places = array("q")
        self._earlier = array("q")
        """For each place, the number of the one before it in the chain of its prompt."""
        self._latest: dict[int, int] = {}
        for place, prompt in places:
            self._remember(place, hash(prompt))

    def _remember(self, place: int, prompt: int) -> None:
        latest = self._latest.get(prompt, _NONE)
        # Lines that two runs spoilt may have a prompt several times.
        if latest == _NONE or self._places[latest] != place:
            self._latest[prompt] = len(self._places)
            self._places.append(place)
            self._earlier.append(latest)

    def __len__(self) -> int:
        """How many prompts there are."""
        return len(self._latest)

    def of(self, prompt: str) -> Iterator[R]:
        """Read the records of a prompt.

        Args:
            prompt: As it stands in the records.

        Yields:
            The records in the order of the file; none if there is no such prompt.

        Raises:
            JournalError: The file cannot be read any more, or a line is no record.
        """
        places = [*self._chain(hash(prompt))]
        for record in self._read(reversed(places)) if places else ():
            # Another prompt may have the same hash, or stand in the same line.
            if record.prompt == prompt:
                yield record

    def _chain(self, prompt: int) -> Iterator[int]:
        number = self._latest.get(prompt, _NONE)
        while number != _NONE:
            yield self._places[number]
            number = self._earlier[number]
