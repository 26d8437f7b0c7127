"""What ends the command with exit code 2."""

from __future__ import annotations


class MisuseError(Exception):
    """Something was asked that cannot be done; the message says what, and what to do instead."""
