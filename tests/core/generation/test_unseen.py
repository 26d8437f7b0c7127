"""The unseen share: how much of the next call will be new."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from tests.every import for_every
from vs_core.generation import Sightings, UnseenShare

Calls = list[tuple[list[int], bool]]
CALLS = st.lists(st.tuples(st.lists(st.integers(0, 30), max_size=8), st.booleans()), max_size=40)


def share(*calls: list[int], told: Calls | None = None) -> UnseenShare | None:
    sightings = Sightings()
    for met in calls:
        sightings.note(met, told=False)
    for met, was_told in told or []:
        sightings.note(met, told=was_told)
    return sightings.share()


def known(found: UnseenShare | None) -> UnseenShare:
    assert found
    return found


def test_nothing_is_known_before_a_call_that_was_told_nothing_brings_an_answer() -> None:
    assert share() is None
    assert share([], []) is None
    assert share(told=[([1, 2], True)]) is None
    assert share([1], told=[([], True)]) is not None


def test_the_estimate_is_what_was_met_in_one_call_over_all_that_was_met() -> None:
    assert known(share([0, 1, 2], [1, 2, 3], [2, 4])).estimate == pytest.approx(3 / 8)


def test_an_answer_counts_once_for_each_call() -> None:
    assert share([0, 0, 1], [1, 1]) == share([0, 1], [1])


def test_the_interval_is_not_empty_where_nothing_or_everything_is_new() -> None:
    nothing = known(share(*[[0, 1, 2, 3, 4]] * 20))
    assert nothing.estimate == nothing.low == 0.0
    assert 0.01 < nothing.high < 0.1
    everything = known(share(*[[5 * n + m for m in range(5)] for n in range(20)]))
    assert everything.estimate == everything.high == 1.0
    assert 0.85 < everything.low < 0.99


def test_the_interval_is_a_little_wider_than_wilsons_for_independent_answers() -> None:
    once, often = range(30), range(30, 40)
    calls = [[n, *often] for n in once]
    found = known(share(*calls))
    met = 30 * 11
    wilson = binomtest(30, met).proportion_ci(method="wilson")
    assert found.low < wilson.low < found.estimate < wilson.high < found.high
    assert found.high - found.low < 1.2 * (wilson.high - wilson.low)
    assert found.draws == pytest.approx(met)


def test_answers_met_twice_make_it_less_sure() -> None:
    # Equally many met once, and equally many in all.
    thrice = known(share([0, 9], [1, 9], [2, 9], [3, 8], [4, 8], [5, 8]))
    twice = known(share([0, 9], [1, 9], [2, 8], [3, 8], [4, 7], [5, 7]))
    assert twice.estimate == thrice.estimate
    assert twice.draws < thrice.draws
    assert (twice.low, twice.high) < (thrice.low, twice.high)
    assert twice.high > thrice.high


def test_after_a_digest_only_calls_that_were_told_nothing_are_asked() -> None:
    calls: Calls = [([2, 3], True), ([0, 4], False)]
    # Of 0, 1 and 0, 4: 0 was met twice.
    assert known(share([0, 1], told=calls)).estimate == pytest.approx(2 / 4)


def test_after_a_digest_what_any_other_call_has_met_is_not_new() -> None:
    assert known(share([0, 1], told=[([0, 1, 2], True)])).estimate == 0.0


def test_after_a_digest_old_calls_are_forgotten() -> None:
    early = [[10 * n, 10 * n + 1] for n in range(10)]
    late: Calls = [([1000], True), *[([1, 2], False)] * 10]
    assert known(share(*early)).estimate == 1.0
    assert known(share(*early, told=late)).estimate == 0.0


@given(CALLS)
def test_the_interval_holds_its_estimate_and_both_are_shares(calls: Calls) -> None:
    if found := share(told=calls):
        assert 0.0 <= found.low <= found.estimate <= found.high <= 1.0
        assert found.low < found.high
        assert 0.0 <= found.draws <= sum(len(met) for met, _ in calls)


@for_every("has_digest", [False, True])
def test_it_finds_the_share_of_a_known_world(has_digest: bool) -> None:  # noqa: FBT001
    rng = random.Random(3)
    held, worlds, size, asked = 0, 60, 300, 5
    for _ in range(worlds):
        sightings, met = Sightings(), set[int]()
        for number in range(40):
            told = has_digest and number % 5 > 0
            allowed = [n for n in range(size) if not (told and n in sorted(met)[:20])]
            answers = rng.sample(allowed, asked)
            met |= set(answers)
            sightings.note(answers, told=told)
        found = known(sightings.share())
        held += found.low <= 1 - len(met) / size <= found.high
    assert held / worlds >= 0.9
