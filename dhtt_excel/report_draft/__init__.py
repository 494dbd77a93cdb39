"""The parts of the report to the superior office; `write_report` puts them together."""
