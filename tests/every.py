"""A table that is run in one case, which names each row that fails.

For claims that must hold in the same way for every row: each way to call a component, each setting
that is refused. Fixtures are shared by the rows; what must be new for each stands in `fresh`.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import pytest

Test = Callable[..., Any]
FAILURES = (Exception, pytest.fail.Exception)


def for_every(
    names: str | Sequence[str],
    rows: Iterable[Any],
    ids: Iterable[str] | Callable[[Any], object] | None = None,
    **fresh: Callable[[], AbstractContextManager[Any]],
) -> Callable[[Test], Test]:
    """Run a test with each row, and fail with all rows that it fails for.

    Args:
        names: The parameters that a row gives, as pytest's `parametrize` takes them.
        rows: A value each, or a tuple of several.
        ids: What the rows are called, or what calls a value so; else their values are shown.
        fresh: Parameters that are made anew for each row, by a context manager.

    >>> @for_every("word", ["even", "odd"])
    ... def test_a_word_is_short(word):
    ...     assert len(word) < 4, f"{word} is long"
    >>> test_a_word_is_short()
    Traceback (most recent call last):
    ...
    AssertionError: fails for 1 of 2:
    row 0, word='even': AssertionError: even is long
    """
    parameters = [n.strip() for n in names.split(",")] if isinstance(names, str) else [*names]
    table = _table(parameters, rows, ids)

    def decorate(test: Test) -> Test:
        if inspect.iscoroutinefunction(test):

            @functools.wraps(test)
            async def run_all_async(*own: Any, **fixtures: Any) -> None:
                failures = {}
                for name, row in table:
                    with ExitStack() as stack:
                        made = {key: stack.enter_context(make()) for key, make in fresh.items()}
                        try:
                            await test(*own, **fixtures, **row, **made)
                        except FAILURES as error:
                            failures[name] = error
                _tell(failures, len(table))

            return _without(run_all_async, {*parameters, *fresh})

        @functools.wraps(test)
        def run_all(*own: Any, **fixtures: Any) -> None:
            failures = {}
            for name, row in table:
                with ExitStack() as stack:
                    made = {key: stack.enter_context(make()) for key, make in fresh.items()}
                    try:
                        test(*own, **fixtures, **row, **made)
                    except FAILURES as error:
                        failures[name] = error
            _tell(failures, len(table))

        return _without(run_all, {*parameters, *fresh})

    return decorate


def _table(
    parameters: list[str],
    rows: Iterable[Any],
    ids: Iterable[str] | Callable[[Any], object] | None,
) -> list[tuple[str, dict[str, Any]]]:
    """The name of each row, and its arguments."""
    table = [
        dict(zip(parameters, row if len(parameters) > 1 else [row], strict=True)) for row in rows
    ]
    if ids is not None and not callable(ids):
        return list(zip(ids, table, strict=True))
    shown = _shown if ids is None else ids
    named = [", ".join(f"{key}={shown(value)}" for key, value in row.items()) for row in table]
    return [
        (f"row {n}, {name}", row) for n, (name, row) in enumerate(zip(named, table, strict=True))
    ]


def _shown(value: Any) -> str:
    return str(getattr(value, "__name__", None) or repr(value))


def _without(test: Test, given: set[str]) -> Test:
    """The test as pytest is to see it: without the parameters that the table gives."""
    signature = inspect.signature(test)
    kept = [p for name, p in signature.parameters.items() if name not in given]
    if missing := given - set(signature.parameters):
        raise TypeError(f"{test.__name__} takes no {', '.join(sorted(missing))}")
    test.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
    return test


def _tell(failures: Mapping[str, BaseException], rows: int) -> None:
    if failures:
        told = [f"{name}: {type(error).__name__}: {error}" for name, error in failures.items()]
        message = "\n".join([f"fails for {len(failures)} of {rows}:", *told])
        raise AssertionError(message) from next(iter(failures.values()))
    assert rows, "an empty table shows nothing"
