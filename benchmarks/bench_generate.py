"""What many different answers cost, by the size of the digest and of a call. Simulated.

    python benchmarks/bench_generate.py [--quick]

A world is a known number of answers with known probabilities; a simulated model lists k of them,
drawn by probability without replacement, and leaves out those that it is told. `generate` runs on
it as on a model. Tokens are counted as the answers, the digest and this package's own instruction
would have them: 8 for an answer, 18 for the notation around it, 160 for the instruction.

Beside it: an oracle that never repeats itself, plain repeated sampling (`direct`, one answer a
call, both of a model that has not collapsed and of one that has), and a plain list (`sequence`: no
probabilities, no digest).
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from vs_core import Candidate, Trace, VerbalizedDistribution
from vs_core.adapters.generation import Generation, PlannedCall, conduct_generation
from vs_core.generation import GenerationSettings

ANSWER, NOTATION, INSTRUCTION = 8, 18, 160
PLAIN_NOTATION = 3
COLLAPSE = 4.0
"""The exponent by which alignment sharpens what a plain question gets (`vs_core.simulation`)."""


class World(NamedTuple):
    """Answers with their probabilities."""

    name: str
    weights: np.ndarray

    def draw(self, k: int, without: set[int], rng: np.random.Generator) -> list[int]:
        """Draw k answers without replacement (Gumbel's trick)."""
        scores = np.log(self.weights) + rng.gumbel(size=len(self.weights))
        if without:
            scores[list(without)] = -np.inf
        best = np.argpartition(-scores, k - 1)[:k]
        return [int(i) for i in best[np.argsort(-scores[best])] if scores[i] > -np.inf]


class Model:
    """The simulated model."""

    def __init__(self, world: World, seed: int, *, notation: int = NOTATION) -> None:
        self._world = world
        self._rng = np.random.default_rng(seed)
        self._notation = notation

    async def call(self, call: PlannedCall) -> VerbalizedDistribution[Any]:
        """Answer a call."""
        told = {int(text.split()[1]) for text in call.told}
        drawn = self._world.draw(call.asked.k, told, self._rng)
        weights = self._world.weights[drawn]
        candidates = [
            Candidate(value=f"answer {index} of the world called so", stated=float(weight))
            for index, weight in zip(drawn, weights, strict=True)
        ]
        trace = Trace(
            calls=1,
            input_tokens=INSTRUCTION + (ANSWER + 2) * len(told),
            output_tokens=len(drawn) * (ANSWER + self._notation),
        )
        return VerbalizedDistribution.of(candidates, trace)


def zipf(size: int, exponent: float) -> World:
    """A world in which answers become rarer with their rank."""
    weights = np.arange(1, size + 1, dtype=float) ** -exponent
    return World(f"Zipf {exponent}, {size:,} answers", weights / weights.sum())


def uniform(size: int) -> World:
    """A world of equally likely answers."""
    return World(f"uniform, {size:,} answers", np.full(size, 1 / size))


async def generated(world: World, seed: int, concurrency: int = 8, **settings: Any) -> Any:
    """Run `generate` in a world."""
    notation = PLAIN_NOTATION if settings.get("method") in ("sequence", "direct") else NOTATION
    asked = GenerationSettings(near_duplicate=None, **settings)
    generation = Generation("Name one.", asked, width=concurrency)
    model = Model(world, seed, notation=notation)
    async for _ in conduct_generation(generation, model, max_concurrency=concurrency):
        pass
    return generation.report()


def _rows(n: int, *, quick: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    for k in (10,) if quick else (5, 10, 20):
        for digest in (0, 20) if quick else (0, 10, 20, 100):
            yield f"k={k}, digest of {digest}", {"n": n, "k": k, "digest": digest}
    yield "sequence, k=10", {"n": n, "k": 10, "digest": 0, "method": "sequence"}


def _direct(weights: np.ndarray, n: int, rng: np.random.Generator) -> int | None:
    """Calls of plain repeated sampling until n are different; None if more than a million."""
    seen: set[int] = set()
    for calls in range(1, 1001):
        seen.update(rng.choice(len(weights), size=1000, p=weights).tolist())
        if len(seen) >= n:
            return calls * 1000
    return None


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--concurrency", type=int, default=8)
    asked = parser.parse_args()
    for n, world in (
        (1000, zipf(2000, 1.0)),
        (1000, zipf(20_000, 1.0)),
        (1000, uniform(2000)),
        (10_000, zipf(20_000, 0.8)),
    ):
        print(f"\n{n:,} different answers, {world.name} (simulated)")
        print(f"{'':22} {'accepted':>8} {'calls':>7} {'input':>10} {'output':>10} {'s':>6}")
        oracle = -(-n // 10)
        print(
            f"{'oracle, k=10':22} {n:8,} {oracle:7,} {oracle * INSTRUCTION:10,} "
            f"{n * (ANSWER + NOTATION):10,}"
        )
        for name, settings in _rows(n, quick=asked.quick):
            began = time.perf_counter()
            report = asyncio.run(generated(world, 1, asked.concurrency, **settings))
            figures = report.figures
            print(
                f"{name:22} {figures.accepted:8,} {figures.calls:7,} {figures.input_tokens:10,} "
                f"{figures.output_tokens:10,} {time.perf_counter() - began:6.1f}"
                f"  {next(iter(report.ended_by))}"
            )
        for name, weights in (
            ("plain, one a call", world.weights),
            ("plain, collapsed", world.weights**COLLAPSE / (world.weights**COLLAPSE).sum()),
        ):
            calls = _direct(weights, n, np.random.default_rng(1))
            if calls is None:
                print(f"{name:22} {'not reached in a million calls'}")
            else:
                print(f"{name:22} {n:8,} {calls:7,} {calls * 20:10,} {calls * ANSWER:10,}")


if __name__ == "__main__":
    main()
