"""Lines on a disk: read as a stream or by their place, and appended so that none is lost."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from vs_core.errors import JournalError, NotWrittenError

# Windows has to be told that line ends are to stay as they are.
_APPENDING = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Each line, with the place in the file where it begins; none if there is no file.

    Raises:
        JournalError: The file cannot be read.
    """
    place = 0
    try:
        with path.open("rb") as file:
            for line in file:
                yield place, _text(line)
                place += len(line)
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unusable(path, error) from error


def lines_at(path: Path, places: Iterable[int]) -> Iterator[str]:
    """The lines that begin at some places.

    Raises:
        JournalError: The file cannot be read.
    """
    try:
        with path.open("rb") as file:
            for place in places:
                file.seek(place)
                yield _text(file.readline())
    except OSError as error:
        raise _unusable(path, error) from error


@contextmanager
def opened_to_append(path: Path) -> Iterator[int]:
    """Open a file, creating it and its folder if there is none, and end a line that was cut off.

    Yields:
        The number of the open file. It is unbuffered: what fails fails at once, and is not tried
        again when the file is closed.

    Raises:
        JournalError: They cannot be created.
        NotWrittenError: The line cannot be ended.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, _APPENDING, 0o666)
    except OSError as error:
        raise _unusable(path, error) from error
    try:
        if _is_torn(file):
            append(file, "\n", path)
        yield file
    finally:
        os.close(file)


def append(file: int, text: str, path: Path) -> None:
    """Write at the end of an open file.

    Raises:
        NotWrittenError: It could not be written, or only in part.
    """
    left = text.encode()
    try:
        while left:
            left = left[os.write(file, left) :]
    except OSError as error:
        raise NotWrittenError.of(path, error) from error


def _is_torn(file: int) -> bool:
    size = os.fstat(file).st_size
    if not size:
        return False
    os.lseek(file, size - 1, os.SEEK_SET)
    return os.read(file, 1) != b"\n"


def _text(line: bytes) -> str:
    # A line that was cut off may end within a character.
    return line.decode(errors="replace")


def _unusable(path: Path, error: OSError) -> JournalError:
    return JournalError(f"{path}: {error.strerror or error}")
