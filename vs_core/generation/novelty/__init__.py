"""Which answers are new, and what the others resemble."""
