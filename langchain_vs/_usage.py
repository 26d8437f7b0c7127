"""Who reports what a model around a model costs: the outer run, and nobody besides.

Usage and cost handlers add up every model run they see. A handler that is inherited sees the run
of the outer model and those inside it, so only one of them may report; and that must be the outer
one, which is all that a handler given to the outer model sees. So the handlers of the outer run are
told of the inner ones without their usage. Handlers of the inner model itself are told all of it.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage
from langchain_core.messages.ai import UsageMetadata, add_usage
from langchain_core.outputs import ChatGeneration, LLMResult


class UsageMeter(BaseCallbackHandler):
    """Adds up the token usage that model runs report, and notes what they answered.

    Attributes:
        usage: The sum so far; None if no run reported any.
        replies: The messages.
    """

    run_inline = True

    def __init__(self) -> None:
        super().__init__()
        self.usage: UsageMetadata | None = None
        self.replies: list[AIMessage] = []
        self._lock = threading.Lock()

    @property
    def ignore_chat_model(self) -> bool:
        """Only the ends of runs count."""
        return True

    def on_llm_end(self, response: LLMResult, **kwargs: Any) -> None:
        """Add what the run reports."""
        for message in filter(None, map(_message_in, response.generations)):
            with self._lock:
                self.replies.append(message)
                if message.usage_metadata:
                    self.usage = add_usage(self.usage, message.usage_metadata)


class WithoutUsage:
    """A handler as another run has it, which is told all of a model's run but its usage.

    It passes for the handler itself wherever LangChain looks for one of some class.

    Args:
        handler: The handler.
    """

    __slots__ = ("_handler",)

    _handler: Any

    def __init__(self, handler: Any) -> None:
        object.__setattr__(self, "_handler", handler)

    @property  # type: ignore[misc]  # what `isinstance` looks at
    def __class__(self) -> Any:
        return type(self._handler)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._handler, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._handler, name, value)

    @property
    def on_llm_end(self) -> Callable[..., Any]:
        """What LangChain calls at the end of a run, a coroutine function if the handler's is."""
        told = self._handler.on_llm_end

        def tell(response: LLMResult, **kwargs: Any) -> Any:
            return told(_without_usage(response), **kwargs)

        async def atell(response: LLMResult, **kwargs: Any) -> Any:
            return await told(_without_usage(response), **kwargs)

        return atell if inspect.iscoroutinefunction(told) else tell

    def copy_with_metadata_defaults(self, **defaults: Any) -> WithoutUsage:
        """What LangChain makes of a tracer for each run.

        Args:
            **defaults: As the tracer takes them.
        """
        return WithoutUsage(self._handler.copy_with_metadata_defaults(**defaults))


@contextmanager
def without_usage(handlers: Sequence[BaseCallbackHandler]) -> Iterator[list[Any]]:
    """Handlers for runs inside the block, which are not told what these cost.

    Some handlers are in context variables, and LangChain adds each to every run that has not that
    very object: the variables hold the new ones meanwhile.

    Args:
        handlers: Those of the run around.
    """
    hidden = [WithoutUsage(handler) for handler in handlers]
    by_id = {id(handler): one for handler, one in zip(handlers, hidden, strict=True)}
    tokens = [
        (variable, variable.set(by_id[id(value)]))
        for variable, value in copy_context().items()
        if id(value) in by_id
    ]
    try:
        yield hidden
    finally:
        for variable, token in tokens:
            variable.reset(token)


def _message_in(row: Sequence[Any]) -> AIMessage | None:
    message = row[0].message if row and isinstance(row[0], ChatGeneration) else None
    return message if isinstance(message, AIMessage) else None


def _has_usage(row: Sequence[Any]) -> bool:
    message = _message_in(row)
    return message is not None and message.usage_metadata is not None


def _without_usage(response: LLMResult) -> LLMResult:
    if not any(map(_has_usage, response.generations)):
        return response
    output = response.llm_output or {}
    return response.model_copy(
        update={
            "generations": [list(map(_bare, row)) for row in response.generations],
            "llm_output": {key: value for key, value in output.items() if key != "token_usage"},
        }
    )


def _bare(generation: Any) -> Any:
    message = generation.message.model_copy(update={"usage_metadata": None})
    return generation.model_copy(update={"message": message})
