"""The simulated model: mode collapse and its cure, without a language model."""

from __future__ import annotations

import hashlib
import json
import math
import random
import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from vs_core.simulation.conversation import Message, Request, read_conversation
from vs_core.simulation.decisions.request import asked_decision
from vs_core.simulation.decisions.stating import decision_reply
from vs_core.simulation.digest import listed_answers
from vs_core.simulation.drawing import draw_direct, draw_sequence, draw_verbalized
from vs_core.simulation.notation import key, write_list
from vs_core.simulation.records.record_space import record_space, value_of
from vs_core.simulation.space import AnswerSpace
from vs_core.simulation.spaces import find_space
from vs_core.simulation.tokens import pieces

SIMULATION_NOTICE = (
    "simulated model: these replies come from a built-in simulation of the paper's theory, "
    "not from a language model"
)
"""One line for whoever prints what this model says."""

_REASONING = (
    "I first list answers from the most familiar to the most unusual, then weigh each by how often "
    "it would be given."
)


class SimulatedModel:
    """A model of the theory behind verbalized sampling, over answer spaces that it knows.

    Zhang et al., arXiv 2510.01171, section 3. Human raters prefer typical texts, so the reward of
    preference training is `r(y) = r_true(y) + alpha * log pi_ref(y) + eps`: alpha weighs this
    typicality bias against the true utility. Training maximises `E[r] - beta * KL(pi || pi_ref)`,
    whose optimum is

        pi(y) ~ pi_ref(y)^gamma * exp(r_true(y) / beta),    gamma = 1 + alpha / beta.

    Where many answers are equally good (r_true is constant), what is left is `pi_ref^gamma / Z`:
    sharper than the reference, hence mode collapse. What the mode is depends on what is asked for:

    - a direct prompt gets one draw from `pi_ref^gamma / Z`;
    - a prompt for a list gets distinct answers, all equally likely;
    - a verbalized-sampling prompt gets distinct answers with their reference probabilities, blurred
      by a log-normal noise, in the layout and with the number that the prompt asks for.

    Every prompt of this package is read for what it asks, and so are the paper's, and a plain
    request for so many answers ("Give me 3 jokes with their probabilities"). Any other wording
    gets one answer, as a direct prompt does. Where values of a type are asked for, there are up to
    2,000 different ones, made up from a schema: names, jobs and places by what fields are called.
    What a prompt lists as given before is not repeated.

    Questions with labels are answered with a probability for each label, on purpose overconfident:
    it states what `label_probabilities` believes, to the power of `OVERCONFIDENCE`, with the same
    noise.

    Replies are deterministic under a seed: they depend on it, the settings, the conversation, and
    how often this conversation was asked before. So a batch gets the same replies in whatever order
    its threads run, and the same prompt asked again gets a new draw. Safe to use from many threads.

    Args:
        seed: Fixes the replies; None draws a fresh one.
        alpha: Weight of the typicality bias in the reward, at least 0. The default is near the
            paper's estimates from human preferences (0.57 and 0.65).
        beta: Coefficient of the KL penalty, above 0.
        noise: Standard deviation of the logarithm of a stated probability, at least 0.
        space: A world of its own, whose answers are given to whatever is asked; None finds the one
            of each question.

    Raises:
        ValueError: A setting is outside its range.

    Example:
        >>> model = SimulatedModel(seed=7)
        >>> model.gamma
        4.0
        >>> model.reply([("user", "Tell me a joke about coffee")])
        'Why did the coffee file a police report? It got mugged.'
        >>> print(model.reply([("user", "Generate 2 coin flips with their probabilities")]))
        1. (0.6) Tails
        2. (0.42) Heads
    """

    def __init__(
        self,
        seed: int | None = None,
        *,
        alpha: float = 0.6,
        beta: float = 0.2,
        noise: float = 0.15,
        space: AnswerSpace | None = None,
    ) -> None:
        _check("alpha", alpha, "a finite number of at least 0", allowed=alpha >= 0)
        _check("beta", beta, "a finite number above 0", allowed=beta > 0)
        _check("noise", noise, "a finite number of at least 0", allowed=noise >= 0)
        self._seed = secrets.randbits(64) if seed is None else seed
        self._alpha = alpha
        self._beta = beta
        self._noise = noise
        self._space = space
        self._asked: dict[bytes, int] = {}
        self._lock = threading.Lock()

    @property
    def gamma(self) -> float:
        """The sharpening of a direct reply, `1 + alpha / beta`.

        Example:
            >>> SimulatedModel(alpha=0.0).gamma
            1.0
        """
        return round(1.0 + self._alpha / self._beta, 12)

    def reply(self, messages: Sequence[Message], *, schema: Mapping[str, Any] | None = None) -> str:
        """The reply to a conversation.

        Args:
            messages: Role (`system`, `user` or `assistant`) and text of each message.
            schema: The JSON schema of each response, as a provider would enforce it; None takes
                what the prompt says.

        Raises:
            ValueError: There is no message, or a role is unknown.

        Example:
            >>> SimulatedModel(seed=1).reply([("user", "Roll a die.")])
            '4'
        """
        request, decision = read_conversation(messages), asked_decision(messages)
        if decision is not None:
            return decision_reply(decision, self._noise, self._generator(messages))
        if schema is not None:
            request = replace(request, schema=dict(schema))
        return self._answer(request, self._generator(messages))

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """The reply in token-like pieces, which together are what `reply` would have given.

        The reply is drawn when this is called, not when the first piece is taken.

        Args:
            messages: As for `reply`.

        Raises:
            ValueError: As for `reply`.

        Example:
            >>> "".join(SimulatedModel(seed=1).stream([("user", "Roll a die.")]))
            '4'
        """
        return iter(pieces(self.reply(messages)))

    def count_tokens(self, text: str) -> int:
        """The number of pieces in which `stream` would deliver a text.

        Words longer than eight characters count as several, punctuation counts one each.

        Args:
            text: Any text.

        Example:
            >>> SimulatedModel().count_tokens("Hello, world")
            3
        """
        return len(pieces(text))

    def _answer(self, asked: Request, rng: random.Random) -> str:
        space, form = self._space_for(asked), asked.form
        given = asked.given
        if asked.listed:
            given |= {key(answer) for answer in listed_answers(space.answers, asked.listed)}
        if not form.several:
            return draw_direct(space, self.gamma, given, rng)
        if form.number is None:
            lines = draw_sequence(space, asked.count, given, rng)
        else:
            lines = draw_verbalized(
                space,
                asked.count,
                number=form.number,
                threshold=form.threshold,
                noise=self._noise,
                given=given,
                rng=rng,
            )
        return write_list(
            lines,
            layout=form.layout or "lines",
            field=form.field,
            reasoning=_REASONING if form.reasoning else None,
            value=str if asked.schema is None else partial(value_of, schema=asked.schema),
        )

    def _space_for(self, asked: Request) -> AnswerSpace:
        if self._space is not None:
            return self._space
        if asked.schema is not None and not asked.judges_passages:
            return record_space(asked.schema, asked.question)
        return find_space(asked.question, asked.told)

    def _generator(self, messages: Sequence[Message]) -> random.Random:
        conversation = json.dumps([list(message) for message in messages])
        digest = hashlib.sha256(conversation.encode()).digest()
        with self._lock:
            times = self._asked.get(digest, 0)
            self._asked[digest] = times + 1
        return random.Random(hashlib.sha256(f"{self._seed}:{times}:".encode() + digest).digest())

    def __getstate__(self) -> dict[str, object]:
        with self._lock:
            state = {**self.__dict__, "_asked": dict(self._asked)}
        del state["_lock"]
        return state

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        world = "" if self._space is None else f", space={self._space.name!r}"
        return (
            f"SimulatedModel(seed={self._seed}, alpha={self._alpha}, beta={self._beta}, "
            f"noise={self._noise}{world})"
        )


def _check(setting: str, value: float, wanted: str, *, allowed: bool) -> None:
    if not (allowed and math.isfinite(value)):
        raise ValueError(f"{setting}={value!r} is not allowed: it must be {wanted}")
