"""A program with a type of its own, run by a test."""

from __future__ import annotations

import asyncio

from pydantic import BaseModel

from tests.ray.workers import Call
from vs_core.generation import RayEngine


class Person(BaseModel):
    """Somebody, known in this program alone."""

    name: str


async def main() -> None:
    """Ask for two persons, and say whether they are what they should be."""
    async with RayEngine("tests.ray.workers:typed", num_actors=2) as engine:
        calls = [Call(name, {"value_schema": Person}) for name in ("Ada", "Grace")]
        for answer in await asyncio.gather(*map(engine.call, calls)):
            (person,) = answer.values
            print(type(person) is Person, person.name)  # noqa: T201  # the test reads it


if __name__ == "__main__":
    asyncio.run(main())
