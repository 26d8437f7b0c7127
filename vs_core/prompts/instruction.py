"""The instruction that goes with a question, and the turns that follow a reply."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from vs_core.prompts import wording
from vs_core.prompts.form import asked_form, reply_form, value_form, value_notes
from vs_core.prompts.queries import QUERY_REWRITES
from vs_core.prompts.settings import PromptSettings
from vs_core.values.mismatch import summary
from vs_core.values.terms import Shaping


def instruction(settings: PromptSettings) -> str:
    """The instruction that makes a model verbalize a distribution (or, for the baselines, not).

    Args:
        settings: What is asked.

    Example:
        >>> from vs_core import PromptSettings, instruction
        >>> print(instruction(PromptSettings(method="direct")))
        Generate a response to the input prompt. Output only the response, with no explanation \
or extra text.
    """
    # A schema may be unhashable.
    return _remembered(settings.key) if settings.value_schema is None else _written(settings)


@lru_cache(maxsize=64)
def _remembered(key: tuple[tuple[str, Any], ...]) -> str:
    return _written(PromptSettings(**dict(key)))


def _written(settings: PromptSettings) -> str:
    request = _direct(settings) if settings.method == "direct" else _request(settings)
    return f"{settings.instructions}\n\n{request}" if settings.instructions else request


def agent_instruction(settings: PromptSettings) -> str:
    """The instruction for a model that may call tools before it answers.

    Args:
        settings: What is asked.

    Example:
        >>> from vs_core import PromptSettings
        >>> from vs_core.adapters import agent_instruction
        >>> agent_instruction(PromptSettings())[-35:]
        'if you call a tool, do so as usual.'
    """
    return _sentences(instruction(settings), wording.WITH_TOOLS)


def format_instructions(settings: PromptSettings) -> str:
    """How the responses are to be written, and from which region they are to be sampled.

    Args:
        settings: What is asked.

    Example:
        >>> from vs_core import PromptSettings
        >>> from vs_core.adapters import format_instructions
        >>> print(format_instructions(PromptSettings(k=2, method="sequence", layout="lines")))
        Write each in this form:
        1. ...
        2. ...
    """
    if settings.says_the_papers_prompt:
        return _sentences(wording.SIMPLE_FORMAT, _region(settings))
    return _format(settings, settings.call_size)


def _format(settings: PromptSettings, wanted: int) -> str:
    if settings.shaping:
        # A form that the provider enforces need not be shown.
        return _sentences(_shape(settings, settings.shaping), _region(settings))
    form = asked_form(settings, reply_form(settings, wanted))
    return _sentences(_number(settings), *value_notes(settings), _region(settings), form)


def _number(settings: PromptSettings) -> str | None:
    if not settings.asks_for_probability:
        return None
    definition = settings.asked_definition
    return wording.NUMBER.substitute(
        field=wording.FIELD_NAMES[definition], definition=wording.DEFINITIONS[definition]
    )


def follow_up(settings: PromptSettings, wanted: int) -> str:
    """The next turn of `multi`, with the layout restated.

    Args:
        settings: What is asked.
        wanted: Number of candidates to ask for in this turn.

    Example:
        >>> from vs_core import PromptSettings
        >>> from vs_core.prompts.instruction import follow_up
        >>> print(follow_up(PromptSettings(method="sequence", layout="lines"), 2))
        Sample 2 alternative responses to the original input prompt. Write each in this form:
        1. ...
        2. ...
        Give 2 different responses.
    """
    noun = _noun(settings)
    asked = _counted(wanted, noun, "alternative")
    task = wording.FOLLOW_UP.substitute(noun._asdict(), asked=asked)
    return _standard(settings, task, wanted)


def top_up(settings: PromptSettings, found: int, mismatches: Sequence[str] = ()) -> str:
    """A turn that asks for what is missing of the k candidates, or as many as one call may hold.

    Args:
        settings: What is asked.
        found: Number of candidates already read.
        mismatches: What was wrong with each value of the last reply that did not fit its type.

    Example:
        >>> from vs_core import PromptSettings
        >>> from vs_core.prompts.instruction import top_up
        >>> top_up(PromptSettings(k=5), found=3)[:46]
        'That was 3 of 5. Sample 2 alternative response'
        >>> top_up(PromptSettings(k=5), 3, ["answer: Field required"])[:62]
        'That was 3 of 5. 1 did not match: answer: Field required. Samp'
    """
    wanted = min(settings.k - found, settings.call_size)
    return _sentences(
        wording.FOUND.substitute(found=found, total=settings.k),
        _unfit(mismatches),
        follow_up(settings, wanted),
    )


def re_ask(settings: PromptSettings, wanted: int, mismatches: Sequence[str] = ()) -> str:
    """A turn after a reply in which nothing could be read, or nothing fitted the `value_schema`.

    It is the request once more: what it said of the reply itself would be taken for an answer.

    Args:
        settings: What is asked.
        wanted: Number of candidates to ask for.
        mismatches: As for `top_up`.

    Example:
        >>> from vs_core import PromptSettings
        >>> from vs_core.prompts.instruction import re_ask
        >>> print(re_ask(PromptSettings(method="sequence", layout="lines"), 2))
        Generate different responses to the input prompt. Write each in this form:
        1. ...
        2. ...
        Give 2 different responses.
        >>> re_ask(PromptSettings(), 5, ["answer: Field required"])[:45]
        '1 did not match: answer: Field required. Gene'
    """
    return _sentences(_unfit(mismatches), _standard(settings, _task(settings, wanted), wanted))


def _direct(settings: PromptSettings) -> str:
    return _sentences(
        _task(settings, 1),
        settings.words and wording.WORDS_DIRECT.substitute(words=settings.words),
        wording.ONLY_THE_RESPONSE,
        *_direct_value(settings),
    )


def _direct_value(settings: PromptSettings) -> list[str]:
    if settings.value_schema is None:
        return []
    form = wording.FORM_DIRECT.substitute(form=value_form(settings))
    return [*value_notes(settings), form]


def _request(settings: PromptSettings) -> str:
    if settings.says_the_papers_prompt:
        return _sentences(_simple_task(settings), format_instructions(settings))
    return _standard(settings, _first_task(settings), settings.call_size)


def _standard(settings: PromptSettings, task: str, wanted: int) -> str:
    """The request in this package's words; models keep best to the number that they read last."""
    asked = _counted(wanted, _noun(settings), "different" if wanted > 1 else "")
    said = _sentences(
        task,
        settings.words and wording.WORDS.substitute(words=settings.words),
        _reasoning(settings),
        _format(settings, wanted),
    )
    return f"{said}\n{wording.NUMBER_WANTED.substitute(asked=asked)}"


def _simple_task(settings: PromptSettings) -> str:
    asked = settings.call_size
    count = wording.SPELLED[asked - 1] if asked <= len(wording.SPELLED) else str(asked)
    noun = wording.RESPONSE.one if asked == 1 else wording.RESPONSE.many
    return wording.SIMPLE_TASK.substitute(count=count, noun=noun)


def _first_task(settings: PromptSettings) -> str:
    noun, asked = _noun(settings), settings.call_size
    if settings.planned_calls > 1 and settings.split == "turns":
        return wording.TASK_MULTI.substitute(
            noun._asdict(), total=_counted(settings.k, noun), asked=_counted(asked, noun)
        )
    return _task(settings, asked)


def _task(settings: PromptSettings, wanted: int) -> str:
    task = wording.TASK_OF_ONE if wanted == 1 else wording.TASK
    return task.substitute(_noun(settings)._asdict())


def _noun(settings: PromptSettings) -> wording.Noun:
    rewrites = (settings.instructions or "").startswith(QUERY_REWRITES)
    return wording.SEARCH_QUERY if rewrites else wording.RESPONSE


def _reasoning(settings: PromptSettings) -> str | None:
    # Where the provider shapes the reply, its schema has a field for it.
    if settings.method != "cot" or settings.shaping:
        return None
    return wording.REASONING[settings.layout]


def _shape(settings: PromptSettings, shaping: Shaping) -> str:
    if not settings.asks_for_probability:
        return wording.STRUCTURED_WITHOUT_NUMBER[shaping]
    definition = settings.asked_definition
    return wording.STRUCTURED[shaping].substitute(
        field=wording.FIELD_NAMES[definition], definition=wording.DEFINITIONS[definition]
    )


def _region(settings: PromptSettings) -> str | None:
    if not settings.asks_for_probability:
        return None
    if settings.max_probability is None:
        return wording.FULL
    return wording.TAIL.substitute(threshold=_threshold(settings))


def _threshold(settings: PromptSettings) -> str:
    threshold = Decimal(repr(settings.max_probability))
    if settings.asked_definition == "percentage":
        return f"{_plain(threshold * 100)}%"
    return _plain(threshold)


def _plain(number: Decimal) -> str:
    # Models read 0.00001 better than 1E-5, and the paper writes 0.10 rather than 0.1.
    plain = format(number.normalize(), "f")
    whole, _, decimals = plain.partition(".")
    return f"{whole}.{decimals:0<2}" if decimals else whole


def _unfit(mismatches: Sequence[str]) -> str | None:
    return f"{summary(mismatches)}." if mismatches else None


def _counted(number: int, noun: wording.Noun, kind: str = "") -> str:
    return _sentences(number, kind, noun.one if number == 1 else noun.many)


def _sentences(*parts: str | int | bool | None) -> str:
    return " ".join(str(part) for part in parts if part)
