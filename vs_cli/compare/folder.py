"""What is written into the folder that `--out` names, beside the journal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from vs_cli.compare.pictures import draw_pictures
from vs_cli.compare.report import render_report
from vs_cli.writing import write_files
from vs_core.adapters import visible_json
from vs_core.comparison import Comparison

REPORT, RECORDS = "report.html", "report.json"


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
    write_files(folder, files, hide=hide)
