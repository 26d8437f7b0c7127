"""Draw the README's picture: what a simulated model answers when asked directly, and verbalized.

Writes `collapse.svg` beside this file. The data is simulated and the picture says so.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from langchain_vs import SimulatedChatModel, VerbalizedSamplingRunnable
from vs_core.simulation import find_space

QUESTION = "Tell me a joke about coffee"
ASKED = 100
# Blue and orange of the Okabe-Ito palette, told apart by every kind of colour vision.
DIRECT, VERBALIZED, REFERENCE = "#D55E00", "#0072B2", "#000000"


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
        color=REFERENCE,
        markersize=4,
        label="what the model knows (reference)",
    )
    axes.set_title(f"{title}\n{len(counts)} different jokes in {ASKED}", fontsize=11)
    axes.set_xlabel("jokes, from typical to rare")
    axes.set_xticks([])
    axes.spines[["top", "right"]].set_visible(False)


def picture() -> Figure:
    """Both panels side by side."""
    figure = Figure(figsize=(9, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    draw(left, direct_answers(), "asked directly", DIRECT)
    draw(right, verbalized_answers(), "drawn from verbalized distributions", VERBALIZED)
    left.set_ylabel("answers")
    left.legend(frameon=False, fontsize=9)
    figure.supxlabel(
        f"“{QUESTION}”, asked {ASKED} times of the built-in simulated model (seed 1), "
        "not of a language model",
        fontsize=8,
    )
    return figure


if __name__ == "__main__":
    # The same drawing gives the same file.
    mpl.rcParams["svg.hashsalt"] = "collapse"
    target = Path(__file__).with_name("collapse.svg")
    picture().savefig(target, metadata={"Date": None})
    print(target.name)
