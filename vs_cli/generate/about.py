"""`About`: how a data set was made, for those who find it without the command."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from importlib.metadata import version
from typing import Any

from vs_cli.models import ChosenModel
from vs_core.generation import GenerationSettings

_ALWAYS_SAID = frozenset({"n", "k", "method", "layout", "digest", "near_duplicate"})
"""Settings that are told though they are the defaults."""


@dataclass(frozen=True)
class About:
    """How a data set was made.

    Attributes:
        settings: What was asked for, by name, as text.
        wanted: Answers wanted, over all prompts.
        date: On which day, as in 2025-01-31 (UTC).
        program: What made it, with its version.
    """

    settings: dict[str, str]
    wanted: int
    date: str
    program: str

    @classmethod
    def of(
        cls,
        settings: GenerationSettings,
        chosen: ChosenModel,
        others: dict[str, Any],
        *,
        wanted: int,
    ) -> About:
        """Tell it of a command line.

        Args:
            settings: Of the generation.
            chosen: Who answers.
            others: What else there is to tell; None is left out.
            wanted: Answers wanted, over all prompts.
        """
        plain = settings.model_dump(mode="json", exclude={"value_schema"})
        said_of = {*_ALWAYS_SAID, *settings.model_dump(exclude_defaults=True)}
        said = {
            "model": chosen.name or "simulation",
            **_of_model(chosen),
            **{name: value for name, value in plain.items() if name in said_of},
            **others,
        }
        if settings.value_schema is not None:
            said["value_schema"] = json.dumps(settings.value_schema, ensure_ascii=False, indent=1)
        return cls(
            settings={name: str(value) for name, value in said.items() if value is not None},
            wanted=wanted,
            date=datetime.now(timezone.utc).date().isoformat(),
            program=f"vs generate {version('verbalized-sampling-integrations')}",
        )


def _of_model(chosen: ChosenModel) -> dict[str, Any]:
    """Its options, the limit of a reply under a name that no budget has."""
    options = chosen.options
    limit = options.pop("max_tokens", None)
    return {**options, "reply_tokens": limit}
