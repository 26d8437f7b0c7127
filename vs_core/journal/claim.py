"""One run at a time in a folder: a second one would pay again for what the first one asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from vs_core.errors import JournalError, MissingExtraError
from vs_core.journal.file import JOURNAL

_LOCK = "journal.lock"


@contextmanager
def alone_in(folder: Path, *, name: str, elsewhere: str = "another folder") -> Iterator[None]:
    """Keep other runs out of a folder, which is made if there is none.

    The operating system holds the lock, so that a run that is killed leaves its file and no lock.
    A run that ends takes the file away, and folders that it made for nothing.

    Args:
        folder: Where a run writes.
        name: Who writes there, for messages, such as `vs compare`.
        elsewhere: What to give instead of a folder that is in use, in words.

    Raises:
        JournalError: Another run is in it, or it cannot be written.
        MissingExtraError: filelock is not installed.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from vs_core import JournalError
        >>> from vs_core.adapters.journal import alone_in
        >>> with TemporaryDirectory() as folder, alone_in(Path(folder), name="my script"):
        ...     try:
        ...         with alone_in(Path(folder), name="my script"):
        ...             print("two at a time")
        ...     except JournalError as error:
        ...         print(error)
        another run of my script is writing to ...
    """
    filelock = _filelock(name)
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        claim = _claimed(filelock, folder, name, elsewhere)
        try:
            yield
        finally:
            # While it is held: then it is nobody else's. (On Windows the lock removes it itself.)
            with suppress(OSError):
                (folder / _LOCK).unlink()
            claim.release()
    finally:
        for place in made:
            with suppress(OSError):  # it has been filled
                place.rmdir()


def _filelock(name: str) -> Any:
    try:
        return import_module("filelock")
    except ImportError as error:
        raise MissingExtraError.for_extra(name, "generate", "filelock") from error


def _claimed(filelock: Any, folder: Path, name: str, elsewhere: str) -> Any:
    path = folder / _LOCK
    # A run may end in another thread than it began in, as generators do.
    claim = filelock.FileLock(path, timeout=0, thread_local=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # A lock that cannot be made is not to pass for one that is taken.
        path.touch()
        claim.acquire()
    except filelock.Timeout as error:
        raise JournalError(
            f"another run of {name} is writing to {folder}: wait until it ends, then run this "
            f"again to use its replies, or give {elsewhere}"
        ) from error
    except (OSError, NotImplementedError) as error:
        raise JournalError(f"{folder / JOURNAL}: {_reason(error)}") from error
    return claim


def _reason(error: Exception) -> str:
    if isinstance(error, FileExistsError):
        return "Not a directory"
    return getattr(error, "strerror", None) or str(error)
