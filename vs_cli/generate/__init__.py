"""`vs generate`: data sets of different answers, from a terminal."""
