"""What an answer says: when two answers are the same, of texts and of typed values alike."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator
from typing import Any

from pydantic import BaseModel, TypeAdapter

from vs_core.values.candidate import Candidate
from vs_core.values.words import normalise

_AROUND = " \t\n\"'`*_(\u201c\u2018\u00ab"
_MEANT = frozenset(".!/~$@#%&?:;,<>|\\+-")
_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)


def said(answer: Candidate[Any]) -> Hashable:
    """What makes two answers the same: of texts the words, of other values the value.

    Typed values are compared as JSON whose keys are sorted, so that the order in which a model
    wrote them makes no difference; the type counts.

    Args:
        answer: A candidate with a value of any kind.

    Example:
        >>> from vs_core import Candidate
        >>> from vs_core.values.said import said
        >>> said(Candidate(value="Ohio.")) == said(Candidate(value=" **ohio**"))
        True
        >>> said(Candidate(value={"a": 1, "b": 2})) == said(Candidate(value={"b": 2, "a": 1}))
        True
    """
    if not isinstance(answer.value, str):
        kind = type(answer.value).__name__
        return kind, json.dumps(as_data(answer.value), ensure_ascii=False, sort_keys=True)
    text = answer.text
    # Marks in front may be part of it (`.NET`, `!x`), quotation marks and emphasis are not.
    front = text.lstrip(_AROUND)[:1]
    return front if front in _MEANT else "", normalise(text)


def as_data(value: Any) -> Any:
    """A value as JSON has it: dictionaries, lists, texts, numbers, true, false and null.

    Args:
        value: Any value; what JSON has no notation for becomes its text.

    Example:
        >>> from vs_core.values.said import as_data
        >>> as_data(("tea", 2, {"hot": True}))
        ['tea', 2, {'hot': True}]
    """
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", fallback=str)
    return _ANYTHING.dump_python(value, mode="json", fallback=str)


def leaves(value: Any) -> Iterator[str]:
    """The texts that a value is made of, without its keys, in the order of the sorted keys.

    Args:
        value: Any value; a text is its own only leaf.

    Example:
        >>> from vs_core.values.said import leaves
        >>> list(leaves({"name": "Ada", "age": 36, "jobs": ["poet", None]}))
        ['36', 'poet', 'null', 'Ada']
    """
    yield from _leaves(as_data(value))


def _leaves(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for key in sorted(data):
            yield from _leaves(data[key])
    elif isinstance(data, list):
        for element in data:
            yield from _leaves(element)
    else:
        yield data if isinstance(data, str) else json.dumps(data)
