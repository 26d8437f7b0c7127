"""Candidates while they are written, on LangGraph's custom stream."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextvars import copy_context
from typing import Any, TypeVar
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.outputs import ChatGenerationChunk
from langchain_core.runnables import RunnableConfig
from langchain_core.runnables.config import var_child_runnable_config

from langchain_vs._convert import PieceReader
from langchain_vs._drawn import DISTRIBUTION
from vs_core import Candidate, PromptSettings
from vs_core.adapters import IncomingReply, ReplyPiece, expect_reply

Write = Callable[[Any], None]

_STREAM = TypeVar("_STREAM")
_SHOWN = {"value", "stated", "raw_probability", "reasoning"}


def graph_writer(config: RunnableConfig) -> Write | None:
    """What writes to the custom stream of the graph that a call is made in, None outside of one.

    LangGraph looks for the graph in the context, where asynchronous calls of Python 3.10 have
    none: there the config must have been passed on by hand.

    Args:
        config: What the call was made with.
    """
    if "langgraph.config" not in sys.modules:
        return None  # No graph can be running.
    from langgraph.config import get_stream_writer  # noqa: PLC0415

    def with_config(function: Callable[..., Any], *args: Any) -> Any:
        var_child_runnable_config.set(config)
        return function(*args)

    try:
        write = copy_context().run(with_config, get_stream_writer)
    except (KeyError, RuntimeError):
        return None
    # It looks again whenever it writes, and calls inside have other configs.
    return lambda event: copy_context().run(with_config, write, event)


class CandidateListener(BaseCallbackHandler):
    """Reads the replies of model runs while they arrive, and writes each candidate that is found.

    LangChain streams a model that is invoked if one of its handlers has `tap_output_iter`; the
    cache is asked first, and a retry or a fallback is one more run.

    Args:
        settings: What is asked in these runs.
        write: Takes each event.
    """

    run_inline = True

    def __init__(self, settings: PromptSettings, write: Write) -> None:
        super().__init__()
        self._settings = settings
        self._write = write
        self._readings: dict[UUID, tuple[IncomingReply, PieceReader]] = {}
        self._written: Counter[tuple[str, str | None]] = Counter()
        self._lock = threading.Lock()

    def on_chat_model_start(self, *args: Any, run_id: UUID, **kwargs: Any) -> None:
        """Begin to read."""
        self._readings[run_id] = (expect_reply(self._settings), PieceReader())

    def on_llm_new_token(self, *args: Any, run_id: UUID, chunk: Any = None, **kwargs: Any) -> None:
        """Read on."""
        if run_id in self._readings and isinstance(chunk, ChatGenerationChunk):
            reply, pieces = self._readings[run_id]
            self._show(reply.feed(pieces.read(chunk.message)))

    def on_stream_event(self, event: Mapping[str, Any], *, run_id: UUID, **kwargs: Any) -> None:
        """Read on, where LangChain streams events in place of chunks."""
        delta = event.get("delta") or {}
        if run_id in self._readings and delta.get("type") == "text-delta":
            self._show(self._readings[run_id][0].feed(ReplyPiece(text=delta["text"])))

    def on_llm_end(self, *args: Any, run_id: UUID, **kwargs: Any) -> None:
        """What only the end completes is told by `show_rest`."""
        self._readings.pop(run_id, None)

    def on_llm_error(self, *args: Any, run_id: UUID, **kwargs: Any) -> None:
        """Forget the reply."""
        self._readings.pop(run_id, None)

    def tap_output_iter(self, run_id: UUID, output: _STREAM) -> _STREAM:
        """Leave a stream as it is."""
        return output

    def tap_output_aiter(self, run_id: UUID, output: _STREAM) -> _STREAM:
        """Leave a stream as it is."""
        return output

    def show_rest(self, candidates: Iterable[Candidate[Any]]) -> None:
        """Write those that have not been written yet, as in a reply that did not arrive in pieces.

        Args:
            candidates: All that have been received.
        """
        rest = []
        for candidate in candidates:
            key = (candidate.text, candidate.raw_probability)
            if self._written[key] > 0:
                self._written[key] -= 1
            else:
                rest.append(candidate)
        self._show(rest)

    def _show(self, candidates: Iterable[Candidate[Any]]) -> None:
        for candidate in candidates:
            with self._lock:
                self._written[candidate.text, candidate.raw_probability] += 1
            self._write({DISTRIBUTION: candidate.model_dump(mode="json", include=_SHOWN)})
