"""Collects and consolidates conference data by spreadsheet, offline."""

# Here, so that the command line need not load plans to show its help.
DEFAULT_PLAN = "hoan-kiem-2020"
ROLLUP_PLAN = "ha-noi-2020"
