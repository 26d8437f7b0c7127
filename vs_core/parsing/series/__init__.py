"""Series: the segments of one notation that belong together, and what they say."""
