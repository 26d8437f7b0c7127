"""`llms.txt`: the site's table of contents as one Markdown file, for programs that read it.

The form is that of https://llmstxt.org: a title, a summary in a quotation, and a list of links for
each section. It is made from the navigation, so that it has each page of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z`])")
_NO_PROSE = ("#", "!", "|", "```", ":::", "---", "*", "    ")


@dataclass(frozen=True)
class PageSource:
    """A page as it is written, and where it is found in the site."""

    address: str
    text: str


def llms_txt(
    title: str, summary: str, nav: Sequence[Any], find: Callable[[str], PageSource | None]
) -> str:
    """The whole file.

    Args:
        title: The name of the site.
        summary: What it is about, in a sentence.
        nav: The navigation as `mkdocs.yml` has it.
        find: The page at a path; None if there is none.

    Raises:
        LookupError: The navigation names a page that there is not.
    """
    lines = [f"# {title}", "", f"> {summary}"]
    for section in nav:
        [(heading, entries)] = section.items()
        lines += ["", f"## {heading}", ""]
        lines += [_line(name, path, find) for name, path in pages(entries)]
    return "\n".join(lines) + "\n"


def pages(nav: Sequence[Any]) -> Iterator[tuple[str | None, str]]:
    """Each page of a navigation: the name it is given there, None for its own title, and its path.

    Args:
        nav: Paths, mappings from a name to a path, and mappings from a name to a list of these.
    """
    for entry in nav:
        if isinstance(entry, str):
            yield None, entry
            continue
        for name, target in entry.items():
            if isinstance(target, str):
                yield name, target
            else:
                yield from pages(target)


def _line(name: str | None, path: str, find: Callable[[str], PageSource | None]) -> str:
    page = find(path)
    if page is None:
        raise LookupError(f"the navigation has {path}, and there is no such page")
    link = f"- [{name or _title(page.text) or path}]({page.address})"
    told = _first_sentence(page.text)
    return f"{link}: {told}" if told else link


def _title(text: str) -> str | None:
    found = re.search(r"^# (.+)$", text, re.MULTILINE)
    return found[1].strip() if found else None


def _first_sentence(text: str) -> str:
    paragraphs = re.split(r"\n\s*\n", _FRONT_MATTER.sub("", text))
    prose = (part for part in paragraphs if part.strip() and not part.startswith(_NO_PROSE))
    first = " ".join(next(prose, "").split())
    return _SENTENCE_END.split(_LINK.sub(r"\1", first))[0]
