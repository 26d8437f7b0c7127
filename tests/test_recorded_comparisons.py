"""What is recorded of real models, and what the documentation says of it."""

from __future__ import annotations

import importlib
import runpy
from pathlib import Path

import pytest

from tests.every import for_every
from tests.wire.server import serve
from tests.wire.simulated import simulated
from vs_core import Method, Preset
from vs_core.comparison import Comparison

pytest.importorskip("numpy")

ROOT = Path(__file__).parent.parent
STUDY = ROOT / "benchmarks" / "real"
RECORDS = sorted((ROOT / "benchmarks" / "recorded").glob("compare-*.json"))
REPORT = runpy.run_path(str(STUDY / "report.py"))
README_ROWS: dict[str, Method] = {
    "asked directly": "direct",
    "a plain list": "sequence",
    "verbalized sampling": "standard",
}
ALL = {path.stem: Comparison.model_validate_json(path.read_bytes()) for path in RECORDS}


def test_there_are_records_of_two_models_at_two_temperatures() -> None:
    asked = {(found.settings.model, REPORT["asked"](found)[1]) for found in ALL.values()}
    assert len({model for model, _ in asked}) == 2
    assert {temperature for _, temperature in asked} == {"0.7", "1.0"}


@for_every("name", ALL)
def test_a_record_says_who_was_asked_what_and_when(name: str) -> None:
    found = ALL[name]
    assert found.complete
    assert found.days
    assert not found.settings.simulated
    assert found.settings.model
    assert found.settings.model_options
    assert found.settings.model_options.max_tokens == 500
    model, temperature = REPORT["asked"](found)
    model, _, enforced = model.partition(", ")
    assert name == "-".join(filter(None, ["compare", model, f"t{temperature}", enforced]))


@for_every("name", ALL)
def test_a_record_is_of_the_prompts_that_are_there(name: str) -> None:
    said = {said["prompt"]: set(said.get("reference", ())) for said in REPORT["said"]()}
    settings = ALL[name].settings
    assert {p: set(settings.reference.get(p, ())) for p in settings.prompts} == said
    direct = ALL[name].of_method("direct")
    assert {len(found.texts) for found in direct} == {settings.n}


def test_the_documentation_has_the_tables_of_the_records() -> None:
    page = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    for table in REPORT["tables"](list(ALL.values())).split("\n\n"):
        assert table in page


def test_the_readme_says_what_its_picture_shows() -> None:
    found = ALL["compare-qwen2.5-coder-1.5b-t0.7"]
    by_method = {answers.method: answers for answers in found.of_prompt(found.settings.prompts[0])}
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert (
        f"{by_method['direct'].distinct} different answers in {found.settings.n}, "
        f"{by_method['standard'].distinct} by verbalized sampling" in readme
    )
    assert f"temperature 0.7, {found.days[0]}" in readme
    for name, method in README_ROWS.items():
        kl, _, fit = (f"{by_method[method].scores[m]:.2f}" for m in REPORT["CLOSED"])
        usable = REPORT["different_fitting"](by_method[method])
        tokens = by_method[method].cost.tokens
        assert f"| {name} | {usable} | {kl} | {tokens / usable:.0f} | {fit} |" in readme
    gain = REPORT["shown"](REPORT["gain"](found, "standard", "direct"), signed=True)
    assert f"beside asking directly: {gain}," in readme


def test_a_recording_goes_on_where_it_was_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(STUDY))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    record = importlib.import_module("record")
    monkeypatch.setattr(record, "JOURNALS", tmp_path / "journals")
    monkeypatch.setattr(record, "RECORDED", tmp_path)
    with serve(responder=simulated(seed=1)) as server:
        assert record.record(server.url, "small one", 0.7, n=1)
        asked = len(server.requests)
        found = record.record(server.url, "small one", 0.7, n=2)
        [body] = {str(request.body["temperature"]) for request in server.requests}
    assert asked == 4 * 6
    # Of the first run the direct answers count; lists of two are other exchanges than lists of one.
    assert len(server.requests) - asked == 4 * 6
    assert body == "0.7"
    kept = (tmp_path / "compare-small-one-t0.7.json").read_bytes()
    assert Comparison.model_validate_json(kept) == found


def test_the_page_on_tuning_has_the_figures_of_the_recorded_preset() -> None:
    found = Preset.load(ROOT / "benchmarks" / "recorded" / "preset-qwen2.5-coder-0.5b.json").found
    assert found
    page = (ROOT / "docs" / "tuning.md").read_text(encoding="utf-8")
    for name, side in (
        ("default", found.default),
        ("`structured_output=json_schema`", found.survivor),
    ):
        shares = (
            f"{share.value:.2f} ({share.low:.2f} to {share.high:.2f})"
            for share in (side.diversity, side.readable)
        )
        tokens = f"{side.tokens_per_distinct:.0f}"
        assert f"| {name} | {' | '.join(shares)} | {side.cost.calls} | {tokens} |" in page
    gain = found.difference
    assert f"| difference | {gain.value:+.2f} ({gain.low:+.2f} to {gain.high:+.2f}) |" in page
    assert found.calls == 188
    assert "default is kept" in found.decision
