"""Tables ─► every number of the forms, each with the filter that yields it."""
