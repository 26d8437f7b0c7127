"""A preset: what it may hold, and its file."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from tests.every import for_every
from vs_core import Method, NotWrittenError, Preset
from vs_core.adapters import (
    ExchangeSettings,
    ModelOptions,
    Placement,
    PresetFigures,
    PresetFindings,
)
from vs_core.calibration import Interval
from vs_core.comparison import Cost


def figures(**settings: Any) -> PresetFigures:
    return PresetFigures(
        settings=settings,
        diversity=Interval(value=0.8, low=0.7, high=0.9),
        readable=Interval(value=0.95, low=0.9, high=1.0),
        cost=Cost(calls=50, input_tokens=1000, output_tokens=3000),
        tokens_per_distinct=20.0,
    )


FOUND = PresetFindings(
    measured_at=datetime(2026, 1, 31, 12, 0, tzinfo=timezone.utc),
    metric="unique_fraction",
    prompts=12,
    calls=230,
    default=figures(),
    survivor=figures(k=10, method="cot"),
    difference=Interval(value=0.12, low=0.05, high=0.2),
    readable_difference=Interval(value=0.0, low=-0.02, high=0.02),
    decision="more different by 0.12 (0.05 to 0.20), and as readable: taken",
)
WHOLE = Preset(
    settings={"k": 10, "method": "cot"},
    model="openai:qwen",
    model_options=ModelOptions(temperature=0.7, base_url="http://localhost:8191/v1"),
    found=FOUND,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
numbers = st.floats(-1e6, 1e6)
intervals = (
    st.tuples(numbers, numbers, numbers)
    .map(sorted)
    .map(lambda ordered: Interval(low=ordered[0], value=ordered[1], high=ordered[2]))
)
changes = st.fixed_dictionaries(
    {},
    optional={
        "k": st.integers(1, 50),
        "method": st.sampled_from(get_args(Method)),
        "max_probability": st.none() | st.floats(0.001, 1.0),
        "layout": st.sampled_from(["xml", "json", "lines"]),
        "words": st.none() | st.integers(1, 500),
        "instructions": st.none() | texts,
        "placement": st.sampled_from(get_args(Placement)),
        "max_topups": st.integers(0, 3),
        "max_candidates": st.sampled_from(["auto", None, 100]),
        "keep_replies": st.booleans(),
    },
)
measured = st.builds(
    PresetFigures,
    settings=changes,
    diversity=intervals,
    readable=intervals,
    cost=st.builds(Cost, calls=st.integers(0, 999)),
    tokens_per_distinct=st.none() | st.floats(0, 1e6),
)
presets = st.builds(
    Preset,
    settings=changes,
    model=st.none() | texts,
    model_options=st.none() | st.builds(ModelOptions, temperature=st.none() | st.floats(0, 2)),
    found=st.none()
    | st.builds(
        PresetFindings,
        measured_at=st.datetimes(timezones=st.just(timezone.utc)),
        metric=texts,
        prompts=st.integers(1, 99),
        calls=st.integers(1, 9999),
        default=measured,
        survivor=measured,
        difference=intervals,
        readable_difference=intervals,
        decision=texts,
    ),
)


@given(presets)
def test_a_preset_survives_a_file_exactly(preset: Preset) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "preset.json"
        preset.save(path)
        assert Preset.load(str(path)) == preset
        written = path.read_bytes()
        Preset.load(path).save(path)
        assert path.read_bytes() == written


def test_the_file_says_what_it_is_and_has_its_settings_as_they_are_declared(
    tmp_path: Path,
) -> None:
    path = tmp_path / "preset.json"
    settings = {"k": 10, "method": "cot", "instructions": "Écris en français."}
    WHOLE.model_copy(update={"settings": Preset(settings=settings).settings}).save(path)
    text = path.read_text(encoding="utf-8")
    assert text.startswith('{\n  "format": "preset",\n  "version": 1,\n  "settings": {\n')
    assert "Écris en français." in text
    declared = [name for name in ExchangeSettings.model_fields if name in settings]
    assert list(json.loads(text)["settings"]) == declared


def test_by_hand_settings_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_text('{"format": "preset", "version": 1, "settings": {"k": 3}}', encoding="utf-8")
    assert Preset.load(path) == Preset(settings={"k": 3})


def test_every_setting_of_an_exchange_can_be_set_but_for_the_shape_of_an_answer() -> None:
    defaults = {name: field.default for name, field in ExchangeSettings.model_fields.items()}
    shape = {"value_schema": defaults.pop("value_schema")}
    assert Preset(settings=defaults).settings == defaults
    with pytest.raises(ValidationError, match="value_schema says what is asked for"):
        Preset(settings=shape)


@for_every(
    ("settings", "said"),
    [
        ({"kk": 1}, r"there is no setting 'kk': there are .*\bk, "),
        ({"k": "5"}, "k: Input should be a valid integer"),
        ({"k": True}, "k: Input should be a valid integer"),
        ({"k": 0}, "k: Input should be greater than or equal to 1"),
        ({"method": "magic"}, "method: Input should be 'standard'"),
        ({"max_probability": float("nan")}, "max_probability: "),
        ({"enforce_bound": True}, "enforce_bound=True needs a bound"),
        ({"method": "direct", "structured_output": "json_schema"}, "shapes a list"),
        ({"instructions": "a joke \ud83d"}, "half of a surrogate pair"),
    ],
    ids=str,
)
def test_what_no_exchange_can_be_made_with_is_no_setting(
    settings: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        Preset(settings=settings)
    with pytest.raises(ValidationError, match=said):
        figures(**settings)


def test_figures_have_no_part_without_the_others() -> None:
    whole = FOUND.model_dump()
    for name in set(whole):
        with pytest.raises(ValidationError, match=f"{name}\n  Field required"):
            PresetFindings.model_validate({k: v for k, v in whole.items() if k != name})
    with pytest.raises(ValidationError, match="readable\n  Field required"):
        PresetFigures.model_validate({"settings": {}, "diversity": FOUND.difference, "cost": {}})


def document(**changes: Any) -> str:
    whole = {"format": "preset", "version": 1, **WHOLE.model_dump(mode="json")}
    return json.dumps({**whole, **changes})


def found(**changes: Any) -> dict[str, Any]:
    return {**FOUND.model_dump(mode="json"), **changes}


@for_every(
    ("text", "said"),
    [
        ("", "is no JSON"),
        ("{'k': 3}", "is no JSON"),
        ("\udcff", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ('{"k": 3}', 'is no preset: pass a file that `save` wrote, which begins with "format": "'),
        ('{"format": "calibration", "version": 1}', "is no preset"),
        (document(version=2), "in version 2 of the format, and this package reads version 1"),
        (document(version="1"), '"1" as version of its format'),
        (document(version=True), "true as version of"),
        (document(version=1.0), "1.0 as version of"),
        (document(version=0), "0 as version of"),
        (
            '{"format": "preset", "settings": {}}',
            'has no version of its format: write "version": 1',
        ),
        (document(model="a \ud83d"), "holds half of a surrogate pair, '\\ud83d'"),
        (document(found=found(prompts="10")), "found.prompts: Input should be a valid integer"),
        (document(found=found(difference={"value": 0, "low": 1, "high": -1})), "is above high"),
        ('{"format": "preset", "version": 1}', "settings: Field required"),
        (document(settings={"kk": 3}), "settings: there is no setting 'kk': there are "),
        (document(settings={"k": "many"}), "settings: k: Input should be a valid integer"),
        (document(settings=[]), "settings: Input should be "),
        (document(later="x"), "later: Extra inputs are not permitted"),
        (document(api_key="x"), "api_key: Extra inputs are not permitted"),
        (document(model_options={"api_key": "x"}), "model_options.api_key: Extra inputs"),
        (document(found={"decision": "better"}), "found.measured_at: Field required"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_is_no_preset_is_refused_with_the_file_and_the_place(text: str, said: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "some.json"
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        with pytest.raises(ValueError, match=r"some\.json") as refused:
            Preset.load(path)
        assert said in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"missing\.json"):
        Preset.load(tmp_path / "missing.json")


def test_where_nothing_can_be_written_the_error_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(NotWrittenError, match="nowhere"):
        WHOLE.save(tmp_path / "nowhere" / "preset.json")


@for_every("record", [WHOLE, FOUND, FOUND.default, ModelOptions()], ids=repr)
def test_records_are_frozen(record: BaseModel) -> None:
    name = next(iter(type(record).model_fields))
    with pytest.raises(ValidationError, match="frozen"):
        setattr(record, name, None)
