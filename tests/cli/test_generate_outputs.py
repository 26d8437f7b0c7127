"""What `vs generate` writes and prints: complete, harmless, and fit to be read."""

from __future__ import annotations

import json
import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from tests.answering import AnsweringWorld
from tests.cli.comparisons import HOSTILE
from tests.cli.generations import PROMPT, answering, rows, values
from tests.cli.program import run_main
from tests.cli.test_report import Reader
from tests.scenarios import xml
from tests.wire.server import Fault
from vs_cli.generate.summary import show_summary
from vs_cli.terminal import Terminal
from vs_core.generation import (
    Figures,
    GenerationReport,
    PromptReport,
    UnseenShare,
)

CONTROLS = "\x1b[2J\x07 \u202e \x9b"
FILES = ("data.jsonl", "refused.jsonl", "report.json", "README.md", "report.html")
SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
}
# As a reply quotes it in a tag, which is decoded.
ESCAPED = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder made of answers, prompts and errors that want to do something."""
    folder = tmp_path_factory.mktemp("hostile")
    answers = [f"{ESCAPED} {n} {CONTROLS} \ud83d | `x` ```` {n}" for n in range(4)]
    server = AnsweringWorld(always={"bad": Fault(400, message=f"no <b>{CONTROLS}</b>")})
    world = lambda m: server(m) if "bad" in str(m) else xml(*answers)  # noqa: E731
    lines = [f"Name <i>one</i> ``` {CONTROLS} | {{{{ 7 * 7 }}}}", "Name a bad one."]
    (folder / "prompts").write_text("".join(json.dumps({"prompt": p}) + "\n" for p in lines))
    with answering(world) as (_, model):
        command = ("generate", "--prompts", str(folder / "prompts"), "-n", "4", "-k", "4")
        ended = run_main(*command, *model, "--out", str(folder / "data"))
    assert ended.returncode == 0, ended.stderr
    (folder / "data" / "said").write_bytes(ended.stdout + ended.stderr)
    return folder / "data"


def test_control_characters_are_in_no_file_and_on_no_terminal(hostile: Path) -> None:
    for name in (*FILES, "said"):
        text = (hostile / name).read_bytes().decode()
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e]", text), name


def test_what_was_written_is_kept_as_it_was(hostile: Path) -> None:
    found = values(hostile)
    assert len(found) == 4
    assert all(HOSTILE in value and CONTROLS.strip() in value for value in found)


def test_a_report_shows_what_was_written_and_is_never_its_markup(hostile: Path) -> None:
    page = (hostile / "report.html").read_text("utf-8")
    reader = Reader(page)
    assert HOSTILE in reader.text
    assert "Name <i>one</i>" in reader.text
    assert "no <b>" in reader.text
    assert not {"script", "img", "iframe", "i", "b"} & {tag for tag, _ in reader.tags}
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    references = [a.get("src") or a.get("href") for _, a in reader.tags]
    assert all(one is None or one.startswith("#") for one in references)
    assert "<svg" in page


def test_a_card_begins_with_front_matter_and_holds_texts_in_fences(hostile: Path) -> None:
    yaml: Any = pytest.importorskip("yaml", reason="PyYAML is not installed")
    card = (hostile / "README.md").read_text("utf-8")
    _, front, body = card.split("---\n", 2)
    matter = yaml.safe_load(front)
    assert matter["configs"] == [{"config_name": "default", "data_files": "data.jsonl"}]
    assert matter["size_categories"] == ["n<1K"]
    assert "license" not in matter
    [fence] = re.findall(r"^(`+)text\nName <i>one", body, re.MULTILINE)
    assert len(fence) == 4
    for part in ("How it was made", "Figures", "Columns", "Limits", "openai:m", "not calibrated"):
        assert part in body


def test_a_simulation_is_labelled_in_every_report(tmp_path: Path) -> None:
    ended = run_main("generate", "Name a US state", "-n", "3", "--out", str(tmp_path))
    assert "from a simulated model" in ended.stdout.decode()
    for name in ("README.md", "report.html"):
        assert "A simulation answered" in (tmp_path / name).read_text("utf-8")
    assert json.loads((tmp_path / "report.json").read_bytes())["simulated"]


@pytest.mark.usefixtures("no_pictures")
def test_secrets_are_in_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = "sk-of-nothing-at-all"
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with answering(lambda _: xml("one", f"the key is {key}")) as (_, model):
        command = ("generate", f"Name {key}.", "-n", "2", "-k", "2")
        assert run_main(*command, *model, "--out", str(tmp_path)).returncode == 0
    for path in tmp_path.iterdir():
        assert key not in path.read_text("utf-8"), path
    assert "the key is ***" in values(tmp_path)


def typed(count: int) -> Any:
    """Answers a request with objects, the numbers going on."""
    numbers = iter(range(1000))

    def answer(_: Any) -> str:
        found = [
            {"value": {"name": f"N {next(numbers)}", "age": 30}, "probability": 0.1}
            for _ in range(count)
        ]
        return json.dumps({"responses": found})

    return answer


@pytest.mark.usefixtures("no_pictures")
def test_typed_answers_are_values_in_every_file(tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA))
    options = ["--schema", str(tmp_path / "schema.json"), "--out", str(tmp_path / "data")]
    has_parquet = find_spec("pyarrow") is not None
    if has_parquet:
        options.append("--parquet")
    with answering(typed(5)) as (_, model):
        command = ("generate", "Invent a person.", "-n", "15", "-k", "5", *model, *options)
        ended = run_main(*command)
    assert ended.returncode == 0, ended.stderr
    assert values(tmp_path / "data")[0] == {"name": "N 0", "age": 30}
    assert len(values(tmp_path / "data")) == 15
    if has_parquet:
        table = import_module("pyarrow.parquet").read_table(tmp_path / "data" / "data.parquet")
        assert table.to_pylist() == rows(tmp_path / "data")
        assert "data_files: data.parquet" in (tmp_path / "data" / "README.md").read_text("utf-8")


def report(prompts: int) -> GenerationReport:
    share = UnseenShare(estimate=0.25, low=0.1, high=0.5, draws=40)
    each = Figures(accepted=12_345, different=12_345, same=99, near=3, calls=1_500, failed=2)
    parts = tuple(
        PromptReport(
            prompt=f"Name {n}.", n=20_000, figures=each, unseen=share, ended_by="max_calls"
        )
        for n in range(prompts)
    )
    figures = sum((part.figures for part in parts), Figures())
    return GenerationReport(settings={}, prompts=parts, figures=figures, notes=("A note. " * 20,))


@pytest.mark.parametrize("width", [30, 40, 80])
@pytest.mark.parametrize("prompts", [1, 3])
def test_a_summary_fits_into_a_narrow_terminal(
    capsys: pytest.CaptureFixture[str], width: int, prompts: int
) -> None:
    show_summary(Terminal(width=width), report(prompts), 60_000)
    shown = capsys.readouterr().out
    assert max(map(cell_len, shown.splitlines())) <= width
    flat = " ".join(shown.split())
    assert "0.25" in flat
    assert "budget" in flat


def test_a_run_of_one_prompt_is_named_in_the_card_by_the_prompt(tmp_path: Path) -> None:
    with answering() as (_, model):
        assert (
            run_main("generate", PROMPT, "-n", "3", *model, "--out", str(tmp_path)).returncode == 0
        )
    assert f"The prompt:\n\n```text\n{PROMPT}\n```" in (tmp_path / "README.md").read_text("utf-8")
