"""Making the calls of a generation, and keeping what came of them."""
