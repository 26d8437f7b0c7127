"""The instruction that goes with a question, and the turns that follow a reply."""

from __future__ import annotations

from decimal import Decimal

from vs_core.prompts import wording
from vs_core.prompts.settings import PromptSettings


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
    request = _direct(settings) if settings.method == "direct" else _request(settings)
    return f"{settings.instructions}\n\n{request}" if settings.instructions else request


def format_instructions(settings: PromptSettings) -> str:
    """How the responses are to be written, and from which region they are to be sampled.

    Args:
        settings: What is asked.

    Example:
        >>> from vs_core import PromptSettings, format_instructions
        >>> format_instructions(PromptSettings(method="sequence", layout="lines"))
        'Return a numbered line for each, such as `1. text`. Output only these lines.'
    """
    if not settings.asks_for_probability:
        return wording.FORMATS_WITHOUT_NUMBER[settings.layout]
    definition = settings.asked_definition
    notation = wording.FORMATS[settings.layout].substitute(
        field=wording.FIELD_NAMES[definition],
        definition=wording.DEFINITIONS[definition],
        sample=wording.SAMPLE_NUMBERS[definition],
    )
    return _sentences(notation, _region(settings))


def follow_up(settings: PromptSettings, wanted: int) -> str:
    """The next turn of `multi`, with the layout restated.

    Args:
        settings: What is asked.
        wanted: Number of candidates to ask for in this turn.

    Example:
        >>> from vs_core import PromptSettings, follow_up
        >>> follow_up(PromptSettings(method="multi"), 2)[:56]
        'Sample 2 alternative responses to the original input pro'
    """
    task = wording.FOLLOW_UP.substitute(responses=_responses(wanted, "alternative"))
    return _sentences(task, format_instructions(settings))


def top_up(settings: PromptSettings, found: int) -> str:
    """A turn that asks for what is missing of the k candidates.

    Args:
        settings: What is asked.
        found: Number of candidates already read.

    Example:
        >>> from vs_core import PromptSettings, top_up
        >>> top_up(PromptSettings(k=5), found=3)[:46]
        'That was 3 of 5. Sample 2 alternative response'
    """
    task = wording.TOP_UP.substitute(
        found=found,
        total=settings.k,
        responses=_responses(settings.k - found, "alternative"),
    )
    return _sentences(task, format_instructions(settings))


def re_ask(settings: PromptSettings, wanted: int) -> str:
    """A turn after a reply in which nothing could be read.

    Args:
        settings: What is asked.
        wanted: Number of candidates to ask for.

    Example:
        >>> from vs_core import PromptSettings, re_ask
        >>> re_ask(PromptSettings(), 5)[:40]
        'No response could be read in that. Gener'
    """
    task = wording.RE_ASK.substitute(responses=_responses(wanted))
    return _sentences(task, format_instructions(settings))


def _direct(settings: PromptSettings) -> str:
    return _sentences(
        wording.TASK_DIRECT,
        settings.words and wording.WORDS_DIRECT.substitute(words=settings.words),
        wording.ONLY_THE_RESPONSE,
    )


def _request(settings: PromptSettings) -> str:
    return _sentences(
        _task(settings),
        settings.words and wording.WORDS.substitute(words=settings.words),
        settings.method == "cot" and wording.REASONING[settings.layout],
        format_instructions(settings),
    )


def _task(settings: PromptSettings) -> str:
    total = _responses(settings.k)
    if settings.method == "multi":
        first = _responses(min(settings.turn_size, settings.k))
        return wording.TASK_MULTI.substitute(total=total, responses=first)
    return wording.TASK.substitute(responses=total)


def _region(settings: PromptSettings) -> str:
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


def _responses(number: int, kind: str = "") -> str:
    return _sentences(number, kind, "response" if number == 1 else "responses")


def _sentences(*parts: str | int | bool | None) -> str:
    return " ".join(str(part) for part in parts if part)
