"""What ends the command, and with which exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vs_core import VSError


class MisuseError(Exception):
    """Something was asked that cannot be done; the message says what, and what to do instead.

    The exit code is 2.
    """


class FailureError(Exception):
    """Something went wrong on the way; the message says what, and what is kept.

    The exit code is 1.
    """


class NotWrittenError(FailureError):
    """A file cannot be written.

    Args:
        path: The file. What the system says when a disk is full does not name it.
        error: What the system said.
    """

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"{path}: {error.strerror or error}")


@contextmanager
def calling_model() -> Iterator[None]:
    """Tell what goes wrong in a model call from everything else.

    Raises:
        FailureError: A provider's package raised an error of its own.
    """
    try:
        yield
    except VSError:
        raise
    except Exception as error:
        raise FailureError(f"the model call failed: {type(error).__name__}: {error}") from error
