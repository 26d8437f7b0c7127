"""`vs compare`: several ways of asking side by side, from a terminal."""
