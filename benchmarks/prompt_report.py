"""What the trials of `benchmarks/prompts.py` show: rates, costs and their intervals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from vs_core import VerbalizedDistribution
from vs_core.adapters import ExchangeSettings
from vs_core.comparison import Estimate, estimate


@dataclass(frozen=True)
class Trial:
    """One exchange with one prompt.

    Attributes:
        prompt: The user's message.
        found: Whether the first reply held as many candidates as it was asked for.
        different: Whether as many different ones, each with a number where one was asked for.
        readable: Whether anything in the first reply could be read.
        cut: Whether the limit of tokens cut it off.
        reasoned: Whether a line of thought came with it.
        bounded: Share of the stated numbers that keep the bound; None where none was set.
        tokens_in: Tokens sent, over all calls.
        tokens_out: Tokens received, likewise.
        usable: Different candidates with a number, over all calls.
        calls: Number of calls.
    """

    prompt: str
    found: bool
    different: bool
    readable: bool
    cut: bool
    reasoned: bool
    bounded: float | None
    tokens_in: int
    tokens_out: int
    usable: int
    calls: int

    @classmethod
    def of(
        cls,
        settings: ExchangeSettings,
        turns: Sequence[VerbalizedDistribution[str]],
        *,
        prompt: str,
    ) -> Trial:
        """Judge an exchange.

        Args:
            settings: What was asked.
            turns: What each reply brought.
            prompt: The user's message.
        """
        first, wanted = turns[0], settings.call_size
        traces = [turn.trace for turn in turns]
        stated = [candidate.stated for candidate in first if candidate.stated is not None]
        bound = settings.max_probability
        return cls(
            prompt=prompt,
            found=len(first) >= wanted,
            different=_usable([first], settings) >= wanted,
            readable=bool(first),
            cut=first.trace.truncated,
            reasoned=any(candidate.reasoning for candidate in first),
            bounded=fmean(number < bound for number in stated) if bound and stated else None,
            tokens_in=sum(trace.input_tokens or 0 for trace in traces),
            tokens_out=sum(trace.output_tokens or 0 for trace in traces),
            usable=_usable(turns, settings),
            calls=len(turns),
        )


def _usable(turns: Sequence[VerbalizedDistribution[str]], settings: ExchangeSettings) -> int:
    """How many different candidates have the number that was asked for."""
    return len(
        {
            candidate.text.casefold().strip(" .!\"'")
            for turn in turns
            for candidate in turn
            if candidate.stated is not None or not settings.asks_for_probability
        }
    )


@dataclass(frozen=True)
class Summary:
    """What one wording showed in one layout, for one task.

    Attributes:
        task: What was asked for.
        layout: The notation asked for.
        wording: The name of the wording.
        k: How many responses were asked for.
        trials: How many exchanges there were.
        with_follow_ups: Whether the exchanges went on after the first reply.
        found, different, readable, cut, reasoned, bounded: Shares of the first replies.
        gain: `different` less that of the wording compared to, prompt by prompt.
        tokens_in, tokens_out: Tokens of an exchange.
        tokens_per_usable: Tokens in and out for each usable candidate, over all exchanges.
        calls: Calls of an exchange.
    """

    task: str
    layout: str
    wording: str
    k: int
    trials: int
    with_follow_ups: bool
    found: Estimate
    different: Estimate
    readable: Estimate
    cut: Estimate
    reasoned: Estimate
    bounded: Estimate
    gain: Estimate
    tokens_in: float
    tokens_out: float
    tokens_per_usable: float | None
    calls: float

    @classmethod
    def of(
        cls,
        place: tuple[str, str, str, int],
        trials: Sequence[Trial],
        compared_to: Sequence[Trial],
        *,
        with_follow_ups: bool,
    ) -> Summary:
        """Summarise the exchanges of one wording.

        Args:
            place: Task, layout, wording and k.
            trials: Its exchanges.
            compared_to: Those of the wording compared to, with the same prompts and seeds.
            with_follow_ups: Whether they went on after the first reply.
        """
        usable = sum(trial.usable for trial in trials)
        tokens = sum(trial.tokens_in + trial.tokens_out for trial in trials)
        own, other = (_by_prompt(some, lambda t: t.different) for some in (trials, compared_to))
        return cls(
            *place,
            trials=len(trials),
            with_follow_ups=with_follow_ups,
            found=_share(trials, lambda t: t.found),
            different=_share(trials, lambda t: t.different),
            readable=_share(trials, lambda t: t.readable),
            cut=_share(trials, lambda t: t.cut),
            reasoned=_share(trials, lambda t: t.reasoned),
            bounded=_share(trials, lambda t: t.bounded),
            gain=estimate([own[prompt] - other[prompt] for prompt in own if prompt in other]),
            tokens_in=fmean(trial.tokens_in for trial in trials),
            tokens_out=fmean(trial.tokens_out for trial in trials),
            tokens_per_usable=tokens / usable if usable else None,
            calls=fmean(trial.calls for trial in trials),
        )

    def record(self) -> dict[str, Any]:
        """The figures, rounded, as they are kept."""
        return {name: _plain(value) for name, value in asdict(self).items()}


PLACE = ("task", "layout", "wording", "k", "with_follow_ups")
"""What tells one summary from another."""

HEAD = (
    "| task | layout | wording | k | n | k found | k different | gain | readable | cut off | "
    "reasoning | in bound | tokens in | out | calls | tokens per usable |\n"
    "|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


def row(summary: Summary) -> str:
    """The line of a summary in the table under `HEAD`."""
    cells = [
        summary.task,
        summary.layout,
        summary.wording,
        str(summary.k),
        str(summary.trials),
        _percent(summary.found),
        _percent(summary.different),
        _percent(summary.gain, sign="+"),
        _percent(summary.readable),
        _percent(summary.cut),
        _percent(summary.reasoned),
        _percent(summary.bounded),
        f"{summary.tokens_in:.0f}",
        f"{summary.tokens_out:.0f}",
        f"{summary.calls:.1f}",
        "-" if summary.tokens_per_usable is None else f"{summary.tokens_per_usable:.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def _by_prompt(trials: Sequence[Trial], score: Callable[[Trial], float | None]) -> dict[str, float]:
    scores = defaultdict(list)
    for trial in trials:
        if (value := score(trial)) is not None:
            scores[trial.prompt].append(float(value))
    return {prompt: fmean(values) for prompt, values in scores.items()}


def _share(trials: Sequence[Trial], score: Callable[[Trial], float | None]) -> Estimate:
    # Replies to one prompt are alike, so that prompts are drawn, not replies.
    return estimate(list(_by_prompt(trials, score).values()))


def _percent(share: Estimate, sign: str = "") -> str:
    if share.mean is None:
        return "-"
    if share.low is None or share.high is None:
        return f"{share.mean:{sign}.0%}"
    return f"{share.mean:{sign}.0%} ({share.low:{sign}.0%} to {share.high:{sign}.0%})"


def _plain(value: Any) -> Any:
    if isinstance(value, Estimate):
        ends = (value.mean, value.low, value.high)
        return [None if end is None else round(end, 3) for end in ends]
    return round(value, 1) if isinstance(value, float) else value
