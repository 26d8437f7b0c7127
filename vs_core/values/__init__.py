"""The values everything else speaks in: candidates, distributions, traces."""
