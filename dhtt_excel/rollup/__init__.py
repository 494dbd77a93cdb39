"""Results of lower levels ─► records of figures that can be added, and the figures of the level above."""
