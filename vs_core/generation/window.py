"""`Window`: the prompts under way, of any number of prompts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from vs_core.generation.exploration import Exploration
from vs_core.generation.prompts import GenerationPrompt
from vs_core.generation.report import PromptReport


class Window:
    """The prompts under way, and the reports of those that have ended.

    Args:
        prompts: All prompts, which are taken as they are needed.
        width: Most prompts under way.
        begin: Makes the exploration of a prompt.

    Attributes:
        has_more: Whether there may be prompts that have not been taken.
        left_out: How many prompts were passed over.
    """

    def __init__(
        self,
        prompts: Iterator[GenerationPrompt],
        width: int,
        begin: Callable[[GenerationPrompt], Exploration],
    ) -> None:
        self.has_more = True
        self.left_out = 0
        self._prompts = prompts
        self._width = width
        self._begin = begin
        self._under_way: dict[str, Exploration] = {}
        self._ended: dict[str, PromptReport | None] = {}
        """In the order in which they were begun; None of those under way."""

    def __iter__(self) -> Iterator[Exploration]:
        """The explorations under way, in the order in which they were begun."""
        return iter(tuple(self._under_way.values()))

    def __len__(self) -> int:
        """How many are under way."""
        return len(self._under_way)

    def of(self, prompt: str) -> Exploration:
        """The exploration of a prompt that is under way.

        Args:
            prompt: The prompt.
        """
        return self._under_way[prompt]

    def fill_up(self, *, recalling_only: bool = False) -> None:
        """Begin as many prompts as there is room for.

        Args:
            recalling_only: Pass over those of which nothing was recorded in earlier runs.
        """
        while self.has_more and len(self._under_way) < self._width:
            prompt = next(self._prompts, None)
            if prompt is None:
                self.has_more = False
                return
            exploration = self._begin(prompt)
            if recalling_only and not exploration.is_recalling:
                self.left_out += 1
            else:
                self._under_way[exploration.prompt] = exploration
                self._ended[exploration.prompt] = None

    def put_aside(self, exploration: Exploration) -> None:
        """Make room, if an exploration is over.

        Args:
            exploration: The exploration.
        """
        if exploration.is_over:
            self._ended[exploration.prompt] = exploration.report()
            del self._under_way[exploration.prompt]

    def reports(self) -> tuple[PromptReport, ...]:
        """What each prompt has come to so far, in the order in which they were begun."""
        return tuple(
            ended or self._under_way[prompt].report() for prompt, ended in self._ended.items()
        )
