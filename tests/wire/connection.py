"""One client's connection: watched for a client that leaves, cut when the script says so."""

from __future__ import annotations

import selectors
import socket
import threading
import time

_TICK = 0.01
"""Seconds between two looks at a gate, or at whether the server is being stopped."""


class ClientClosedError(ConnectionError):
    """The client closed the connection before its answer was complete."""


class CutError(ConnectionError):
    """The server cuts the connection on purpose; werkzeug then closes the socket quietly."""


class Connection:
    """Notices when the client has gone.

    The first write to a socket that the client closed does not fail, so its read side is looked
    at before each write. A client that waits for its answer sends nothing: only its leaving makes
    the socket readable.
    """

    def __init__(self, sock: socket.socket, stopping: threading.Event) -> None:
        """Watch `sock`; `stopping` ends every wait by a `CutError`."""
        self._sock = sock
        self._stopping = stopping
        self._selector = selectors.DefaultSelector()
        self._selector.register(sock, selectors.EVENT_READ)

    def close(self) -> None:
        """Stop watching; the socket itself belongs to the HTTP server."""
        self._selector.close()

    def check(self) -> None:
        """Raise `ClientClosedError` if the client has gone."""
        self._look(0)

    def pause(self, seconds: float) -> None:
        """Wait, but no longer than the client does or the server runs."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._look(min(left, _TICK))

    def wait_for(self, gate: threading.Event) -> None:
        """Wait for a gate to open, but no longer than the client does or the server runs."""
        while not gate.is_set():
            self._look(_TICK)

    def _look(self, seconds: float) -> None:
        if self._selector.select(seconds) and not self._sock.recv(1, socket.MSG_PEEK):
            msg = "the client closed the connection"
            raise ClientClosedError(msg)
        if self._stopping.is_set():
            msg = "the server is being stopped"
            raise CutError(msg)
