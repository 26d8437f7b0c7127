"""What a model writes for a query, in place of it or beside it."""
