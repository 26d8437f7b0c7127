"""What the server answers, in order: replies, faults and cut connections."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Message: TypeAlias = dict[str, Any]
"""One entry of a request's `messages`, as it came over the wire."""


@dataclass(frozen=True)
class ToolCall:
    """A tool call in a reply; `arguments` is the JSON text a model would write."""

    name: str
    arguments: str
    id: str = "call_1"


@dataclass(frozen=True)
class Hold:
    """Stop a stream after some characters of text until the test lets it go on.

    With it a test can show, without any timing, that a client had the first part before the
    second was sent, or close a stream that is certainly unfinished.
    """

    after: int
    reached: threading.Event = field(default_factory=threading.Event, compare=False)
    gate: threading.Event = field(default_factory=threading.Event, compare=False)

    def release(self) -> None:
        """Let the stream go on."""
        self.gate.set()


@dataclass(frozen=True)
class Reply:
    """One complete answer.

    Attributes:
        text: The content.
        chunk_size: Characters of text (or of tool arguments) in one streamed chunk.
        finish_reason: "length" makes it a reply that was cut off by the token limit. With
            `tool_calls` and "stop", "tool_calls" is what is sent.
        tool_calls: Sent after the text.
        refusal: The words of a refusal, which stand beside the text.
        delay: Seconds before the first byte, headers included.
        pause: Seconds before each streamed chunk of text.
        hold: Where a stream waits for the test; an unstreamed reply ignores it, and `pause`.
    """

    text: str = ""
    chunk_size: int = 8
    finish_reason: Literal["stop", "length"] = "stop"
    tool_calls: tuple[ToolCall, ...] = ()
    refusal: str | None = None
    delay: float = 0.0
    pause: float = 0.0
    hold: Hold | None = None

    def __post_init__(self) -> None:
        """Refuse chunks without text, and a hold that would never be reached."""
        if self.chunk_size < 1:
            msg = f"chunk_size must be at least 1, got {self.chunk_size}"
            raise ValueError(msg)
        if self.hold:
            _check_position("hold.after", self.hold.after, self.text)


@dataclass(frozen=True)
class Fault:
    """An error status instead of an answer, in the shape of OpenAI's error object.

    The OpenAI clients retry 408, 409, 429 and 5xx as often as their `max_retries` says; they obey
    the headers `Retry-After` and `x-should-retry`.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = "scripted fault"
    type: str = "scripted_fault"
    delay: float = 0.0


@dataclass(frozen=True)
class Drop:
    """A connection cut after exactly `after` characters of `text` were sent.

    A stream lacks its last chunk then, an unstreamed body is shorter than its Content-Length;
    either way the client can tell it from a proper end.
    """

    text: str = ""
    after: int = 0
    chunk_size: int = 8
    delay: float = 0.0
    pause: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a cut that would come after the end of the text."""
        _check_position("after", self.after, self.text)

    @property
    def whole(self) -> Reply:
        """The reply that is going to be cut."""
        return Reply(self.text, chunk_size=self.chunk_size, delay=self.delay, pause=self.pause)


Step: TypeAlias = Reply | Fault | Drop
Responder: TypeAlias = Callable[[list[Message]], str | Step]

# Tells the OpenAI clients not to retry: a mistake in a test has to show at once.
_FINAL = {"x-should-retry": "false"}


class Script:
    """A thread-safe queue of steps, used up by requests in the order of their arrival.

    Once the queue is empty the `responder` answers, if there is one; else each further request
    gets a 500 that says `script exhausted` (and is not retried).
    """

    def __init__(self, *steps: str | Step, responder: Responder | None = None) -> None:
        """Start with these steps; a string is short for a `Reply` with that text."""
        self.responder = responder
        self._steps: deque[Step] = deque()
        self._lock = threading.Lock()
        self.add(*steps)

    def add(self, *steps: str | Step) -> None:
        """Append steps; a string is short for a `Reply` with that text."""
        with self._lock:
            self._steps.extend(map(_as_step, steps))

    def __len__(self) -> int:
        """How many steps are still to come."""
        return len(self._steps)

    def next(self, messages: list[Message]) -> Step:
        """Take the step for a request with these messages."""
        with self._lock:
            if self._steps:
                return self._steps.popleft()
        if self.responder is None:
            return Fault(500, headers=_FINAL, message="script exhausted: no reply was left")
        try:
            return _as_step(self.responder(messages))
        except Exception as error:  # noqa: BLE001 - a test's callable; the client has to be told
            return Fault(500, headers=_FINAL, message=f"the responder raised {error!r}")


def _as_step(step: str | Step) -> Step:
    return Reply(step) if isinstance(step, str) else step


def _check_position(name: str, position: int, text: str) -> None:
    if not 0 <= position <= len(text):
        msg = f"{name} must lie within the text (0 to {len(text)}), got {position}"
        raise ValueError(msg)
