"""Reading what a reply says of the labels of questions that are known."""
