"""Records of a kind of their own, and journals of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.scenarios import xml
from vs_core import parse_reply
from vs_core.adapters.journal import JOURNAL, Journal, JournalRecord

HEAD = {"model": "openai:a", "seed": None}


class Answered(JournalRecord):
    number: int


def record(number: int, prompt: str = "Why? \u2028 è") -> Answered:
    # What is read has none of the parser's own marks, and JSON holds it without loss.
    answered = parse_reply(xml(f"a{number}", "line\nbreak è"))
    plain = answered.model_dump_json()
    return Answered(
        prompt=prompt, distribution=type(answered).model_validate_json(plain), number=number
    )


RECORDS = tuple(record(number) for number in range(3))


def journal(folder: Path, **settings: Any) -> Journal[Answered]:
    head = HEAD | settings
    return Journal(folder / JOURNAL, Answered, head=head, name="vs test", elsewhere="another room")


def found(folder: Path) -> tuple[Answered, ...]:
    return tuple(journal(folder).records())


def write(folder: Path, *records: Answered) -> Path:
    kept = journal(folder)
    with kept.appending() as write_record:
        for each in records:
            write_record(each)
    return kept.path
