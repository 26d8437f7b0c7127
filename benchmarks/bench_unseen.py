"""How often the 95 % interval of the unseen share holds the true share.

Simulated: worlds of answers with known probabilities, of six kinds and of different sizes, asked
for 5 or 10 different answers a call. A call draws as a model would (one after the other by its
probability, without replacement) or as the simulated model does (the first by its probability, the
others uniformly). Once without digests, and once with digests of 20 answers in all calls but every
fifth, the probes. The truth is computed from the world: the expected share of answers in a further
independent call that no call has met. Run `make bench`; it prints a Markdown table.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator

from vs_core.generation import Sightings

WORLDS = 1000
ASKED = (5, 10)
CALLS_WITHOUT_DIGEST, CALLS_WITH_DIGEST = (4, 100), (20, 500)
DIGEST, PROBE_EVERY = 20, 5
MONTE_CARLO = 150


def zipf(size: int, rng: Generator) -> Any:
    """Few frequent answers and a long tail."""
    return np.arange(1, size + 1) ** -rng.uniform(0.5, 2.0)


def geometric(size: int, rng: Generator) -> Any:
    """Each answer rarer than the one before by the same factor."""
    return np.exp(-rng.uniform(2.0, 20.0) * np.arange(size) / size)


def two_levels(size: int, rng: Generator) -> Any:
    """Some heads, and all others equally rare."""
    heads, share = int(rng.integers(3, 21)), rng.uniform(0.3, 0.9)
    weights = np.full(size, (1 - share) / (size - heads))
    weights[:heads] = share / heads
    return weights


def states(_: int, rng: Generator) -> Any:
    """Fifty answers, as when a US state is asked for."""
    return rng.dirichlet(np.full(50, rng.choice([0.3, 1.0, 5.0]))) + 1e-6


KINDS: dict[str, Callable[[int, Generator], Any]] = {
    "uniform": lambda size, _: np.ones(size),
    "Zipf, exponent 0.5 to 2": zipf,
    "geometric": geometric,
    "two levels": two_levels,
    "lognormal, deviation 0.5 to 2.5": lambda size, rng: np.exp(
        rng.normal(0.0, rng.uniform(0.5, 2.5), size)
    ),
    "50 states": states,
}


def between(low: int, high: int, rng: Generator) -> int:
    """A whole number, its logarithm uniform."""
    return int(np.exp(rng.uniform(np.log(low), np.log(high))))


def weighted(world: Any, asked: int, rng: Generator) -> Any:
    """Draws by probability without replacement, as the first arrivals of Poisson processes."""
    possible = np.flatnonzero(world)
    arrivals = rng.exponential(size=len(possible)) / world[possible]
    return possible[np.argpartition(arrivals, asked - 1)[:asked]]


def first_weighted(world: Any, asked: int, rng: Generator) -> Any:
    """Draws the first by probability and the others uniformly."""
    possible = np.flatnonzero(world)
    first = rng.choice(possible, p=world[possible] / world[possible].sum())
    others = rng.choice(possible[possible != first], asked - 1, replace=False)
    return np.append(others, first)


def included_weighted(world: Any, asked: int, rng: Generator) -> Any:
    """The probability of each answer to be in a call: exact, given when the others arrive."""
    included = np.zeros(len(world))
    for _ in range(MONTE_CARLO):
        arrivals = rng.exponential(size=len(world)) / world
        order = np.argpartition(arrivals, (asked - 1, asked))
        limit = np.full(len(world), arrivals[order[asked - 1]])
        limit[order[:asked]] = arrivals[order[asked]]
        included -= np.expm1(-world * limit)
    return included / MONTE_CARLO


def included_first_weighted(world: Any, asked: int, _: Generator) -> Any:
    """The probability of each answer to be in a call, exactly."""
    return world + (1 - world) * (asked - 1) / (len(world) - 1)


DESIGNS = ((weighted, included_weighted), (first_weighted, included_first_weighted))


def run(kind: str, seed: int, *, has_digest: bool) -> tuple[bool, float]:
    """Whether the interval holds the truth in one world, and how wide it is."""
    rng = np.random.default_rng(seed)
    world = KINDS[kind](between(60, 5000, rng), rng)
    world /= world.sum()
    asked = int(rng.choice(ASKED))
    draw, included = DESIGNS[seed % 2]
    calls, sightings = np.zeros(len(world), dtype=int), Sightings()
    for number in range(between(*(CALLS_WITH_DIGEST if has_digest else CALLS_WITHOUT_DIGEST), rng)):
        is_told = has_digest and number % PROBE_EVERY > 0
        allowed = world.copy()
        if is_told:
            most_met = np.argsort(-calls, kind="stable")[:DIGEST]
            allowed[most_met[calls[most_met] > 0]] = 0.0
        answers = draw(allowed, asked, rng)
        calls[answers] += 1
        sightings.note(answers.tolist(), told=is_told)
    truth = float(included(world, asked, rng)[calls == 0].sum()) / asked
    share = sightings.share()
    assert share is not None
    return share.low <= truth <= share.high, share.high - share.low


def main() -> None:
    """Print the table; the number of worlds of each kind may be given."""
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else WORLDS
    print(f"Simulated: {worlds} worlds of each kind and in each column.\n")
    print("| worlds | no digest: interval holds | mean width | digests: holds | mean width |")
    print("|---|--:|--:|--:|--:|")
    for number, kind in enumerate(KINDS):
        cells = []
        for has_digest in (False, True):
            seeds = range(number * worlds, (number + 1) * worlds)
            results = [run(kind, seed, has_digest=has_digest) for seed in seeds]
            cells.append(f"{sum(holds for holds, _ in results) / worlds:.1%}")
            cells.append(f"{sum(width for _, width in results) / worlds:.3f}")
        print(f"| {kind} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
