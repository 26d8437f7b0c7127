"""What `vs generate` refuses before it asks anything, and what it says to do instead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.generations import PROMPT, answering
from tests.cli.program import run_main
from tests.every import for_every
from tests.wire.server import WireServer
from vs_cli import main
from vs_core.adapters.journal import alone_in

pytestmark = pytest.mark.usefixtures("no_pictures")
Served = tuple[WireServer, tuple[str, ...]]
FILES = {
    "blank": "\n \n",
    "mixed": 'Name one.\n\n{"prompt": "Name two."}\n',
    "torn": '{"prompt": "a"}\n{"prompt": "b"\n',
    "unknown": '{"prompt": "a"}\n\n{"prompt": "b", "temprature": 1}\n',
    "range": '{"prompt": "a", "n": 5}\n{"prompt": "b", "n": 0}\n',
    "budget": '{"prompt": "a", "max_calls": 5}\n',
    "method": '{"prompt": "a", "method": "multi"}\n',
    "nothing": '{"prompt": "a"}\n{"prompt": " "}\n',
    "half": '{"prompt": "a"}\n{"prompt": "cut \\ud83d"}\n',
    "schema": '{"prompt": "a", "value_schema": {"type": "texts"}}\n',
    "list.json": "[1]",
    "no.json": "{",
    "wrong.json": '{"type": "texts"}',
    "saying-nothing.json": '{"name": "string"}',
    "parameters.json": '{"parameters": {"type": "object"}}',
}
REFUSED = [
    (["-n", "0", PROMPT], "n=0: Input should be greater than or equal to 1"),
    (["-k", "21", PROMPT], "k=21: Input should be less than or equal to 20"),
    (["--tail", "2", PROMPT], "max_probability=2.0"),
    (["--near-duplicate", "0", PROMPT], "near_duplicate=0.0"),
    (["--until-unseen", "1", PROMPT], "until_unseen=1.0"),
    (["--max-calls", "0", PROMPT], "max_calls=0"),
    (["--method", "multi", PROMPT], "take method='standard' or 'cot'"),
    (["--method", "direct", "--tail", "0.1", PROMPT], "max_probability is about probabilities"),
    (["--concurrency", "0", PROMPT], "argument --concurrency"),
    (["--engine", "threads", PROMPT], "invalid choice: 'threads'"),
    (["--address", "auto", PROMPT], "--address is for --engine ray"),
    (["--min-distance", "0.05", PROMPT], "--min-distance is for --embeddings"),
    (["--seed", "1", PROMPT], "--seed is for the simulation"),
    (["--prompts", "{mixed}"], "line 3 of {mixed} begins like a JSON object, and the first line i"),
    ([], "pass either a PROMPT or --prompts FILE"),
    ([PROMPT, "--prompts", "{blank}"], "pass either a PROMPT or --prompts FILE"),
    ([""], "the prompt: a prompt is blank"),
    (["cut \ud83d"], "the prompt holds half a character"),
    (["--prompts", "{absent}"], "absent: [Errno 2] No such file"),
    (["--prompts", "{blank}"], "holds no prompt"),
    (["--prompts", "{torn}"], 'line 2 of {torn} is no JSON object with a text as "prompt"'),
    (["--prompts", "{unknown}"], "line 3 of {unknown}: 'temprature' is no setting of one prompt"),
    (["--prompts", "{range}"], "line 2 of {range}: n=0: Input should be greater than"),
    (["--prompts", "{budget}"], "line 1 of {budget}: 'max_calls' is no setting of one prompt"),
    (["--prompts", "{method}"], "line 1 of {method}: method='multi': method='multi' takes several"),
    (["--prompts", "{nothing}"], 'line 2 of {nothing} is no JSON object with a text as "prompt"'),
    (["--prompts", "{half}"], "line 2 of {half} holds half a character"),
    (["--prompts", "{schema}"], "line 1 of {schema}: value_schema="),
    (["--schema", "{absent}", PROMPT], "--schema: {absent}: [Errno 2]"),
    (["--schema", "{list.json}", PROMPT], "--schema: {list.json} holds no JSON schema"),
    (["--schema", "{no.json}", PROMPT], "--schema: {no.json} is no JSON: "),
    (["--schema", "{wrong.json}", PROMPT], "--schema: {wrong.json}: value_schema is no JSON sch"),
    (["--schema", "{saying-nothing.json}", PROMPT], "none of its keywords says what a value is"),
    (["--schema", "{parameters.json}", PROMPT], "seems to stand under 'parameters'"),
    (["--schema", "-", "-"], "standard input can be read once"),
    (["--embeddings", "nobody:x", PROMPT], "--embeddings nobody:x: "),
    (["--out", "{blank}", PROMPT], "blank/journal.jsonl: Not a directory"),
]


@pytest.fixture
def served() -> Iterator[Served]:
    with answering() as found:
        yield found


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return {name: str(tmp_path / name) for name in [*FILES, "absent"]}


def _filled(text: str, files: dict[str, str]) -> str:
    for name, path in files.items():
        text = text.replace("{" + name + "}", path)
    return text


@for_every("arguments, message", REFUSED)
def test_bad_input_is_refused_before_any_call(
    arguments: list[str], message: str, served: Served, files: dict[str, str]
) -> None:
    server, model = served
    ended = run_main("generate", *(_filled(one, files) for one in arguments), *model)
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert _filled(message, files) in ended.stderr.decode()
    assert "Value error" not in ended.stderr.decode()
    assert not server.requests


@for_every("option", ["--parquet", "--json"])
def test_what_needs_a_folder_says_so(option: str) -> None:
    ended = run_main("generate", PROMPT, option)
    assert ended.returncode == 2
    assert f"{option} needs --out DIR" in ended.stderr.decode()


@for_every("option", [["--reply-tokens", "5"], ["--temperature", "1"]])
def test_options_of_a_model_are_refused_without_one(option: list[str]) -> None:
    ended = run_main("generate", PROMPT, *option)
    assert ended.returncode == 2
    assert f"{option[0]} is for a language model" in ended.stderr.decode()


@for_every(
    "option, package, extra",
    [
        (["--parquet", "--out", "{out}"], "pyarrow", "parquet"),
        (["--out", "{out}"], "jinja2", "cli"),
        (["--engine", "ray"], "ray", "ray"),
    ],
)
def test_what_is_missing_is_named_with_its_extra(
    option: list[str],
    package: str,
    extra: str,
    served: Served,
    tmp_path: Path,
) -> None:
    server, model = served
    arguments = [_filled(one, {"out": str(tmp_path / "out")}) for one in option]
    with pytest.MonkeyPatch.context() as patch:
        for room in ("writing", "generate.parquet", "generate.engine"):
            patch.setattr(
                f"vs_cli.{room}.find_spec", lambda name: None if name == package else object()
            )
        ended = run_main("generate", PROMPT, *arguments, *model)
    assert ended.returncode == 2
    assert f"pip install 'verbalized-sampling-integrations[{extra}]'" in ended.stderr.decode()
    assert not server.requests
    assert not (tmp_path / "out").exists()


@for_every(
    "changed, message",
    [
        (["--model", "openai:other"], "was written with model openai:m, and this run has model op"),
        (["--method", "cot"], "was written with method standard, and this run has method cot"),
        (["--temperature", "0.5"], "no temperature, and this run has temperature 0.5"),
        (["--near-duplicate", "none"], "near_duplicate"),
        (
            ["--schema", "{schema}"],
            "was written with no value_schema.type, and this run has value_schema.type string",
        ),
        (
            ["--prompts", "{prompts}"],
            f"has answers to a prompt that this run does not ask ({PROMPT!r})",
        ),
    ],
)
def test_a_folder_of_another_plan_is_refused_before_any_call(
    changed: list[str], message: str, served: Served, tmp_path: Path
) -> None:
    server, model = served
    out = ("--out", str(tmp_path / "data"))
    (tmp_path / "schema").write_text('{"type": "string"}')
    (tmp_path / "prompts").write_text("Name another.\n")
    paths = {name: str(tmp_path / name) for name in ("schema", "prompts")}
    if not (tmp_path / "data").exists():
        assert main(["generate", PROMPT, "-n", "5", *model, *out]) == 0
    asked, before = len(server.requests), (tmp_path / "data" / "data.jsonl").read_bytes()
    prompt = [] if "--prompts" in changed else [PROMPT]
    options = [_filled(one, paths) for one in changed]
    ended = run_main("generate", *prompt, "-n", "9", *model, *options, *out)
    assert ended.returncode == 2
    assert message in ended.stderr.decode()
    assert "another --out" in ended.stderr.decode()
    assert len(server.requests) == asked
    assert (tmp_path / "data" / "data.jsonl").read_bytes() == before


@for_every("name", ["README.md", "data.jsonl", "refused.jsonl", "journal.jsonl"])
def test_a_file_of_something_else_is_not_overwritten(
    name: str, served: Served, tmp_path: Path
) -> None:
    server, model = served
    folder = tmp_path / name
    folder.mkdir()
    (folder / name).write_text('{"mine": 1}\n')
    ended = run_main("generate", PROMPT, "-n", "5", *model, "--out", str(folder))
    assert ended.returncode == 2
    assert str(folder / name) in ended.stderr.decode()
    assert "another --out" in ended.stderr.decode()
    assert [path.name for path in folder.iterdir()] == [name]
    assert (folder / name).read_text() == '{"mine": 1}\n'
    assert not server.requests


def test_a_second_run_in_a_folder_is_refused(served: Served, tmp_path: Path) -> None:
    server, model = served
    with alone_in(tmp_path, name="vs generate"):
        ended = run_main("generate", PROMPT, "-n", "5", *model, "--out", str(tmp_path))
    assert ended.returncode == 2
    assert f"another run of vs generate is writing to {tmp_path}" in ended.stderr.decode()
    assert not server.requests
