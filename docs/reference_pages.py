"""The pages of the API reference: one for each package, with the names in its `__all__`."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGES = ("vs_core", "langchain_vs", "llamaindex_vs", "vs_cli")

_WITHOUT_ITS_MEMBERS = {
    "members": False,
    "show_root_heading": False,
    "show_root_toc_entry": False,
}


def reference_pages(root: Path) -> dict[str, str]:
    """Markdown for mkdocstrings, by name of the page.

    Each package or module that says what it exports has a page of its own.

    Args:
        root: The folder of the packages.
    """
    pages = {}
    for package in PACKAGES:
        for source in sorted((root / package).rglob("*.py")):
            if names := exported(source):
                module = _module(source, root)
                title = f'---\ntitle: "{module}"\n---\n# `{module}`\n'
                pages[module] = "\n".join([title, _members(module, names)])
    return pages


def exported(source: Path) -> list[str]:
    """The names in the `__all__` of a file, as they stand there; none if it has none.

    Args:
        source: A Python file, which is read and not run.
    """
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets
        ):
            return list(ast.literal_eval(node.value))
    return []


def _members(module: str, names: list[str]) -> str:
    about = f"::: {module}\n{_options(**_WITHOUT_ITS_MEMBERS)}"
    options = _options(heading_level=2)
    return "\n".join([about, *(f"::: {module}.{name}\n{options}" for name in names)])


def _options(**options: object) -> str:
    lines = (f"      {name}: {str(value).lower()}\n" for name, value in options.items())
    return "".join(["    options:\n", *lines])


def _module(source: Path, root: Path) -> str:
    parts = source.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
