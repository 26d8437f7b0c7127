"""What a draw costs where one reply serves many: the documentation has what is measured."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "cost.md"
RECORDS = sorted((ROOT / "benchmarks" / "recorded").glob("draws-*.json"))


@pytest.fixture(scope="module")
def study() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "benchmarks" / "cached_draws.py"))


def test_the_documentation_has_the_figures_of_the_simulation_and_of_the_records(
    study: dict[str, Any],
) -> None:
    columns = study["columns"]()
    page = PAGE.read_text(encoding="utf-8").splitlines()
    for line in [*study["cost_table"](columns), *study["seen_table"](columns)]:
        assert line in page


def test_a_hundred_draws_of_kept_replies_cost_what_the_first_did(study: dict[str, Any]) -> None:
    assert RECORDS
    for path in RECORDS:
        record = json.loads(path.read_text(encoding="utf-8"))
        for row in record["prompts"]:
            for one in [*row["kept"], row["spread"]]:
                assert len(one["paid"]) == len(study["DRAWS"])
                assert len(set(one["paid"])) == 1


def test_the_documentation_says_when_and_how_the_model_was_asked() -> None:
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    for path in RECORDS:
        record = json.loads(path.read_text(encoding="utf-8"))
        assert f"asked on {record['date']} at temperature {record['temperature']}" in page
        assert f"at most {record['most tokens']} tokens a reply" in page
        assert f"benchmarks/recorded/{path.name}" in page
