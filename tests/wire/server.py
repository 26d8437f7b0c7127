"""An OpenAI-compatible server on the loopback interface, for tests and benchmarks.

Built on werkzeug's development server: it runs in a plain thread beside sync and async tests
alike, and gives each request its socket, so that a connection can really be cut in mid-stream
(ASGI servers hide the socket and need an event loop of their own).

    with serve("first reply", Reply("second", chunk_size=3), Fault(500)) as server:
        ChatOpenAI(model="test", base_url=server.url, api_key="test").invoke("Hello")
        assert server.requests[0].messages == [{"role": "user", "content": "Hello"}]

Every connection is closed after its answer, so that clients keep no open sockets. In another
process: `python -m tests.wire.server` prints the base URL and answers until interrupted.
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from typing_extensions import override
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from tests.wire.application import Application
from tests.wire.record import Record, RecordedRequest
from tests.wire.script import Drop, Fault, Hold, Message, Reply, Responder, Script, Step, ToolCall

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = [
    "Drop",
    "Fault",
    "Hold",
    "Message",
    "RecordedRequest",
    "Reply",
    "Responder",
    "Step",
    "ToolCall",
    "WireServer",
    "serve",
]

_HOST = "127.0.0.1"
_POLL = 0.004
"""Seconds between two looks at whether the server is to stop."""


class _QuietHandler(WSGIRequestHandler):
    """Speaks HTTP/1.1 (needed for chunked bodies), logs nothing, and never reuses a cut socket."""

    protocol_version = "HTTP/1.1"

    @override
    def connection_dropped(
        self, error: BaseException, environ: WSGIEnvironment | None = None
    ) -> None:
        """Close the socket, also when the connection was cut before any header was sent."""
        self.close_connection = True

    @override
    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing: what happened stands in the record."""


class WireServer:
    """A running server: its address, its script, and what it saw."""

    def __init__(self, script: Script, record: Record, port: int) -> None:
        """Serve on 127.0.0.1 at this port."""
        self._script = script
        self._record = record
        self.url = f"http://{_HOST}:{port}/v1"

    def add(self, *steps: str | Step) -> None:
        """Append to the script; a string is short for a `Reply` with that text."""
        self._script.add(*steps)

    def respond_with(self, responder: Responder) -> None:
        """Let `responder` answer, from the messages, whatever the script's steps do not."""
        self._script.responder = responder

    @property
    def pending(self) -> int:
        """How many steps of the script were not used yet."""
        return len(self._script)

    @property
    def requests(self) -> list[RecordedRequest]:
        """All requests, answered or not, in the order of their arrival."""
        return self._record.requests

    @property
    def max_concurrent(self) -> int:
        """The highest number of requests that were being answered at one time."""
        return self._record.max_concurrent

    @property
    def closed_early(self) -> bool:
        """Whether a client closed its connection before the answer was complete.

        The server sees it a moment after the client did it: call `wait_until_idle` first.
        """
        return self._record.early_closes > 0

    def wait_until_idle(self, timeout: float = 5.0) -> bool:
        """Wait until no request is being handled; False if that took over `timeout` seconds."""
        return self._record.wait_until_idle(timeout)


@contextmanager
def serve(
    *steps: str | Step, responder: Responder | None = None, port: int = 0
) -> Iterator[WireServer]:
    """Run a server in a thread of this process; port 0 takes a free one.

    Steps are used up in order; after them `responder` answers, or a 500 "script exhausted".
    Leaving the block cuts what is still being answered, and ends the thread.
    """
    script, record, stopping = Script(*steps, responder=responder), Record(), threading.Event()
    application = Application(script, record, stopping)
    http = make_server(_HOST, port, application, threaded=True, request_handler=_QuietHandler)
    thread = threading.Thread(target=http.serve_forever, args=(_POLL,), name="wire", daemon=True)
    thread.start()
    try:
        yield WireServer(script, record, http.port)
    finally:
        stopping.set()
        _stop(http, thread, record)


def _stop(http: BaseWSGIServer, thread: threading.Thread, record: Record) -> None:
    http.shutdown()
    thread.join()
    http.server_close()
    record.wait_until_idle(timeout=5.0)


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve one fixed text until interrupted, after printing the base URL."""
    parser = argparse.ArgumentParser(prog="python -m tests.wire.server", description=main.__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--text", default="Hello from the wire.", help="the reply to everything")
    options = parser.parse_args(arguments)
    try:
        with serve(responder=lambda _: options.text, port=options.port) as server:
            sys.stdout.write(f"{server.url}\n")
            sys.stdout.flush()
            threading.Event().wait()
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
