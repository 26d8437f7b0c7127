"""What is written into the folder that `--out` names, beside the journal."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from vs_cli.compare.pictures import draw_pictures
from vs_cli.compare.report import render_report
from vs_cli.errors import MisuseError
from vs_core import MissingExtraError
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


def write_report(folder: Path, comparison: Comparison) -> None:
    """Write the report, the records it is made from, and the pictures it shows.

    Raises:
        MisuseError: A file cannot be written.
    """
    pictures = draw_pictures(comparison)
    files = {
        REPORT: render_report(comparison, pictures),
        RECORDS: comparison.model_dump_json(indent=2) + "\n",
        **{f"{picture.name}.svg": picture.file for picture in pictures},
    }
    try:
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise MisuseError(f"{error.filename}: {error.strerror}") from error
