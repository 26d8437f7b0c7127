"""What MkDocs asks of this site: pages made from the code and the notebooks, no remote assets.

MkDocs puts this folder on the path while it loads this file, so the modules beside it are found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from formulas import with_mathml
from llms_txt import PageSource, llms_txt, pages
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
    files.append(File.generated(config, "llms.txt", content=_contents(files, config)))
    return files


def on_page_content(html: str, **_: object) -> str:
    """Convert formulas."""
    return with_mathml(html)


def on_post_page(output: str, page: Page, **_: object) -> str:
    """Refuse a page that would load something from elsewhere."""
    if remote := _REMOTE.search(output):
        raise PluginError(f"{page.file.src_uri} loads something from elsewhere: {remote[0]}")
    return output


def on_post_build(config: MkDocsConfig) -> None:
    """Refuse a site in which `llms.txt` leaves a page of the navigation out, or leads nowhere."""
    site = Path(config.site_dir)
    linked = re.findall(r"\]\(([^)]+)\)", (site / "llms.txt").read_text(encoding="utf-8"))
    if lost := [address for address in linked if not (site / address).is_file()]:
        raise PluginError(f"llms.txt leads to pages that were not built: {', '.join(lost)}")
    expected = [Path(path).with_suffix(".html").as_posix() for _, path in pages(config.nav or [])]
    if missing := set(expected) - set(linked):
        raise PluginError(f"llms.txt lacks pages of the navigation: {', '.join(sorted(missing))}")


def _contents(files: Files, config: MkDocsConfig) -> str:
    def find(path: str) -> PageSource | None:
        file = files.get_file_from_path(path)
        return PageSource(file.url, file.content_string) if file else None

    return llms_txt(config.site_name, config.site_description, config.nav or [], find)


def _generated() -> Iterator[tuple[str, str | bytes]]:
    yield "reference/settings.md", settings_page()
    yield "changelog.md", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    yield "contributing.md", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for name, text in reference_pages(ROOT).items():
        yield f"reference/{name}.md", text
    for name, content in notebook_files(ROOT / "notebooks").items():
        yield f"tutorials/{name}", content
