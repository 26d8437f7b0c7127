"""The choices of a router, as labels of a question. Pure: no I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence

from llama_index.core.tools import ToolMetadata
from llama_index.core.tools.query_engine import DEFAULT_NAME as DEFAULT_ENGINE_NAME
from llama_index.core.tools.retriever_tool import DEFAULT_NAME as DEFAULT_RETRIEVER_NAME

from vs_core import PromptError
from vs_core.decisions import LabelQuestion

ROUTE = "route"
"""What the question is called in a reply."""

_DEFAULT_NAMES = {DEFAULT_ENGINE_NAME, DEFAULT_RETRIEVER_NAME}
_PLAIN_NAME = re.compile(r"\w(?:[\w .-]{0,62}\w)?")


def route_question(choices: Sequence[ToolMetadata], instructions: str) -> LabelQuestion:
    """The question which of some choices a query belongs to; its labels are in their order.

    The labels are the names of the tools if each has one of its own that cannot be mistaken, else
    numbers from 1, as LlamaIndex's own selectors have them.

    Args:
        choices: The choices.
        instructions: Says what to choose by.

    Raises:
        PromptError: There is no choice, or one of which nothing is said.
    """
    if not choices:
        raise PromptError("there is nothing to choose from: give the selector one choice or more")
    names = [_own_name(choice) for choice in choices]
    told = [_described(choice) for choice in choices]
    for number, (name, meaning) in enumerate(zip(names, told, strict=True), start=1):
        if not (name or meaning):
            raise PromptError(
                f"choice {number} has neither a description nor a name of its own: say in its "
                "description what it is for"
            )
    if _are_labels(names):
        labels, meanings = names, [meaning or None for meaning in told]
    else:
        labels = [str(number) for number in range(1, len(choices) + 1)]
        meanings = [meaning or name for name, meaning in zip(names, told, strict=True)]
    return LabelQuestion(
        id=ROUTE, instructions=instructions, labels=tuple(labels), descriptions=tuple(meanings)
    )


def _are_labels(names: Sequence[str]) -> bool:
    """Whether names can stand for their choices in a reply; a blank one cannot.

    Each must have a letter, so that it is not taken for a number; no marks, so that it is not
    taken for notation; and other letters and digits than the rest, as models change case and
    punctuation.
    """
    said = {"".join(filter(str.isalnum, name.casefold())) for name in names}
    return len(said) == len(names) and all(
        _PLAIN_NAME.fullmatch(name) and any(map(str.isalpha, name)) for name in names
    )


def _own_name(choice: ToolMetadata) -> str:
    """The name that was given to a choice; blank if there is none, or LlamaIndex's default."""
    name = (choice.name or "").strip()
    return "" if name in _DEFAULT_NAMES else name


def _described(choice: ToolMetadata) -> str:
    """What is said of a choice, in one line, as LlamaIndex's own selectors show it."""
    return " ".join((choice.description or "").splitlines()).strip()
