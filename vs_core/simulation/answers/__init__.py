"""The answers the simulated model knows, most likely first. Data only."""
