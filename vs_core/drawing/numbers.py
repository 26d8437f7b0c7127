"""Numbers as they stand in pictures."""

from __future__ import annotations


def percent(share: float) -> str:
    """A share in percent, as exact as a picture can show.

    Example:
        >>> from vs_core.drawing.numbers import percent
        >>> percent(0.314), percent(0.0314), percent(0.0002), percent(0)
        ('31%', '3.1%', '<0.1%', '0%')
    """
    if 0 < share < 0.001:
        return "<0.1%"
    return f"{100 * share:.1f}%" if 0 < share < 0.0995 else f"{100 * share:.0f}%"


def short(number: float) -> str:
    """A number in two or three digits, as far as it has that many.

    Example:
        >>> from vs_core.drawing.numbers import short
        >>> short(0.8333), short(0.0123), short(12.34), short(1234.5), short(2)
        ('0.83', '0.012', '12.3', '1,234', '2')
    """
    if number == int(number):
        return f"{int(number):,}"
    size = abs(number)
    decimals = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 3
    return f"{number:,.{decimals}f}"


def percent_tick(share: float, _position: float) -> str:
    """A share as an axis of percents writes it, in the form that matplotlib asks for.

    Example:
        >>> from vs_core.drawing.numbers import percent_tick
        >>> percent_tick(0.5, 0), percent_tick(0.025, 1)
        ('50%', '2.5%')
    """
    return f"{100 * share:.3g}%"


def short_tick(number: float, _position: float) -> str:
    """A number as an axis writes it.

    Example:
        >>> from vs_core.drawing.numbers import short_tick
        >>> short_tick(0.2, 0), short_tick(2500, 1)
        ('0.2', '2,500')
    """
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"
