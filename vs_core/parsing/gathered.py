"""`Gathered`: what one reply has given so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vs_core.parsing.item import Doubtful, Item, is_placeholder

if TYPE_CHECKING:
    from vs_core.values.terms import Layout

CUT_OFF = "cut off"
BEGUN_AGAIN = "begun again further on"
PLACEHOLDER = "a placeholder, not an answer"
EMPTY = "without text"

_LONGEST_FRAGMENT = 400


class Gathered:
    """Collects items from all modes of one reader and decides between its notations.

    The first notation that yields an item beyond doubt is the notation of the reply: what looks
    like another one afterwards is prose. Doubtful lists wait for the end of the reply.

    Attributes:
        ready: Items found and not yet handed out.
        layout: The notation of the reply, None as long as nothing is certain.
        dropped: Pairs of fragment and reason.
        truncated: Whether the reply was cut off.
        reasoning: Reasoning that all candidates share.
        numbered: Whether an item with a number has been found.
        found: How many items have been found beyond doubt.
        holding: Whether items are held back, because what is read may be an example.
        run: Counts the stretches of prose met so far; `runs` has its value for each item.
        lacks_number: Whether the item found last has no number.
        awaiting: The item found last, as long as its number may still stand right behind it.
        apart: Whether the item being read began on a line of its own, below prose.
    """

    __slots__ = (
        "apart",
        "awaiting",
        "doubtful",
        "dropped",
        "found",
        "held",
        "holding",
        "lacks_number",
        "layout",
        "numbered",
        "ready",
        "reasoning",
        "run",
        "runs",
        "suspect",
        "truncated",
    )

    def __init__(self) -> None:
        self.ready: list[Item] = []
        self.layout: Layout | None = None
        self.dropped: list[tuple[str, str]] = []
        self.truncated = False
        self.reasoning: str | None = None
        self.numbered = False
        self.found = 0
        self.doubtful: list[Doubtful] = []
        self.suspect: Item | None = None
        self.holding = False
        self.held: list[tuple[Item, Layout]] = []
        self.run = 0
        self.runs: list[int] = []
        self.apart = False
        self.lacks_number = False
        self.awaiting: Item | None = None

    def open_to(self, layout: Layout) -> bool:
        """Whether items in this notation still count."""
        return self.layout is None or self.layout == layout

    def accept(self, item: Item, layout: Layout) -> bool:
        """Take an item that is beyond doubt; False if it is none after all."""
        if not self.open_to(layout):
            return False
        if not item.text:
            self.drop(item.raw or "", EMPTY)
            return False
        if is_placeholder(item.text):
            self.drop(item.text, PLACEHOLDER)
            return False
        if self.holding:
            self.held.append((item, layout))
            return True
        self.settle_suspect(item.text)
        self._take(item, layout)
        return True

    def number_behind(self, raw: str | None, repair: str = "") -> None:
        """The number of the item found last, which stands behind its end tag."""
        item, self.awaiting = self.awaiting, None
        if item is None:
            return
        item.raw = raw
        if repair:
            item.repairs += (repair,)
        if raw is not None:
            self.numbered, self.lacks_number = True, False

    def hand_out(self) -> list[Item]:
        """The items found since the last time, without one that awaits its number."""
        ready = self.ready
        waits = bool(ready) and ready[-1] is self.awaiting
        self.ready = ready[-1:] if waits else []
        return ready[:-1] if waits else ready

    def release(self) -> None:
        """What was held back (an example in a fence) stays a doubtful list."""
        self.holding = False
        if self.held:
            items = [item for item, _ in self.held]
            self.doubt(Doubtful(items, 6, self.held[0][1]))
            self.held = []

    def suspend(self, item: Item, layout: Layout) -> None:
        """Hold back an item that stops in mid-text: the next one may be the same, begun again."""
        if self.open_to(layout) and item.text and not is_placeholder(item.text):
            self.settle_suspect(item.text)
            self.suspect = item
            self.layout = layout

    def settle_suspect(self, next_text: str | None) -> None:
        """Decide on the item held back, now that the text of the next one is known."""
        suspect, self.suspect = self.suspect, None
        if suspect is None:
            return
        if next_text is not None and next_text.startswith(suspect.text):
            self.drop(suspect.text, BEGUN_AGAIN)
        else:
            self._take(suspect, self.layout or "xml")

    def _take(self, item: Item, layout: Layout) -> None:
        self.layout = layout
        self.found += 1
        self.runs.append(self.run)
        self.lacks_number = item.raw is None
        if item.raw is not None:
            self.numbered = True
        if item.reasoning is None:
            item.reasoning = self.reasoning
        self.ready.append(item)

    def doubt(self, doubtful: Doubtful) -> None:
        """Keep items that count only if nothing better is found."""
        if self.layout is None and doubtful.items:
            self.doubtful.append(doubtful)

    def drop(self, fragment: str, reason: str) -> None:
        """Report a fragment that could not be used."""
        fragment = fragment.strip()
        if len(fragment) > _LONGEST_FRAGMENT:
            fragment = fragment[:_LONGEST_FRAGMENT] + "\u2026"
        if fragment:
            self.dropped.append((fragment, reason))

    def cut(self, fragment: str) -> None:
        """Report what was cut off at the end of the reply."""
        self.truncated = True
        begun = fragment.strip()
        if self.suspect is not None and self.suspect.text.startswith(begun):
            self.settle_suspect(self.suspect.text)
        elif self.suspect is not None:
            self.settle_suspect(begun)
        self.drop(fragment, CUT_OFF)

    def forget_drafts(self) -> None:
        """What was read so far was thinking aloud: only what was beyond doubt stays."""
        self.doubtful.clear()

    def settle(self) -> None:
        """At the end of the reply: fall back on the best of the doubtful lists."""
        self.release()
        self.settle_suspect(None)
        if self.layout is not None or not self.doubtful:
            return
        best = max(
            self.doubtful,
            key=lambda d: (all(item.raw is not None for item in d.items), d.rank, len(d.items)),
        )
        for item in best.items:
            self.accept(item, best.layout)
        self.truncated = self.truncated or best.truncated
        for fragment, reason in best.notes:
            self.drop(fragment, reason)
