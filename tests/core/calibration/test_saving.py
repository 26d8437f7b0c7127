"""A calibration as a file, as JSON, and as a table."""

from __future__ import annotations

import functools
import json
import tempfile
from datetime import datetime, timezone
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from tests.core.calibration.worlds import alternating, squared, world
from tests.every import for_every
from vs_core import NotWrittenError
from vs_core.calibration import Calibration, CalibrationMethod, calibrate, evaluate

METHODS: tuple[CalibrationMethod, ...] = ("temperature", "isotonic")


@functools.cache
def fitted(method: CalibrationMethod = "temperature") -> Calibration:
    return calibrate(*world(120, squared), method=method, folds=2, seed=3)


@for_every("method", METHODS)
def test_a_calibration_survives_json_exactly(method: CalibrationMethod) -> None:
    found = fitted(method)
    assert Calibration.model_validate_json(found.model_dump_json()) == found


@pytest.mark.parametrize("method", METHODS)
def test_a_calibration_survives_a_file_exactly(method: CalibrationMethod, tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    fitted(method).save(path)
    read = Calibration.load(str(path))
    assert read == fitted(method)
    decision = {"a": 0.7, "b": 0.2, "c": 0.1}
    assert read.applied(decision) == fitted(method).applied(decision)


def test_the_file_says_what_it_is_and_how_it_came_about(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    before = datetime.now(timezone.utc)
    calibrate(*alternating(30), seed=5).save(path)
    written = json.loads(path.read_text(encoding="utf-8"))
    assert (written["format"], written["version"]) == ("calibration", 1)
    assert (written["asked"], written["folds"], written["seed"]) == ("auto", 10, 5)
    assert before <= datetime.fromisoformat(written["fitted_at"].replace("Z", "+00:00"))
    assert written["labels"] == ["tea", "coffee"]


def test_labels_of_which_json_has_no_form_are_written_as_text() -> None:
    class Drink(Enum):
        TEA = 1
        COFFEE = 2

    found = calibrate([{Drink.TEA: 0.8, Drink.COFFEE: 0.2}] * 12, [Drink.TEA, Drink.COFFEE] * 6)
    assert found.labels == ("Drink.TEA", "Drink.COFFEE")


def test_kinds_of_labels_survive_a_file(tmp_path: Path) -> None:
    labels = (True, False, 2, 0.5, "2")
    found = fitted().model_copy(update={"labels": labels})
    found.save(tmp_path / "c.json")
    read = Calibration.load(tmp_path / "c.json").labels
    assert [(type(label), label) for label in read] == [(type(label), label) for label in labels]


def document(**changes: Any) -> str:
    whole = {"format": "calibration", "version": 1, **fitted().model_dump(mode="json")}
    return json.dumps({**whole, **changes})


@for_every(
    ("text", "said"),
    [
        ("", "is no JSON"),
        ('{"format": "calib', "is no JSON"),
        ("\udcff", "is no JSON"),
        ("[]", "is no calibration: pass a file that `save` wrote"),
        ('{"prompts": []}', "is no calibration"),
        (document(version=2), "version 2 of the format, and this package reads version 1"),
        (document(method="platt"), "is damaged: method: "),
        (document(temperature=None), "is damaged: the map: "),
        (document(temperature=-1.0), "is damaged: temperature: "),
        (document(method="isotonic"), "is damaged: the map: "),
        (document(method="isotonic", temperature=None), "is damaged: the map: "),
        (
            document(method="isotonic", temperature=None, points=[[0.1, 0.5], [0.2, 0.4]]),
            "is damaged: the map: ",
        ),
        (document(later="x"), "is damaged: later: "),
    ],
    ids=str,
)
def test_what_is_no_calibration_is_refused_with_the_name_of_the_file(text: str, said: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "some.json"
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        with pytest.raises(ValueError, match=r"some\.json") as refused:
            Calibration.load(path)
        assert said in str(refused.value)


def test_json_that_is_nested_without_end_is_no_calibration(tmp_path: Path) -> None:
    path = tmp_path / "deep.json"
    path.write_text("[" * 200_000, encoding="utf-8")
    with pytest.raises(ValueError, match="deep"):
        Calibration.load(path)


def test_a_byte_order_mark_is_no_part_of_a_calibration(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(fitted().to_json(), encoding="utf-8-sig")
    assert Calibration.load(path) == fitted()


@for_every("label", [float("nan"), float("inf"), "\ud83d"])
def test_labels_that_no_json_can_hold_come_back_as_texts(label: object) -> None:
    found = calibrate([{label: 0.8, "other": 0.2}] * 12, [label, "other"] * 6)
    assert Calibration.model_validate_json(found.model_dump_json()) == found
    with tempfile.TemporaryDirectory() as folder:
        found.save(Path(folder) / "calibration.json")
        assert Calibration.load(Path(folder) / "calibration.json") == found


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"missing\.json"):
        Calibration.load(tmp_path / "missing.json")


def test_where_nothing_can_be_written_the_error_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(NotWrittenError, match="nowhere"):
        fitted().save(tmp_path / "nowhere" / "calibration.json")


def test_the_table_has_a_row_for_each_figure_and_the_map_below() -> None:
    lines = str(fitted()).splitlines()
    assert lines[0] == "| 120 examples | as stated | calibrated | change |"
    assert [line.split(" | ")[0] for line in lines[2:6]] == [
        "| accuracy ↑",
        "| ECE ↓",
        "| Brier score ↓",
        "| log loss ↓",
    ]
    brier = fitted().change.brier
    assert f"{brier.value:.3f} ({brier.low:.3f} to {brier.high:.3f}) |" in lines[4]
    assert lines[7] == f"- temperature {fitted().temperature:.2f}"
    assert "- isotonic map of " in str(fitted("isotonic"))


def test_an_evaluation_has_one_column_that_says_what_it_is_of() -> None:
    examples = world(40, squared)
    assert str(evaluate(*examples)).startswith("| 40 examples | as stated |\n")
    made = evaluate(*examples, calibration=fitted())
    assert str(made).startswith("| 40 examples | calibrated |\n")
    assert "- only 40 examples" in made.to_markdown()


def test_in_a_notebook_labels_are_no_markup() -> None:
    decisions = [{"<b>|tea": 0.9, "coffee": 0.1}] * 30
    found = calibrate(decisions, ["<b>|tea"] * 30)
    html = found._repr_html_()
    assert "<b>" not in html
    assert "&lt;b&gt;" in html
    assert html.count("<tr>") == 5
    assert "\\<b>\\|tea" in found.to_markdown()
    assert evaluate(decisions, ["<b>|tea"] * 30)._repr_html_().startswith("<table><tr><th>30 ex")
