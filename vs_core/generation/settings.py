"""`GenerationSettings`: how many answers, how they are asked for, and when it is enough."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pydantic import ConfigDict, Field, field_validator, model_validator
from typing_extensions import Self

from vs_core.exchange.options import RequestOptions
from vs_core.exchange.settings import ExchangeSettings
from vs_core.generation.novelty.novelty import MIN_DISTANCE, NEAR_DUPLICATE
from vs_core.prompts.shared_settings import AskingSettings
from vs_core.values.schema import json_schema_of
from vs_core.values.terms import BASELINES, Method

MOST_CANDIDATES = 20
"""Of one call: longer lists repeat themselves, and cost all of it when they are cut off."""

_ONLY_WITH_PROBABILITIES = ("max_probability", "definition")


class GenerationOptions(RequestOptions, total=False):
    """What `GenerationSettings` can be told besides `n` and `k`.

    Example:
        >>> from vs_core.adapters.generation import GenerationOptions
        >>> from vs_core.generation import GenerationSettings
        >>> options: GenerationOptions = {"digest": 10, "max_calls": 50}
        >>> GenerationSettings(n=100, **options).digest
        10
    """

    method: Method
    value_schema: Any
    structured_output: Any
    enforce_bound: bool
    distinct: bool
    digest: int
    near_duplicate: float | None
    min_distance: float
    until_unseen: float | None
    max_calls: int | None
    max_tokens: int | None


class GenerationSettings(AskingSettings):
    """How many different answers are wanted, how they are asked for, and when it is enough.

    Each prompt is explored in rounds of calls; each call is one request for k candidates, and
    each candidate is accepted if it is new among those of its prompt.

    The settings of the request are those of `vs_core.PromptSettings`. A prompt may have its own
    (`vs_core.generation.GenerationPrompt`).

    Attributes:
        n: Different answers to each prompt.
        k: Candidates asked for in one call, at most 20; fewer where replies are cut off, and
            `direct` asks for one. Of a reply that goes on beyond twice as many, the rest is left.
        value_schema: As for `vs_core.PromptSettings`.
        enforce_bound: Leave out candidates whose stated probability is not below
            `max_probability`.
        distinct: Accept an answer only if it is new. False keeps repeats, too.
        digest: How many earlier answers a later call is told to differ from: those most likely to
            be repeated. 0 tells none.
        near_duplicate: Texts whose Jaccard similarity is this or above count as the same; None
            compares whole texts only. See `vs_core.generation.Novelty`.
        min_distance: With embeddings: a text nearer than this to an accepted one, by cosine
            distance, counts as the same.
        until_unseen: Stop with a prompt as soon as another call would bring less than this share
            of new answers, by the upper end of `vs_core.generation.UnseenShare`. None: never for
            this reason.
        max_calls: Most model calls, over all prompts and runs of one journal; None for any number.
        max_tokens: Most tokens, sent and received, likewise.

    Example:
        >>> from vs_core.generation import GenerationSettings
        >>> GenerationSettings(n=1000).k
        20
    """

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    n: int = Field(default=100, ge=1)
    k: int = Field(default=MOST_CANDIDATES, ge=1, le=MOST_CANDIDATES)
    value_schema: Any = None
    enforce_bound: bool = False
    distinct: bool = True
    digest: int = Field(default=20, ge=0)
    near_duplicate: float | None = Field(default=NEAR_DUPLICATE, gt=0.0, le=1.0)
    min_distance: float = Field(default=MIN_DISTANCE, gt=0.0, lt=2.0)
    until_unseen: float | None = Field(default=None, gt=0.0, lt=1.0)
    max_calls: int | None = Field(default=None, ge=1)
    max_tokens: int | None = Field(default=None, ge=1)

    @field_validator("method")
    @classmethod
    def _each_exchange_is_one_call(cls, method: Method) -> Method:
        if method == "multi":
            raise ValueError(
                "method='multi' takes several calls for one list, and here each call is told what "
                "the earlier ones gave: take method='standard' or 'cot'"
            )
        return method

    @model_validator(mode="after")
    def _settings_agree(self) -> Self:
        if self.method in BASELINES:
            unused = [n for n in _ONLY_WITH_PROBABILITIES if getattr(self, n) is not None]
            if unused:
                raise ValueError(
                    f"{unused[0]} is about probabilities, and method={self.method!r} asks for "
                    f"none: leave it out, or take method='standard'"
                )
        self.exchange_settings(1)
        return self

    @property
    def call_size(self) -> int:
        """Candidates that a full call asks for."""
        return 1 if self.method == "direct" else self.k

    @property
    def identity(self) -> dict[str, Any]:
        """What decides which answers are asked for and which are new, as plain JSON.

        How many, how many at a time, how far and at what cost may change from run to run.
        """
        changing = {"n", "k", "digest", "until_unseen", "max_calls", "max_tokens", "value_schema"}
        return {
            **self.model_dump(mode="json", exclude=changing),
            "value_schema": _described(self.value_schema),
        }

    @property
    def way(self) -> str:
        """Stands for `identity`: what was asked in another way does not answer this."""
        written = json.dumps(self.identity, sort_keys=True)
        return hashlib.sha256(written.encode()).hexdigest()[:8]

    def exchange_settings(self, size: int) -> ExchangeSettings:
        """The settings of one call.

        Args:
            size: Candidates to ask for.
        """
        shared = {name: getattr(self, name) for name in AskingSettings.model_fields}
        return ExchangeSettings(
            k=size,
            value_schema=self.value_schema,
            enforce_bound=self.enforce_bound,
            # What is missing is asked for in the next call, which is told what there is.
            max_topups=0,
            max_reasks=0,
            # A reply that cannot be read still cost its tokens, which the trace has.
            on_failure="nothing",
            **shared,
        )


def _described(value_schema: Any) -> Any:
    return None if value_schema is None else json_schema_of(value_schema)
