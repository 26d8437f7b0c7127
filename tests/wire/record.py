"""What the server saw: the requests, how many at once, and clients that left too early."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.wire.script import Message


@dataclass(frozen=True)
class RecordedRequest:
    """A request as it came; header names in lower case, the Authorization value blotted out."""

    method: str
    path: str
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def messages(self) -> list[Message]:
        """The messages sent, empty if there were none."""
        return list(self.body.get("messages") or ())

    @property
    def stream(self) -> bool:
        """Whether a stream was asked for."""
        return bool(self.body.get("stream"))

    @property
    def include_usage(self) -> bool:
        """Whether a stream is to end with the token usage."""
        return bool((self.body.get("stream_options") or {}).get("include_usage"))


def record_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers as recorded: names in lower case, no credentials."""
    lowered = {name.lower(): value for name, value in headers}
    if "authorization" in lowered:
        lowered["authorization"] = "***"
    return lowered


class Exchange:
    """One request that is being answered."""

    def __init__(self, record: Record, number: int) -> None:
        """Belongs to `record`, which counted `number` requests with this one."""
        self.number = number
        self._record = record
        self._answered = False

    def answered(self) -> None:
        """The answer is about to be complete: this request counts as concurrent no longer.

        Called before the last byte is sent, since the client may send its next request as soon
        as it has that byte.
        """
        if not self._answered:
            self._answered = True
            self._record.leave()


class Record:
    """Thread-safe notes on all requests."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self._changed = threading.Condition()
        self._requests: list[RecordedRequest] = []
        self._concurrent = 0
        self._open = 0
        self._max_concurrent = 0
        self._early_closes = 0

    @property
    def requests(self) -> list[RecordedRequest]:
        """All requests in the order of their arrival (a copy)."""
        with self._changed:
            return list(self._requests)

    @property
    def max_concurrent(self) -> int:
        """The highest number of requests that were being answered at one time."""
        return self._max_concurrent

    @property
    def early_closes(self) -> int:
        """How many clients closed the connection before their answer was complete."""
        return self._early_closes

    @contextmanager
    def exchange(self, request: RecordedRequest) -> Iterator[Exchange]:
        """Note a request; on leaving the block its handling is over."""
        with self._changed:
            self._requests.append(request)
            self._open += 1
            self._concurrent += 1
            self._max_concurrent = max(self._max_concurrent, self._concurrent)
            exchange = Exchange(self, len(self._requests))
        try:
            yield exchange
        finally:
            exchange.answered()
            with self._changed:
                self._open -= 1
                self._changed.notify_all()

    def leave(self) -> None:
        """One request fewer is being answered."""
        with self._changed:
            self._concurrent -= 1

    def closed_early(self) -> None:
        """A client closed the connection before its answer was complete."""
        with self._changed:
            self._early_closes += 1

    def wait_until_idle(self, timeout: float) -> bool:
        """Wait until no request is being handled; False if that took over `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._open == 0, timeout)
