"""Steps of an exchange that show as runs of their own in a trace, and call nothing that would.

`Runnable._call_with_config` prepares for nested runs, in a context and by looking at signatures,
which takes longer than either step itself; in asynchronous code also a task for each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from langchain_core.runnables import RunnableConfig
from langchain_core.runnables.config import (
    get_async_callback_manager_for_config,
    get_callback_manager_for_config,
)

Input = TypeVar("Input")
Output = TypeVar("Output")


def run_step(
    work: Callable[[Input], Output],
    given: Input,
    config: RunnableConfig,
    *,
    name: str,
    run_type: str,
) -> Output:
    """Do something, and tell the callbacks of it.

    Args:
        work: What to do.
        given: What to do it with.
        config: Of the run within which it is done.
        name: Of its own run.
        run_type: What kind of run it is.
    """
    manager = get_callback_manager_for_config(config)
    run = manager.on_chain_start(None, given, run_type=run_type, name=name)
    try:
        output = work(given)
    except BaseException as error:
        run.on_chain_error(error)
        raise
    run.on_chain_end(output)
    return output


async def arun_step(
    work: Callable[[Input], Output],
    given: Input,
    config: RunnableConfig,
    *,
    name: str,
    run_type: str,
) -> Output:
    """As `run_step`; the callbacks are awaited."""
    manager = get_async_callback_manager_for_config(config)
    run = await manager.on_chain_start(None, given, run_type=run_type, name=name)
    try:
        output = work(given)
    except BaseException as error:
        await run.on_chain_error(error)
        raise
    await run.on_chain_end(output)
    return output
