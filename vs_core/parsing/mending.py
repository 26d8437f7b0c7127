"""JSON that the incremental reader could not make sense of, mended by json_repair."""

from __future__ import annotations

import json
from typing import Any

from vs_core.parsing.json_items import Written

_LONGEST = 20_000
_DEEPEST = 40


def mended(raw: str) -> Any:
    """The value that json_repair makes of a piece of broken JSON; None if it makes none.

    Long or deep pieces are refused, so that the time taken stays proportional to the reply.
    """
    if len(raw) > _LONGEST or _depth(raw) > _DEEPEST:
        return None
    try:
        json.loads(raw)
    except (ValueError, RecursionError):
        pass
    else:
        # It was well-formed, and what it says is no answer.
        return None
    import json_repair  # noqa: PLC0415  # loaded only by replies that need it

    try:
        value = json_repair.loads(raw)
    except Exception:  # noqa: BLE001  # whatever the library trips over: no JSON to be had here
        return None
    return _as_written(value) if isinstance(value, (dict, list)) else None


def _depth(raw: str) -> int:
    deepest = depth = 0
    for char in raw:
        if char in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "}]":
            depth -= 1
    return deepest


def _as_written(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _as_written(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_written(inner) for inner in value]
    if isinstance(value, str):
        return value
    return Written(json.dumps(value))
