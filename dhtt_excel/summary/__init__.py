"""The sheets of the summary for the city; `write_summary` puts them together."""
