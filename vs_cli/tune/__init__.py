"""`vs tune`: which settings give the most different answers, as far as that is shown."""
