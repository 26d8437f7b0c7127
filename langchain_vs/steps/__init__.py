"""Chain steps that take a distribution."""
