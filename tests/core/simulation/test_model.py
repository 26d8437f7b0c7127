"""Seeds, threads, streams, copies and settings of the simulated model."""

from __future__ import annotations

import copy
import math
import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.simulation.replies import COFFEE, Conversation, conversation
from vs_core.simulation import SIMULATION_NOTICE, SimulatedModel

PROMPTS: list[Conversation] = [
    conversation(question, k=k)
    for question in (COFFEE, "Roll a die", "Name a US state", "Explain tides")
    for k in ("two", "three", "five")
]


def test_the_same_seed_and_calls_give_the_same_replies() -> None:
    first, second = SimulatedModel(seed=11), SimulatedModel(seed=11)
    assert [first.reply(p) for p in PROMPTS * 2] == [second.reply(p) for p in PROMPTS * 2]


def test_a_known_seed_gives_a_known_reply() -> None:
    # Guards against anything that varies between processes, such as hash().
    reply = SimulatedModel(seed=1).reply([("user", "Give 3 US states with their probabilities")])
    assert reply == "1. (0.013) Minnesota\n2. (0.0086) Nebraska\n3. (0.012) Nevada"


def test_different_seeds_give_different_replies() -> None:
    assert len({SimulatedModel(seed=seed).reply(PROMPTS[2]) for seed in range(5)}) == 5


def test_without_a_seed_two_models_differ() -> None:
    assert SimulatedModel().reply(PROMPTS[2]) != SimulatedModel().reply(PROMPTS[2])


def test_the_same_prompt_asked_again_gets_a_new_reply() -> None:
    model = SimulatedModel(seed=1)
    assert len({model.reply(PROMPTS[2]) for _ in range(10)}) == 10


def test_a_reply_does_not_depend_on_other_conversations() -> None:
    alone, busy = SimulatedModel(seed=1), SimulatedModel(seed=1)
    for prompt in PROMPTS[1:]:
        busy.reply(prompt)
    assert alone.reply(PROMPTS[0]) == busy.reply(PROMPTS[0])


def test_a_batch_in_threads_gets_the_replies_of_a_loop() -> None:
    threaded, looped = SimulatedModel(seed=3), SimulatedModel(seed=3)
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(threaded.reply, PROMPTS))
    assert replies == [looped.reply(prompt) for prompt in PROMPTS]


def test_one_prompt_in_many_threads_gets_the_replies_of_a_loop_in_some_order() -> None:
    threaded, looped = SimulatedModel(seed=3), SimulatedModel(seed=3)
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(threaded.reply, [PROMPTS[0]] * 50))
    assert sorted(replies) == sorted(looped.reply(PROMPTS[0]) for _ in range(50))


def test_streamed_pieces_make_up_the_reply() -> None:
    streaming, replying = SimulatedModel(seed=1), SimulatedModel(seed=1)
    for prompt in PROMPTS:
        assert "".join(streaming.stream(prompt)) == replying.reply(prompt)


def test_a_stream_comes_in_as_many_pieces_as_tokens_are_counted() -> None:
    pieces = list(SimulatedModel(seed=1).stream(PROMPTS[2]))
    assert len(pieces) == SimulatedModel().count_tokens("".join(pieces)) > 20


def test_streams_are_drawn_in_the_order_in_which_they_were_asked_for() -> None:
    model = SimulatedModel(seed=1)
    first, second = model.stream(PROMPTS[0]), model.stream(PROMPTS[0])
    late, early = "".join(second), "".join(first)
    again = SimulatedModel(seed=1)
    assert (early, late) == (again.reply(PROMPTS[0]), again.reply(PROMPTS[0]))


@given(st.text(max_size=200))
def test_any_question_gets_a_reply_in_whole_pieces(question: str) -> None:
    prompt = [("user", question)]
    reply = SimulatedModel(seed=1).reply(prompt)
    assert reply.strip()
    assert "".join(SimulatedModel(seed=1).stream(prompt)) == reply


def test_no_text_has_no_tokens() -> None:
    assert SimulatedModel().count_tokens("") == 0


@pytest.mark.parametrize("clone", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_goes_on_where_the_original_was(clone: object) -> None:
    assert callable(clone)
    model = SimulatedModel(seed=1)
    model.reply(PROMPTS[0])
    assert clone(model).reply(PROMPTS[0]) == model.reply(PROMPTS[0])


@pytest.mark.parametrize("setting", ["alpha", "beta", "noise"])
def test_a_bad_setting_is_refused_by_name_and_value(setting: str) -> None:
    for value in (-0.1, math.inf, math.nan):
        with pytest.raises(ValueError, match=rf"{setting}={value!r} .* finite"):
            SimulatedModel(**{setting: value})  # type: ignore[arg-type]


def test_a_beta_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        SimulatedModel(beta=0.0)


def test_an_empty_conversation_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        SimulatedModel().reply([])


def test_an_unknown_role_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'robot'.*system, user, assistant"):
        SimulatedModel().reply([("robot", "Hello")])


def test_a_system_message_alone_is_answered() -> None:
    assert SimulatedModel(seed=1).reply([("system", "Flip a coin.")]) in {"Heads", "Tails"}


def test_the_notice_says_that_it_is_no_language_model() -> None:
    assert "simulat" in SIMULATION_NOTICE
    assert "not from a language model" in SIMULATION_NOTICE
    assert "\n" not in SIMULATION_NOTICE


def test_the_settings_show_in_the_repr() -> None:
    expected = "SimulatedModel(seed=1, alpha=0.6, beta=0.2, noise=0.15)"
    assert repr(SimulatedModel(seed=1)) == expected
