"""The wordings that `benchmarks/prompts.py` compares.

`standard` and `simple` are the package's own. The others are built here from the package's
sentences, so that they differ in what is compared and in nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from vs_core import Layout, PromptSettings, instruction
from vs_core.prompts import wording

ALL_TASKS = ("standard", "tail", "cot", "multi", "sequence")
NAMED_WITHOUT_NUMBER: dict[Layout, str] = {
    "xml": (
        "Return each within a separate <response> tag, with a <text> (the response alone). "
        "Output only the tags."
    ),
    "json": (
        'Return a JSON object with the key "responses": a list of strings, each the response '
        "alone. Output only the JSON."
    ),
    "lines": "Return a numbered line for each, such as `1. text`. Output only these lines.",
}
NAMED: dict[Layout, str] = {
    "xml": (
        "Return each within a separate <response> tag, with a <text> (the response alone) and a "
        "numeric <{field}>: {definition}. Output only the tags."
    ),
    "json": (
        'Return a JSON object with the key "responses": a list of objects, each with "text" (the '
        'response alone) and "{field}": {definition}. Output only the JSON.'
    ),
    "lines": (
        "Return a numbered line for each, such as `1. (0.12) text`, with in parentheses the "
        "{field}: {definition}. Output only these lines."
    ),
}
EXAMPLES: dict[Layout, str] = {
    "xml": "<response><text>an example</text><probability>0.12</probability></response>",
    "json": '{"responses": [{"text": "an example", "probability": 0.12}, ...]}',
    "lines": "1. (0.12) an example",
}


@dataclass(frozen=True)
class Wording:
    """One way of asking.

    Attributes:
        text: Its instruction, for the settings of a trial.
        settings: Settings that it needs.
        layouts: The layouts that it can ask for.
        tasks: What it can ask for.
    """

    text: Callable[[PromptSettings], str]
    settings: dict[str, Any] = field(default_factory=dict)
    layouts: tuple[Layout, ...] = ("xml", "json", "lines")
    tasks: tuple[str, ...] = ("standard", "tail")


def named(settings: PromptSettings) -> str:
    """The notation named in sentences, and no form shown: how the package asked at first."""
    task = f"Generate {settings.call_size} responses to the input prompt."
    if settings.method == "multi":
        task = (
            f"You will generate a total of {settings.k} responses to the input prompt. First, "
            f"sample {settings.call_size} responses."
        )
    reasoning = wording.REASONING[settings.layout] if settings.method == "cot" else ""
    notation = NAMED if settings.asks_for_probability else NAMED_WITHOUT_NUMBER
    definition = settings.asked_definition
    said = notation[settings.layout].format(
        field=wording.FIELD_NAMES[definition], definition=wording.DEFINITIONS[definition]
    )
    region = _region(settings) if settings.asks_for_probability else ""
    return " ".join(part for part in (task, reasoning, said, region) if part)


def exemplified(settings: PromptSettings) -> str:
    """The same with one response filled in."""
    return f"{named(settings)}\nFor example:\n{EXAMPLES[settings.layout]}"


@dataclass(frozen=True)
class Form:
    """A form to fill in, and what is said around it.

    Attributes:
        line: One response of the form, for each layout.
        opening: What stands in front of it.
        ending: What stands behind it, if anything.
        most: Most responses that are written out.
    """

    line: dict[Layout, str]
    opening: str
    ending: str = ""
    most: int = 5

    def __call__(self, settings: PromptSettings) -> str:
        """The instruction."""
        layout = settings.layout
        shown = range(1, min(settings.call_size, self.most) + 1)
        lines = [self.line[layout].replace("$n", str(n)) for n in shown]
        form = (",\n" if layout == "json" else "\n").join(lines)
        form = wording.FORM_AROUND[layout].substitute(responses=form)
        definition = settings.asked_definition
        number = wording.NUMBER.substitute(
            field=wording.FIELD_NAMES[definition], definition=wording.DEFINITIONS[definition]
        )
        said = {"k": settings.call_size, "number": number, "region": _region(settings)}
        parts = (self.opening.format(**said), form, self.ending.format(**said))
        return "\n".join(part for part in parts if part)


def _region(settings: PromptSettings) -> str:
    bound = settings.max_probability
    return wording.FULL if bound is None else wording.TAIL.substitute(threshold=f"{bound:.2f}")


ZEROS: dict[Layout, str] = {
    "xml": "<response><text>...</text><probability>0.00</probability></response>",
    "json": '{"text": "...", "probability": 0.00}',
    "lines": "$n. (0.00) ...",
}
NUMBERED_ZEROS: dict[Layout, str] = {
    "xml": '<response id="$n"><text>...</text><probability>0.00</probability></response>',
    "json": '{"id": $n, "text": "...", "probability": 0.00}',
    "lines": "$n. (0.00) response $n",
}
DOTS: dict[Layout, str] = {
    "xml": "<response><text>...</text><probability>...</probability></response>",
    "json": '{"text": "...", "probability": ...}',
    "lines": "$n. (...) ...",
}
NUMBERED_DOTS: dict[Layout, str] = {
    "xml": '<response id="$n"><text>...</text><probability>...</probability></response>',
    "json": '{"id": $n, "text": "...", "probability": ...}',
}
BEGUN: dict[Layout, str] = {"lines": "$n. ("}

K_FIRST = (
    "Generate {k} responses to the input prompt. {number} {region} Output nothing but {k} "
    "responses in this form, filled in:"
)
EXACTLY_K = K_FIRST.replace("{k}", "exactly {k}")
K_LAST = "{number} {region} Write each response in this form, filled in:"
ANY = "Give {k} responses to the input prompt."
DIFFERENT = "Give {k} different responses to the input prompt."

WORDINGS: dict[str, Wording] = {
    "standard": Wording(instruction, tasks=ALL_TASKS),
    # The shape decides the notation: it is listed under the layout that users leave as it is.
    "enforced": Wording(
        instruction, {"structured_output": "json_schema"}, layouts=("xml",), tasks=ALL_TASKS
    ),
    "simple": Wording(instruction, {"wording": "simple"}, layouts=("xml",)),
    "named": Wording(named, tasks=ALL_TASKS),
    "named, example": Wording(exemplified),
    "form": Wording(Form(ZEROS, K_FIRST)),
    "form, 1 line": Wording(Form(ZEROS, K_FIRST, most=1)),
    "form, exactly k": Wording(Form(ZEROS, EXACTLY_K)),
    "form, numbered": Wording(Form(NUMBERED_ZEROS, K_FIRST)),
    "form, user message": Wording(Form(ZEROS, K_FIRST), {"placement": "user"}),
    "form, k last": Wording(Form(ZEROS, K_LAST, ANY)),
    "form, k last, different": Wording(Form(ZEROS, K_LAST, DIFFERENT)),
    "form, k last, different, dots": Wording(Form(DOTS, K_LAST, DIFFERENT)),
    "form, k last, different, numbered dots": Wording(
        Form(NUMBERED_DOTS, K_LAST, DIFFERENT), layouts=("xml", "json")
    ),
    "form, begun lines": Wording(Form(BEGUN, K_LAST, DIFFERENT), layouts=("lines",)),
    "standard, user message": Wording(instruction, {"placement": "user"}, tasks=ALL_TASKS),
}
"""By name: those of the package, the one before them, and what else was tried."""
