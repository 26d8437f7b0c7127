"""SIGTERM, by which schedulers and containers end a run, treated as Ctrl-C is."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def interrupted_by_sigterm() -> Iterator[Callable[[], bool]]:
    """Have SIGTERM interrupt what is done in a block, so that it reports what is kept.

    Nothing changes where somebody else handles the signal, or outside the main thread, where
    Python lets nobody.

    Yields:
        Tells whether the signal came.
    """
    came = False

    def interrupt(*_: Any) -> None:
        nonlocal came
        came = True
        # A program that a script started in the background ignores SIGINT.
        if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
            raise KeyboardInterrupt
        # An event loop has its own way to end orderly, which it takes by this signal only.
        signal.raise_signal(signal.SIGINT)

    is_ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    )
    if is_ours:
        signal.signal(signal.SIGTERM, interrupt)
    try:
        yield lambda: came
    finally:
        if is_ours:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
