"""The head of a journal: who answered, and with which settings."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from vs_core.journal.lines import FORMAT

KIND = "kind"
"""Name of the entry that says what the records are; those of a comparison have none."""

_VERSION = 1


def head_of(settings: Mapping[str, Any], hide: Callable[[str], str]) -> dict[str, Any]:
    """A head as it will be read back.

    Args:
        settings: What has to be the same for all that stands in one journal.
        hide: Takes out of a text what must not stand in a file.
    """
    head: dict[str, Any] = json.loads(hide(json.dumps({FORMAT: _VERSION, **settings})))
    return head


def difference(
    then: Mapping[str, Any], now: Mapping[str, Any], within: str = ""
) -> tuple[str, str] | None:
    """The first setting that differs, in words, as the one head has it and as the other.

    What a head does not mention was left to the provider: it is as good as None. A setting that
    consists of several is compared part by part.

    Args:
        then: The head in the file.
        now: The head that a run would write.
        within: What goes in front of the names, for parts of a setting.
    """
    for name in {**now, **then}:
        before, after = then.get(name), now.get(name)
        if before == after:
            continue
        parts = [value for value in (before, after) if value is not None]
        if all(isinstance(value, dict) for value in parts):
            found = difference(before or {}, after or {}, f"{within}{name}.")
            if found is None:
                continue
            return found
        return _in_words(f"{within}{name}", before), _in_words(f"{within}{name}", after)
    return None


def _in_words(name: str, value: Any) -> str:
    if name == "model" and value is None:
        return "the simulated model"
    return f"no {name}" if value is None else f"{name} {value}"
