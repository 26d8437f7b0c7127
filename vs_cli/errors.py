"""What ends the command, and with which exit code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from vs_core import CallFailedError, VSError, WorkerLostError


class MisuseError(Exception):
    """Something was asked that cannot be done; the message says what, and what to do instead.

    The exit code is 2.
    """


class FailureError(Exception):
    """Something went wrong on the way; the message says what, and what is kept.

    The exit code is 1.
    """


@contextmanager
def calling_model(hide: Callable[[str], str]) -> Iterator[None]:
    """Tell what goes wrong in a model call from everything else.

    Args:
        hide: Takes out of a text what is not to be shown: servers repeat keys in their complaints.

    Raises:
        FailureError: A provider's package raised an error of its own, here or in a process that
            makes the calls, or that process is gone.
    """
    try:
        yield
    except (CallFailedError, WorkerLostError) as error:
        raise FailureError(hide(f"the model call failed: {error}")) from error
    except (VSError, MisuseError):
        raise
    except Exception as error:
        said = f"the model call failed: {type(error).__name__}: {error}"
        raise FailureError(hide(said)) from error
