"""Comparisons made by hand, for what only shows them."""

from __future__ import annotations

from vs_core.comparison import (
    Comparison,
    ComparisonSettings,
    Cost,
    Estimate,
    MethodResponses,
    MethodSummary,
)

HOSTILE = (
    "--> <script>document.title='broken'</script> <img src=x onerror=alert(1)> "
    '{{ 7 * 7 }} & &lt; "q" $x_1$ {x}'
)
"""A response that must do nothing but be read."""

SETTINGS = ComparisonSettings(
    prompts=("Why <b>coffee</b>?", "Why tea?"),
    methods=("direct", "standard"),
    n=4,
    k=2,
    model="some-model",
)


def responses(prompt: str) -> tuple[MethodResponses, ...]:
    return (
        MethodResponses(
            prompt=prompt,
            method="direct",
            texts=("To wake up.", "To wake up.", "to wake up", "To wake up."),
            distinct=1,
            measured=4,
            scores={"unique_fraction": 0.25, "rouge_l": 1.0, "self_bleu": None},
            cost=Cost(calls=4, input_tokens=40, output_tokens=16),
        ),
        MethodResponses(
            prompt=prompt,
            method="standard",
            texts=("To wake up.", HOSTILE, "word " * 100),
            probabilities=(0.5, 0.5, 1.0),
            distinct=3,
            measured=3,
            scores={"unique_fraction": 1.0, "rouge_l": 0.1, "self_bleu": None},
            cost=Cost(calls=2, input_tokens=200, output_tokens=1040),
            failures=("RateLimitError: <i>slow down</i>",),
        ),
    )


COMPARISON = Comparison(
    settings=SETTINGS,
    results=tuple(found for prompt in SETTINGS.prompts for found in responses(prompt)),
    summaries=(
        MethodSummary(
            method="direct",
            scores={
                "unique_fraction": Estimate(mean=0.25, low=0.2, high=0.3),
                "rouge_l": Estimate(mean=1.0, low=0.9, high=1.0),
                "self_bleu": Estimate(),
            },
            responses=8,
            distinct=2,
            cost=Cost(calls=8, input_tokens=80, output_tokens=32),
            tokens_per_distinct=56.0,
        ),
        MethodSummary(
            method="standard",
            scores={
                "unique_fraction": Estimate(mean=1.0, low=1.0, high=1.0),
                "rouge_l": Estimate(mean=0.1, low=0.05, high=0.15),
                "self_bleu": Estimate(),
            },
            responses=6,
            distinct=6,
            cost=Cost(calls=4, input_tokens=400, output_tokens=2080),
            tokens_per_distinct=413.3,
            failures=2,
        ),
    ),
    planned=12,
    finished=12,
    notes=("standard brought 3 of 4 responses to 2 prompts",),
)
