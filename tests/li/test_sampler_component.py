"""The sampler as a component: what it shows of itself, and what survives being copied."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llama_index.core.prompts import ChatPromptTemplate, PromptTemplate, RichPromptTemplate
from llama_index.llms.openai import OpenAI
from pydantic import BaseModel

from llamaindex_vs import SimulatedLLM, VerbalizedSampler
from tests.li.models import ScriptedLLM
from tests.scenarios import QUESTION, xml
from vs_core import PromptSettings, instruction

AB = xml("a", "b")


def test_the_class_name_is_that_of_the_class() -> None:
    assert VerbalizedSampler.class_name() == "VerbalizedSampler"


def test_settings_survive_json() -> None:
    vs = VerbalizedSampler(llm=SimulatedLLM(), k=3, method="cot", instructions="Only {odd} ones")
    again = VerbalizedSampler.from_json(vs.to_json(), llm=vs.llm)
    assert again == vs


def test_settings_survive_a_dict() -> None:
    vs = VerbalizedSampler(llm=SimulatedLLM(), k=3, value_schema=int)
    assert VerbalizedSampler.from_dict(vs.to_dict(), llm=vs.llm) == vs


def test_a_type_is_not_silently_left_out_of_json() -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        VerbalizedSampler(value_schema=int).to_json()


def test_the_models_key_is_not_shown() -> None:
    vs = VerbalizedSampler(llm=OpenAI(model="gpt-4o-mini", api_key="sk-secret"))
    shown = [repr(vs), str(vs), vs.to_json(), str(vs.to_dict()), vs.model_dump_json()]
    assert not [text for text in shown if "sk-secret" in text]


def test_it_survives_a_pickle_with_its_model() -> None:
    vs = pickle.loads(pickle.dumps(VerbalizedSampler(llm=SimulatedLLM(seed=3), k=3)))
    assert isinstance(vs.llm, SimulatedLLM)
    assert vs.run(QUESTION) == VerbalizedSampler(llm=SimulatedLLM(seed=3), k=3).run(QUESTION)


def test_what_cannot_be_pickled_is_not_silently_left_out() -> None:
    class Local(BaseModel):
        answer: int

    with pytest.raises((AttributeError, pickle.PicklingError), match="Local"):
        pickle.dumps(VerbalizedSampler(value_schema=Local))


def test_a_deep_copy_asks_alike() -> None:
    vs = VerbalizedSampler(llm=SimulatedLLM(seed=3), k=3)
    twin = copy.deepcopy(vs)
    assert twin.llm is not vs.llm
    assert twin.run(QUESTION) == vs.run(QUESTION)


# --- access to the instructions -------------------------------------------------------------------


def test_the_instructions_are_a_prompt_of_the_component() -> None:
    vs = VerbalizedSampler(instructions="Only {odd} ones")
    assert vs.get_prompts()["instructions"].get_template() == "Only {odd} ones"


def test_without_own_instructions_the_template_is_blank() -> None:
    assert VerbalizedSampler().get_prompts()["instructions"].get_template() == ""


def test_instructions_can_be_replaced() -> None:
    model = ScriptedLLM(script=[AB])
    vs = VerbalizedSampler(llm=model, k=2)
    vs.update_prompts({"instructions": PromptTemplate("Name two {odd} ones.")})
    vs.run(QUESTION)
    assert "Name two {odd} ones." in str(model.calls[0][0].content)


@given(st.text(st.sampled_from("{}ab \n%$"), min_size=1).filter(str.strip))
def test_braces_survive_both_ways(text: str) -> None:
    vs, other = VerbalizedSampler(instructions=text), VerbalizedSampler()
    other.update_prompts(vs.get_prompts())
    assert other.instructions == text


@pytest.mark.parametrize("blank", ["", "  \n"])
def test_a_blank_template_means_the_built_in_wording(blank: str) -> None:
    model = ScriptedLLM(script=[AB])
    vs = VerbalizedSampler(llm=model, k=2, instructions="Only odd ones")
    vs.update_prompts({"instructions": PromptTemplate(blank)})
    vs.run(QUESTION)
    assert model.calls[0][0].content == instruction(PromptSettings(k=2))


def test_other_kinds_of_templates_give_their_text() -> None:
    vs = VerbalizedSampler()
    vs.update_prompts({"instructions": RichPromptTemplate("Only {{ odd }} ones")})
    assert vs.instructions == "Only {{ odd }} ones"
    chat = ChatPromptTemplate.from_messages([("system", "Only {odd} ones"), ("user", "please")])
    vs.update_prompts({"instructions": chat})
    assert vs.instructions == "Only {odd} ones\n\nplease"


def test_other_prompts_are_none_of_its_business() -> None:
    vs = VerbalizedSampler(instructions="Only odd ones")
    vs.update_prompts({"text_qa_template": PromptTemplate("{query_str}")})
    assert vs.instructions == "Only odd ones"
