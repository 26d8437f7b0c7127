"""`Job`: a generation as a command line asks for it, and the making of its calls."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Mapping
from contextlib import aclosing
from typing import Any

from vs_cli.errors import calling_model
from vs_cli.generate.engine import engine_asked_for
from vs_cli.generate.progress import showing_progress
from vs_cli.generate.prompts import PromptSource
from vs_cli.generate.unread import Unread
from vs_cli.models import ChosenModel, find_embeddings
from vs_cli.terminal import Terminal
from vs_core.adapters.generation import (
    CoolDown,
    Generation,
    Judged,
    aembed_by,
    conduct_generation,
)
from vs_core.generation import CallRecord, GenerationSettings


class Job:
    """A generation as a command line asks for it.

    Args:
        asked: The command line.
        chosen: Who answers.
        settings: Of all prompts.
        source: The prompts, checked.

    Attributes:
        generation: What is still to be asked, and what it has come to.
        unread: What the replies were like in which no answer could be read.

    Raises:
        ModelUnavailableError: The model, or that of the embeddings, cannot be set up.
        MissingExtraError: A package is not installed.
        MisuseError: A key would be sent to other processes.
    """

    def __init__(
        self,
        asked: argparse.Namespace,
        chosen: ChosenModel,
        settings: GenerationSettings,
        source: PromptSource,
    ) -> None:
        self._concurrency = asked.concurrency
        self._seed = asked.seed
        self._chosen = chosen
        self._source = source
        self._opened_engine = engine_asked_for(asked, chosen)
        self._aembed = aembed_by(asked.embeddings and find_embeddings(asked.embeddings))
        self._embeddings = asked.embeddings
        self.unread = Unread(settings)
        self.generation = Generation(
            source,
            settings,
            model=chosen.name,
            simulated=chosen.name is None,
            width=asked.concurrency,
            embeds=self._aembed is not None,
        )

    @property
    def identity(self) -> Mapping[str, Any]:
        """What besides its settings decides the answers."""
        options = self._chosen.options
        return {
            "model": self._chosen.name,
            "seed": self._seed,
            "embeddings": self._embeddings,
            **options,
        }

    def run(
        self,
        take: Callable[[Judged], object],
        *,
        terminal: Terminal,
        on_call: Callable[[CallRecord], object] = lambda _: None,
        done: int = 0,
    ) -> None:
        """Make the calls, and show how far it is.

        Args:
            take: Called with each answer as it is judged.
            terminal: Where to show it.
            on_call: Called with the outcome of each call, before it is judged.
            done: Calls of earlier runs.

        Raises:
            FailureError: Every call would fail in the same way.
        """
        cool_down = CoolDown()
        with showing_progress(terminal, self._source.wanted, cool_down) as watch:

            def called(record: CallRecord) -> None:
                on_call(record)
                self.unread.note(record)
                watch.called(record)

            def judged(answer: Judged) -> None:
                take(answer)
                watch.judged(answer)

            asyncio.run(self._ask(judged, called, cool_down, done))

    async def _ask(
        self,
        take: Callable[[Judged], object],
        on_call: Callable[[CallRecord], object],
        cool_down: CoolDown,
        done: int,
    ) -> None:
        async with self._opened_engine(done) as engine:
            answers = conduct_generation(
                self.generation,
                engine,
                max_concurrency=self._concurrency,
                on_call=on_call,
                aembed=self._aembed,
                cool_down=cool_down,
            )
            async with aclosing(answers):
                while True:
                    with calling_model(self._chosen.without_secrets):
                        answer = await anext(answers, None)
                    if answer is None:
                        return
                    take(answer)
