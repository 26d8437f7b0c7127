"""Figures as people read them."""

from __future__ import annotations

NOTHING = "–"


def number(value: float | None) -> str:
    """A value as people read it: two or three digits, a dash for None.

    Example:
        >>> from vs_cli.figures import number
        >>> [number(value) for value in (None, 0.03333, 2.5, 12.345, 1234.5)]
        ['–', '0.03', '2.50', '12.3', '1,234']
    """
    if value is None:
        return NOTHING
    decimals = next((n for limit, n in ((10, 2), (100, 1)) if abs(value) < limit), 0)
    return f"{value:,.{decimals}f}"


def count(value: int | None) -> str:
    """A whole number with separators, a dash for None.

    Example:
        >>> from vs_cli.figures import count
        >>> count(12345)
        '12,345'
    """
    return NOTHING if value is None else f"{value:,}"


def counted(value: int, thing: str) -> str:
    """A number of things.

    Args:
        value: How many.
        thing: What, as one is called; others end in "s".

    Example:
        >>> from vs_cli.figures import counted
        >>> counted(1, "call"), counted(1200, "call")
        ('1 call', '1,200 calls')
    """
    return f"{count(value)} {thing}{'' if value == 1 else 's'}"


def rate(per_second: float) -> str:
    """How often something happens.

    Example:
        >>> from vs_cli.figures import rate
        >>> rate(2.5), rate(0.1)
        ('2.5/s', '6.0/min')
    """
    return f"{per_second:.1f}/s" if per_second >= 1 else f"{per_second * 60:.1f}/min"
