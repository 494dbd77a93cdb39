"""Raw cells ─► a `Submission` a file: whose it is, typed tables, what is wrong; then one table of all."""
