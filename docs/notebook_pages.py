"""The notebooks as pages, with the outputs that are committed; nothing is executed."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from nbconvert import MarkdownExporter

# From one notebook to another, or from the notebooks' folder into that of the pages.
_TO_NOTEBOOK = re.compile(r"(\]\((?:\./)?)([\w-]+)\.ipynb(?=[#)])")
_TO_PAGE = re.compile(r"(\]\()\.\./docs/")


def notebook_files(folder: Path) -> dict[str, str | bytes]:
    """A Markdown page for each notebook, and the pictures of its outputs, by file name.

    Args:
        folder: Where the notebooks are.
    """
    files: dict[str, str | bytes] = {}
    for notebook in sorted(folder.glob("*.ipynb")):
        name = notebook.stem
        text, resources = MarkdownExporter().from_notebook_node(
            nbformat.read(notebook, as_version=4),
            resources={"unique_key": name, "output_files_dir": f"{name}_files"},
        )
        files[f"{name}.md"] = _TO_PAGE.sub(r"\1../", _TO_NOTEBOOK.sub(r"\1\2.md", text))
        files |= resources["outputs"]
    return files
