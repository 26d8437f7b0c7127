"""Which way a query goes, with a probability for each."""
