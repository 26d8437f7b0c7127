"""What runs in Ray's processes: it makes calls, and tells how they went as plain data.

It decides nothing, and knows nothing of Ray.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from vs_core.generation.ray.call_failure import CallFailure
from vs_core.generation.ray.crossing import Distribution, to_json
from vs_core.generation.ray.imported import ImportedFactory
from vs_core.generation.ray.secrets import without_secrets

MakeCall = Callable[[str, Mapping[str, Any]], Awaitable[Distribution]]
"""Asks a model once: the prompt, and the settings of the exchange."""


class CallWorker:
    """Makes calls, many at a time, in an event loop of its own.

    What makes them is made here, once, when it is first needed: the model and its key are in this
    process alone. No error leaves it, only what is told of it, without the keys of its environment.
    """

    def __init__(self, factory: str) -> None:
        """Keep the note of what makes the calls: an `ImportedFactory` as JSON."""
        self._factory = ImportedFactory.model_validate_json(factory)
        self._make_call: MakeCall | None = None

    async def ready(self) -> tuple[int, str | None]:
        """The number of this process, and why no call can be made here, if so."""
        try:
            self._made()
        except Exception as error:  # noqa: BLE001  # told to whoever started this
            return os.getpid(), _told(error)
        return os.getpid(), None

    async def call(self, prompt: str, settings: Mapping[str, Any]) -> tuple[str | None, str | None]:
        """Ask once: what came back, or how it failed."""
        try:
            return to_json(await self._made()(prompt, settings)), None
        except Exception as error:  # noqa: BLE001  # as above
            return None, _told(error)

    def _made(self) -> MakeCall:
        if self._make_call is None:
            self._make_call = self._factory.make()
        return self._make_call


def _told(error: Exception) -> str:
    return CallFailure.of(error, lambda text: without_secrets(text, os.environ)).model_dump_json()
