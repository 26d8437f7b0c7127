"""`plot_answers`: which answers each method gave, and how often."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from vs_core.comparison import Comparison, MethodResponses
from vs_core.drawing import canvas, panel
from vs_core.drawing.labels import wrap
from vs_core.drawing.library import require_matplotlib
from vs_core.drawing.numbers import percent_tick, short_tick
from vs_core.drawing.palette import GREY, colours
from vs_core.metrics import normalise
from vs_core.plots.tally import Tally, Weighed, tally

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Unit = Literal["share", "count"]

_MOST_COLUMNS = 5
# In units of the font size; more panels leave less room.
_LABEL_WIDTH = 26.0
# Of all panels side by side.
_HEADINGS_WIDTH, _MOST_TICKS = 34.0, 12


def plot_answers(
    answers: Comparison | Mapping[str, Sequence[str]],
    *,
    prompt: str | None = None,
    methods: Sequence[str] | None = None,
    reference: Mapping[str, float] | Collection[str] | None = None,
    unit: Unit = "share",
    weighted: bool = False,
    top: int = 20,
    match: Callable[[str], Hashable] = normalise,
    title: str | None = None,
    simulated: bool = False,
) -> Figure:
    """A histogram of the answers: one panel for each method, over the same answers.

    Dots show the reference, if there is one. Answers are ordered by it, or without it by how
    common they are in all methods together. Long answers of which each came only once share a bar
    that says how many they are: twenty jokes that are told once each need no twenty bars.

    Args:
        answers: A comparison, or the answers of each method (or of anything else) by name.
        prompt: Which prompt of the comparison; needed if it has several.
        methods: Which methods, in this order; by default all.
        reference: Probabilities or weights of the right answers, or those answers, equally
            probable. By default that of the comparison.
        unit: What the bars show: the share of a method's answers, or their number.
        weighted: Let each answer of a comparison count for the probability the model stated,
            normalised within its exchange, where it stated any. By default each counts the same.
        top: The most answers that have bars of their own; the others share one.
        match: Makes equal what counts as the same answer.
        title: Heading; by default the comparison's prompt.
        simulated: Say in the figure that a simulation answered; a comparison knows it.

    Raises:
        MissingExtraError: matplotlib is not installed.
        ValueError: There is no such prompt or method, or `prompt` is needed; no method is
            left; `top` is below 1.

    Example:
        >>> from vs_core.plots import plot_answers
        >>> given = {"direct": ["heads", "Heads"], "standard": ["heads", "tails"]}
        >>> figure = plot_answers(given, reference=["heads", "tails"])
        >>> [[float(bar.get_width()) for bar in axes.patches] for axes in figure.axes]
        [[1.0, 0.0], [0.5, 0.5]]
    """
    require_matplotlib("plot_answers")
    if top < 1:
        raise ValueError(f"top={top!r}: must be 1 or more")
    if isinstance(answers, Comparison):
        prompt = _prompt_of(answers, prompt)
        given = {
            str(found.method): _by_probability(found) if weighted else _each_once(found.texts)
            for found in answers.of_prompt(prompt)
        }
        reference = reference or answers.settings.reference.get(prompt)
        title, simulated = title or prompt, simulated or answers.settings.simulated
    else:
        given = {name: _each_once(texts) for name, texts in answers.items()}
    chosen = _chosen(given, methods)
    counted = tally(chosen, reference, top=top, match=match, is_long=_needs_lines(len(chosen)))
    notes = ["● the reference"] if counted.reference is not None else []
    if weighted:
        notes.append("Answers count for the probabilities stated with them, where there are any.")
    return _draw(counted, unit, title, notes, simulated=simulated)


def _prompt_of(comparison: Comparison, prompt: str | None) -> str:
    prompts = comparison.settings.prompts
    if prompt is None and len(prompts) > 1:
        raise ValueError(f"the comparison has {len(prompts)} prompts: pass prompt=, one of them")
    if prompt is not None and prompt not in prompts:
        raise ValueError(f"prompt={prompt!r}: not in the comparison, which has {list(prompts)}")
    return prompts[0] if prompt is None else prompt


def _each_once(texts: Sequence[str]) -> Weighed:
    return [(text, 1.0) for text in texts]


def _by_probability(found: MethodResponses) -> Weighed:
    """Answers weighed so that they count for as many as there are; alike if none has a number."""
    total = math.fsum(found.probabilities or ())
    if found.probabilities is None or not total:
        return _each_once(found.texts)
    scale = len(found.texts) / total
    return [(text, scale * p) for text, p in zip(found.texts, found.probabilities, strict=True)]


def _chosen(given: Mapping[str, Weighed], methods: Sequence[str] | None) -> dict[str, Weighed]:
    unknown = [name for name in methods or () if name not in given]
    if unknown:
        raise ValueError(f"methods={unknown!r}: there are answers of {list(given)}")
    chosen = {name: given[name] for name in (given if methods is None else methods)}
    if not chosen:
        raise ValueError("there is no method to show: pass the answers of at least one")
    return chosen


def _label_width(columns: int) -> float:
    return _LABEL_WIDTH - 2 * columns


def _needs_lines(panels: int) -> Callable[[str], bool]:
    """Whether the name of an answer takes more than a line beside that many panels."""
    width = _label_width(canvas.columns_for(panels, _MOST_COLUMNS))
    return lambda answer: "\n" in wrap(answer, width, lines=2)


def _draw(
    counted: Tally, unit: Unit, title: str | None, notes: Sequence[str], *, simulated: bool
) -> Figure:
    names = list(counted.counts)
    columns = canvas.columns_for(len(names), _MOST_COLUMNS)
    labels = [wrap(label, _label_width(columns), lines=2) for label in counted.labels]
    rows = -(-len(names) // columns)
    figure = canvas.blank_figure(canvas.height_for(labels, rows=rows))
    panels = canvas.panels(figure, rows, columns)
    shades = colours(names)
    for place, (axes, name) in enumerate(zip(panels, names, strict=False)):
        _draw_panel(axes, counted, name, unit, shades[name])
        heading = wrap(name, _HEADINGS_WIDTH / columns, lines=2)
        panel.name_panel(axes, heading, _remark(counted, name))
        panel.name_bars(axes, labels)
        if place % columns:
            panel.hide_bar_names(axes)
    panel.share_values(
        panels[: len(names)], most_ticks=_MOST_TICKS // columns, integer=unit == "count"
    )
    canvas.drop(panels[len(names) :])
    if title is not None:
        canvas.name_figure(figure, title)
    return canvas.finish(figure, notes, simulated=simulated)


def _draw_panel(axes: Axes, counted: Tally, name: str, unit: Unit, colour: str) -> None:
    counts = counted.counts[name]
    total = math.fsum(counts)
    scale = 1.0 if unit == "count" else 1.0 / (total or 1.0)
    places = range(len(counts))
    shades = [colour] * (len(counts) - counted.shared) + [GREY] * counted.shared
    panel.bars(axes, {place: scale * counts[place] for place in places}, shades)
    if counted.reference is not None:
        panel.mark(axes, [scale * total * share for share in counted.reference], places)
    axes.xaxis.set_major_formatter(percent_tick if unit == "share" else short_tick)
    panel.name_values(axes, "share of answers" if unit == "share" else "answers")
    if not total:
        panel.say_nothing_came(axes, "no answers")


def _remark(counted: Tally, name: str) -> str:
    return f"{counted.different[name]} different of {math.fsum(counted.counts[name]):.0f}"
