"""Distributions as they cross from one process to another: as JSON, with typed values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.schema import adapter_of

Distribution = VerbalizedDistribution[Any]


def to_json(distribution: Distribution) -> str:
    """Write a distribution so that `from_json` can read it.

    Args:
        distribution: The distribution.
    """
    return distribution.model_dump_json(by_alias=True, round_trip=True)


def from_json(text: str, value_schema: Any = None) -> Distribution:
    """Read a distribution, its values as what they were.

    Args:
        text: What `to_json` wrote.
        value_schema: The type of the values; None, or a JSON schema, for plain ones.

    A value that its type writes otherwise than it reads stays plain data: it has been paid for.

    Example:
        >>> from datetime import date
        >>> from vs_core import Candidate, VerbalizedDistribution
        >>> from vs_core.generation.ray.crossing import from_json, to_json
        >>> landing = Candidate(value=date(1969, 7, 20), stated=0.9)
        >>> from_json(to_json(VerbalizedDistribution(candidates=(landing,))), date).values
        [datetime.date(1969, 7, 20)]
    """
    plain: Distribution = VerbalizedDistribution.model_validate_json(text)
    if value_schema is None or isinstance(value_schema, Mapping):
        return plain
    typed = [
        candidate.model_copy(update={"value": _typed(candidate.value, value_schema)})
        for candidate in plain.candidates
    ]
    return VerbalizedDistribution(candidates=tuple(typed), trace=plain.trace)


def _typed(value: Any, value_schema: Any) -> Any:
    try:
        return adapter_of(value_schema).validate_json(json.dumps(value))
    except ValidationError:
        return value
