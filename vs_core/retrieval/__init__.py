"""Search with rewritten queries: asking for them, fusing what they find, judging passages."""
