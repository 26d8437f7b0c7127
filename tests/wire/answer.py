"""The answer to one request, written to the client in one of its forms."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from werkzeug.http import HTTP_STATUS_CODES

from tests.wire import payloads
from tests.wire.connection import Connection, CutError
from tests.wire.payloads import Completion, Json
from tests.wire.record import Exchange
from tests.wire.script import Fault, Hold

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse


class Answer:
    """Writes by WSGI's `write` callable, so that a client that left raises where it is noticed."""

    def __init__(
        self, start_response: StartResponse, connection: Connection, exchange: Exchange
    ) -> None:
        """Answer on `connection`; `exchange` is told before the last byte."""
        self._start_response = start_response
        self._connection = connection
        self._exchange = exchange

    def pause(self, seconds: float) -> None:
        """Let the client wait."""
        self._connection.pause(seconds)

    def fault(self, fault: Fault) -> None:
        """Send an error."""
        self.body(payloads.error(fault), status=fault.status, headers=fault.headers)

    def body(
        self, payload: Json, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        """Send a JSON body whole."""
        data = json.dumps(payload).encode()
        write = self._start(status, {"Content-Length": str(len(data)), **(headers or {})})
        self._exchange.answered()
        write(data)

    def cut_body(self, completion: Completion, after: int) -> None:
        """Send a body up to `after` characters of its text, then cut the connection."""
        data = json.dumps(completion.whole())
        start = data.index('"content": ')
        sent = json.dumps(completion.reply.text[:after])[:-1]
        end = data.index(sent, start) + len(sent)
        self._start(200, {"Content-Length": str(len(data))})(data[:end].encode())
        self._cut()

    def stream(self, completion: Completion, *, include_usage: bool) -> None:
        """Send the whole completion as server-sent events."""
        send = self._start_stream()
        send(payloads.event(completion.opening()))
        self._stream_text(completion, send)
        said = (*completion.refusal_chunks(), *completion.tool_chunks())
        for chunk in (*said, *completion.closing(include_usage=include_usage)):
            send(payloads.event(chunk))
        self._exchange.answered()
        send(payloads.DONE)

    def cut_stream(self, completion: Completion, after: int) -> None:
        """Send events up to `after` characters of the text, then cut the connection."""
        send = self._start_stream()
        send(payloads.event(completion.opening()))
        self._stream_text(completion, send, end=after)
        self._cut()

    def _stream_text(
        self, completion: Completion, send: Callable[[bytes], None], end: int | None = None
    ) -> None:
        reply, sent = completion.reply, 0
        bound = reply.hold.after if reply.hold else 0
        self._hold(reply.hold, sent)
        for piece in payloads.pieces(reply.text[:end], reply.chunk_size, bound):
            self._connection.pause(reply.pause)
            send(payloads.event(completion.text_chunk(piece)))
            sent += len(piece)
            self._hold(reply.hold, sent)

    def _hold(self, hold: Hold | None, sent: int) -> None:
        if hold and hold.after == sent:
            hold.reached.set()
            self._connection.wait_for(hold.gate)

    def _start_stream(self) -> Callable[[bytes], None]:
        write = self._start(200, {"Content-Type": "text/event-stream; charset=utf-8"})

        def send(data: bytes) -> None:
            self._connection.check()
            write(data)

        return send

    def _start(self, status: int, headers: Mapping[str, str]) -> Callable[[bytes], object]:
        line = f"{status} {HTTP_STATUS_CODES.get(status, 'Unknown')}"
        return self._start_response(
            line, list({"Content-Type": "application/json", **headers}.items())
        )

    def _cut(self) -> None:
        self._exchange.answered()
        msg = "the script cuts the connection here"
        raise CutError(msg)
