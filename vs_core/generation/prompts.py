"""`GenerationPrompt`: a prompt, and what is different about it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

from vs_core.generation.settings import GenerationSettings
from vs_core.visible import encodable

_OF_ALL_PROMPTS = frozenset({"max_calls", "max_tokens"})


class GenerationPrompt(BaseModel):
    """A prompt with settings of its own.

    Attributes:
        prompt: What the user asks.
        settings: Settings of `GenerationSettings` that differ for this prompt, such as `n`.

    Example:
        >>> from vs_core.generation import GenerationPrompt, GenerationSettings
        >>> prompt = GenerationPrompt(prompt="Name a planet.", settings={"n": 8})
        >>> prompt.settings_among(GenerationSettings(n=100)).n
        8
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt: str
    settings: dict[str, Any] = {}

    @field_validator("prompt")
    @classmethod
    def _prompt_says_something(cls, prompt: str) -> str:
        if not prompt.strip():
            raise ValueError("a prompt is blank: give a question")
        if encodable(prompt) != prompt:
            raise ValueError(
                f"{prompt!r} holds half of a surrogate pair, which no model can be sent and no "
                "file can hold: pass whole characters"
            )
        return prompt

    @field_validator("settings")
    @classmethod
    def _settings_are_of_one_prompt(cls, settings: dict[str, Any]) -> dict[str, Any]:
        known = GenerationSettings.model_fields.keys() - _OF_ALL_PROMPTS
        unknown = [name for name in settings if name not in known]
        if unknown:
            raise ValueError(
                f"{unknown[0]!r} is no setting of one prompt; those are {', '.join(sorted(known))}"
            )
        return settings

    @classmethod
    def of(cls, given: str | Mapping[str, Any] | GenerationPrompt) -> GenerationPrompt:
        """Whatever may be given as a prompt.

        Args:
            given: A text; a mapping with it under `prompt`, and settings beside it; or a prompt.

        Raises:
            pydantic.ValidationError: It is none of these.
            TypeError: Likewise.

        Example:
            >>> from vs_core.generation import GenerationPrompt
            >>> GenerationPrompt.of({"prompt": "Name a planet.", "n": 8}).settings
            {'n': 8}
        """
        if isinstance(given, GenerationPrompt):
            return given
        if isinstance(given, str):
            return cls(prompt=given)
        if isinstance(given, Mapping):
            settings = {name: value for name, value in given.items() if name != "prompt"}
            return cls.model_validate(
                {**({"prompt": given["prompt"]} if "prompt" in given else {}), "settings": settings}
            )
        raise TypeError(
            f"a prompt is a text, a mapping with 'prompt', or a GenerationPrompt, not a "
            f"{type(given).__name__}"
        )

    def settings_among(self, shared: GenerationSettings) -> GenerationSettings:
        """The settings of this prompt.

        Args:
            shared: Those of all prompts.

        Raises:
            pydantic.ValidationError: They do not go together.
        """
        if not self.settings:
            return shared
        mine = {name: getattr(shared, name) for name in type(shared).model_fields} | self.settings
        return type(shared).model_validate(mine)


Prompt = str | Mapping[str, Any] | GenerationPrompt
Prompts = Prompt | Iterable[Prompt]
"""One prompt, or any number of them, which are read one after the other."""


def each_once(prompts: Prompts) -> Iterator[GenerationPrompt]:
    """The prompts in order, one that comes again left out.

    They are taken as they are needed, so that there may be more than fit into memory.

    Args:
        prompts: One or several.

    Raises:
        pydantic.ValidationError: One is blank, or has a setting that there is not.
        ValueError: There is none, or one comes again with other settings.
    """
    given = [prompts] if isinstance(prompts, str | Mapping | GenerationPrompt) else prompts
    seen: dict[bytes, str] = {}
    for prompt in map(GenerationPrompt.of, given):
        settings = repr(sorted(prompt.settings.items(), key=str)) if prompt.settings else ""
        mark = fingerprint(prompt.prompt)
        is_new = mark not in seen
        if seen.setdefault(mark, settings) != settings:
            raise ValueError(
                f"a prompt comes twice, with different settings: {prompt.prompt[:80]!r}: word them "
                "differently, or give it once"
            )
        if is_new:
            yield prompt
    if not seen:
        raise ValueError("no prompt is given: pass one, or several")


def require_prompts(prompts: Any) -> None:
    """Refuse what is no prompt and cannot hold any.

    Args:
        prompts: What was given.

    Raises:
        TypeError: It is neither.
    """
    if not isinstance(prompts, str | Mapping | GenerationPrompt | Iterable):
        raise TypeError(
            f"prompts is a {type(prompts).__name__}: pass a text, a mapping with 'prompt', or "
            "several of these"
        )


def fingerprint(prompt: str) -> bytes:
    """What stands for a prompt where there may be very many of them.

    Args:
        prompt: The prompt.

    Example:
        >>> from vs_core.adapters.generation import fingerprint
        >>> len(fingerprint("Name a planet."))
        12
    """
    return hashlib.blake2b(prompt.encode(), digest_size=12).digest()
