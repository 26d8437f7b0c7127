"""A report as one HTML page that needs nothing beside it."""

from __future__ import annotations

from importlib import resources
from typing import Any

from vs_core.adapters import visible


def render_page(room: str, **values: Any) -> str:
    """Write a page.

    Everything that a model or a user wrote is escaped, control characters too; nothing is loaded
    from elsewhere and nothing in the page can run.

    Args:
        room: The package whose `report.html.jinja` it is.
        **values: What the page shows.
    """
    import jinja2  # noqa: PLC0415  # only reports need it

    pages = {"page": _source("vs_cli", "page"), "report": _source(room, "report")}
    environment = jinja2.Environment(
        autoescape=True,
        finalize=_visible,
        loader=jinja2.DictLoader(pages),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report").render(**values)


def _source(room: str, name: str) -> str:
    return resources.files(room).joinpath(f"{name}.html.jinja").read_text(encoding="utf-8")


def _visible(value: Any) -> Any:
    # Control characters do nothing in a browser, but files are also shown on terminals. What is
    # marked as safe, which is a type of its own, is left alone.
    return visible(value) if type(value) is str else value
