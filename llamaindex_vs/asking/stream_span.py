"""Spans around streams, which LlamaIndex's decorator closes before the first item."""

from __future__ import annotations

import inspect
import uuid
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import aclosing, closing, contextmanager
from typing import Any, TypeVar

from llama_index_instrumentation.dispatcher import Dispatcher, active_instrument_tags
from llama_index_instrumentation.events.span import SpanDropEvent
from llama_index_instrumentation.span import active_span_id

Item = TypeVar("Item")


class StreamSpan:
    """One span that lasts as long as a stream is read, and is active only while it is.

    Args:
        dispatcher: Whom to tell.
        instance: Whose stream it is.
        method: Which of its methods gives the stream.
        *args: The arguments of that method, for tracers that show them.
        **kwargs: As above.
    """

    def __init__(
        self, dispatcher: Dispatcher, instance: object, method: str, *args: Any, **kwargs: Any
    ) -> None:
        self._dispatcher = dispatcher
        self._instance = instance
        self._id = f"{type(instance).__name__}.{method}-{uuid.uuid4()}"
        signature = inspect.signature(getattr(instance, method))
        self._arguments = signature.bind_partial(*args, **kwargs)

    def over(self, items: Generator[Item, None, None]) -> Generator[Item, None, None]:
        """The same items, read within the span."""
        with self._lasting(), closing(items):
            while True:
                with self._active():
                    try:
                        item = next(items)
                    except StopIteration:
                        return
                yield item

    async def aover(self, items: AsyncGenerator[Item, None]) -> AsyncGenerator[Item, None]:
        """As `over`, for asynchronous streams."""
        with self._lasting():
            async with aclosing(items):
                while True:
                    with self._active():
                        try:
                            item = await anext(items)
                        except StopAsyncIteration:
                            return
                    yield item

    @contextmanager
    def _lasting(self) -> Iterator[None]:
        about: dict[str, Any] = {
            "id_": self._id,
            "bound_args": self._arguments,
            "instance": self._instance,
        }
        self._dispatcher.span_enter(
            **about, parent_id=active_span_id.get(), tags=active_instrument_tags.get()
        )
        try:
            yield
        except GeneratorExit:
            self._dispatcher.span_exit(**about)
            raise
        except BaseException as error:
            self._dispatcher.event(SpanDropEvent(span_id=self._id, err_str=str(error)))
            self._dispatcher.span_drop(**about, err=error)
            raise
        self._dispatcher.span_exit(**about)

    @contextmanager
    def _active(self) -> Iterator[None]:
        # Between two items the reader's own span is the active one.
        token = active_span_id.set(self._id)
        try:
            yield
        finally:
            active_span_id.reset(token)
