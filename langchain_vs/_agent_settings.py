"""The settings of the middleware, and what the runtime context of a request says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, field_validator

from langchain_vs._drawn import DISTRIBUTION
from vs_core import Method, PromptSettings
from vs_core.adapters import RequestOptions

Select = Literal["sample", "best"]

_METHODS_OF_ONE_CALL = ("standard", "cot")
_KEY = f"context[{DISTRIBUTION!r}]"


class AgentOptions(RequestOptions, total=False):
    """The settings of a prompt that `VerbalizedSamplingMiddleware` takes."""

    k: int
    method: Method


class AgentSettings(PromptSettings):
    """The settings, validated under the name that users know."""

    model_config = ConfigDict(title="VerbalizedSamplingMiddleware", frozen=True, extra="forbid")

    select: Select
    seed: int | None
    keep_replies: bool
    stream_candidates: bool

    @field_validator("method")
    @classmethod
    def _one_call_gives_a_distribution(cls, method: Method) -> Method:
        if method not in _METHODS_OF_ONE_CALL:
            reason = (
                "needs several calls, and an agent's turn has one"
                if method in {"multi", "direct"}
                else "asks for no probabilities to draw by"
            )
            raise ValueError(f"method={method!r} {reason}: take 'standard' or 'cot'")
        return method


class _RequestSettings(AgentSettings):
    """Those of one request."""

    model_config = ConfigDict(title=_KEY)

    enabled: bool = True


def settings_for(context: Any, settings: AgentSettings) -> AgentSettings | None:
    """The settings of a request; None if verbalized sampling is off for it.

    Args:
        context: The runtime context: a mapping or an object, which may have the key or attribute
            `verbalized_sampling`.
        settings: Those of the middleware.

    Raises:
        pydantic.ValidationError: The context says what no setting may be.
    """
    if isinstance(context, Mapping):
        is_given, given = DISTRIBUTION in context, context.get(DISTRIBUTION)
    else:
        is_given, given = hasattr(context, DISTRIBUTION), getattr(context, DISTRIBUTION, None)
    if not is_given:
        return settings
    if given is None or given is False:
        return None
    named = {} if given is True else _named(given)
    if not isinstance(named, dict):
        return _RequestSettings.model_validate(named)
    request = _RequestSettings.model_validate({**_own(settings), **named})
    return request if request.enabled else None


def _own(settings: AgentSettings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in AgentSettings.model_fields}


def _named(given: Any) -> Any:
    """The settings by name; what has none as it is, to be refused."""
    if isinstance(given, Mapping):
        return dict(given)
    if isinstance(given, BaseModel):
        return {name: getattr(given, name) for name in given.model_fields_set}
    if is_dataclass(given) and not isinstance(given, type):
        return {field.name: getattr(given, field.name) for field in fields(given)}
    return given
