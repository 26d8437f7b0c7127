"""What is written into the folder that `--out` names, beside the journal."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from vs_cli.compare.pictures import draw_pictures
from vs_cli.compare.report import render_report
from vs_cli.errors import NotWrittenError
from vs_core import MissingExtraError
from vs_core.adapters import visible_json
from vs_core.comparison import Comparison

REPORT, RECORDS = "report.html", "report.json"


def require_what_draws() -> None:
    """Make sure, before anything is paid for, that a report can be made.

    Raises:
        MissingExtraError: What draws or writes it is not installed.
    """
    for package in ("jinja2", "matplotlib"):
        if find_spec(package) is None:
            raise MissingExtraError.for_extra("vs compare --out", "cli", package)


def write_report(folder: Path, comparison: Comparison, *, hide: Callable[[str], str]) -> None:
    """Write the report, the records it is made from, and the pictures it shows.

    Args:
        folder: Where.
        comparison: What to report.
        hide: Takes out of a text what must not stand in a file.

    Raises:
        NotWrittenError: A file cannot be written; an earlier one of its name is left as it was.
    """
    pictures = draw_pictures(comparison)
    files = {
        REPORT: render_report(comparison, pictures),
        RECORDS: visible_json(comparison.model_dump_json(indent=2)) + "\n",
        **{f"{picture.name}.svg": picture.file for picture in pictures},
    }
    for name, text in files.items():
        _write(folder / name, hide(text))


def _write(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise NotWrittenError(path, error) from error
