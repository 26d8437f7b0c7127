"""`VerbalizedDistribution`: the candidates of one elicitation, and what can be done with them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, overload

from pydantic import (
    BaseModel,
    ConfigDict,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    model_serializer,
)

from vs_core.values import rendering, selection
from vs_core.values.bound import bound_note
from vs_core.values.candidate import Candidate, T
from vs_core.values.merging import Key, merge
from vs_core.values.pydantic_internals import read_through, unvalidated
from vs_core.values.trace import EMPTY_TRACE, Trace
from vs_core.values.weights import Settled, likelihood, settle

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class VerbalizedDistribution(BaseModel, Sequence[Candidate[T]], Generic[T]):
    """Candidates in the model's own order, with probabilities that sum to 1.

    Immutable: every transform returns a new distribution. `a + b` only concatenates;
    normalisation, and the reading of numbers that depends on the whole set (is `30` a
    percentage?), happen when candidates or probabilities are first read. So the chunks of a
    stream add up to exactly what a single call gives.

    Attributes:
        candidates: The candidates, normalised.
        trace: What was asked, what it cost, what had to be worked around.

    Example:
        >>> from vs_core import parse_reply
        >>> d = parse_reply('{"heads": 0.3, "tails": 0.1}')
        >>> d.texts, [round(p, 2) for p in d.probabilities], d.best().text
        (['heads', 'tails'], [0.75, 0.25], 'heads')
        >>> d.sample(seed=1).text
        'heads'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    candidates: tuple[Candidate[T], ...] = ()
    trace: Trace = EMPTY_TRACE

    _settled: Settled | None = PrivateAttr(default=None)

    @classmethod
    def of(
        cls, candidates: Iterable[Candidate[T]], trace: Trace = EMPTY_TRACE
    ) -> VerbalizedDistribution[T]:
        """Build a distribution from candidates that are known to be valid, without validation.

        Args:
            candidates: In the model's order.
            trace: The record to carry.

        Example:
            >>> from vs_core import Candidate, VerbalizedDistribution
            >>> VerbalizedDistribution.of([Candidate(value="a", stated=0.2)]).probabilities
            [1.0]
        """
        fields = {"candidates": tuple(candidates), "trace": trace}
        return unvalidated(cls, fields, {"_settled": None})

    @classmethod
    def pool(cls, distributions: Iterable[VerbalizedDistribution[T]]) -> VerbalizedDistribution[T]:
        """Average several elicitations of one question into one, merging equal texts.

        Args:
            distributions: Each counts the same, however many candidates it has; empty ones
                do not count.

        Example:
            >>> from vs_core import VerbalizedDistribution, parse_reply
            >>> a = parse_reply('{"heads": 0.9, "tails": 0.1}')
            >>> b = parse_reply('{"heads": 0.5, "edge": 0.5}')
            >>> VerbalizedDistribution.pool([a, b]).texts
            ['heads', 'tails', 'edge']
        """
        members = [member for member in distributions if member]
        candidates = [candidate for member in members for candidate in member]
        trace = sum((member.trace for member in members), EMPTY_TRACE)
        merged = merge(
            candidates,
            [candidate.probability for candidate in candidates],
            trace.definition,
            elicitations=len(members),
        )
        return cls.of(merged, trace)

    def __len__(self) -> int:
        return len(self._raw_candidates)

    def __iter__(self) -> Iterator[Candidate[T]]:  # type: ignore[override]  # a sequence of candidates, not of pydantic's (field, value) pairs
        return iter(self.candidates)

    @overload
    def __getitem__(self, index: int) -> Candidate[T]: ...
    @overload
    def __getitem__(self, index: slice) -> VerbalizedDistribution[T]: ...
    def __getitem__(self, index: int | slice) -> Candidate[T] | VerbalizedDistribution[T]:
        if isinstance(index, slice):
            return self._keep(range(len(self))[index])
        return self.candidates[index]

    def __add__(self, other: VerbalizedDistribution[T]) -> VerbalizedDistribution[T]:
        if not isinstance(other, VerbalizedDistribution):
            return NotImplemented
        if other._is_neutral:
            return self
        if self._is_neutral:
            return other
        trace = self._raw_trace + other._raw_trace
        if self._means_the_same_as(other):
            return self.of(self._raw_candidates + other._raw_candidates, trace)
        return self.of(self._weighed() + other._weighed(), trace)

    def __radd__(self, other: object) -> VerbalizedDistribution[T]:
        # sum() starts from 0.
        return self if other == 0 else NotImplemented

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, VerbalizedDistribution):
            return NotImplemented
        return self.candidates == other.candidates and self.trace == other.trace

    def __hash__(self) -> int:
        return hash((self.candidates, self.trace))

    def __repr_args__(self) -> Iterable[tuple[str, Any]]:
        return (("candidates", self.candidates), ("trace", self.trace))

    def unsettled(self) -> tuple[tuple[Candidate[T], ...], Trace]:
        """Candidates and trace as they were put together, before normalisation.

        For code that passes chunks on: what normalisation adds is known only over the whole set.
        """
        return self._raw_candidates, self._raw_trace

    @property
    def values(self) -> list[T]:
        """The values, in the model's order."""
        return [candidate.value for candidate in self._raw_candidates]

    @property
    def texts(self) -> list[str]:
        """The values as text, in the model's order."""
        return [candidate.text for candidate in self._raw_candidates]

    @property
    def probabilities(self) -> list[float]:
        """The normalised probabilities, in the model's order; they sum to 1."""
        return [candidate.probability for candidate in self.candidates]

    @property
    def stated_mass(self) -> float:
        """Sum of the stated probabilities, before normalisation.

        0.2 to 0.5 is normal for verbalized sampling: the model names a few answers of many.
        """
        return math.fsum(number for number in self._likelihoods() if number is not None)

    def best(self) -> Candidate[T]:
        """The most probable candidate, the first of equals.

        Raises:
            EmptyDistributionError: There is none.
        """
        selection.require_candidates(len(self), "best()")
        return self.candidates[selection.by_probability(self.probabilities)[0]]

    def sample(
        self,
        *,
        seed: int | None = None,
        rng: random.Random | None = None,
        uniform: bool = False,
        temperature: float = 1.0,
    ) -> Candidate[T]:
        """Draw one candidate in proportion to its probability.

        Args:
            seed: Makes the draw repeatable; None draws afresh each time.
            rng: A generator to draw with instead.
            uniform: Give every candidate the same chance.
            temperature: Draw from p^(1/temperature) instead: below 1 sharper, above 1 flatter.

        Raises:
            EmptyDistributionError: There is no candidate.
        """
        selection.require_candidates(len(self), "sample()")
        return self.sample_many(
            1, replace=True, seed=seed, rng=rng, uniform=uniform, temperature=temperature
        )[0]

    def sample_many(
        self,
        n: int,
        *,
        replace: bool = False,
        seed: int | None = None,
        rng: random.Random | None = None,
        uniform: bool = False,
        temperature: float = 1.0,
    ) -> list[Candidate[T]]:
        """Draw `n` candidates, by default all different.

        Args:
            n: Number of draws.
            replace: Whether a candidate can be drawn again.
            seed: As for `sample`.
            rng: As for `sample`.
            uniform: As for `sample`.
            temperature: As for `sample`.

        Raises:
            EmptyDistributionError: There is no candidate.
            SampleSizeError: `n` exceeds the number of candidates with a probability above 0,
                and `replace` is False.
        """
        selection.require_candidates(len(self), "sample_many()")
        source = self.uniform() if uniform else self
        weights = selection.tempered(source.probabilities, temperature)
        drawn = selection.draw(weights, n, selection.generator(seed, rng), replace=replace)
        return [self.candidates[position] for position in drawn]

    def filter(self, fn: Callable[[Candidate[T]], bool]) -> VerbalizedDistribution[T]:
        """Keep the candidates for which `fn` is true."""
        return self._keep(p for p, candidate in enumerate(self.candidates) if fn(candidate))

    def tail(self, max_probability: float, at_least: int = 1) -> VerbalizedDistribution[T]:
        """Keep the candidates whose *stated* probability is below a threshold.

        Args:
            max_probability: The threshold, a fraction in (0, 1].
            at_least: When fewer qualify, the nearest above the threshold fill up to this
                number, and the trace says so.
        """
        selection.require_fraction("max_probability", max_probability)
        selection.require_at_least("at_least", at_least, 0)
        numbers = self._likelihoods()
        kept = selection.rarest(numbers, max_probability, at_least)
        above = sum(1 for p in kept if (number := numbers[p]) is None or number >= max_probability)
        if not above:
            return self._keep(kept)
        note = f"tail({max_probability:g}): kept {above} not stated below it, to have {at_least}"
        return self._keep(kept, note)

    def top_k(self, k: int) -> VerbalizedDistribution[T]:
        """Keep the `k` most probable candidates."""
        selection.require_at_least("k", k, 1)
        return self._keep(sorted(selection.by_probability(self.probabilities)[:k]))

    def top_p(self, p: float) -> VerbalizedDistribution[T]:
        """Keep the fewest most probable candidates that together reach probability `p`."""
        return self._keep(selection.nucleus(self.probabilities, selection.require_fraction("p", p)))

    def min_p(self, p: float) -> VerbalizedDistribution[T]:
        """Keep the candidates at least `p` times as probable as the most probable one."""
        floor = selection.require_fraction("p", p) * max(self.probabilities, default=0.0)
        return self.filter(lambda candidate: candidate.probability >= floor)

    def map(self, fn: Callable[[T], Any]) -> VerbalizedDistribution[Any]:
        """Replace each value by `fn(value)`; the probabilities stay."""
        return self.with_values([fn(value) for value in self.values])

    def with_values(self, values: Sequence[Any]) -> VerbalizedDistribution[Any]:
        """Replace the values, in order; the probabilities stay.

        Raises:
            ValueError: There are more or fewer values than candidates.
        """
        if len(values) != len(self):
            raise ValueError(f"{len(values)} values were given for {len(self)} candidates")
        return self._with(
            candidate.model_copy(update={"value": value})
            for candidate, value in zip(self._weighed(), values, strict=True)
        )

    def reweight(self, fn: Callable[[Candidate[T]], float]) -> VerbalizedDistribution[T]:
        """Give each candidate a new weight, which is then normalised.

        Args:
            fn: The new weight of a candidate, 0 or more; multiply by `candidate.probability`
                in it to adjust rather than replace.

        Raises:
            ValueError: A weight is negative or not finite.
        """
        return self._reweighted([selection.require_weight(fn(c), c.text) for c in self.candidates])

    def temper(self, t: float) -> VerbalizedDistribution[T]:
        """Raise each probability to the power 1/t: below 1 sharpens, above 1 flattens."""
        return self._reweighted(selection.tempered(self.probabilities, t) if self else [])

    def uniform(self) -> VerbalizedDistribution[T]:
        """Give every candidate the same probability."""
        return self._reweighted([1.0] * len(self))

    def ranked(self) -> VerbalizedDistribution[T]:
        """Order the candidates from most to least probable, equals in the model's order."""
        return self._keep(selection.by_probability(self.probabilities))

    def merge_duplicates(self, key: Key | None = None) -> VerbalizedDistribution[T]:
        """Make one candidate of those that are the same; their probabilities add up.

        Args:
            key: What makes two candidates the same, by default their exact text.
        """
        weights = self._settle().weights
        return self._with(merge(self.candidates, weights, self._raw_trace.definition, key=key))

    def entropy(self) -> float:
        """Shannon entropy of the probabilities, in nats; 0 for an empty distribution."""
        return max(0.0, -math.fsum(p * math.log(p) for p in self.probabilities if p > 0))

    def effective_size(self) -> float:
        """exp(entropy): how many equally probable candidates would be as spread out."""
        return math.exp(self.entropy()) if self else 0.0

    def to_markdown(self) -> str:
        """The candidates as a Markdown table."""
        return rendering.to_markdown(self.candidates)

    def to_records(self) -> list[dict[str, Any]]:
        """One JSON-safe dictionary for each candidate."""
        return rendering.to_records(self.candidates)

    def plot(self, *, title: str | None = None, top: int = 30) -> Figure:
        """The probabilities as a bar chart, in the model's order.

        A diamond marks the number the model stated, where it visibly differs from the probability.

        Args:
            title: Heading, such as the prompt.
            top: Only the first so many candidates have a bar of their own; the others share one.
                To see the most probable ones, plot `ranked()`.

        Returns:
            A `matplotlib.figure.Figure`; save it with its `savefig`, or with
            `vs_core.plots.save_figure`.

        Raises:
            MissingExtraError: matplotlib is not installed.
            ValueError: `top` is below 1.

        Example:
            >>> from vs_core import parse_reply
            >>> figure = parse_reply('{"heads": 0.3, "tails": 0.1}').plot(title="Flip a coin")
            >>> [f"{bar.get_width():.2f}" for bar in figure.axes[0].patches]
            ['0.75', '0.25']
        """
        from vs_core.values import chart  # noqa: PLC0415  # few who draw need to draw pictures

        return chart.draw_distribution(self.candidates, self.trace, title=title, top=top)

    def _repr_html_(self) -> str:
        return rendering.to_html(self.candidates)

    @property
    def _is_neutral(self) -> bool:
        return self._raw_trace is EMPTY_TRACE and not self._raw_candidates

    @property
    def _raw_candidates(self) -> tuple[Candidate[T], ...]:
        candidates: tuple[Candidate[T], ...] = self.__dict__["candidates"]
        return candidates

    @property
    def _raw_trace(self) -> Trace:
        trace: Trace = self.__dict__["trace"]
        return trace

    def _settle(self) -> Settled:
        if self._settled is None:
            self._settled = settle(self._raw_candidates, self._raw_trace.definition)
        return self._settled

    @property
    def _settled_candidates(self) -> tuple[Candidate[T], ...]:
        return self._settle().candidates

    @property
    def _settled_trace(self) -> Trace:
        settled, trace = self._settle(), self._raw_trace
        told = trace.falling_back(settled.fallbacks)
        if trace.max_probability is None:
            return told
        note = bound_note(settled.candidates, trace.max_probability, trace.definition)
        return told.noting(note) if note else told

    def _likelihoods(self) -> list[float | None]:
        return [likelihood(c.stated, self._raw_trace.definition) for c in self.candidates]

    def _means_the_same_as(self, other: VerbalizedDistribution[T]) -> bool:
        return (
            not self._raw_candidates
            or not other._raw_candidates
            or self._raw_trace.definition == other._raw_trace.definition
        )

    def _weighed(self) -> tuple[Candidate[T], ...]:
        settled = self._settle()
        return tuple(
            candidate.model_copy(update={"weight": weight})
            for candidate, weight in zip(settled.candidates, settled.weights, strict=True)
        )

    def _with(
        self, candidates: Iterable[Candidate[Any]], note: str | None = None
    ) -> VerbalizedDistribution[Any]:
        return self.of(candidates, self.trace.noting(note) if note else self.trace)

    def _keep(self, positions: Iterable[int], note: str | None = None) -> VerbalizedDistribution[T]:
        weighed = self._weighed()
        return self._with((weighed[position] for position in positions), note)

    def _reweighted(self, weights: Sequence[float]) -> VerbalizedDistribution[T]:
        return self._with(
            candidate.model_copy(update={"weight": weight})
            for candidate, weight in zip(self.candidates, weights, strict=True)
        )

    def model_dump(self, *, mode: str = "python", **options: Any) -> dict[str, Any]:
        """As pydantic does, but in the mode `python` each value stays the object it is.

        So validating the dump gives equal values back, as a LangGraph checkpoint does.

        Args:
            mode: `python`, or `json` for plain JSON data throughout.
            **options: As for any pydantic model.
        """
        dumped = super().model_dump(mode=mode, **options)
        records = dumped.get("candidates", ())
        if mode == "python" and len(records) == len(self):
            for record, value in zip(records, self.values, strict=True):
                record.update({"value": value} if "value" in record else {})
        return dumped

    @model_serializer(mode="wrap")
    def _serialize_settled(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        dumped: dict[str, Any] = handler(self.of(self.candidates, self.trace))
        return dumped


read_through(VerbalizedDistribution, candidates="_settled_candidates", trace="_settled_trace")
