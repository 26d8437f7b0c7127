"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

from vs_core import MissingExtraError, NotWrittenError


def write_whole(path: Path, text: str) -> None:
    """Write a file; if that fails, an earlier one of its name is left as it was.

    Args:
        path: The file.
        text: What is to stand in it.

    Raises:
        NotWrittenError: It cannot be written.
    """
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Have a file written under another name, and take the place of the earlier one at the end.

    What is no file, such as `/dev/null`, is written to as it is: nothing may take its place. A link
    stays one.

    Args:
        path: The file.

    Yields:
        Where to write it.

    Raises:
        NotWrittenError: It cannot be written.
    """
    if path.is_dir():
        raise NotWrittenError.of(path, IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)))
    if path.exists() and not path.is_file():
        with _told_of(path):
            yield path
        return
    target = path.resolve()
    part = target.with_name(f"{target.name}.part")
    with _told_of(path):
        try:
            yield part
            part.replace(target)
        except BaseException:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotWrittenError.of(path, error) from error


def write_files(folder: Path, files: dict[str, str], *, hide: Callable[[str], str]) -> None:
    """Write some files, each whole or not at all.

    Args:
        folder: Where.
        files: What is to stand in each, by name.
        hide: Takes out of a text what must not stand in a file.

    Raises:
        NotWrittenError: One cannot be written.
    """
    for name, text in files.items():
        write_whole(folder / name, hide(text))


def require_what_reports(command: str) -> None:
    """Make sure, before anything is paid for, that a report can be made.

    Args:
        command: What writes one, for the message.

    Raises:
        MissingExtraError: What draws or writes it is not installed.
    """
    for package in ("jinja2", "matplotlib"):
        if find_spec(package) is None:
            raise MissingExtraError.for_extra(f"{command} --out", "cli", package)
