"""Result ─► the draft of the report to the superior office."""
