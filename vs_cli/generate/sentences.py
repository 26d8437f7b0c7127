"""What the terminal, the card and the report all say of a generation."""

from __future__ import annotations

from collections.abc import Iterator

from vs_cli.figures import NOTHING, count, counted
from vs_core.generation import GenerationReport
from vs_core.metrics import METRICS

_MEASURES = ("distinct_2", "rouge_l", "self_bleu")

_ENDED = {
    "n": "as many answers as wanted",
    "until_unseen": "another call would have brought too little that is new",
    "nothing new": "three rounds in a row brought nothing new",
    "failures": "its calls failed, round after round",
    "max_calls": "the budget of calls is spent",
    "max_tokens": "the budget of tokens is spent",
    "not ended": "not ended yet",
}

UNSEEN = (
    "The unseen share is the share of new answers to be expected of one more call that is told "
    "nothing of the earlier ones. Near 1, there is much more to be had in this way; near 0, the "
    "model has hardly anything else to say, asked like this. It is an estimate for the model and "
    "the question as asked, and not the share of all conceivable answers that is missing."
)

PROBABILITIES = (
    "`stated` is the number that the model wrote beside an answer, and `probability` is that "
    "number normalised within its call, where the numbers sum to 1. They say how the answers of "
    "one call compare in the model's own eyes. They cannot be compared across calls, they are not "
    "calibrated (a stated 0.12 does not mean 12 %), and they are not how often the model would "
    "give the answer."
)

LIMITS = (
    "All answers come from one language model, with its errors and biases; none has been checked.",
    (
        "Different means of different text (or, by embeddings, of different meaning), and not "
        "independent: later calls were told of earlier answers."
    ),
    "How often something stands here says nothing of how often it is the case in the world.",
)

SIMULATED = "A simulation answered. The data set shows how this works, and is of no other use."


def title(report: GenerationReport) -> str:
    """What was made, in one line."""
    prompts = len(report.prompts)
    model = "a simulated model" if report.simulated else report.model or "a language model"
    kind = "different answer" if report.figures.accepted == report.figures.different else "answer"
    to = "one prompt" if prompts == 1 else f"{count(prompts)} prompts"
    return f"{counted(report.figures.accepted, kind)} to {to}, from {model}"


def figure_rows(report: GenerationReport, wanted: int) -> Iterator[tuple[str, str]]:
    """The figures, by what they are called.

    Args:
        report: What has them.
        wanted: Answers wanted, also to prompts that were not begun.
    """
    figures = report.figures
    yield "accepted", f"{count(figures.accepted)} of {count(wanted)}"
    if figures.different != figures.accepted:
        yield "different", count(figures.different)
    yield (
        "refused",
        _parted(
            figures.refused,
            {"the same": figures.same, "nearly": figures.near, "in meaning": figures.meaning},
        ),
    )
    yield (
        "calls",
        _parted(
            figures.calls, {"unreadable": figures.unreadable, "failed besides": figures.failed}
        ),
    )
    yield "input tokens", count(figures.input_tokens)
    yield "output tokens", count(figures.output_tokens)
    yield "unseen share", unseen(report)
    for name in _MEASURES:
        if (value := report.diversity.get(name)) is not None:
            arrow = "↑" if METRICS[name].direction == "higher" else "↓"
            yield f"{METRICS[name].label} {arrow}", f"{value:.2f}"
    ended = report.ended_by if figures.calls or figures.failed else {}
    for reason, prompts in ended.items():
        why = _ENDED.get(reason, reason)
        yield "ended", why if len(report.prompts) == 1 else f"{counted(prompts, 'prompt')}: {why}"


def unseen(report: GenerationReport) -> str:
    """The unseen share, with its interval where it is that of one prompt."""
    if report.unseen is None:
        return NOTHING
    if len(report.prompts) == 1 and (share := report.prompts[0].unseen) is not None:
        return f"{share.estimate:.2f} (95 % interval {share.low:.2f}–{share.high:.2f})"
    return f"{report.unseen:.2f} (mean over the prompts)"


def _parted(total: int, parts: dict[str, int]) -> str:
    said = [f"{count(number)} {what}" for what, number in parts.items() if number]
    return f"{count(total)} ({', '.join(said)})" if said else count(total)
