"""Runs in a trace: of an exchange, and of those of its steps that call nothing.

`Runnable._call_with_config` finds out by their signatures what functions take, and prepares for
nested runs, in asynchronous code by a task. That took longer than placing an instruction or reading
a reply does.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import cached_property
from typing import Any, TypeVar

from langchain_core.callbacks import AsyncCallbackManager, CallbackManager
from langchain_core.runnables import RunnableConfig
from langchain_core.runnables.config import (
    ensure_config,
    get_async_callback_manager_for_config,
    get_callback_manager_for_config,
    patch_config,
    set_config_context,
)
from langchain_core.runnables.utils import coro_with_context

Input = TypeVar("Input")
Output = TypeVar("Output")


def run_around(
    work: Callable[[Input, RunnableConfig], Output],
    given: Input,
    config: RunnableConfig | None,
    *,
    name: str,
) -> Output:
    """Do something that runs other things, whose runs show within its own.

    Args:
        work: What to do; it is given the config for what it runs.
        given: What to do it with.
        config: As for any Runnable.
        name: Of its run, if the config has none.
    """
    config = ensure_config(config)
    manager = get_callback_manager_for_config(config)
    run_id = config.pop("run_id", None)
    run = manager.on_chain_start(None, given, name=config.get("run_name") or name, run_id=run_id)
    try:
        inner = patch_config(config, callbacks=run.get_child())
        with set_config_context(inner) as context:
            output = context.run(work, given, inner)
    except BaseException as error:
        run.on_chain_error(error)
        raise
    run.on_chain_end(output)
    return output


async def arun_around(
    work: Callable[[Input, RunnableConfig], Coroutine[Any, Any, Output]],
    given: Input,
    config: RunnableConfig | None,
    *,
    name: str,
) -> Output:
    """As `run_around`, without blocking."""
    config = ensure_config(config)
    manager = get_async_callback_manager_for_config(config)
    run_id = config.pop("run_id", None)
    run = await manager.on_chain_start(
        None, given, name=config.get("run_name") or name, run_id=run_id
    )
    try:
        inner = patch_config(config, callbacks=run.get_child())
        with set_config_context(inner) as context:
            output: Output = await coro_with_context(work(given, inner), context)
    except BaseException as error:
        await run.on_chain_error(error)
        raise
    if run.handlers:
        await run.on_chain_end(output)
    return output


class Steps:
    """Tells the callbacks of a run, if there are any, of what is done within it.

    Args:
        config: Of the run.
    """

    def __init__(self, config: RunnableConfig) -> None:
        self._config = config

    def run(
        self, work: Callable[[Input], Output], given: Input, *, name: str, run_type: str
    ) -> Output:
        """Do something, as a run of its own.

        Args:
            work: What to do; it calls nothing that has a run.
            given: What to do it with.
            name: Of its run.
            run_type: What kind of run it is.
        """
        if not self._manager.handlers:
            return work(given)
        run = self._manager.on_chain_start(None, given, run_type=run_type, name=name)
        try:
            output = work(given)
        except BaseException as error:
            run.on_chain_error(error)
            raise
        run.on_chain_end(output)
        return output

    async def arun(
        self, work: Callable[[Input], Output], given: Input, *, name: str, run_type: str
    ) -> Output:
        """As `run`; the callbacks are awaited."""
        if not self._async_manager.handlers:
            return work(given)
        run = await self._async_manager.on_chain_start(None, given, run_type=run_type, name=name)
        try:
            output = work(given)
        except BaseException as error:
            await run.on_chain_error(error)
            raise
        await run.on_chain_end(output)
        return output

    @cached_property
    def _manager(self) -> CallbackManager:
        return get_callback_manager_for_config(self._config)

    @cached_property
    def _async_manager(self) -> AsyncCallbackManager:
        return get_async_callback_manager_for_config(self._config)
