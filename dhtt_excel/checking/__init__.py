"""Tables + rules ─► findings, and what became of those of earlier rounds."""
