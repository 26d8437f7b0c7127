"""One run at a time in a folder: a second one would pay again for what the first one asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from vs_cli.compare.journal import JOURNAL
from vs_cli.errors import MisuseError

LOCK = "journal.lock"


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep other runs out of a folder, which is made if there is none.

    The operating system holds the lock, so that a run that is killed leaves its file and no lock.
    A run that ends takes the file away, and folders that it made for nothing.

    Args:
        folder: Where a run writes.

    Raises:
        MisuseError: Another run is in it, or it cannot be written.
    """
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        claim = _claimed(folder)
        try:
            yield
        finally:
            # While it is held: then it is nobody else's. (On Windows the lock removes it itself.)
            with suppress(OSError):
                (folder / LOCK).unlink()
            claim.release()
    finally:
        for place in made:
            with suppress(OSError):  # it has been filled
                place.rmdir()


def _claimed(folder: Path) -> FileLock:
    path = folder / LOCK
    claim = FileLock(path, timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # A lock that cannot be made is not to pass for one that is taken.
        path.touch()
        claim.acquire()
    except Timeout as error:
        raise MisuseError(
            f"another run of vs compare is writing to {folder}: wait until it ends, then run this "
            "again to use its replies, or give another --out"
        ) from error
    except (OSError, NotImplementedError) as error:
        raise MisuseError(f"{folder / JOURNAL}: {_reason(error)}") from error
    return claim


def _reason(error: Exception) -> str:
    if isinstance(error, FileExistsError):
        return "Not a directory"
    return getattr(error, "strerror", None) or str(error)
