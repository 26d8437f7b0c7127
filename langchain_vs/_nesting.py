"""What a model inside a model is given of the run around it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import cast

from langchain_core.callbacks import BaseCallbackHandler, BaseCallbackManager, CallbackManager
from langchain_core.callbacks.manager import BaseRunManager
from langchain_core.runnables import RunnableConfig
from langchain_core.runnables.config import (
    ensure_config,
    get_callback_manager_for_config,
    var_child_runnable_config,
)
from langchain_core.utils.uuid import uuid7

from langchain_vs._usage import UsageMeter, without_usage

NOSTREAM = "nostream"
"""LangGraph leaves runs with this tag out of its stream of messages."""

# These govern calls; all else in a config belongs to one run, or is inherited from it.
_FOR_ALL_CALLS = ("configurable", "max_concurrency", "recursion_limit")

# LangChain gives a chat model's `_generate` no config, and its `_stream` no run either.
_CALLER: ContextVar[RunnableConfig | None] = ContextVar("caller", default=None)


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


def caller_config() -> RunnableConfig:
    """What the model was called with: told by `called_by`, else what LangChain has in store."""
    return _CALLER.get() or ensure_config()


@contextmanager
def nested(
    run: BaseRunManager | None, listener: BaseCallbackHandler | None = None
) -> Iterator[tuple[RunnableConfig, UsageMeter]]:
    """The config for calls inside a chat model's run, and the meter of what they cost.

    The runs of these calls are children of that run, are tagged `nostream`, and report no usage to
    the handlers of that run, which is to report it.

    Args:
        run: The run, if LangChain told; else it is that of the caller.
        listener: A further handler of these calls.
    """
    meter, caller = UsageMeter(), _CALLER.get() or RunnableConfig()
    parent: BaseRunManager | BaseCallbackManager | None = run
    if parent is None and caller:
        parent = cast("CallbackManager", caller["callbacks"])
    # Runs of models have no `get_child` of their own, as LangChain expects no calls inside them.
    manager = CallbackManager([], parent_run_id=run.run_id if run else caller.get("run_id"))
    manager.add_tags([*(parent.inheritable_tags if parent else []), NOSTREAM])
    manager.add_metadata(parent.inheritable_metadata if parent else {})
    settings = {key: value for key, value in caller.items() if key in _FOR_ALL_CALLS}
    config = cast("RunnableConfig", settings | {"callbacks": manager})
    with without_usage(parent.inheritable_handlers if parent else []) as inherited:
        manager.set_handlers([meter, *inherited, *([listener] if listener else [])])
        # What stands in the context is merged into many a call, and has other handlers.
        before = var_child_runnable_config.set(config)
        try:
            yield config, meter
        finally:
            var_child_runnable_config.reset(before)
