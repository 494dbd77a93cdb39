"""Result ─► the forms for the superior office: counts only, as they are signed."""
