"""Each public name is used in the documentation, where it helps a reader."""

from __future__ import annotations

import importlib
import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

from tests.doors import DOORS
from vs_core import MissingExtraError

ROOT = Path(__file__).parent.parent
PACKAGES = ["vs_core", "langchain_vs", "llamaindex_vs", "vs_cli"]
DOTTED = re.compile(rf"\b(?:{'|'.join(PACKAGES)})(?:\.\w+)+")
FORMER = {"llamaindex_vs.llm"}
"""Where a class was when the first dumps named it."""
LATER = {"langchain_core.decisions"}
"""What the oldest versions lack."""
CODE = re.compile(
    r"^ *```\w*[^\n]*\n(.*?)^ *```$|`([^`\n]+)`|\]\[([\w.]+)\]", re.MULTILINE | re.DOTALL
)


def code_in(text: str) -> str:
    """What stands in a page as code: words of its prose may be names by chance."""
    return "\n".join("".join(found) for found in CODE.findall(text))


def documentation() -> str:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    cells = [
        "".join(cell["source"])
        for notebook in sorted((ROOT / "notebooks").glob("*.ipynb"))
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    return "\n".join([*(code_in(page.read_text(encoding="utf-8")) for page in pages), *cells])


def test_a_name_in_prose_or_in_a_word_is_not_taken_for_a_use() -> None:
    page = "We plan this.\n\n`compare` and [x][vs_core.Trace]\n\n```python\nmeasure_all(1)\n```\n"
    assert set(re.findall(r"\w+", code_in(page))) == {
        "compare",
        "vs_core",
        "Trace",
        "measure_all",
        "1",
    }


def test_every_public_name_is_used_in_the_documentation() -> None:
    used = set(re.findall(r"\w+", documentation()))
    unused = [
        f"{door}.{name}"
        for door in [*DOORS, "langchain_vs", "llamaindex_vs"]
        for name in importlib.import_module(door).__all__
        if name not in used
    ]
    assert unused == []


def test_every_name_that_is_written_with_its_package_is_there() -> None:
    sources = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *sources]
    named = {
        (str(page.relative_to(ROOT)), found)
        for page in pages
        if page.name != "CHANGELOG.md"
        for found in DOTTED.findall(page.read_text(encoding="utf-8"))
    }
    assert [place for place in sorted(named) if not is_there(place[1])] == []


def is_of_a_later_version(package: object, name: str) -> bool:
    try:
        hasattr(package, name)
    except MissingExtraError:
        return True
    return False


def is_there(dotted: str) -> bool:
    """Whether a name such as `vs_core.Trace.notes` can be reached; a file's name is none."""
    if dotted.rpartition(".")[2] in {"html", "md", "py"} or dotted in FORMER:
        return True
    first, *rest = dotted.split(".")
    reached: object = importlib.import_module(first)
    for at, name in enumerate(rest):
        module = ".".join([first, *rest[: at + 1]])
        if is_of_a_later_version(reached, name):
            return True
        if hasattr(reached, name):
            reached = getattr(reached, name)
        elif name in getattr(reached, "model_fields", {}):
            return True
        elif isinstance(reached, ModuleType) and importlib.util.find_spec(module):
            try:
                reached = importlib.import_module(module)
            except ModuleNotFoundError as error:
                return error.name in LATER
        else:
            return False
    return True
