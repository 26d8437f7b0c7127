"""What providers report about a reply: how it ended, and what it cost.

Each calls these things otherwise, and frameworks pass on what they are given, in mappings or in
objects, in part or not at all. What cannot be read is None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_ENDINGS = ("finish_reason", "stop_reason", "stopReason", "done_reason", "status")
_CUT = frozenset(
    {
        "content_filter",
        "content_filtered",
        "error_limit",
        "error_toxic",
        "guardrail_intervened",
        "incomplete",
        "length",
        "max_length",
        "max_output_tokens",
        "max_tokens",
        "model_context_window_exceeded",
        "model_length",
        "recitation",
        "spii",
        "token_limit",
    }
)
_REFUSED = frozenset({"refusal", "safety", "prohibited_content", "blocklist"})
_INPUT = (
    *("input_tokens", "prompt_tokens", "prompt_token_count", "prompt_eval_count"),
    *("inputTokens", "input_token_count"),
)
_OUTPUT = (
    *("output_tokens", "completion_tokens", "candidates_token_count", "eval_count"),
    *("outputTokens", "output_token_count"),
)


def field_of(place: Any, key: str) -> Any:
    """A key of a mapping, or an attribute: clients give what they received as either.

    Args:
        place: The mapping or object; None has nothing.
        key: The name.

    Example:
        >>> from vs_core.adapters import field_of
        >>> field_of({"usage": 3}, "usage"), field_of(None, "usage")
        (3, None)
    """
    return place.get(key) if isinstance(place, Mapping) else getattr(place, key, None)


def was_cut(places: Iterable[Any]) -> bool:
    """Whether a reply was ended by a limit, by a filter, or before the model was done.

    Args:
        places: Where a provider may say why the reply ended.

    Example:
        >>> from vs_core.adapters import was_cut
        >>> was_cut([{"finish_reason": "MAX_TOKENS"}]), was_cut([{"finish_reason": "stop"}])
        (True, False)
    """
    return any(ending in _CUT for ending in _endings(places))


def refused(places: Iterable[Any]) -> bool:
    """Whether a provider says that the model refused, in words or not.

    Args:
        places: Where a provider may say why the reply ended.

    Example:
        >>> from vs_core.adapters import refused
        >>> refused([{"stop_reason": "refusal"}])
        True
    """
    return any(ending in _REFUSED for ending in _endings(places))


def reported_refusal(places: Iterable[Any]) -> str:
    """The first words of a refusal that a provider gives apart from the text; empty if none.

    Args:
        places: Messages, content blocks, and whatever else may hold a `refusal`.

    Example:
        >>> from vs_core.adapters import reported_refusal
        >>> reported_refusal([{"type": "refusal", "refusal": "I can't help with that."}])
        "I can't help with that."
    """
    said = (field_of(place, "refusal") for place in places)
    return next((words for words in said if isinstance(words, str) and words), "")


def token_usage(places: Iterable[Any]) -> tuple[int | None, int | None]:
    """Tokens of the prompt and of the reply, each from the first place that tells it.

    Args:
        places: Where a provider may report them.

    Example:
        >>> from vs_core.adapters import token_usage
        >>> token_usage([{"total_cost": 0}, None, {"prompt_tokens": 12}])
        (12, None)
    """
    known = [place for place in places if place is not None]
    return _first_count(known, _INPUT), _first_count(known, _OUTPUT)


def _first_count(places: Iterable[Any], keys: Iterable[str]) -> int | None:
    counts = (_count(field_of(place, key)) for place in places for key in keys)
    return next((count for count in counts if count is not None), None)


def _count(told: Any) -> int | None:
    if isinstance(told, bool) or not isinstance(told, int | float):
        return None
    return int(told) if told >= 0 and told == told // 1 else None


def _endings(places: Iterable[Any]) -> Iterable[str]:
    for place in filter(None, places):
        for key in _ENDINGS:
            told = field_of(place, key)
            if told is not None:
                # An enumeration, or the name of one: `FinishReason.MAX_TOKENS`.
                yield str(getattr(told, "value", told)).rpartition(".")[2].lower()
