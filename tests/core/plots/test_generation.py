"""The picture of how a generation went."""

from __future__ import annotations

from typing import Any

from vs_core.generation import GenerationReport, Moment, PromptReport, UnseenShare
from vs_core.plots import plot_generation

SHARE = UnseenShare(estimate=0.4, low=0.2, high=0.7, draws=12)
MOMENTS = (
    Moment(calls=1, accepted=10, unseen=1.0),
    Moment(calls=2, accepted=17, same=2, near=1, unseen=0.6),
    Moment(calls=4, accepted=25, same=9, near=6, unseen=0.4),
)


def report(*, prompts: int = 1, moments: tuple[Moment, ...] = MOMENTS) -> GenerationReport:
    parts = tuple(PromptReport(prompt=f"{n}?", n=30, unseen=SHARE) for n in range(prompts))
    return GenerationReport(settings={}, prompts=parts, history=moments)


def calls(line: Any) -> list[float]:
    return list(line.get_xdata())


def heights(line: Any) -> list[float]:
    return list(line.get_ydata())


def test_accepted_refused_and_unseen_share_stand_above_one_axis_of_calls() -> None:
    accepted, refused, unseen = plot_generation(report()).axes
    assert calls(accepted.lines[0]) == [0, 1, 2, 4]
    assert heights(accepted.lines[0]) == [0, 10, 17, 25]
    assert [heights(line) for line in refused.lines] == [[0, 0, 2, 9], [0, 0, 1, 6]]
    assert heights(unseen.lines[0]) == [1.0, 0.6, 0.4]
    assert accepted.get_xlim() == refused.get_xlim() == unseen.get_xlim()
    assert unseen.get_xlabel() == "model calls answered"


def test_the_interval_is_that_of_a_single_prompt() -> None:
    *_, unseen = plot_generation(report()).axes
    assert [heights(line) for line in unseen.lines[1:]] == [[0.2, 0.7]]
    *_, unseen = plot_generation(report(prompts=2)).axes
    assert len(unseen.lines) == 1


def test_what_there_is_nothing_of_is_not_drawn() -> None:
    only = (Moment(calls=1, accepted=10),)
    accepted, refused = plot_generation(report(moments=only)).axes
    assert [text.get_text() for text in refused.texts] == ["none was refused"]
    assert not refused.lines
    assert accepted.lines


def test_a_simulation_is_labelled() -> None:
    figure = plot_generation(report().model_copy(update={"simulated": True}), title="States")
    texts = [text.get_text() for text in figure.texts]
    assert any("Simulated data" in text for text in texts)
    assert "States" in texts
    assert "Simulated" not in str([text.get_text() for text in plot_generation(report()).texts])
