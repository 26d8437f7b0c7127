"""Reading replies: one reader for every notation, one-shot and as the reply arrives."""
