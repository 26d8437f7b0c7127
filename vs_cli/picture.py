"""A picture as a file, and as a part of a report."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vs_core.plots import save_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Picture:
    """A picture as SVG.

    Attributes:
        name: Of its file, without the ending.
        title: What it shows, for those who cannot see it.
        file: The whole file.
    """

    name: str
    title: str
    file: str

    @classmethod
    def of(cls, name: str, title: str, figure: Figure) -> Picture:
        """Draw a figure.

        Args:
            name: Of its file, without the ending.
            title: What it shows.
            figure: The figure.
        """
        drawn = io.BytesIO()
        save_figure(figure, drawn, format="svg")
        return cls(name, title, drawn.getvalue().decode())

    @property
    def element(self) -> str:
        """The picture as a part of an HTML page, which knows no XML declarations."""
        return self.file[self.file.index("<svg") :]
