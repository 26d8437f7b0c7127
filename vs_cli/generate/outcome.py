"""What went wrong in a generation, in words."""

from __future__ import annotations

from vs_cli.errors import FailureError
from vs_cli.figures import counted
from vs_cli.generate.unread import Unread
from vs_core.generation import GenerationReport


def told_failures(report: GenerationReport) -> str | None:
    """Which calls failed, if any did, and the error of one.

    Args:
        report: What a generation has come to.
    """
    error = next((one.error for one in report.prompts if one.error), None)
    if error is None:
        return None
    # Some go on with advice that is not about this program.
    first = error.split("\n", 1)[0]
    return f"{counted(report.figures.failed, 'call')} failed, such as with {first}"


def require_answers(report: GenerationReport, unread: Unread) -> None:
    """Make sure that something came of it.

    Args:
        report: What a generation has come to.
        unread: What the replies were like in which no answer could be read.

    Raises:
        FailureError: No answer was accepted.
    """
    if not report.figures.accepted:
        calls = counted(report.figures.calls, "call")
        failures = told_failures(report)
        why = f"none could be read in what {calls} brought" if report.figures.calls else failures
        raise FailureError(f"no answer was accepted: {why}{unread.explained()}")
