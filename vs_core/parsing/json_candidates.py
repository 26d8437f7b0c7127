"""Candidates in a JSON document, recognised as its containers close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vs_core.parsing import json_items as items
from vs_core.parsing import json_sets as sets
from vs_core.parsing import vocabulary as words
from vs_core.parsing.gathered import BEGUN_AGAIN
from vs_core.parsing.item import Doubtful, Item
from vs_core.parsing.json_frames import Frame, Repeated
from vs_core.parsing.json_items import Unfinished, Written
from vs_core.parsing.loose import fields_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vs_core.parsing.gathered import Gathered

TAKEN: Any = object()
_ENCODED = ("{", "[", "<", '"', "```")
_DEEPEST_VALUE = 12
_USUAL = ("text", "probability")


class JsonCandidates:
    """Hands the candidates of JSON documents to `Gathered`.

    Attributes:
        failures: How often reading a value at once has failed.
    """

    def __init__(
        self, gathered: Gathered, number_field: str, nested: Callable[[str], list[Item]] | None
    ) -> None:
        self._gathered = gathered
        self._number_field = number_field
        self._nested = nested
        self.failures = 0

    # --- containers as they close -----------------------------------------------------------

    def entering(self, frame: Frame) -> None:
        """A container opens inside an object: reasoning that stands before it is shared."""
        if frame.members and not frame.taken:
            fields = items.fields_in(frame.members)
            reason = items.reason_in(fields)
            if reason and not fields.numbers and not any(map(items.is_text, fields.texts.values())):
                self._gathered.reasoning = reason

    def closed(self, frame: Frame, parent: Frame | None) -> tuple[Any, int]:
        """A container has closed: its value for the one around it, and the candidates found."""
        if frame.kind == "{":
            return self._object(frame.members, frame, parent)
        return self._list(frame, parent)

    def whole(self, value: Any, frame: Frame, owner: str) -> tuple[Any, int]:
        """The same for a value that was read at once inside a frame."""
        if isinstance(value, dict) and not any(
            isinstance(inner, (dict, list)) for inner in value.values()
        ):
            return self._leaf(value, frame, owner)
        return self._walk(value, frame, owner, 0)

    def _leaf(self, members: dict[str, Any], frame: Frame, owner: str) -> tuple[Any, int]:
        if isinstance(members, Repeated):
            inner = Frame("{", owner=owner)
            for key, value in members.pairs:
                if key in inner.members:
                    self.repeated(inner)
                inner.members[key] = value
            value, taken = self._object(inner.members, inner, frame)
            return value, taken + inner.taken
        return self._object(members, None, frame, owner)

    def _walk(self, value: Any, parent: Frame, owner: str, depth: int) -> tuple[Any, int]:
        if depth > _DEEPEST_VALUE or not isinstance(value, (dict, list)):
            return value, 0
        if isinstance(value, dict):
            frame = Frame("{", owner=owner)
            for key, inner in value.items():
                frame.key = key
                if isinstance(inner, (dict, list)):
                    self.entering(frame)
                    read, taken = self._walk(inner, frame, key, depth + 1)
                    frame.taken += taken
                else:
                    read = inner
                if key in frame.members:
                    self.repeated(frame)
                frame.members[key] = read
        else:
            frame = Frame("[", owner=owner)
            for element in value:
                inner, taken = self._element(element, frame, owner, depth)
                frame.taken += taken
                if inner is not TAKEN:
                    frame.values.append(inner)
        result, taken = self.closed(frame, parent)
        return result, taken + frame.taken

    def _element(self, element: Any, frame: Frame, owner: str, depth: int) -> tuple[Any, int]:
        if type(element) is dict and len(element) == len(_USUAL):
            text, raw = element.get("text"), element.get("probability")
            if type(text) is str and type(raw) is Written and self._number_field == "probability":
                if frame.values:
                    self._flush(frame)
                self._accept(Item(text.strip(), str(raw)))
                return TAKEN, 1
        return self._walk(element, frame, owner, depth + 1)

    def _object(
        self, members: dict[str, Any], frame: Frame | None, parent: Frame | None, owner: str = ""
    ) -> tuple[Any, int]:
        if frame is not None and frame.taken and not frame.repeats:
            return TAKEN, 0
        if any(value is TAKEN for value in members.values()):
            return TAKEN, 0
        owner = owner or (frame.owner if frame is not None else "")
        if not members or (parent is not None and parent.kind == "{" and words.names_number(owner)):
            return members, 0
        item = items.item_in(members, self._number_field)
        if item is not None and not _is_columns(members):
            if frame is not None:
                item.repairs += tuple(frame.mended)
            self._flush(parent)
            return (TAKEN, 1) if self._accept(item) else (TAKEN, 0)
        if items.is_schema(members):
            self._gathered.drop(", ".join(members), "a schema, not an answer")
            return TAKEN, 0
        taken = self._take_several(members, parent)
        if taken is not None:
            return TAKEN, taken
        if self._take_encoded(members):
            return TAKEN, 1
        return self._without_number(members, frame, parent, owner)

    def _take_several(self, members: dict[str, Any], parent: Frame | None) -> int | None:
        """Take the candidates of an object that holds several; None if it holds none."""
        for found in (
            sets.items_in_columns(members),
            sets.items_in_mapping(members),
            sets.items_in_numbered_keys(members),
        ):
            if not found:
                continue
            alone = parent is None and len(found) == 1
            if alone and found[0].raw is None:
                continue
            if self._is_wrapped(members) or (any(item.raw for item in found) and not alone):
                return sum(map(self._accept, found))
            self._gathered.doubt(Doubtful(found, 3, "json"))
            return 0
        return None

    def _flush(self, parent: Frame | None) -> None:
        """An item with a number shows that those before it in its list are candidates too."""
        if parent is not None and parent.kind != "{":
            waiting = [value for value in parent.values if isinstance(value, Item)]
            parent.values[:] = [value for value in parent.values if not isinstance(value, Item)]
            parent.taken += sum(map(self._accept, waiting))

    @staticmethod
    def _is_wrapped(members: dict[str, Any]) -> bool:
        return any(
            isinstance(value, list) and (words.names_wrapper(key) or words.names_text(key))
            for key, value in members.items()
        )

    def _without_number(
        self, members: dict[str, Any], frame: Frame | None, parent: Frame | None, owner: str
    ) -> tuple[Any, int]:
        item = items.textual_item_in(members)
        if item is None:
            return members, 0
        if parent is not None and parent.kind != "{":
            if owner and (words.names_wrapper(owner) or words.names_text(owner)):
                return (TAKEN, 1) if self._accept(item) else (TAKEN, 0)
            if parent.taken:
                return (TAKEN, 1) if self._accept(item) else (TAKEN, 0)
            return item, 0
        if parent is None:
            self._gathered.doubt(Doubtful([item], 2, "json"))
        return members, 0

    def _list(self, frame: Frame, parent: Frame | None) -> tuple[Any, int]:
        values = frame.values
        if frame.taken or any(value is TAKEN for value in values):
            return TAKEN, 0
        found = [value for value in values if isinstance(value, Item)]
        if found:
            if len(found) > 1 or parent is not None:
                self._gathered.doubt(Doubtful(found, 4, "json"))
            return TAKEN, 0
        pair = sets.pair_in(values)
        if pair is not None and (parent is None or parent.kind != "{"):
            return (TAKEN, 1) if self._accept(pair) else (TAKEN, 0)
        row = sets.items_in_row(values)
        if row and len(row) > 1:
            return TAKEN, sum(map(self._accept, row))
        texts = sets.strings_in(values)
        if texts is not None and (parent is None or parent.kind != "{"):
            return self._strings(texts)
        return values, 0

    def _strings(self, texts: list[str]) -> tuple[Any, int]:
        taken = 0
        for text in texts:
            if text.lstrip().startswith(("{", "<")) and self._nested is not None:
                inner = self._nested(text)
                taken += sum(map(self._accept, inner))
        if taken:
            return TAKEN, taken
        found = _with_numbers_inside(texts) or [Item(text.strip()) for text in texts]
        self._gathered.doubt(Doubtful(found, 3, "json"))
        return TAKEN, 0

    def _take_encoded(self, members: dict[str, Any]) -> bool:
        """Read a member that is itself a reply, as a string."""
        if self._nested is None:
            return False
        for key, value in members.items():
            if not items.is_text(value) or words.names_reason(key):
                continue
            if not (value.lstrip().startswith(_ENCODED) or "\n" in value or "<" in value):
                continue
            inner = self._nested(value)
            if inner and all(item.raw is not None for item in inner):
                for item in inner:
                    self._accept(item)
                return True
        return False

    def root(self, frame: Frame, value: Any) -> None:
        """The outermost container has closed."""
        if value is TAKEN or frame.taken:
            return
        if isinstance(value, dict) and (found := sets.items_in_columns(value)):
            self._gathered.doubt(Doubtful(found, 3, "json"))

    # --- irregular ends ---------------------------------------------------------------------

    def repeated(self, frame: Frame) -> None:
        """A name comes a second time in an object: what stands before it was a candidate."""
        item = items.item_in(frame.members, self._number_field)
        if item is not None and self._accept(item):
            frame.taken += 1
            frame.repeats = True
            frame.members.clear()

    def begun_again(self, fragment: str) -> None:
        """An object was broken off and begun again."""
        self._gathered.drop(fragment, BEGUN_AGAIN)

    def cut(self, fragment: str) -> None:
        """A string was cut off at the end of the reply."""
        self._gathered.cut(fragment)

    def cut_off(self, frames: Sequence[Frame]) -> None:
        """The reply ends inside these containers."""
        self._gathered.truncated = True
        self.left_open(frames)

    def left_open(self, frames: Sequence[Frame]) -> None:
        """These containers were never closed: settle them from within."""
        child: Any = None
        stack = list(frames)
        while stack:
            frame = stack.pop()
            parent = stack[-1] if stack else None
            if child is not None and child is not TAKEN:
                if frame.kind != "{":
                    frame.values.append(child)
                elif frame.key is not None:
                    frame.members[frame.key] = child
            child = self._settle(frame, parent)
            if parent is not None:
                parent.taken += frame.taken
            elif child is not None and child is not TAKEN:
                self.root(frame, child)

    def _settle(self, frame: Frame, parent: Frame | None) -> Any:
        if frame.deep:
            return None
        if frame.kind == "{":
            members = frame.members
            text_key = next((k for k in members if words.names_text(k)), None)
            if text_key is not None and items.is_text(members[text_key]) and not frame.taken:
                item = items.item_in(members, self._number_field) or items.textual_item_in(
                    {k: v for k, v in members.items() if not words.names_number(k)}
                )
                if item is not None:
                    item.repairs += tuple(frame.mended)
                    frame.taken += int(self._accept(item))
                    return TAKEN
            if any(isinstance(v, Unfinished) and words.names_text(k) for k, v in members.items()):
                return TAKEN
        value, taken = self.closed(frame, parent)
        frame.taken += taken
        return value

    def _accept(self, item: Item) -> bool:
        return self._gathered.accept(item, "json")


def _is_columns(members: dict[str, Any]) -> bool:
    return any(
        isinstance(value, list) and words.names_number(key) for key, value in members.items()
    ) and any(
        isinstance(value, list) and not words.names_number(key) for key, value in members.items()
    )


def _with_numbers_inside(texts: list[str]) -> list[Item] | None:
    found = [fields_of(text.strip(), number_known=False) for text in texts]
    if not all(raw is not None and text for text, raw in found):
        return None
    return [Item(text, raw) for text, raw in found]
