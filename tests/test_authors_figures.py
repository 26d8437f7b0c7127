"""The figures of the paper's authors: what is recorded of them, and what the documentation says."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "measuring.md"
REPLIES = ROOT.parent / "shared" / "real_replies"


@pytest.fixture(scope="module")
def study() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "benchmarks" / "authors.py"))


def record(study: dict[str, Any]) -> Any:
    return json.loads(study["RECORD"].read_text(encoding="utf-8"))


def test_the_documentation_has_the_figures_of_the_record(study: dict[str, Any]) -> None:
    page = PAGE.read_text(encoding="utf-8").splitlines()
    for line in study["tables"](record(study)):
        assert line in page
    rows = [row for row in record(study)["answers"] if row["prompt"] == "a US state"]
    full = {
        row["method"]: row["kl_divergence_full"] for row in rows if row["responses"] in {480, 500}
    }
    assert f"{full['direct']:.2f} for direct, {full['sequence']:.2f} for the list" in "\n".join(
        page
    )


def test_figures_made_of_all_they_had_are_theirs(study: dict[str, Any]) -> None:
    found = [row for row in record(study)["answers"] if row["responses"] != 123]
    assert len(found) == 9
    for row in found:
        for name in ("kl_divergence", "coverage_n"):
            theirs, ours = row[name]
            assert ours == pytest.approx(theirs, abs=1e-6), row


@pytest.mark.skipif(not REPLIES.exists(), reason="the recorded replies are not present")
def test_the_record_is_what_is_computed_of_the_replies(study: dict[str, Any]) -> None:
    pytest.importorskip("rapidfuzz")
    recorded = record(study)
    del recorded["date"]
    assert study["figures"](REPLIES) == approximately(recorded)


def approximately(found: Any) -> Any:
    """The same tree, its numbers equal but for rounding."""
    if isinstance(found, dict):
        return {key: approximately(value) for key, value in found.items()}
    if isinstance(found, list):
        return [approximately(value) for value in found]
    return pytest.approx(found) if isinstance(found, float) else found
