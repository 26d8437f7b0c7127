"""`vs calibrate`: make stated probabilities mean what they say, by labelled examples."""
