"""Draw the pictures of README and documentation, of a simulated model and of simulated decisions.

Writes `collapse.svg`, `compare.svg` and `reliability.svg` beside this file. The data is simulated
and the pictures say so.
"""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from langchain_vs import SimulatedChatModel, VerbalizedSamplingRunnable, compare
from vs_core.calibration import calibrate
from vs_core.drawing.palette import INK, colours
from vs_core.plots import plot_answers, plot_reliability, save_figure
from vs_core.simulation import find_space

QUESTION = "Tell me a joke about coffee"
ASKED = 100
COLOURS = colours(["direct", "standard"])

COMPARED = "Name a US state"
RESPONSES = 200

INTENTS = ("billing", "delivery", "returns")


def direct_answers() -> list[str]:
    """The plain question, again and again."""
    llm = SimulatedChatModel(seed=1)
    return VerbalizedSamplingRunnable(llm=llm, method="direct", k=ASKED).invoke(QUESTION).texts


def verbalized_answers() -> list[str]:
    """One draw from each of as many verbalized distributions."""
    vs = VerbalizedSamplingRunnable(llm=SimulatedChatModel(seed=1), k=5)
    return [vs.invoke(QUESTION).sample(seed=draw).text for draw in range(ASKED)]


def draw(axes: Axes, answers: list[str], title: str, colour: str) -> None:
    """One panel: how often each joke came, with the reference as dots."""
    space = find_space(QUESTION)
    counts = Counter(answers)
    order = sorted(zip(space.probabilities, space.answers, strict=True), reverse=True)
    positions = range(len(order))
    axes.bar(positions, [counts[joke] for _, joke in order], color=colour, width=0.8)
    axes.plot(
        positions,
        [ASKED * probability for probability, _ in order],
        ".",
        color=INK,
        markersize=4,
        label="what the model knows (reference)",
    )
    axes.set_title(f"{title}\n{len(counts)} different jokes in {ASKED}", fontsize=11)
    axes.set_xlabel("jokes, from typical to rare")
    axes.set_xticks([])
    axes.spines[["top", "right"]].set_visible(False)


def collapse() -> Figure:
    """The shape of the collapse: both panels side by side, too many jokes to name."""
    figure = Figure(figsize=(9, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    draw(left, direct_answers(), "asked directly", COLOURS["direct"])
    draw(right, verbalized_answers(), "drawn from verbalized distributions", COLOURS["standard"])
    left.set_ylabel("answers")
    left.legend(frameon=False, fontsize=9)
    figure.supxlabel(
        f"“{QUESTION}”, asked {ASKED} times of the built-in simulated model (seed 1), "
        "not of a language model",
        fontsize=8,
    )
    return figure


def comparison() -> Figure:
    """Three ways to ask, at the same budget of responses: what `compare` finds."""
    space = find_space(COMPARED)
    found = compare(
        SimulatedChatModel(seed=1),
        COMPARED,
        methods=["direct", "sequence", "standard"],
        n=RESPONSES,
        k=5,
        reference=dict(zip(space.answers, space.probabilities, strict=True)),
    )
    return plot_answers(found, weighted=True, top=15)


def reliability() -> Figure:
    """Overconfident decisions as stated and calibrated: those of `calibration.md`."""
    rng = random.Random(1)
    decisions, labels = [], []
    for _ in range(120):
        weights = {name: rng.gammavariate(0.6, 1) + 0.05 for name in INTENTS}
        labels.append(rng.choices(list(weights), list(weights.values()))[0])
        decisions.append({name: weight**2 for name, weight in weights.items()})
    calibration = calibrate(decisions, labels, method="temperature")
    return plot_reliability(calibration, title="Routing of messages, simulated")


if __name__ == "__main__":
    for name, picture in (
        ("collapse.svg", collapse()),
        ("compare.svg", comparison()),
        ("reliability.svg", reliability()),
    ):
        save_figure(picture, Path(__file__).with_name(name))
        print(name)
