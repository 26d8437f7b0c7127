"""Every notebook runs from a clean kernel, and shows what it showed when it was committed."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import matplotlib.pyplot as plt
import pytest

from tests.every import for_every
from tests.wire.server import WireServer, serve
from tests.wire.simulated import simulated
from vs_core.simulation import SIMULATION_NOTICE

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
HANGS = 300.0
LARGEST = 200_000
MODEL = "openai:gpt-4.1-mini"
AT_LENGTH = {"03_does_it_help", "05_how_it_works"}
"""Those that measure at length, and are not run to their end a second time."""

NEEDED = {"06_decisions": "langchain.agents.middleware.model_router"}
"""What came into LangChain later than the oldest version that is admitted."""

Cell = dict[str, Any]

# A path from the root of a file system, an address in memory.
OF_ONE_MACHINE = re.compile(
    r"(?<![\w:/.])/(?:home|root|tmp|var|usr|opt|work|Users|private)/|\b[A-Z]:\\|site-packages"
    r"|\bat 0x[0-9a-f]{6}"
)


def _with_what_it_needs(path: Path) -> Any:
    needed = NEEDED.get(path.stem)
    is_there = needed is None or importlib.util.find_spec(needed) is not None
    reason = f"this LangChain has no {needed}"
    return pytest.param(path, marks=pytest.mark.skipif(not is_there, reason=reason), id=path.stem)


each_notebook = pytest.mark.parametrize("path", [*map(_with_what_it_needs, NOTEBOOKS)])


@dataclass(frozen=True)
class Run:
    """A notebook as it is committed, and a fresh execution of a copy."""

    path: Path
    process: subprocess.CompletedProcess[str]
    copy: Path


def execute(path: Path, into: Path) -> Run:
    process = subprocess.run(
        [sys.executable, ROOT / "notebooks" / "execute.py", path, "--into", into],
        check=False,
        capture_output=True,
        text=True,
        timeout=HANGS,
    )
    return Run(path, process, into / path.name)


def code_cells(path: Path) -> list[Cell]:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def shown(cell: Cell) -> list[tuple[str, str]]:
    """Kind and text of all that a cell shows; of a picture, only that there is one."""
    return [piece for output in cell["outputs"] for piece in _pieces(output)]


def _pieces(output: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if output["output_type"] == "stream":
        yield output["name"], "".join(output["text"])
    elif output["output_type"] == "error":
        yield "error", output["ename"]
    else:
        for kind, content in sorted(output["data"].items()):
            yield kind, "" if kind.startswith("image/") else "".join(content)


def test_there_are_notebooks() -> None:
    assert len(NOTEBOOKS) == 6


@each_notebook
def test_every_cell_runs_in_a_clean_kernel_and_shows_what_was_committed(
    path: Path, tmp_path: Path
) -> None:
    run = execute(path, tmp_path)
    assert run.process.returncode == 0, run.process.stderr
    committed, fresh = code_cells(run.path), code_cells(run.copy)
    for was, now in zip(committed, fresh, strict=True):
        assert shown(was) == shown(now), "".join(was["source"])


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[WireServer]:
    with serve(responder=simulated(seed=1)) as running:
        monkeypatch.setenv("VS_MODEL", MODEL)
        monkeypatch.setenv("OPENAI_BASE_URL", running.url)
        monkeypatch.setenv("OPENAI_API_BASE", running.url)
        monkeypatch.setenv("OPENAI_API_KEY", "test")
        yield running


@pytest.fixture
def _no_window(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Charts are drawn in memory, as the notebooks' first line has it in a kernel."""
    plt.switch_backend("agg")
    monkeypatch.setattr(plt, "show", lambda: plt.close("all"))
    yield
    plt.close("all")


async def run_here(cells: list[Cell], module: ModuleType) -> None:
    """Run cells in this process, within a running event loop, as a kernel does."""
    for cell in cells:
        source = re.sub(r"(?m)^%.*", "", "".join(cell["source"]))
        name = f"cell {cell['execution_count']}"
        code = compile(source, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        # A cell that awaits is a coroutine; of others nothing comes back.
        if awaited := eval(code, vars(module)):  # noqa: S307  # cells are there to be run
            await awaited


@pytest.mark.filterwarnings("default")  # as in a kernel
@pytest.mark.usefixtures("_no_window")
@each_notebook
async def test_a_model_set_by_the_variable_answers_instead(
    path: Path,
    server: WireServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("FORCE_COLOR", "1")  # as a kernel sets it
    module = ModuleType("notebook")
    monkeypatch.setitem(sys.modules, "notebook", module)  # where its classes look for names
    first, *others = code_cells(path)
    await run_here([first], module)
    said = capsys.readouterr().out
    assert MODEL in said
    assert SIMULATION_NOTICE not in said
    for cell in others:
        await run_here([cell], module)
        if server.requests and path.stem in AT_LENGTH:
            break
    assert server.requests


@for_every("path", NOTEBOOKS)
def test_the_first_cell_says_that_a_simulation_answers(path: Path) -> None:
    first = code_cells(path)[0]
    assert "VS_MODEL" in "".join(first["source"])
    assert SIMULATION_NOTICE in "".join(text for _, text in shown(first))


@for_every("path", NOTEBOOKS)
def test_the_cells_were_executed_in_order(path: Path) -> None:
    cells = code_cells(path)
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))


@for_every("path", NOTEBOOKS)
def test_no_output_is_an_error_or_a_warning(path: Path) -> None:
    kinds = {kind for cell in code_cells(path) for kind, _ in shown(cell)}
    assert not kinds & {"error", "stderr"}


@for_every("path", NOTEBOOKS)
def test_nothing_names_the_machine_it_ran_on(path: Path) -> None:
    for cell in code_cells(path):
        for text in ("".join(cell["source"]), *(text for _, text in shown(cell))):
            assert not OF_ONE_MACHINE.search(text), text


@for_every("path", NOTEBOOKS)
def test_it_is_small(path: Path) -> None:
    assert path.stat().st_size <= LARGEST
