"""A folder of returned files ─► raw cells, opened in workers that may die: only here is input opened."""
