"""`save_figure`: the same picture gives the same file."""

from __future__ import annotations

import threading
from os import PathLike
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# matplotlib takes the seed of an SVG's names from its global settings only: they are changed
# while the file is written, by one thread at a time.
_SETTINGS = threading.Lock()


def save_figure(
    figure: Figure,
    target: str | PathLike[str] | IO[bytes],
    *,
    format: Literal["png", "svg"] | None = None,
    dpi: float = 150,
) -> None:
    """Save a figure so that nothing in the file changes unless the picture does.

    `figure.savefig` puts the date and random names into an SVG; this does not, so that a picture
    under version control differs only when it looks different. Texts become outlines, which need
    no font where the SVG is shown.

    Args:
        figure: Any figure.
        target: A path, or a binary file.
        format: `png` or `svg`; by default what the path ends in.
        dpi: Dots per inch, for PNG.

    Example:
        >>> import io
        >>> from vs_core import parse_reply
        >>> from vs_core.plots import save_figure
        >>> buffer = io.BytesIO()
        >>> save_figure(parse_reply('{"heads": 0.3}').plot(), buffer, format="svg")
        >>> buffer.getvalue()[:5]
        b'<?xml'
    """
    import matplotlib as mpl  # noqa: PLC0415  # the figure is one of its, so it is there

    written = format or Path(str(getattr(target, "name", target))).suffix[1:].lower()
    metadata = {"Date": None} if written == "svg" else None
    with _SETTINGS, mpl.rc_context({"svg.hashsalt": "vs", "svg.fonttype": "path"}):
        figure.savefig(
            target,
            format=written or None,
            dpi=dpi,
            facecolor=figure.get_facecolor(),
            metadata=metadata,
        )
