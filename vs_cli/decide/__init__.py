"""`vs decide`: a probability for each label of a question."""
