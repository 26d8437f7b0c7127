"""Who makes the calls: `--engine`."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from importlib.util import find_spec

from langchain_vs.generation import engine_for
from langchain_vs.worker import ray_engine_for
from vs_cli.errors import MisuseError
from vs_cli.generate.elsewhere import factory_of
from vs_cli.models import ChosenModel
from vs_core import MissingExtraError, WorkerSetupError
from vs_core.adapters.generation import Engine, EngineName
from vs_core.generation import RayEngine

Opening = Callable[[int], AbstractAsyncContextManager[Engine]]
"""Has calls made as long as a block lasts; it is told how many calls earlier runs have made."""


def require_engine(name: EngineName, address: str | None) -> None:
    """Make sure, before anything is paid for, that there is such an engine.

    Args:
        name: Which one.
        address: Of a cluster.

    Raises:
        MisuseError: An address is given to an engine that has none.
        MissingExtraError: A package is not installed.
    """
    if name == "ray":
        if find_spec("ray") is None:
            raise MissingExtraError.for_extra("--engine ray", "ray", "ray")
    elif address is not None:
        raise MisuseError("--address is for --engine ray: add it, or leave --address out")


def engine_asked_for(asked: argparse.Namespace, chosen: ChosenModel) -> Opening:
    """Prepare who makes the calls.

    Args:
        asked: The command line.
        chosen: Whom to ask.

    Raises:
        ModelUnavailableError: The model cannot be set up, where that is done in this process.
        MisuseError: What says how to set it up has a key, and would be sent to other processes.
        pydantic.ValidationError: It is no address of a cluster.
    """
    return _by_ray(asked, chosen) if asked.engine == "ray" else _here(asked, chosen)


def _here(asked: argparse.Namespace, chosen: ChosenModel) -> Opening:
    model = chosen.model(asked.seed)

    @asynccontextmanager
    async def opened(done: int) -> AsyncIterator[Engine]:
        seed = _seed_after(done, asked, chosen)
        yield engine_for(model if seed == asked.seed else chosen.model(seed))

    return opened


def _by_ray(asked: argparse.Namespace, chosen: ChosenModel) -> Opening:
    def engine_after(done: int) -> RayEngine:
        return ray_engine_for(
            factory_of(chosen, _seed_after(done, asked, chosen)),
            address=asked.address,
            # Two processes with the same seed would answer alike.
            num_actors=1 if chosen.name is None and asked.seed is not None else None,
            # So that one process alone could make them all: `--concurrency` is the only limit.
            concurrency=asked.concurrency,
        )

    engine_after(0)  # what cannot be is to be told at once

    @asynccontextmanager
    async def opened(done: int) -> AsyncIterator[Engine]:
        engine = engine_after(done)
        async with AsyncExitStack() as open_now:
            try:
                await open_now.enter_async_context(engine)
            except (ConnectionError, WorkerSetupError) as error:
                raise MisuseError(f"--engine ray: {error}") from error
            yield engine

    return opened


def _seed_after(done: int, asked: argparse.Namespace, chosen: ChosenModel) -> int | None:
    """What a simulation with the same seed answered at first, it would only answer again."""
    seed: int | None = asked.seed
    return seed if seed is None or chosen.name is not None else seed + done
