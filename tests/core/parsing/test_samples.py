r"""Replies of the shapes real models return, read through the public door.

The samples lie in `samples/*.txt`, so that they can be read as they are. Each begins with a line
`#### name flags`, then come the reply, a line `#### =`, and a JSON pair of text and stated number
for each candidate expected. Flags: `truncated`, `definition=..`, and `escaped` for replies with
characters that cannot be seen, written as `\u200b`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from vs_core import (
    NoCandidatesError,
    PromptSettings,
    ReplyParser,
    VerbalizedDistribution,
    parse_reply,
)

HERE = Path(__file__).parent / "samples"
CLEAR = {
    "tags/canonical",
    "tags/wrapped",
    "tags/number-first",
    "tags/bare-text",
    "tags/fenced",
    "tags/attribute",
    "tags/cdata",
    "tags/one-other-element",
    "json/canonical",
    "json/pretty",
    "json/bare-list",
    "json/json-lines",
    "json/fence-inside-string",
    "json/shared-reasoning",
    "json/trailing-commas",
    "json/single-quotes",
    "json/keyed-objects",
}
"""Samples so plain that each beginning of them gives a beginning of their texts."""


@dataclass
class Sample:
    name: str
    flags: list[str]
    lines: list[str] = field(default_factory=list)
    expected: list[tuple[str, float | None]] = field(default_factory=list)

    @property
    def reply(self) -> str:
        text = "\n".join(self.lines)
        if "escaped" in self.flags:
            return text.encode("latin-1", "backslashreplace").decode("unicode_escape")
        return text

    @property
    def asked(self) -> PromptSettings | None:
        wanted = [flag.partition("=")[2] for flag in self.flags if flag.startswith("definition=")]
        return PromptSettings.model_validate({"definition": wanted[0]}) if wanted else None

    @property
    def texts(self) -> list[str]:
        return [text for text, _ in self.expected]


def samples() -> Iterator[Sample]:
    for path in sorted(HERE.glob("*.txt")):
        sample: Sample | None = None
        in_reply = False
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line == "#### =":
                in_reply = False
            elif line.startswith("#### "):
                if sample is not None:
                    yield sample
                name, *flags = line[5:].split()
                sample, in_reply = Sample(f"{path.stem}/{name}", flags), True
            elif sample is not None and in_reply:
                sample.lines.append(line)
            elif sample is not None and line:
                text, stated = json.loads(line)
                sample.expected.append((text, stated))
        if sample is not None:
            yield sample


SAMPLES = list(samples())


def read_in_pieces(sample: Sample, size: int) -> VerbalizedDistribution[str]:
    parser = ReplyParser(asked=sample.asked)
    reply = sample.reply
    total: VerbalizedDistribution[str] = VerbalizedDistribution()
    for at in range(0, len(reply), size):
        total = total + parser.feed(reply[at : at + size])
    return total + parser.close()


def assert_read_exactly(sample: Sample) -> None:
    if not sample.expected:
        with pytest.raises(NoCandidatesError) as caught:
            parse_reply(sample.reply, asked=sample.asked)
        assert caught.value.reply == sample.reply
        return
    found = parse_reply(sample.reply, asked=sample.asked)
    assert found.texts == sample.texts
    assert [candidate.stated for candidate in found] == pytest.approx(
        [stated for _, stated in sample.expected]
    )


def badly_read_beginnings(sample: Sample) -> list[tuple[str, list[str]]]:
    """The beginnings that give a blank text or, of a clear sample, another text than the whole."""
    reply, bad = sample.reply, []
    for end in range(len(reply)):
        try:
            texts = parse_reply(reply[:end], asked=sample.asked).texts
        except NoCandidatesError:
            continue
        others = sample.name in CLEAR and texts != sample.texts[: len(texts)]
        if others or not all(texts):
            bad.append((reply[:end], texts))
    return bad


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_is_read_exactly_in_any_pieces_and_no_beginning_of_it_fails(
    sample: Sample,
) -> None:
    assert_read_exactly(sample)
    whole = read_in_pieces(sample, 10_000)
    assert whole.trace.truncated == ("truncated" in sample.flags)
    in_pieces = {size: read_in_pieces(sample, size) for size in (1, 3, 7)}
    assert in_pieces == dict.fromkeys(in_pieces, whole)
    assert badly_read_beginnings(sample) == []


def test_the_clear_samples_are_there() -> None:
    assert {sample.name for sample in SAMPLES} >= CLEAR
