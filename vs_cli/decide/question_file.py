"""The questions that `--questions` names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from vs_cli.decide.questions import AskedQuestion, Questions
from vs_cli.errors import MisuseError
from vs_cli.reading import named, read_text, require_whole
from vs_core.decisions import LabelQuestion

_EXAMPLE = '{"urgent": {"type": "noul", "instructions": "Is it urgent?"}}'
_TYPES = ("noul", "choice", "score")


def read_questions(file: str) -> Questions:
    """The questions in a file.

    Args:
        file: Its path; `-` is standard input.

    Raises:
        MisuseError: It cannot be read, or something in it is no question; the message names it.
    """
    try:
        text = read_text(file)
        found = json.loads(text, object_pairs_hook=_each_once)
    except MisuseError as error:
        raise MisuseError(f"--questions: {error}") from error
    except (ValueError, RecursionError) as error:
        raise MisuseError(f"--questions: {named(file)} is no JSON: {error}") from error
    if not isinstance(found, dict) or not found:
        raise MisuseError(
            f"--questions: {named(file)} holds no questions, which stand under an id each, such as "
            f"{_EXAMPLE}"
        )
    each = [
        _question(id_, asked, f"--questions: {named(file)}: {id_!r}")
        for id_, asked in found.items()
    ]
    return Questions(tuple(each), have_ids=True)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"{twice!r} stands twice in one object")
    return dict(pairs)


def _question(id_: str, asked: Any, where: str) -> AskedQuestion:
    type_of = _type(asked, where)
    require_whole(json.dumps([id_, asked], ensure_ascii=False), where)
    try:
        _checked(asked)
        labels, meanings = _labels(type_of, asked)
        LabelQuestion(id=id_, instructions="", labels=tuple(labels.values()))
    except ValidationError as error:
        raise MisuseError(f"{where}: {_said(error)}") from error
    if len(labels) < 2:
        raise MisuseError(f"{where} has one label: give two or more")
    text = _text(asked["instructions"])
    if not text.strip():
        raise MisuseError(f'{where}: "instructions" is empty: write the whole question')
    return AskedQuestion(id_, asked, text, labels, type_of == "score", meanings)


def _type(asked: Any, where: str) -> str:
    if not isinstance(asked, dict):
        raise MisuseError(f"{where} is no question, which is an object: {_EXAMPLE}")
    type_of = asked.get("type")
    if type_of == "box":
        raise MisuseError(
            f"{where} is a box, which asks for a place in an image; what is asked here has labels: "
            'give "noul", "choice" or "score"'
        )
    if not isinstance(type_of, str) or type_of not in _TYPES:
        raise MisuseError(
            f'{where}: "type" is {type_of!r}: give "noul" (yes or no), "choice" (labels) or '
            '"score" (levels)'
        )
    return type_of


def _checked(asked: Mapping[str, Any]) -> None:
    from langchain_core.decisions import Question  # noqa: PLC0415  # older versions have none

    TypeAdapter[Any](Question).validate_python(asked)


def _labels(type_of: str, asked: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """The labels as they are printed, and what is shown beside them."""
    if type_of == "noul":
        return {"yes": "yes", "no": "no"}, {}
    criteria = asked["criteria"]
    if type_of == "choice":
        return {label: label for label in criteria}, {}
    levels = {str(number): _text(meaning) for number, meaning in enumerate(criteria)}
    return {level: level for level in levels}, levels


def _text(content: Any) -> str:
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)


def _said(error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    message = problem["msg"].removeprefix("Value error, ")
    # The first part names the type, which is known.
    place = ".".join(map(str, problem["loc"][1:]))
    return f'"{place}": {message}' if place else message
