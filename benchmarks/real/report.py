"""What the recorded comparisons of real models show, as tables in Markdown.

    python benchmarks/real/report.py benchmarks/recorded/compare-*.json

First the means over the prompts with their 95 % bootstrap intervals, then each prompt by itself,
then how much the answers to open questions overlap, and how answers of which all are known come.

No metric sees quality. What can be judged by a rule is: an answer *fits* if it is one of the known
answers to its prompt, or has what `fits` of `prompts.jsonl` asks for: a joke about coffee speaks of
coffee and is more than a question, a name has four words at most. Whether the joke is any good, no
rule says.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from vs_core.comparison import Comparison, Estimate, MethodResponses, estimate
from vs_core.metrics import normalise
from vs_core.tables import markdown_table

PROMPTS = Path(__file__).with_name("prompts.jsonl")
SEED = 1
CLOSED = ("kl_divergence", "coverage_n", "precision")
Count = Callable[[MethodResponses], int]


def read(files: Iterable[Path]) -> list[Comparison]:
    """The comparisons that are recorded in some files, in the order of their names."""
    return [Comparison.model_validate_json(file.read_bytes()) for file in sorted(files)]


def tables(comparisons: Sequence[Comparison]) -> str:
    """All tables, one below the other."""
    if not comparisons:
        return "no comparison is complete"
    return "\n\n".join(
        markdown_table(list(rows(comparisons)), [])
        for rows in (
            rows_over_prompts,
            rows_by_prompt,
            rows_of_open_questions,
            rows_of_closed_questions,
        )
    )


def rows_over_prompts(comparisons: Sequence[Comparison]) -> Iterator[list[str]]:
    """Each method over all prompts: shares of the responses, what is gained, and what it cost."""
    yield [
        "model",
        "T",
        "method",
        "different",
        "that fit",
        "different that fit",
        "more than direct",
        "more than sequence",
        "tokens for each",
        "not read",
    ]
    for found in comparisons:
        for summary in found.summaries:
            usable = sum(map(different_fitting, found.of_method(summary.method)))
            yield [
                *asked(found),
                str(summary.method),
                shown(_mean(found, summary.method, different)),
                shown(_mean(found, summary.method, fitting)),
                shown(_mean(found, summary.method, different_fitting)),
                shown(gain(found, summary.method, "direct"), signed=True),
                shown(gain(found, summary.method, "sequence"), signed=True),
                _each(summary.cost.tokens, usable),
                f"{summary.failures} of {exchanges(found, summary.method)}",
            ]


def rows_by_prompt(comparisons: Sequence[Comparison]) -> Iterator[list[str]]:
    """Each prompt: different answers that fit, and the tokens that one of them took."""
    methods = comparisons[0].settings.methods
    yield ["prompt", "model", "T", *map(str, methods)]
    for prompt in comparisons[0].settings.prompts:
        for found in comparisons:
            cells = [
                f"{(usable := different_fitting(answers))} / {_each(answers.cost.tokens, usable)}"
                for answers in found.of_prompt(prompt)
            ]
            yield [prompt, *asked(found), *cells]


def rows_of_open_questions(comparisons: Sequence[Comparison]) -> Iterator[list[str]]:
    """The prompts without known answers: the overlap of two answers (ROUGE-L), on average."""
    methods = comparisons[0].settings.methods
    yield ["prompt", "model", "T", *map(str, methods)]
    for prompt in comparisons[0].settings.prompts:
        if prompt not in comparisons[0].settings.reference:
            for found in comparisons:
                overlaps = [_decimal(o.scores.get("rouge_l")) for o in found.of_prompt(prompt)]
                yield [prompt, *asked(found), *overlaps]


def rows_of_closed_questions(comparisons: Sequence[Comparison]) -> Iterator[list[str]]:
    """The prompts with known answers: divergence from an even spread, coverage, precision."""
    methods = comparisons[0].settings.methods
    yield ["prompt", "model", "T", *map(str, methods)]
    for prompt in comparisons[0].settings.reference:
        for found in comparisons:
            cells = [
                " / ".join(_decimal(o.scores.get(name)) for name in CLOSED)
                for o in found.of_prompt(prompt)
            ]
            yield [prompt, *asked(found), *cells]


def exchanges(found: Comparison, method: str) -> int:
    """How many exchanges a method is given for all prompts."""
    size = 1 if method == "direct" else found.settings.k
    return -(-found.settings.n // size) * len(found.settings.prompts)


def asked(found: Comparison) -> tuple[str, str]:
    """Which model, whether in an enforced shape, and at which temperature."""
    model, options = found.settings.model or "", found.settings.model_options
    shape = ", enforced" if found.settings.structured_output else ""
    return model.partition(":")[2] + shape, str(options.temperature if options else None)


def different(answers: MethodResponses) -> int:
    """How many responses are different."""
    return answers.distinct


def fitting(answers: MethodResponses) -> int:
    """How many responses fit."""
    return len(_fitting(answers))


def different_fitting(answers: MethodResponses) -> int:
    """How many different responses fit."""
    return len(set(_fitting(answers)))


def _fitting(answers: MethodResponses) -> list[str]:
    """The responses that fit, normalised."""
    [asked_for] = [one for one in said() if one["prompt"] == answers.prompt]
    known = set(map(normalise, asked_for.get("reference", ())))
    return [
        normalised
        for text, normalised in zip(answers.texts, map(normalise, answers.texts), strict=True)
        if (normalised in known if known else re.search(asked_for["fits"], text.strip()))
    ]


def said() -> list[dict[str, Any]]:
    """The lines of the file of prompts."""
    return list(map(json.loads, PROMPTS.read_text(encoding="utf-8").splitlines()))


def _mean(found: Comparison, method: str, count: Count) -> Estimate:
    """The share of the responses that were asked for: what is missing counts for nothing."""
    return estimate([count(o) / found.settings.n for o in _own(found, method)], seed=SEED)


def gain(found: Comparison, method: str, beside: str) -> Estimate | None:
    """How many more different answers fit than another method brings, paired by prompt."""
    if method in {beside, "direct"}:
        return None
    pairs = zip(_own(found, method), _own(found, beside), strict=True)
    gained = [different_fitting(one) - different_fitting(other) for one, other in pairs]
    return estimate([more / found.settings.n for more in gained], seed=SEED)


def _own(found: Comparison, method: str) -> list[MethodResponses]:
    """What a method brought, in the order of the prompts."""
    return [answers for answers in found.results if answers.method == method]


def shown(value: Estimate | None, *, signed: bool = False) -> str:
    """A mean and its interval, with their signs if it is a difference."""
    if value is None or value.mean is None:
        return ""
    form = "+.2f" if signed else ".2f"
    if value.low is None or value.high is None:
        return f"{value.mean:{form}}"
    return f"{value.mean:{form}} ({value.low:{form}} to {value.high:{form}})"


def _each(tokens: int | None, number: int) -> str:
    return "–" if tokens is None or not number else f"{tokens / number:,.0f}"


def _decimal(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    print(tables(read(map(Path, sys.argv[1:]))))
