"""The settings reference, read from the code: names, types, limits, defaults and descriptions."""

from __future__ import annotations

import importlib
import inspect
import re
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from vs_core import PromptSettings
from vs_core.adapters import DrawSettings, ExchangeSettings, SelectionSettings
from vs_core.adapters.retrieval import SearchSettings
from vs_core.comparison import ComparisonSettings
from vs_core.tuning import TuningSettings

_TITLE = """\
# Settings

This page tells you what each setting means, which values it takes and what it is by default. It is
made from the code when the site is built. Settings are checked when a component is constructed:
misspelt or contradictory ones are refused there, with a message that names the value and what is
allowed.
"""

_BOUNDS = {"ge": "{} or more", "gt": "above {}", "le": "at most {}", "lt": "below {}"}


DOORS = (
    "vs_core",
    "vs_core.comparison",
    "vs_core.tuning",
    "vs_core.adapters",
    "vs_core.adapters.retrieval",
)


@dataclass(frozen=True)
class Section:
    """The settings that one class declares, or inherits from sets that have no section."""

    heading: str
    settings: type[BaseModel]
    introduction: str


SECTIONS = (
    Section(
        "What is asked",
        PromptSettings,
        "Taken by whatever prompts a model: `VerbalizedSamplingRunnable`, `VerbalizedSampler`, the "
        "chat models, prompts and parsers. Components that decide one of these themselves (a "
        "retriever knows how many rewrites it needs) leave it out.",
    ),
    Section(
        "When a reply falls short",
        ExchangeSettings,
        "Taken besides by whatever makes whole exchanges; what happens then is told in [Reading "
        "replies and failures](../replies.md).",
    ),
    Section(
        "How the one answer is drawn",
        DrawSettings,
        "Taken besides by what answers with a single draw: `ChatVerbalizedSampling`, "
        "`VerbalizedSamplingLLM` and `VerbalizedSamplingSynthesizer`.",
    ),
    Section(
        "Searching with rewrites",
        SearchSettings,
        "Taken by `VerbalizedSamplingRetriever` in both frameworks.",
    ),
    Section(
        "Selecting nodes",
        SelectionSettings,
        "Taken by `VerbalizedSamplingPostprocessor` and `ScoreSamplingPostprocessor`.",
    ),
    Section(
        "Comparing methods",
        ComparisonSettings,
        "Taken by `compare` and `acompare` in both frameworks, beside the settings of exchanges "
        "above; see [Measuring diversity](../measuring.md).",
    ),
    Section(
        "Tuning",
        TuningSettings,
        "Taken by `tune` and `atune` in both frameworks, beside the settings of exchanges above, "
        "which are those of the default; see [Tuning](../tuning.md).",
    ),
)


def settings_page() -> str:
    """The whole page, as Markdown.

    Raises:
        LookupError: A setting is described nowhere.
    """
    shown: set[type[BaseModel]] = set()
    return "\n".join([_TITLE, *(line for section in SECTIONS for line in _section(section, shown))])


def _section(section: Section, shown: set[type[BaseModel]]) -> Iterator[str]:
    """A section, with what stands in none before it; `shown` is told what it shows."""
    kind = section.settings
    declaring = [base for base in _settings_classes(kind) if base not in shown]
    shown.update(declaring)
    entries = [line for base in declaring for line in _entries(base, _slug(kind))]
    yield f"## {section.heading}\n"
    yield f"{section.introduction} In code: [`{kind.__name__}`][{_public_path(kind)}].\n"
    yield from entries


def _settings_classes(kind: type[BaseModel]) -> list[type[BaseModel]]:
    """A class and the sets of settings that it inherits, nearest first."""
    return [base for base in kind.__mro__ if issubclass(base, BaseModel) and base is not BaseModel]


def _entries(kind: type[BaseModel], slug: str) -> Iterator[str]:
    described, types_of = descriptions(kind), typing.get_type_hints(kind)
    for name in inspect.get_annotations(kind):
        field = kind.model_fields.get(name)
        if field is None:
            continue
        if name in described:
            yield from _setting(name, types_of[name], field, described[name], f"{slug}{name}")
        else:
            raise LookupError(f"{kind.__name__}.{name} is described nowhere in its docstring")


def _setting(
    name: str, type_of: Any, field: FieldInfo, description: str, anchor: str
) -> Iterator[str]:
    default = "no default" if field.is_required() else f"default `{_code(field.get_default())}`"
    allowed = ", ".join([_type(type_of), *_limits(field)])
    yield f"### `{name}` {{ #{anchor} }}\n"
    yield f"{allowed}; {default}\n{{ .setting }}\n"
    yield f"{description}\n"


def descriptions(kind: type[BaseModel]) -> dict[str, str]:
    """The entries under `Attributes:` in the docstring of a class.

    Args:
        kind: A class with a docstring in Google style.
    """
    docstring = inspect.cleandoc(kind.__doc__ or "")
    attributes = re.search(r"^Attributes:\n((?: {4}.*\n|\n)*)", f"{docstring}\n", re.MULTILINE)
    entries = re.split(r"^ {4}(?=\w)", attributes[1] if attributes else "", flags=re.MULTILINE)
    pairs = (entry.partition(":") for entry in entries[1:])
    return {name: " ".join(text.split()) for name, _, text in pairs}


def _type(annotation: Any) -> str:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Literal:
        return " · ".join(f"`{_code(value)}`" for value in arguments)
    if origin in {types.UnionType, typing.Union}:
        return " or ".join(map(_type, arguments))
    if annotation is type(None):
        return "`None`"
    if origin is None:
        return f"`{getattr(annotation, '__name__', annotation)}`"
    return f"`{str(annotation).replace('typing.', '')}`"


def _code(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _limits(field: FieldInfo) -> Iterator[str]:
    for constraint in field.metadata:
        for bound, wording in _BOUNDS.items():
            if (limit := getattr(constraint, bound, None)) is not None:
                yield wording.format(f"{limit:g}")


def _public_path(kind: type[BaseModel]) -> str:
    """Where the API reference has the class: at the one door that exports it."""
    for door in DOORS:
        if kind.__name__ in importlib.import_module(door).__all__:
            return f"{door}.{kind.__name__}"
    raise LookupError(f"{kind.__name__} is exported nowhere")


def _slug(kind: type[BaseModel]) -> str:
    """What goes in front of a name so that anchors differ; the common settings need nothing."""
    if issubclass(kind, PromptSettings):
        return ""
    return f"{kind.__name__.removesuffix('Settings').lower()}-"
