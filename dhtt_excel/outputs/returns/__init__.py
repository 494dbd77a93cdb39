"""Result ─► for each unit that has something to mend: a fresh form with its own data."""
