"""Another order for nodes that were found."""
