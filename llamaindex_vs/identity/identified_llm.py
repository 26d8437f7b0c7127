"""Which model a component asks, as its dump tells it: enough to tell models apart, and no key."""

from __future__ import annotations

from typing import Annotated, Any

from llama_index.core.llms.llm import LLM
from pydantic import BaseModel, BeforeValidator, PlainSerializer

from llamaindex_vs.identity.fingerprint import (
    content_of_kind,
    fingerprint,
    named_contents,
    qualified_name,
)
from llamaindex_vs.identity.secrets import without_secrets
from llamaindex_vs.pydantic_internals import fields_of, private_attributes_of

_SAMPLING = (
    "frequency_penalty",
    "max_completion_tokens",
    "max_new_tokens",
    "max_output_tokens",
    "max_tokens",
    "min_p",
    "presence_penalty",
    "reasoning_effort",
    "repeat_penalty",
    "repetition_penalty",
    "seed",
    "temperature",
    "top_k",
    "top_p",
    "typical_p",
)
"""Settings that are told as they are; all others are in the digest."""


def identity(llm: LLM | None) -> dict[str, Any] | None:
    """What tells a model from another: the same in every process, whatever key it has.

    The class, the model's name, the usual sampling settings, and a digest of all other fields.
    Those called as secrets are (keys, tokens, headers) are left out of the digest, too. Private
    attributes are what a model has done and not what it is, except for models held in them.

    Args:
        llm: The model.
    """
    return None if llm is None else _identity(llm, frozenset({id(llm)}))


@content_of_kind.register(LLM)
def _identity(llm: LLM, within: frozenset[int]) -> dict[str, Any]:
    fields = fields_of(llm)
    told = {name: fields[name] for name in _SAMPLING if _is_scalar(fields.get(name))}
    rest = [(name, value) for name, value in fields.items() if name not in told]
    return {
        "class": qualified_name(type(llm)),
        "model_name": _model_name(llm, fields),
        **told,
        "digest": fingerprint(named_contents([*rest, *_held(llm)], within)),
    }


def _model_name(llm: LLM, fields: dict[str, Any]) -> str | None:
    name: object
    try:
        name = llm.metadata.model_name
    except Exception:  # noqa: BLE001  # integrations refuse names whose context they do not know
        name = fields.get("model") or fields.get("model_name")
    return without_secrets(name) if isinstance(name, str) else None


def _held(llm: LLM) -> list[tuple[str, Any]]:
    """Models in private attributes, as `LangChainLLM` has one."""
    private = private_attributes_of(llm).items()
    return [(name, value) for name, value in private if _is_model(value)]


def _is_model(value: Any) -> bool:
    return isinstance(value, BaseModel) and (isinstance(value, LLM) or hasattr(value, "invoke"))


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (bool, int, float, str))


def refuse_dump(llm: Any) -> Any:
    """Whatever is given for a model, unless it is what a dump has in place of one.

    Args:
        llm: What is given.
    """
    if isinstance(llm, dict) and "digest" in llm:
        raise ValueError(  # pydantic turns a ValueError into its own
            "a dump tells which model was asked, and has not the model itself: give one that is "
            "made anew, as in from_dict(dump, llm=...)"
        )
    return llm


IdentifiedLLM = Annotated[LLM, BeforeValidator(refuse_dump), PlainSerializer(identity)]
"""A model; a dump of what holds it has its `identity`."""
