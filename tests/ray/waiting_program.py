"""A program that makes a call without an end, run and killed by a test."""

from __future__ import annotations

import asyncio

from tests.ray.workers import Call, until
from vs_core.generation import RayEngine


async def main() -> None:
    """Make the call, and say so once it is being made."""
    async with RayEngine("tests.ray.workers:echo", num_actors=2) as engine:
        await engine.call(Call("first"))
        waiting = asyncio.create_task(engine.call(Call("wait")))
        await until(lambda: any(engine.processes.values()))
        print("waiting", flush=True)  # noqa: T201  # the test reads it
        await waiting


if __name__ == "__main__":
    asyncio.run(main())
