"""`Reader`: the machine behind `ReplyParser`, which turns a reply into items as it arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from vs_core.parsing.gathered import Gathered
from vs_core.parsing.json_candidates import JsonCandidates
from vs_core.parsing.json_frames import Frame
from vs_core.parsing.json_scan import JsonScan
from vs_core.parsing.mending import mended
from vs_core.parsing.outside import Outside
from vs_core.parsing.source import Mode, Source
from vs_core.parsing.thoughts import Block

if TYPE_CHECKING:
    from collections.abc import Callable

    from vs_core.parsing.item import Item
    from vs_core.values.terms import Definition

_DEEPEST = 3
_FIELDS: dict[str, str] = {"confidence": "confidence", "perplexity": "perplexity", "nll": "nll"}


class Decoding(Protocol):
    """Decodes the reply, or the rest of it, as it arrives."""

    def push(self, chunk: str, *, final: bool = False) -> tuple[str, str]:
        """Decode a chunk: the decoded text, and what follows the encoded part as written."""
        ...


class Reader:
    """Reads one reply, fed in pieces.

    Attributes:
        skim: Takes in a piece that decides nothing, without reading; False if it must be fed.
        source: The text that has arrived and is not yet read.
        gathered: What has been found.
        believes_thoughts: Whether blocks of thinking are set aside.
        reads_json: Whether brackets may begin JSON.
        decodes_text: Whether the text of tags is decoded.
    """

    def __init__(
        self, definition: Definition, *, depth: int = 0, thoughts: bool = True, json: bool = True
    ) -> None:
        self.gathered = Gathered()
        self.believes_thoughts = thoughts
        self.reads_json = json
        self.decodes_text = True
        self._definition: Definition = definition
        self._depth = depth
        self.source = Source()
        self._outside = Outside(self)
        self._mode: Mode = self._outside
        self.skim: Callable[[Source, str], bool] = self._outside.skim
        self._decodings: list[Decoding] = []
        self._json: JsonCandidates | None = None

    @property
    def nests(self) -> bool:
        """Whether replies inside this one are still read."""
        return self._depth < _DEEPEST

    def feed(self, chunk: str) -> list[Item]:
        """Read on; the items completed by this piece."""
        for decoding in self._decodings:
            chunk = self._decoded(decoding, chunk, final=False)
        source = self.source
        source.text = source.text[source.pos :] + chunk
        source.pos = 0
        self._run()
        return self._ready()

    def close(self) -> list[Item]:
        """Read to the end; the rest of the items."""
        self.source.final = True
        chunk = ""
        for decoding in self._decodings:
            chunk = self._decoded(decoding, chunk, final=True)
        self.source.push(chunk)
        self._run()
        mode = self._mode
        if mode is not self._outside:
            mode.end()
            if isinstance(mode, Block):
                self.gathered.truncated = True
        self._outside.end()
        self.gathered.settle()
        if not self.gathered.found:
            self._read_again(mode)
        self.gathered.awaiting = None
        return self._ready()

    def decode_with(self, decoding: Decoding) -> None:
        """Decode what is unread, and all that comes."""
        self._depth += 1
        self.decodes_text = False
        self._decodings.append(decoding)
        self.skim = _never
        source = self.source
        unread, source.text, source.pos = source.text[source.pos :], "", 0
        source.push(self._decoded(decoding, unread, final=source.final))

    def nested(self, text: str) -> list[Item]:
        """The candidates of a reply that stands inside this one, if all of them have numbers."""
        if not self.nests:
            return []
        inner = Reader(self._definition, depth=self._depth + 1)
        items = inner.feed(text) + inner.close()
        if not items or any(item.raw is None for item in items):
            return []
        if len(items) == 1 and inner.gathered.layout == "lines":
            return []
        return items

    def json_candidates(self) -> JsonCandidates:
        """What recognises the candidates in JSON."""
        if self._json is None:
            field = _FIELDS.get(self._definition, "probability")
            self._json = JsonCandidates(self.gathered, field, self.nested)
        return self._json

    def mends(self, raw: str, scan: JsonScan) -> bool:
        """Whether mending a piece of broken JSON brings out candidates."""
        if not scan.broken or self.gathered.found:
            return False
        value = mended(raw)
        if value is None:
            return False
        before = self.gathered.found
        self.json_candidates().whole([value], Frame("["), "")
        for item in self.gathered.ready[before:]:
            item.repairs += ("the JSON was mended",)
        return self.gathered.found > before

    def _run(self) -> None:
        current = self._mode
        following = current.read(self.source)
        while following is not None:
            current = following
            following = current.read(self.source)
        if current is not self._mode:
            self._mode = current
            if not self._decodings:
                self.skim = current.skim

    def _ready(self) -> list[Item]:
        return self.gathered.hand_out() if self.gathered.ready else []

    @staticmethod
    def _decoded(decoding: Decoding, chunk: str, *, final: bool) -> str:
        decoded, rest = decoding.push(chunk, final=final)
        return decoded + rest

    def _read_again(self, mode: Mode) -> None:
        """Nothing was found: what was set aside, or taken for JSON, may be the answer."""
        if isinstance(mode, Block) and mode.may_hold_answer:
            inner = Reader(self._definition, depth=_DEEPEST - 1, thoughts=False)
            items = inner.feed(mode.kept) + inner.close()
            self._adopt(inner, _last_run(inner.gathered, items))
        elif isinstance(mode, JsonScan):
            inner = Reader(self._definition, depth=_DEEPEST, json=False)
            items = inner.feed(mode.raw()[1:]) + inner.close()
            if len(items) > 1 and all(item.raw is not None for item in items):
                self._adopt(inner, items)

    def _adopt(self, inner: Reader, items: list[Item]) -> None:
        if not items or inner.gathered.layout is None:
            return
        self.gathered.truncated = inner.gathered.truncated
        self.gathered.dropped += inner.gathered.dropped
        for item in items:
            self.gathered.accept(item, inner.gathered.layout)


def _never(source: Source, chunk: str) -> bool:  # noqa: ARG001  # same call for all
    """What is decoded first cannot be skimmed."""
    return False


def _last_run(gathered: Gathered, items: list[Item]) -> list[Item]:
    """The candidates that stand together at the end; those before were drafts."""
    if not items:
        return []
    last = gathered.runs[-1]
    run = [item for item, at in zip(items, gathered.runs, strict=True) if at == last]
    if gathered.layout == "lines":
        return run if len(run) > 1 and gathered.numbered else []
    ends_reply = gathered.run == last
    return run if len(run) > 1 or (ends_reply and gathered.apart) else []
