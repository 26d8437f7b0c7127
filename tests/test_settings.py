"""Each setting stands once: what components take and pass on is made of the same sets."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any, get_type_hints

import pytest
from langchain_core.documents import Document
from pydantic import BaseModel

import langchain_vs
import llamaindex_vs
from llamaindex_vs.queries.query_transform import QueryTransformOptions
from tests.lc.models import ScriptedChatModel
from tests.setting_types import options_for, types_of
from vs_core.adapters import (
    DrawSettings,
    ExchangeOptions,
    ExchangeSettings,
    FollowUpSettings,
    RewritingOptions,
    exchange_options,
)
from vs_core.adapters.comparison import ComparisonOptions
from vs_core.adapters.retrieval import SearchSettings
from vs_core.adapters.tuning import TuningOptions
from vs_core.comparison import ComparisonSettings
from vs_core.tuning import TuningSettings

DECIDED_BY_A_SEARCH = {"k", "per_call", "split", "value_schema", "on_failure"}


@pytest.mark.parametrize(
    ("options", "without"),
    [
        (ExchangeOptions, set[str]()),
        (RewritingOptions, DECIDED_BY_A_SEARCH),
        (QueryTransformOptions, {"value_schema", "on_failure"}),
    ],
)
def test_keyword_arguments_have_the_names_and_types_of_the_settings(
    options: type, without: set[str]
) -> None:
    assert get_type_hints(options) == options_for(ExchangeSettings, without=without)
    assert options.__required_keys__ == frozenset()  # type: ignore[attr-defined]  # a TypedDict


def test_keyword_arguments_of_a_comparison_have_the_names_and_types_of_its_settings() -> None:
    passed_by_name = {"prompts", "methods", "n", "k", "simulated"}
    taken = options_for(ComparisonSettings, without=passed_by_name)
    said = get_type_hints(ComparisonOptions)
    assert said.keys() == taken.keys()
    shared = said.keys() & ExchangeSettings.model_fields.keys()
    assert {name: said[name] for name in shared} == {name: taken[name] for name in shared}


def test_keyword_arguments_of_a_tuning_have_the_names_and_types_of_its_settings() -> None:
    passed_by_name = {"prompts", "variants", "n", "k", "simulated", "enforces_schemas"}
    taken = options_for(TuningSettings, without=passed_by_name)
    said = get_type_hints(TuningOptions)
    assert said.keys() == taken.keys()
    shared = said.keys() & ExchangeSettings.model_fields.keys()
    assert {name: said[name] for name in shared} == {name: taken[name] for name in shared}


def retriever(**settings: Any) -> BaseModel:
    return langchain_vs.VerbalizedSamplingRetriever(
        retriever=lambda query: [Document(query)], llm=ScriptedChatModel(script=[]), **settings
    )


@pytest.mark.parametrize(
    ("component", "not_taken"),
    [
        (retriever(), {*DECIDED_BY_A_SEARCH, "enforce_bound", "max_candidates", "keep_replies"}),
        (
            ComparisonSettings(prompts="?"),
            {*DECIDED_BY_A_SEARCH, "method", "enforce_bound", "max_candidates", "keep_replies"},
        ),
        (ExchangeSettings(), set[str]()),
    ],
    ids=lambda of: type(of).__name__,
)
def test_a_component_takes_the_settings_of_an_exchange_but_for_those_it_decides(
    component: BaseModel, not_taken: set[str]
) -> None:
    taken = options_for(ExchangeSettings, without=not_taken)
    assert exchange_options(component) == {
        name: getattr(ExchangeSettings(), name) for name in taken
    }
    assert {name: types_of(type(component))[name] for name in taken} == taken


def test_a_component_passes_on_what_it_was_given() -> None:
    given = {"words": 7, "max_probability": 0.1, "method": "cot", "max_topups": 3}
    passed_on = exchange_options(retriever(**given, on_failure="original_only"))
    assert {name: passed_on[name] for name in given} == given


def test_a_setting_of_its_own_with_a_name_of_the_exchange_is_not_passed_on() -> None:
    ranker = llamaindex_vs.VerbalizedSamplingPostprocessor(
        select="tail", max_probability=0.2, on_failure="raise", layout="json"
    )
    assert exchange_options(ranker) == {
        "layout": "json",
        "instructions": None,
        "placement": "system",
        "max_reasks": FollowUpSettings().max_reasks,
    }


@pytest.mark.parametrize(
    ("component", "settings", "names"),
    [
        (llamaindex_vs.VerbalizedSamplingRetriever, SearchSettings, SearchSettings.model_fields),
        (
            llamaindex_vs.VerbalizedSamplingQueryTransform,
            SearchSettings,
            ["include_original", "original_weight", "on_failure"],
        ),
        (llamaindex_vs.VerbalizedSamplingSynthesizer, DrawSettings, DrawSettings.model_fields),
    ],
)
def test_a_signature_that_names_settings_has_their_defaults(
    component: type, settings: type[BaseModel], names: Iterable[str]
) -> None:
    parameters = inspect.signature(component).parameters
    assert {name: parameters[name].default for name in names} == {
        name: settings.model_fields[name].default for name in names
    }
