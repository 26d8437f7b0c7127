"""Conventions of the project that a machine can check."""

from __future__ import annotations

import ast
import functools
import importlib
import importlib.util
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from types import ModuleType

from tests.doors import DOORS
from tests.every import for_every

ROOT = Path(__file__).parent.parent
PACKAGES = ["vs_core", "langchain_vs", "llamaindex_vs", "vs_cli"]
ROOMS = [
    "errors",
    "drawing",
    "values",
    "journal",
    "prompts",
    "parsing",
    "retrieval",
    "exchange",
    "decisions",
    "metrics",
    "calibration",
    "simulation",
    "comparison",
    "tuning",
    "generation",
    "plots",
    "adapters",
]
ROOMS_OF_LLAMA_INDEX = [
    "errors",
    "pydantic_internals",
    "events",
    "identity",
    "asking",
    "output_parser",
    "simulated",
    "model",
    "answering",
    "queries",
    "retrieval",
    "reranking",
    "routing",
    "comparison",
    "tuning",
    "worker",
    "generation",
    "__init__",
]
STAGES = ["clean", "segment", "record", "series"]
FRAMEWORKS = {"langchain_core", "langchain", "llama_index", "langchain_vs", "llamaindex_vs"}
ALLOWED_AT_IMPORT = {"pydantic", "pydantic_core", "typing_extensions", "vs_core"}
LOADED_WHEN_ASKED_FOR = {
    "langchain_vs": {
        "SimulatedChatModel",
        "VerbalizedDecisionModel",
        "VerbalizedDecisionResponse",
        "VerbalizedSamplingMiddleware",
        "VerbalizedSamplingRetriever",
        "acompare",
        "agenerate",
        "atune",
        "compare",
        "generate",
        "ray_engine_for",
        "tune",
    }
}


def _sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@functools.cache
def _parsed(source: Path) -> ast.Module:
    return ast.parse(source.read_text(encoding="utf-8"))


def _imports(source: Path) -> Iterator[tuple[str, str]]:
    """Module and name of each import, wherever it stands."""
    for node in ast.walk(_parsed(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source}: a relative import"
            yield from ((node.module or "", alias.name) for alias in node.names)


def _module_of(source: Path) -> str:
    parts = source.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports_at_module_level(source: Path) -> Iterator[str]:
    for node in _parsed(source).body:
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]


@for_every("source", _sources("vs_core"), ids=str)
def test_the_core_imports_no_framework(source: Path) -> None:
    assert not {module.split(".")[0] for module, _ in _imports(source)} & FRAMEWORKS


@for_every("source", _sources("vs_core"), ids=str)
def test_the_core_needs_pydantic_and_the_standard_library_only(source: Path) -> None:
    foreign = set(_imports_at_module_level(source)) - set(sys.stdlib_module_names)
    assert foreign <= ALLOWED_AT_IMPORT


@for_every("room", ROOMS)
def test_arrows_between_the_rooms_of_the_core_run_one_way(room: str) -> None:
    home = ROOT / "vs_core"
    sources = [home / f"{room}.py"] if room == "errors" else sorted((home / room).rglob("*.py"))
    assert sources
    # Prompts and parsing stand side by side: neither knows the other.
    beyond = set(ROOMS[ROOMS.index(room) + 1 :]) | ({"prompts"} if room == "parsing" else set())
    for source in sources:
        reached = {
            module.split(".")[1] for module, _ in _imports(source) if module[:8] == "vs_core."
        }
        assert not reached & beyond, source


def test_no_two_files_need_each_other() -> None:
    for package in PACKAGES:
        needed = {_module_of(source): set(_imports(source)) for source in _sources(package)}
        arrows = {
            module: {f"{m}.{n}" if f"{m}.{n}" in needed else m for m, n in reached} - {module}
            for module, reached in needed.items()
        }
        TopologicalSorter(arrows).prepare()


@for_every("stage", STAGES)
def test_arrows_between_the_stages_of_the_reader_run_one_way(stage: str) -> None:
    beyond = {f"vs_core.parsing.{later}" for later in STAGES[STAGES.index(stage) + 1 :]}
    sources = sorted((ROOT / "vs_core" / "parsing" / stage).rglob("*.py"))
    assert sources
    for source in sources:
        reached = {".".join(module.split(".")[:3]) for module, _ in _imports(source)}
        assert not reached & beyond, source


@for_every("module", ["fusion", "expansion", "search"])
def test_fusion_knows_only_values(module: str) -> None:
    source = ROOT / "vs_core" / "retrieval" / f"{module}.py"
    reached = {name.split(".")[1] for name, _ in _imports(source) if name[:8] == "vs_core."}
    assert reached <= {"errors", "values", "retrieval"}


def test_arrows_between_the_rooms_of_the_llama_index_package_run_one_way() -> None:
    home = ROOT / "llamaindex_vs"
    for source in _sources("llamaindex_vs"):
        room = source.relative_to(home).with_suffix("").parts[0]
        assert room in ROOMS_OF_LLAMA_INDEX, f"{source} stands in no room"
        own = ROOMS_OF_LLAMA_INDEX[: ROOMS_OF_LLAMA_INDEX.index(room) + 1]
        for module, name in _imports(source):
            package, _, path = f"{module}.{name}".partition(".")
            if package == "llamaindex_vs":
                assert path.split(".")[0] in own, f"{source} imports {module}"


def test_each_package_reaches_inside_pydantic_in_one_place() -> None:
    reaching = {
        f"{package}/{source.name}"
        for package in PACKAGES
        for source in _sources(package)
        if "__pydantic" in source.read_text(encoding="utf-8")
        or any(name[:13] in {"pydantic_core", "pydantic._int"} for name, _ in _imports(source))
    }
    assert reaching == {"vs_core/pydantic_internals.py", "llamaindex_vs/pydantic_internals.py"}


@for_every(
    ("package", "other"), [("langchain_vs", "llamaindex_vs"), ("llamaindex_vs", "langchain_vs")]
)
def test_the_adapters_do_not_know_each_other(package: str, other: str) -> None:
    imported = {module.split(".")[0] for s in _sources(package) for module, _ in _imports(s)}
    assert other not in imported


@for_every("package", PACKAGES[1:])
def test_others_use_only_the_doors_of_the_core(package: str) -> None:
    for source in _sources(package):
        for module, name in _imports(source):
            if module.split(".")[0] == "vs_core":
                assert module in DOORS, source
                door = importlib.import_module(module)
                assert name in door.__all__, f"{source}: {module}.{name}"


def test_a_public_name_of_the_core_has_one_door() -> None:
    doors = [name for door in DOORS for name in importlib.import_module(door).__all__]
    assert [name for name, times in Counter(doors).items() if times > 1] == []


@for_every("package", [*PACKAGES[1:], *DOORS])
def test_the_door_exports_what_it_imports_and_nothing_else(package: str) -> None:
    door = importlib.import_module(package)
    public = {
        name
        for name, value in vars(door).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    loaded = LOADED_WHEN_ASKED_FOR.get(package, set())
    if importlib.util.find_spec("langchain_core.decisions") is None:
        loaded = loaded - {"VerbalizedDecisionModel", "VerbalizedDecisionResponse"}
    assert (public - {"annotations"}) | loaded == set(door.__all__)


@for_every("package", PACKAGES)
def test_the_export_list_is_sorted_and_has_no_duplicates(package: str) -> None:
    exported = importlib.import_module(package).__all__
    assert len(exported) == len(set(exported))


@for_every("package", PACKAGES)
def test_the_package_is_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").exists()


def test_importing_the_core_and_then_the_langchain_package_loads_nothing_heavy() -> None:
    heavy = ["llama_index", "numpy", "matplotlib", "rich", "langchain", "langgraph"]
    code = (
        f"import sys, vs_core; print({{'langchain_core', *{heavy}}} & set(sys.modules));"
        f"import langchain_vs; print([m for m in {heavy} if m in sys.modules])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert loaded.stdout.splitlines() == ["set()", "[]"]


def test_the_changelog_has_the_version() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "(.+)"', project, re.MULTILINE)
    assert version
    assert f"## [{version[1]}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_public_name_shows_a_runnable_example() -> None:
    lacking = [
        f"{door}.{name}"
        for door in [*PACKAGES[1:], *DOORS]
        for name in importlib.import_module(door).__all__
        if callable(thing := getattr(importlib.import_module(door), name))
        and thing.__module__.split(".")[0] in PACKAGES
        and ">>>" not in (thing.__doc__ or "")
    ]
    assert lacking == []


def test_llamahub_is_told_an_author_of_every_exported_class() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    table = project.partition("[tool.llamahub.class_authors]\n")[2].partition("\n[")[0]
    door = importlib.import_module("llamaindex_vs")
    classes = {name for name in door.__all__ if isinstance(getattr(door, name), type)}
    assert set(re.findall(r'^(\w+) = "[\w-]+"$', table, re.MULTILINE)) == classes
