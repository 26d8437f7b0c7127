"""How far the figures of a calibration can be trusted, and how many examples a map needs.

Simulated: decisions between six labels, whose true probabilities are drawn (Dirichlet, 0.35) and
stated with a distortion, in two decimals. The label is drawn by the true ones. The truth about
stated and calibrated numbers comes from 200,000 further decisions of the same world. Run
`make bench`; it prints three Markdown tables: how often 95 % intervals hold the truth, how often
those of the change by a temperature do, and the log loss of fresh decisions by map and by number of
examples.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from statistics import fmean
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator

from vs_core.calibration import Calibration, Interval, calibrate, evaluate

RUNS = 200
LABELS = 6
FLOOR = 0.005
SIZES, LARGER = (30, 60, 120, 500), (30, 60, 100, 200, 500, 1000)
FEWEST_FOR_A_CURVE, MOST_FOR_AUTO = 100, 200
TRUTH, FRESH = 200_000, 4_000
FINE_BINS = 20
FIGURES = ("accuracy", "ece", "brier", "log_loss")

WORLDS: dict[str, Callable[[Any], Any]] = {
    "numbers mean what they say": lambda p: p,
    "overconfident (squared)": lambda p: p**2,
    "underconfident (square root)": lambda p: p**0.5,
    "no power: all above 0.3 is almost sure": lambda p: np.where(p > 0.3, 0.9 + 0.1 * p, p * 0.5),
}
# Where a map has nothing to do, one number to find, or more than a number.
MAPPED = [world for world in WORLDS if not world.startswith("underconfident")]


class Decisions(NamedTuple):
    """Stated probabilities, a row for each decision, and the places of the true labels."""

    stated: Any
    true: Any

    def for_calibration(self) -> tuple[list[dict[int, float]], list[int]]:
        """In the form that `calibrate` and `evaluate` take."""
        return [dict(enumerate(row)) for row in self.stated.tolist()], self.true.tolist()


def drawn(world: str, count: int, rng: Generator) -> Decisions:
    """Decisions of a world."""
    true = rng.dirichlet(np.full(LABELS, 0.35), count)
    labels = (rng.random(count)[:, None] > true.cumsum(axis=1)).sum(axis=1).clip(max=LABELS - 1)
    distorted = WORLDS[world](true)
    stated = np.round(distorted / distorted.sum(axis=1, keepdims=True), 2)
    return Decisions(stated / stated.sum(axis=1, keepdims=True), labels)


def tempered(stated: Any, temperature: float) -> Any:
    """What a temperature makes of stated probabilities."""
    powers = stated.clip(min=FLOOR) ** (1 / temperature)
    return powers / powers.sum(axis=1, keepdims=True)


def figures(numbers: Any, true: Any) -> dict[str, float]:
    """The figures as `evaluate` defines them, with the ECE by finer bins."""
    rows = np.arange(len(true))
    hits = numbers.argmax(axis=1) == true
    order = np.argsort(numbers.max(axis=1), kind="stable")
    gaps = (hits - numbers.max(axis=1))[order]
    raised = numbers.clip(min=FLOOR)
    return {
        "accuracy": hits.mean(),
        "ece": sum(abs(part.sum()) for part in np.array_split(gaps, FINE_BINS)) / len(true),
        "brier": ((numbers - np.eye(LABELS)[true]) ** 2).sum(axis=1).mean(),
        "log_loss": np.log(raised.sum(axis=1) / raised[rows, true]).mean(),
    }


def holds(interval: Interval, truth: float) -> bool:
    """Whether an interval holds the truth; rounding aside."""
    return interval.low - 1e-9 <= truth <= interval.high + 1e-9


def share(found: list[bool]) -> str:
    """As a table shows it."""
    return f"{fmean(found):.0%}"


def intervals_hold(world: str, count: int, runs: int, seed: int) -> str:
    """A row: how often the intervals hold, and by how much the ECE is too high."""
    rng = np.random.default_rng(seed)
    truth = figures(*drawn(world, TRUTH, rng))
    found = [evaluate(*drawn(world, count, rng).for_calibration(), seed=n) for n in range(runs)]
    held = [share([holds(getattr(f, name), truth[name]) for f in found]) for name in FIGURES]
    ece = fmean(f.ece.value for f in found)
    by_chance = fmean(f.ece_if_calibrated for f in found)
    cells = [world, str(count), *held, f"{truth['ece']:.3f}", f"{ece:.3f}", f"{by_chance:.3f}"]
    return f"| {' | '.join(cells)} |"


def changes_hold(world: str, count: int, runs: int, seed: int) -> str:
    """A row: how often the intervals of the change hold, and how often they show an improvement."""
    rng = np.random.default_rng(seed)
    reference = drawn(world, TRUTH, rng)
    before = figures(*reference)
    held: dict[str, list[bool]] = {name: [] for name in FIGURES[1:]}
    better: dict[str, list[bool]] = {name: [] for name in FIGURES[1:]}
    for run in range(runs):
        examples = drawn(world, count, rng).for_calibration()
        found = calibrate(*examples, method="temperature", seed=run)
        after = figures(tempered(reference.stated, found.temperature or 1.0), reference.true)
        for name in FIGURES[1:]:
            change = getattr(found.change, name)
            held[name].append(holds(change, after[name] - before[name]))
            better[name].append(change.high < 0.0)
    cells = [f"{share(held[name])} / {share(better[name])}" for name in FIGURES[1:]]
    return f"| {world} | {count} | {' | '.join(cells)} |"


def loss_of(calibration: Calibration, fresh: Decisions) -> float:
    """The log loss of fresh decisions."""
    decisions, true = fresh.for_calibration()
    return fmean(
        -np.log(calibration.applied(decision)[label])
        for decision, label in zip(decisions, true, strict=True)
    )


def losses(world: str, count: int, runs: int, seed: int) -> str:
    """A row: the mean log loss of fresh decisions by each map that so many examples allow."""
    rng = np.random.default_rng(seed)
    fresh = drawn(world, FRESH, rng)
    found: dict[str, list[float]] = {"temperature": [], "isotonic": [], "auto": []}
    for _ in range(runs):
        examples = drawn(world, count, rng).for_calibration()
        found["temperature"].append(loss_of(_fitted(examples, "temperature"), fresh))
        if count >= FEWEST_FOR_A_CURVE:
            found["isotonic"].append(loss_of(_fitted(examples, "isotonic"), fresh))
        if FEWEST_FOR_A_CURVE <= count <= MOST_FOR_AUTO:
            found["auto"].append(loss_of(_fitted(examples, "auto"), fresh))
    stated = figures(*fresh)["log_loss"]
    cells = [f"{fmean(values):.3f}" if values else "" for values in found.values()]
    return f"| {world} | {count:,} | {stated:.3f} | {' | '.join(cells)} |"


def _fitted(examples: Any, method: Any) -> Calibration:
    return calibrate(*examples, method=method, folds=5 if method == "auto" else 2)


def main() -> None:
    """Print the tables; the number of runs in each row may be given."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    print(
        f"Simulated: {runs} runs a row, half of that in the second, a tenth in the third table.\n"
    )
    print(
        "| 95 % intervals that hold the truth | examples | accuracy | ECE | Brier | log loss "
        "| true ECE | mean ECE | mean `ece_if_calibrated` |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for number, world in enumerate(WORLDS):
        for count in SIZES:
            print(intervals_hold(world, count, runs, number), flush=True)
    print(
        "\n| changes: interval holds / shows an improvement | examples | ECE | Brier | log loss |"
    )
    print("|---|--:|--:|--:|--:|")
    for number, world in enumerate(MAPPED):
        for count in SIZES:
            print(changes_hold(world, count, max(1, runs // 2), number), flush=True)
    print(
        "\n| log loss of fresh decisions | examples | as stated | temperature | isotonic | auto |"
    )
    print("|---|--:|--:|--:|--:|--:|")
    for number, world in enumerate(MAPPED):
        for count in LARGER:
            print(losses(world, count, max(1, runs // 10), number), flush=True)


if __name__ == "__main__":
    main()
