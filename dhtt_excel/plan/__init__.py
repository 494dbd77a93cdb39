"""A TOML file ─► the plan as frozen records: units, limits, shares, code lists; beside it the shipped plans."""
