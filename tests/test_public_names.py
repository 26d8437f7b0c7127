"""Each public name is used in the documentation, where it helps a reader."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOORS = [
    "vs_core",
    "vs_core.adapters",
    "vs_core.adapters.comparison",
    "vs_core.adapters.relevance",
    "vs_core.adapters.retrieval",
    "vs_core.adapters.simulation",
    "vs_core.comparison",
    "vs_core.metrics",
    "vs_core.plots",
    "vs_core.simulation",
    "langchain_vs",
    "llamaindex_vs",
]
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
        for door in DOORS
        for name in importlib.import_module(door).__all__
        if name not in used
    ]
    assert unused == []
