"""What a model inside a model is given of the run around it, and what it cost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler, BaseCallbackManager, CallbackManager
from langchain_core.callbacks.manager import BaseRunManager
from langchain_core.messages import AIMessage
from langchain_core.messages.ai import UsageMetadata, add_usage
from langchain_core.outputs import ChatGeneration, LLMResult
from langchain_core.runnables import RunnableConfig
from langchain_core.runnables.config import ensure_config, get_callback_manager_for_config
from langchain_core.utils.uuid import uuid7

NOSTREAM = "nostream"
"""LangGraph leaves runs with this tag out of its stream of messages."""

# These govern calls; all else in a config belongs to one run, or is inherited from it.
_FOR_ALL_CALLS = ("configurable", "max_concurrency", "recursion_limit")

# LangChain gives a chat model's `_generate` no config, and its `_stream` no run either.
_CALLER: ContextVar[RunnableConfig | None] = ContextVar("caller", default=None)


class UsageMeter(BaseCallbackHandler):
    """Adds up the token usage that model runs report.

    Attributes:
        usage: The sum so far; None if no run reported any.
    """

    run_inline = True

    def __init__(self) -> None:
        super().__init__()
        self.usage: UsageMetadata | None = None
        self._lock = threading.Lock()

    @property
    def ignore_chat_model(self) -> bool:
        """Only the ends of runs count."""
        return True

    def on_llm_end(self, response: LLMResult, **kwargs: Any) -> None:
        """Add what the run reports."""
        for generation in (generations[0] for generations in response.generations if generations):
            if isinstance(generation, ChatGeneration) and isinstance(generation.message, AIMessage):
                with self._lock:
                    if generation.message.usage_metadata:
                        self.usage = add_usage(self.usage, generation.message.usage_metadata)


def as_caller(config: RunnableConfig | None) -> RunnableConfig:
    """A config whose run is known before it begins, so that others can be nested in it.

    Args:
        config: What the model was called with.
    """
    config = ensure_config(config)
    manager = get_callback_manager_for_config(config)
    return {**config, "callbacks": manager, "run_id": config.get("run_id") or uuid7()}


@contextmanager
def called_by(caller: RunnableConfig) -> Iterator[None]:
    """Let calls inside the block be nested in the run of `as_caller`'s config."""
    token = _CALLER.set(caller)
    try:
        yield
    finally:
        _CALLER.reset(token)


def nested_config(run: BaseRunManager | None) -> tuple[RunnableConfig, UsageMeter]:
    """The config for calls inside a chat model's run, and the meter of what they cost.

    The runs of these calls are children of that run and are tagged `nostream`.

    Args:
        run: The run, if LangChain told; else it is that of the caller.
    """
    meter, caller = UsageMeter(), _CALLER.get() or RunnableConfig()
    config = {key: value for key, value in caller.items() if key in _FOR_ALL_CALLS}
    config |= {"tags": [NOSTREAM], "callbacks": [meter]}
    if run:
        config["callbacks"] = _children(run, run.run_id, meter)
    elif caller:
        manager = cast("CallbackManager", caller["callbacks"])
        config["callbacks"] = _children(manager, caller["run_id"], meter)
    return cast("RunnableConfig", config), meter


def _children(
    parent: BaseRunManager | BaseCallbackManager, run_id: UUID | None, meter: UsageMeter
) -> CallbackManager:
    # Runs of models have no `get_child` of their own, as LangChain expects no calls inside them.
    manager = CallbackManager([], parent_run_id=run_id)
    manager.set_handlers([*parent.inheritable_handlers, meter])
    manager.add_tags(parent.inheritable_tags)
    manager.add_metadata(parent.inheritable_metadata)
    return manager
