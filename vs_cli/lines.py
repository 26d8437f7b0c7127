"""Files that say one thing a line: plain text, or one JSON object."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from vs_cli.errors import MisuseError
from vs_cli.reading import not_utf8

_OBJECT = re.compile(r'\{\s*"')
_BYTE_ORDER_MARK = "\ufeff"


def numbered_lines(file: BinaryIO, source: str, option: str) -> Iterator[tuple[int, str]]:
    r"""The lines that are not blank, with their numbers; lines end as on any system.

    Args:
        file: The open file.
        source: What it is called in messages.
        option: What names it on the command line.

    Raises:
        MisuseError: A line is no UTF-8.

    Example:
        >>> import io
        >>> from vs_cli.lines import numbered_lines
        >>> list(numbered_lines(io.BytesIO(b" one\r\n\ntwo"), "a file", "--prompts"))
        [(1, 'one'), (3, 'two')]
    """
    number = 0
    for written in file:
        # A break of Windows is one of Unix, and blanks around a text are none of it. Cut only
        # here: `splitlines` would at characters that a text may well hold, such as U+2028.
        for part in _parts(written):
            number += 1
            line = _decoded(part, number, source, option).strip()
            if number == 1:
                line = line.removeprefix(_BYTE_ORDER_MARK).strip()
            if line:
                yield number, line


def begins_object(line: str) -> bool:
    """Whether a line begins like a JSON object, also a malformed one; no plain text is likely to.

    Args:
        line: Without blanks around it.

    Example:
        >>> from vs_cli.lines import begins_object
        >>> begins_object('{"text": '), begins_object("{braces} in a text")
        (True, False)
    """
    return bool(_OBJECT.match(line))


def _parts(written: bytes) -> Iterable[bytes]:
    return written.removesuffix(b"\n").removesuffix(b"\r").split(b"\r")


def _decoded(line: bytes, number: int, source: str, option: str) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise MisuseError(f"{option}: {not_utf8(number, source, error)}") from error
