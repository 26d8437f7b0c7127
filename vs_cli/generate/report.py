"""The generation as one HTML file that needs nothing beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from vs_cli.figures import counted
from vs_cli.generate.about import About
from vs_cli.generate.samples import SHOWN_PROMPTS, Samples
from vs_cli.generate.sentences import LIMITS, PROBABILITIES, UNSEEN, figure_rows, title
from vs_cli.page import render_page
from vs_cli.picture import Picture
from vs_core.generation import GenerationReport, PromptReport, RefusedAnswer
from vs_core.simulation import SIMULATION_NOTICE

SHOWN_CHARACTERS = 300
"""The rest of a longer text is folded away."""

_SAME = {"same": "the same as", "near": "nearly the same as", "meaning": "close in meaning to"}


def render_report(
    report: GenerationReport, about: About, samples: Samples, pictures: Sequence[Picture] = ()
) -> str:
    """Write the report.

    Everything that a model or a user wrote is escaped, control characters too; nothing is loaded
    from elsewhere and nothing in the page can run.

    Args:
        report: What to report, complete or not.
        about: How it was made.
        samples: Some of the answers.
        pictures: To show in line, in this order.
    """
    return render_page(
        "vs_cli.generate",
        title=title(report),
        notice=SIMULATION_NOTICE if report.simulated else None,
        complete=report.complete,
        figures=list(figure_rows(report, about.wanted)),
        unseen=UNSEEN,
        notes=report.notes,
        pictures=pictures,
        prompts=[_shown(found, samples) for found in report.prompts[:SHOWN_PROMPTS]],
        prompts_left=len(report.prompts[SHOWN_PROMPTS:]),
        refused=[_refused(answer) for answer in samples.refused],
        failures=list(_failures(report)),
        settings=list(about.settings.items()),
        program=f"{about.program}, {about.date}",
        probabilities=PROBABILITIES.replace("`", ""),
        limits=LIMITS[report.simulated :],
    )


def _shown(found: PromptReport, samples: Samples) -> dict[str, Any]:
    answers = [_folded(record.value) for record in samples.of(found.prompt)]
    figures = found.figures
    caption = [
        f"{figures.accepted:,} of {found.n:,} accepted",
        f"{figures.refused:,} refused",
        counted(figures.calls, "call"),
    ]
    if found.ended_by not in {None, "n"}:
        caption.append(f"ended by {found.ended_by}")
    return {
        "prompt": found.prompt,
        "caption": ", ".join(caption),
        "answers": answers,
        "more": figures.accepted - len(answers),
    }


def _refused(answer: RefusedAnswer) -> dict[str, Any]:
    like = answer.resemblance
    exact = "" if like.how == "same" else f" ({like.similarity:.2f})"
    return {
        "answer": _folded(answer.value),
        "how": f"{_SAME[like.how]}{exact}",
        "earlier": _folded(like.text),
    }


def _failures(report: GenerationReport) -> Iterator[dict[str, str]]:
    failed = (one for one in report.prompts if one.figures.failed)
    for one, _ in zip(failed, range(SHOWN_PROMPTS), strict=False):
        yield {
            "times": counted(one.figures.failed, "call"),
            "prompt": one.prompt[:SHOWN_CHARACTERS],
            "error": one.error or "",
        }


def _folded(value: Any) -> dict[str, str]:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return {"start": text[:SHOWN_CHARACTERS], "rest": text[SHOWN_CHARACTERS:]}
