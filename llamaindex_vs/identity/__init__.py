"""Which model a component has, told without its key."""
