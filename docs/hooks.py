"""What MkDocs asks of this site: pages made from the code and the notebooks, no remote assets.

MkDocs puts this folder on the path while it loads this file, so the modules beside it are found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from formulas import with_mathml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from notebook_pages import notebook_files
from reference_pages import reference_pages
from settings_page import settings_page

ROOT = Path(__file__).parent.parent

_REMOTE = re.compile(
    r"<(?:script|img|iframe|video|source)\b[^>]*\bsrc=[\"']?(?:https?:)?//[^>]*>"
    r"|<link\b(?=[^>]*\brel=[\"']?(?:stylesheet|preconnect|preload|icon))"
    r"[^>]*\bhref=[\"']?(?:https?:)?//[^>]*>",
    re.IGNORECASE,
)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that stand in no file."""
    for name, content in _generated():
        files.append(File.generated(config, name, content=content))
    return files


def on_page_content(html: str, **_: object) -> str:
    """Convert formulas."""
    return with_mathml(html)


def on_post_page(output: str, page: Page, **_: object) -> str:
    """Refuse a page that would load something from elsewhere."""
    if remote := _REMOTE.search(output):
        raise PluginError(f"{page.file.src_uri} loads something from elsewhere: {remote[0]}")
    return output


def _generated() -> Iterator[tuple[str, str | bytes]]:
    yield "reference/settings.md", settings_page()
    yield "changelog.md", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    yield "contributing.md", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for name, text in reference_pages(ROOT).items():
        yield f"reference/{name}.md", text
    for name, content in notebook_files(ROOT / "notebooks").items():
        yield f"tutorials/{name}", content
