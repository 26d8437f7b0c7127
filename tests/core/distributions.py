"""Distributions for tests, and a hypothesis strategy for any."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from vs_core import Candidate, Trace, VerbalizedDistribution


def stating(**stated: float | None) -> VerbalizedDistribution[str]:
    """A distribution whose candidates stated these numbers."""
    return VerbalizedDistribution(
        candidates=tuple(Candidate(value=text, stated=number) for text, number in stated.items())
    )


def written(*raw: str | None, **trace: Any) -> VerbalizedDistribution[str]:
    """A distribution as a reader makes it: the numbers are still as the model wrote them."""
    return VerbalizedDistribution(
        candidates=tuple(
            Candidate(value=f"text {i}", raw_probability=number) for i, number in enumerate(raw)
        ),
        trace=Trace(**trace),
    )


raw_numbers = st.one_of(
    st.none(),
    st.floats(0, 1).map(repr),
    st.floats(0, 100).map(lambda number: f"{number:.3g}%"),
    st.integers(0, 200).map(str),
    st.sampled_from(["", "n/a", "nan", "inf", "-0.2", "1e999", "~0.3", "<0.1", "1/5", "0,25"]),
)

distributions: st.SearchStrategy[VerbalizedDistribution[str]] = st.lists(
    st.builds(
        Candidate,
        value=st.text(max_size=5),
        raw_probability=raw_numbers,
        weight=st.one_of(st.none(), st.floats(0, 1e300)),
        turn=st.integers(0, 2),
    ),
    max_size=8,
).map(lambda candidates: VerbalizedDistribution(candidates=tuple(candidates)))
