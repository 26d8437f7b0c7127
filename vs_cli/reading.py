"""What is read from files and from standard input, checked before anything is asked.

Both are read alike: as UTF-8, without a byte order mark, and with line breaks of any system.
"""

from __future__ import annotations

import errno
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from vs_cli.errors import MisuseError

STANDARD_INPUT = "-"


def read_bytes(file: str) -> bytes:
    """The content of a file; `-` is standard input.

    Raises:
        OSError: It cannot be read.
    """
    return _standard_input().read() if file == STANDARD_INPUT else Path(file).read_bytes()


@contextmanager
def opened(file: str) -> Iterator[BinaryIO]:
    """A file to be read piece by piece; `-` is standard input.

    Raises:
        OSError: It cannot be opened.
    """
    if file == STANDARD_INPUT:
        yield _standard_input()
        return
    with Path(file).open("rb") as found:
        yield found


def read_text(file: str) -> str:
    """The text of a file; `-` is standard input.

    Raises:
        MisuseError: It cannot be read, or is no UTF-8; the message names the line.
    """
    try:
        found = read_bytes(file)
    except (OSError, ValueError) as error:
        raise MisuseError(f"{file}: {error}") from error
    try:
        # Some editors begin a file with a byte order mark, which is no part of a prompt.
        with io.TextIOWrapper(io.BytesIO(found), "utf-8-sig") as text:
            return text.read()
    except UnicodeDecodeError as error:
        line = found.count(b"\n", 0, _first_bad(found)) + 1
        raise MisuseError(not_utf8(line, named(file), error)) from error


def one_prompt(argument: str) -> str:
    """The prompt that a command line names; `-` takes the whole of standard input.

    Raises:
        MisuseError: It cannot be sent as it is.
    """
    if argument == STANDARD_INPUT:
        return read_text(argument)
    return require_whole(argument, "the prompt")


def named(file: str) -> str:
    """A file in a message."""
    return "standard input" if file == STANDARD_INPUT else file


def not_utf8(line: int, source: str, error: UnicodeDecodeError) -> str:
    """What to say of a line that cannot be decoded.

    Args:
        line: Its number, from 1.
        source: Where it stands.
        error: Why it cannot.
    """
    return (
        f"line {line} of {source} is no UTF-8 ({error.reason}): save or convert it as "
        "such, with iconv -f latin1 -t utf-8, say"
    )


def require_whole(prompt: str, where: str) -> str:
    r"""A prompt that can be sent: no half characters.

    JSON can hold half of a surrogate pair (`\ud83d`, a cut emoji), and so can arguments that are
    no UTF-8. No model can be sent one, and no file can hold it.

    Args:
        prompt: What is to be asked.
        where: Where it stands, for the message.

    Raises:
        MisuseError: It holds half a character.
    """
    try:
        prompt.encode()
    except UnicodeEncodeError as error:
        half = prompt[error.start]
        raise MisuseError(
            f"{where} holds half a character ({half!r}), which no model can be sent: "
            "write the prompt as UTF-8, and emoji whole"
        ) from error
    return prompt


def _standard_input() -> BinaryIO:
    # Python has none where it was closed, as by `<&-` in a shell.
    if sys.stdin is None:
        raise OSError(errno.EBADF, "standard input is closed")
    return sys.stdin.buffer


def _first_bad(found: bytes) -> int:
    try:
        found.decode()
    except UnicodeDecodeError as error:
        return error.start
    return 0
