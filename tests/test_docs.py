"""What the documentation says holds: its code runs and prints what is shown, its commands exist."""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import io
import logging
import re
import runpy
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.every import for_every
from vs_cli import main
from vs_cli.arguments import parser
from vs_cli.models import KEYS
from vs_core import errors
from vs_core.adapters import ExchangeSettings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
PAGES = [*sorted(DOCS.rglob("*.md")), CONTRIBUTING]
PROGRAMS = {
    ".ci/run",
    ".venv/bin/python",
    "export",
    "git",
    "make",
    "ollama",
    "pip",
    "python",
    "ray",
    "vllm",
    "vs",
}
FENCE = re.compile(r"^( *)```(\w+)?([^\n]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)

HAS_DECISIONS = importlib.util.find_spec("langchain_core.decisions") is not None
"""From langchain-core 1.8 on."""

SUBCOMMANDS: dict[str, argparse.ArgumentParser] = next(
    action.choices for action in parser()._actions if isinstance(action, argparse._SubParsersAction)
)


@dataclass(frozen=True)
class Block:
    language: str
    title: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    written = page.read_text(encoding="utf-8")
    return [
        Block(found[2] or "", found[3], dedent(found[4]), written[: found.start()].count("\n") + 1)
        for found in FENCE.finditer(written)
    ]


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def commands(*programs: str) -> list[str]:
    lines = (
        line.partition("  #")[0].strip()
        for page in PAGES
        for block in blocks(page)
        if block.language == "bash"
        for line in block.text.replace("\\\n", " ").splitlines()
    )
    return sorted({line for line in lines if line and line.split()[0] in programs})


def run(block: Block, page: Path, names: dict[str, Any]) -> str:
    # With the lines above it, so that a traceback has the line of the page.
    code = compile("\n" * block.line + block.text, named(page), "exec")
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, names)  # noqa: S102  # our own document
    return printed.getvalue()


@pytest.fixture(autouse=True)
def _without_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VS_MODEL", *KEYS.values()):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _with_the_log_as_it_was() -> Iterator[None]:
    yield
    logging.getLogger("vs_core").setLevel(logging.NOTSET)


NEEDED = {"deciding.md": "langchain.agents.middleware.model_router"}
"""What some pages show that older versions do not have."""


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_the_python_blocks_of_a_page_run_in_order_and_print_what_it_shows(page: Path) -> None:
    if page.name in NEEDED:
        pytest.importorskip(NEEDED[page.name])
    names: dict[str, Any] = {"__name__": "page"}
    printed = ""
    for block in blocks(page):
        if block.language == "python":
            printed = run(block, page, names)
        elif "Output" in block.title:
            assert printed == block.text, f"{named(page)}:{block.line}"


def test_outputs_stand_behind_the_code_that_prints_them() -> None:
    for page in PAGES:
        found = blocks(page)
        for before, block in zip([None, *found], found, strict=False):
            if "Output" in block.title:
                assert before is not None, named(page)
                assert before.language == "python", f"{named(page)}:{block.line}"


def test_every_shell_command_calls_a_known_program() -> None:
    lines = {
        line.split()[0]
        for page in PAGES
        for block in blocks(page)
        if block.language == "bash"
        for line in block.text.replace("\\\n", " ").splitlines()
        if line.strip() and not line.startswith("#")
    }
    assert lines <= PROGRAMS


@pytest.mark.usefixtures("beside_examples")
@for_every("command", commands("vs"))
def test_the_vs_commands_are_understood_and_run_where_they_need_no_model(command: str) -> None:
    arguments = shlex.split(re.split(r" [|>] ", command)[0])[1:]
    asked = parser().parse_args(arguments)
    if asked.command == "decide" and not HAS_DECISIONS:
        return
    needed = ("model", "prompts", "schema", "states", "decisions")
    if not any(getattr(asked, name, None) for name in needed):
        assert main(arguments) == 0


def test_the_page_on_the_command_line_has_every_option_and_no_other() -> None:
    page = (DOCS / "reference" / "command-line.md").read_text(encoding="utf-8")
    options = {
        option
        for command in SUBCOMMANDS.values()
        for action in command._actions
        for option in action.option_strings
    }
    assert set(re.findall(r"^\| `(--?[\w-]+)", page, re.MULTILINE)) == options - {"-h", "--help"}


def test_the_page_on_the_command_line_has_the_defaults() -> None:
    page = (DOCS / "reference" / "command-line.md").read_text(encoding="utf-8")
    written = re.findall(r"^\| `(--?[\w-]+).*\(`?(\w+)`?\) \|$", page, re.MULTILINE)
    defaults = {
        (option, str(action.default))
        for command in SUBCOMMANDS.values()
        for action in command._actions
        for option in action.option_strings
    }
    assert len(written) >= 5
    assert set(written) <= defaults


@for_every("command", commands("make"))
def test_the_make_commands_exist(command: str) -> None:
    assert f"\n{command.split()[1]}: " in (ROOT / "Makefile").read_text(encoding="utf-8")


@for_every("command", commands("pip"))
def test_the_extras_exist(command: str) -> None:
    extras = command.partition("[")[2].partition("]")[0].split(",")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert all(f"\n{extra} = [" in project for extra in extras if extra)


@for_every("command", commands("python", ".venv/bin/python"))
def test_what_python_is_told_to_run_exists(command: str) -> None:
    for argument in shlex.split(command)[1:]:
        # What is built is not in the repository.
        if "/" in argument and "://" not in argument and not argument.startswith("dist/"):
            assert (ROOT / argument).exists()


@for_every("page", PAGES)
def test_links_to_elsewhere_are_whole_addresses(page: Path) -> None:
    for target in re.findall(r"\]\((\w+:[^)\s]+)", page.read_text(encoding="utf-8")):
        address = urlsplit(target)
        assert address.scheme == "https", target
        assert re.fullmatch(r"[\w-]+(\.[\w-]+)+", address.netloc), target


def test_the_settings_page_has_every_setting_with_its_default() -> None:
    page = runpy.run_path(str(DOCS / "settings_page.py"))["settings_page"]()
    for name, field in ExchangeSettings.model_fields.items():
        entry = page.partition(f"### `{name}` {{ #{name} }}")[2].partition("### ")[0]
        written = f'"{field.default}"' if isinstance(field.default, str) else str(field.default)
        assert f"default `{written}`" in entry, name


def test_a_setting_that_is_described_nowhere_stops_the_build() -> None:
    module = runpy.run_path(str(DOCS / "settings_page.py"))

    class Undescribed(ExchangeSettings):
        """Says nothing of its setting."""

        novelty: int = 1

    section = module["Section"]("Nothing", Undescribed, "")
    with pytest.raises(LookupError, match="novelty is described nowhere"):
        list(module["_section"](section, set()))


def test_the_contents_for_programs_have_every_page_of_the_navigation() -> None:
    module = runpy.run_path(str(DOCS / "llms_txt.py"))
    page = module["PageSource"]
    sources = {
        "a.md": page("a.html", "# The first\n\n![x](x.svg)\n\nSays [one](b.md) `word`. And two.\n"),
        "b/c.md": page("b/c.html", '---\ntitle: "C"\n---\n# The third\n\n::: vs_core\n'),
    }
    nav = [{"Start": ["a.md"]}, {"More": [{"Deeper": [{"Named": "b/c.md"}]}]}]
    assert module["llms_txt"]("Site", "About it.", nav, sources.get) == (
        "# Site\n\n> About it.\n\n## Start\n\n- [The first](a.html): Says one `word`.\n"
        "\n## More\n\n- [Named](b/c.html)\n"
    )
    with pytest.raises(LookupError, match=r"lost\.md"):
        module["llms_txt"]("Site", "About it.", [{"Start": ["lost.md"]}], sources.get)


def test_the_tree_of_errors_is_that_of_the_code() -> None:
    tree = next(block for block in blocks(DOCS / "replies.md") if "VSError\n├" in block.text)
    assert tree.text in (errors.__doc__ or "")


def test_the_reference_has_every_exported_name() -> None:
    module = runpy.run_path(str(DOCS / "reference_pages.py"))
    listed = "\n".join(module["reference_pages"](ROOT).values())
    for package in module["PACKAGES"]:
        for source in (ROOT / package).rglob("__init__.py"):
            for name in module["exported"](source):
                assert re.search(rf"^::: [\w.]+\.{name}$", listed, re.MULTILINE), name


def paths(document: Path) -> list[str]:
    written = document.read_text(encoding="utf-8")
    return sorted(set(re.findall(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:md|toml|yml))`", written)))


@for_every("path", paths(CONTRIBUTING))
def test_the_paths_in_the_guide_for_contributors_exist(path: str) -> None:
    assert (ROOT / path).exists()


@for_every(
    "name",
    sorted(set(re.findall(r"`(?:tests/[\w/.]+::)?(test_\w+)`", CONTRIBUTING.read_text("utf-8")))),
)
def test_the_tests_named_in_the_guide_for_contributors_exist(name: str) -> None:
    assert any(
        f"def {name}(" in source.read_text(encoding="utf-8")
        for source in (ROOT / "tests").rglob("test_*.py")
    )
