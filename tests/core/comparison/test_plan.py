"""What is asked: an equal budget of responses, in an order that can be broken off."""

from __future__ import annotations

from collections import Counter
from typing import get_args

import pytest

from tests.core.comparison.exchanges import COIN, DIE, settings_of
from vs_core import Method
from vs_core.adapters.comparison import plan


@pytest.mark.parametrize(("n", "k"), [(30, 5), (7, 5), (1, 5), (5, 1), (4, 7), (31, 10)])
def test_every_method_asks_for_the_same_number_of_responses(n: int, k: int) -> None:
    asked: Counter[Method] = Counter()
    for exchange in plan(settings_of(methods=get_args(Method), n=n, k=k)):
        asked[exchange.method] += exchange.settings.k
    assert asked == dict.fromkeys(get_args(Method), n)


def test_the_last_exchange_asks_for_what_is_left() -> None:
    exchanges = plan(settings_of(methods=["standard"], n=12, k=5))
    assert [exchange.settings.k for exchange in exchanges] == [5, 5, 2]


def test_direct_asks_for_one_response_at_a_time() -> None:
    exchanges = plan(settings_of(methods=["direct"], n=4, k=2))
    assert [(exchange.number, exchange.settings.k) for exchange in exchanges] == [
        (number, 1) for number in range(4)
    ]


def test_a_prompt_is_finished_before_the_next_is_begun() -> None:
    exchanges = plan(settings_of([COIN, DIE], methods=["direct", "standard"], n=6))
    assert [e.prompt for e in exchanges] == [COIN] * 8 + [DIE] * 8


def test_the_methods_of_a_prompt_progress_side_by_side() -> None:
    exchanges = plan(settings_of(methods=["standard", "direct"], n=10))
    begun = {"standard": 0, "direct": 0}
    for exchange in exchanges:
        begun[exchange.method] += exchange.settings.k
        assert abs(begun["standard"] - begun["direct"]) <= 5


def test_exchanges_that_share_a_way_of_asking_have_equal_settings() -> None:
    exchanges = plan(settings_of([COIN, DIE], methods=get_args(Method), n=12, words=9))
    ways = {exchange.way: exchange.settings for exchange in exchanges}
    assert all(exchange.settings == ways[exchange.way] for exchange in exchanges)
