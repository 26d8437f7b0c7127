"""Questions with labels: how the simulated model judges an input, and what it states."""
