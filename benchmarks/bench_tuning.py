"""How often a tuning decides right: simulated with a known gap between the variants.

Worlds. A prompt has answers with weights of 1 / sqrt(rank), as many as it takes for the share of
different responses that is wanted there. That share spreads over the prompts (uniformly from 0.3 to
0.6 for the default), and what a variant changes spreads, too (its gap, and up to 0.1 more or less,
uniformly; that is chance for a prompt, and not for one of its calls). A call
gives k = 5 answers, drawn from the weights times lognormal factors of its own (deviation 1): the
answers of one reply resemble each other more than those of several. Of the calls, 3 % bring
nothing. Number of answers and share are brought together by simulation beforehand.

A tuning has one variant, with the gap, or six, of which one has it and the others have none. Which
prompts are asked, and what is decided, the package's own code says: the halving (2 calls to each
prompt), and the final.

Run `python -m benchmarks.bench_tuning`, with the number of tunings in each cell if it is to be
another; it prints Markdown tables.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.random import Generator

from vs_core.comparison import Cost
from vs_core.tuning import PromptOutcome, TuningSettings
from vs_core.tuning.decision import decided
from vs_core.tuning.final import compared
from vs_core.tuning.halving import better_half

TUNINGS = 1000
GAPS = (0.0, 0.03, 0.1, 0.2)
DESIGNS = {
    1: {10: (5, 10, 20), 20: (3, 5, 10), 40: (2, 3, 5)},
    6: {10: (5, 10, 20), 20: (4, 7, 14), 40: (2, 3, 7)},
}
"""By number of variants and of prompts, the calls to each prompt by each side of the final: about
100, 200 and 400 in all."""

K, UNUSABLE = 5, 0.03
DEFAULT_SHARES, CHANGES = (0.3, 0.6), 0.1
CALLS_OF_HALVING = 2
SIZES = np.unique(np.geomspace(2, 2500, 40).astype(int))
REHEARSALS = 300
METRIC = "unique_fraction"


@dataclass
class Worlds:
    """Prompts whose answers repeat as much as is wanted.

    Attributes:
        rng: Decides everything.
    """

    rng: Generator
    _rehearsed: dict[int, Any] = field(default_factory=dict)

    def answered(self, size: int, calls: int) -> tuple[int, int]:
        """How many of the responses of some calls differ, and how many can be used."""
        weights = np.arange(1, size + 1) ** -0.5
        seen: set[int] = set()
        usable = 0
        for _ in range(calls):
            if self.rng.random() < UNUSABLE:
                continue
            heights = np.cumsum(weights * self.rng.lognormal(0.0, 1.0, size))
            drawn = np.searchsorted(heights, self.rng.random(K) * heights[-1])
            seen.update(drawn.tolist())
            usable += K
        return len(seen), usable

    def size_for(self, share: float, calls: int) -> int:
        """How many answers a prompt has whose responses differ to a wanted share."""
        if calls not in self._rehearsed:
            self._rehearsed[calls] = np.maximum.accumulate(
                [
                    np.mean([self.answered(s, calls)[0] for _ in range(REHEARSALS)]) / (K * calls)
                    for s in SIZES
                ]
            )
        if share > self._rehearsed[calls][-1]:
            raise ValueError(f"no world has a share of {share:.2f} in {calls} calls")
        size = np.exp(np.interp(share, self._rehearsed[calls], np.log(SIZES)))
        # Rounded by chance, so that the mean is not.
        return int(size + self.rng.random())

    def outcome(self, share: float, calls: int) -> PromptOutcome:
        """What one side brings for one prompt."""
        different, usable = self.answered(self.size_for(share, calls), calls)
        return PromptOutcome(
            variant="",
            prompt="",
            asked=K * calls,
            usable=usable,
            different=different,
            diversity=different / (K * calls),
            cost=Cost(calls=calls, output_tokens=100 * calls),
        )


@dataclass
class Cell:
    """The tunings of one design and gap.

    Attributes:
        found: How often the variant with the gap is taken.
        wrong: How often another one is.
        shown: The differences that were shown where the variant with the gap was taken.
    """

    found: int = 0
    wrong: int = 0
    shown: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Design:
    """Who is asked what.

    Attributes:
        settings: Of a tuning of as many prompts and variants; the prompts are numbers.
        calls: To each prompt by each side of the final.
    """

    settings: TuningSettings
    calls: int

    @classmethod
    def of(cls, variants: int, prompts: int, calls: int) -> Design:
        """That of so many variants, prompts and calls."""
        numbers = [str(number) for number in range(prompts)]
        tried = [{"words": number + 1} for number in range(variants)]
        return cls(TuningSettings(prompts=numbers, variants=tried), calls)

    @property
    def halving(self) -> list[int]:
        """The prompts of the halving."""
        return list(map(int, self.settings.halving_prompts))

    @property
    def final(self) -> list[int]:
        """Those of the final."""
        return list(map(int, self.settings.final_prompts))


def tuning(worlds: Worlds, design: Design, gap: float, cell: Cell) -> None:
    """One tuning in one population of prompts."""
    settings = design.settings
    default = worlds.rng.uniform(*DEFAULT_SHARES, len(settings.prompts))
    size = len(settings.variants), len(settings.prompts)
    changes = worlds.rng.uniform(-CHANGES, CHANGES, size)
    changes[0] += gap
    shares = default + changes
    survivor = halved(worlds, design, shares)
    shown = taken(worlds, design, default, shares[survivor])
    if shown is None:
        return
    cell.found += survivor == 0
    cell.wrong += survivor != 0
    if survivor == 0:
        cell.shown.append(shown)


def halved(worlds: Worlds, design: Design, shares: Any) -> int:
    """Which variant is left."""
    left = [str(number) for number in range(len(shares))]
    scores: dict[str, list[float | None]] = {name: [] for name in left}
    while len(left) > 1:
        for name in left:
            own = shares[int(name)]
            outcomes = (worlds.outcome(own[p], CALLS_OF_HALVING) for p in design.halving)
            scores[name] += [outcome.diversity for outcome in outcomes]
        left = better_half({name: scores[name] for name in left}, METRIC)
    return int(left[0])


def taken(worlds: Worlds, design: Design, default: Any, survivor: Any) -> float | None:
    """The difference that is shown, if the survivor is taken."""
    one, other = (
        [worlds.outcome(shares[prompt], design.calls) for prompt in design.final]
        for shares in (default, survivor)
    )
    difference = compared(one, other, coverage=design.settings.coverage)[2]
    is_taken = decided(difference, METRIC) == "taken"
    return difference.diversity.mean if is_taken else None


def row_of(worlds: Worlds, design: Design, tunings: int) -> list[str]:
    """What came of a design, for each gap."""
    cells = [Cell() for _ in GAPS]
    for gap, cell in zip(GAPS, cells, strict=True):
        for _ in range(tunings):
            tuning(worlds, design, gap, cell)
    none, *some = cells
    asked = len(design.final)
    return [
        *map(str, (len(design.settings.prompts), asked, 2 * asked * design.calls)),
        f"{(none.found + none.wrong) / tunings:.1%}",
        *(f"{cell.found / tunings:.0%}" for cell in some),
        *(f"{np.mean(cell.shown):.2f}" if cell.shown else "–" for cell in some),
    ]


def main() -> None:
    """Print the tables; the number of tunings in each cell may be given."""
    tunings = int(sys.argv[1]) if len(sys.argv) > 1 else TUNINGS
    worlds = Worlds(np.random.default_rng(7))
    gaps = [f"{gap:g}" for gap in GAPS[1:]]
    head = ["prompts", "of the final", "its calls", "no gap: taken"]
    head += [f"gap {gap}: {what}" for what in ("taken", "shown then") for gap in gaps]
    for variants, designs in DESIGNS.items():
        print(f"\nSimulated: {variants} variants, {tunings} tunings in each cell.\n")
        print("| " + " | ".join(head) + " |")
        print("|" + "--:|" * len(head))
        for prompts, calls in ((prompts, c) for prompts, each in designs.items() for c in each):
            row = row_of(worlds, Design.of(variants, prompts, calls), tunings)
            print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
