"""What stands in a line of a journal, whole or spoilt: records, and heads.

A head is written with a space behind its first colon, and records without any between their
parts. So no object within a record, such as a typed answer, is taken for a head in a spoilt line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

from pydantic import ValidationError

from vs_core.journal.record import JournalRecord

R = TypeVar("R", bound=JournalRecord)

FORMAT = "format"
"""Name of the first entry of a head: the version of the file."""

_HEAD = re.compile(rf'\{{"{FORMAT}": ')
_RECORD = re.compile(r'\{"prompt":\s*')
_DECODER = json.JSONDecoder()


def records_in(line: str, kind: type[R]) -> Iterable[R]:
    """The records that stand whole in a line, in order.

    Args:
        line: Such as a file has; a head has no records.
        kind: The type of the records.

    Raises:
        pydantic.ValidationError: The line is a JSON object, but no such record.
    """
    if is_head(line):
        return ()
    try:
        return (kind.model_validate_json(line),)
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            return _whole_records(line, kind)
        if line.lstrip().startswith("{"):
            raise
        # Other JSON, such as a number, is what is left of a line.
        return ()


def _whole_records(line: str, kind: type[R]) -> Iterator[R]:
    """Those in a line which others, or parts of others, were written into."""
    # Quotation marks within a record's texts are escaped, so that none begins like this.
    begun = _RECORD.search(line)
    while begun:
        end = begun.start() + 1
        with suppress(ValueError):
            _, whole = _DECODER.raw_decode(line, begun.start())
            yield kind.model_validate_json(line[begun.start() : whole])
            # A typed answer may begin like a record: within a record none is looked for.
            end = whole
        begun = _RECORD.search(line, end)


def prompts_in(line: str, kind: type[JournalRecord]) -> Iterable[str]:
    """The prompts of the records that may stand in a line, most often without reading these.

    Raises:
        pydantic.ValidationError: The line is a JSON object, but no record.
    """
    if _RECORD.match(line):
        return _prompts_begun(line)
    return [record.prompt for record in records_in(line, kind)]


def _prompts_begun(line: str) -> Iterator[str]:
    for begun in _RECORD.finditer(line):
        with suppress(ValueError):
            prompt, _ = _DECODER.raw_decode(line, begun.end())
            if isinstance(prompt, str):
                yield prompt


def heads_in(line: str) -> Iterator[dict[str, Any]]:
    """The heads that stand in a line, whatever another run wrote before and behind."""
    if f'"{FORMAT}"' not in line:
        return
    whole = whole_json(line)
    if isinstance(whole, dict):
        if is_head(line):
            yield whole
        return
    for begun in _HEAD.finditer(line):
        with suppress(ValueError):
            found, _ = _DECODER.raw_decode(line, begun.start())
            yield found


def is_head(line: str) -> bool:
    """Whether a line is a head and nothing else."""
    if _RECORD.match(line) or f'"{FORMAT}"' not in line:
        return False
    found = whole_json(line)
    return isinstance(found, dict) and FORMAT in found


def whole_json(line: str) -> Any:
    """What a line holds as JSON; None if it is none."""
    try:
        return json.loads(line)
    except ValueError:
        return None
