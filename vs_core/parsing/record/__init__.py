"""Records: the fields of one segment, by the part they play."""
