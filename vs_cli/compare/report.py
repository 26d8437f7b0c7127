"""The comparison as one HTML file that needs nothing beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from vs_cli.compare.rows import cost_rows, metric_rows
from vs_cli.compare.sentences import headlines, legend, title
from vs_cli.figures import count
from vs_cli.page import render_page
from vs_cli.picture import Picture
from vs_core.comparison import Comparison, MethodResponses
from vs_core.metrics import METRICS, normalise
from vs_core.simulation import SIMULATION_NOTICE

SHOWN_PROMPTS = 25
SHOWN_ANSWERS = 8
SHOWN_CHARACTERS = 300
"""The rest of a longer text is folded away."""


def render_report(comparison: Comparison, pictures: Sequence[Picture] = ()) -> str:
    """Write the report.

    Everything that a model or a user wrote is escaped, control characters too; nothing is loaded
    from elsewhere and nothing in the page can run.

    Args:
        comparison: What to report, complete or not.
        pictures: To show in line, in this order.

    Example:
        >>> from vs_cli.compare.report import render_report
        >>> from vs_core.comparison import Comparison, ComparisonSettings
        >>> page = render_report(Comparison(settings=ComparisonSettings(prompts=["<b>?"])))
        >>> "&lt;b&gt;?" in page, "<b>?" in page
        (True, False)
    """
    prompts = comparison.settings.prompts
    return render_page(
        "vs_cli.compare",
        title=title(comparison),
        notice=SIMULATION_NOTICE if comparison.settings.simulated else None,
        notes=comparison.notes,
        headlines=headlines(comparison),
        methods=[summary.method for summary in comparison.summaries],
        sections=[metric_rows(comparison), cost_rows(comparison)],
        legend=legend(comparison),
        pictures=pictures,
        prompts=[
            {"prompt": prompt, "methods": list(map(_shown, comparison.of_prompt(prompt)))}
            for prompt in prompts[:SHOWN_PROMPTS]
        ],
        prompts_left=len(prompts[SHOWN_PROMPTS:]),
        failures=list(_failures(comparison)),
        settings=list(_settings(comparison)),
        semantic=any(METRICS[name].needs_embeddings for name in comparison.metrics),
    )


def _shown(found: MethodResponses) -> dict[str, Any]:
    # Counted as the metrics do, and shown as first written.
    written: dict[str, str] = {}
    for text in found.texts:
        written.setdefault(normalise(text), text)
    times = [
        (written[answer], number)
        for answer, number in Counter(map(normalise, found.texts)).most_common()
    ]
    return {
        "method": found.method,
        "caption": f"{count(found.distinct)} distinct of {count(len(found.texts))}",
        "answers": [
            {
                "times": number,
                "start": text[:SHOWN_CHARACTERS],
                "rest": text[SHOWN_CHARACTERS:],
            }
            for text, number in times[:SHOWN_ANSWERS]
        ],
        "more": len(times[SHOWN_ANSWERS:]),
    }


def _failures(comparison: Comparison) -> Iterator[dict[str, Any]]:
    reasons = Counter(
        (found.method, reason) for found in comparison.results for reason in found.failures
    )
    for (method, reason), times in reasons.most_common():
        yield {"method": method, "reason": reason, "times": times}


def _settings(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """The settings that were made, and those that always matter."""
    for name, value in comparison.settings:
        if name == "prompts":
            yield name, count(len(value))
        elif name == "reference":
            yield name, f"for {count(len(value))} of the prompts" if value else "none"
        elif isinstance(value, tuple):
            yield name, ", ".join(map(str, value))
        elif value is not None:
            yield name, str(value)
