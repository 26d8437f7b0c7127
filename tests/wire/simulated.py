"""The built-in simulation behind the server, where a test needs a model and no script."""

from __future__ import annotations

from collections.abc import Callable

from tests.wire.script import Message
from vs_core.simulation import SimulatedModel


def simulated(seed: int) -> Callable[[list[Message]], str]:
    """A responder that answers as the simulation does, typed requests too.

    Args:
        seed: Fixes what it answers.
    """
    model = SimulatedModel(seed=seed)

    def answer(messages: list[Message]) -> str:
        return model.reply([(message["role"], message["content"]) for message in messages])

    return answer
