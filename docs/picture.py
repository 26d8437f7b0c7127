"""Draw the pictures of README and documentation.

Writes four files beside this one. `states.svg` and `compare.svg` show what a real model answered,
as it is recorded in `benchmarks/recorded/`. `collapse.svg` shows the paper's theory on the built-in
simulation, `reliability.svg` simulated decisions; both say so.
"""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from langchain_vs import SimulatedChatModel, VerbalizedSamplingRunnable
from vs_core.calibration import calibrate
from vs_core.comparison import Comparison
from vs_core.drawing.palette import INK, colours
from vs_core.metrics import normalise
from vs_core.plots import plot_answers, plot_reliability, save_figure
from vs_core.simulation import find_space

QUESTION = "Tell me a joke about coffee"
ASKED = 100
COLOURS = colours(["direct", "standard"])

RECORDED = Path(__file__).parent.parent / "benchmarks" / "recorded"
MEASURED = "compare-qwen2.5-coder-1.5b-t0.7.json"

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


def measured() -> Comparison:
    """What a real model answered."""
    return Comparison.model_validate_json((RECORDED / MEASURED).read_bytes())


def states(found: Comparison) -> Figure:
    """The first prompt, asked directly and by verbalized sampling: how often each state came."""
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    prompt = found.settings.prompts[0]
    titles = {"direct": "asked directly", "standard": "verbalized sampling"}
    for axes, answers in zip(
        figure.subplots(1, 2, sharey=True),
        [answers for answers in found.of_prompt(prompt) if answers.method in titles],
        strict=True,
    ):
        counts = Counter(map(normalise, answers.texts)).most_common()
        names = [state.title() for state, _ in counts]
        axes.bar(names, [times for _, times in counts], color=COLOURS[answers.method], width=0.8)
        axes.set_title(
            f"{titles[answers.method]}\n{len(counts)} different answers in {len(answers.texts)}",
            fontsize=11,
        )
        axes.tick_params("x", rotation=90, labelsize=8, length=0)
        axes.spines[["top", "right"]].set_visible(False)
    figure.axes[0].set_ylabel("answers")
    figure.supxlabel(f"“{prompt}” {source(found)}", fontsize=8)
    return figure


def source(found: Comparison) -> str:
    """Whose answers they are: model, temperature, day and number."""
    settings = found.settings
    model = str(settings.model).partition(":")[2]
    temperature = settings.model_options and settings.model_options.temperature
    return f"{model}, temperature {temperature}, {found.days[-1]}, n = {settings.n}"


def comparison(found: Comparison) -> Figure:
    """Three ways to ask for a number: what `compare` finds."""
    prompt = found.settings.prompts[1]
    figure = plot_answers(found, prompt=prompt, methods=["direct", "sequence", "standard"], top=15)
    figure.supxlabel(source(found), fontsize=8)
    return figure


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
        ("states.svg", states(measured())),
        ("compare.svg", comparison(measured())),
        ("collapse.svg", collapse()),
        ("reliability.svg", reliability()),
    ):
        save_figure(picture, Path(__file__).with_name(name))
        print(name)
