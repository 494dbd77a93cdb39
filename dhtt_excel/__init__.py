"""Collects and consolidates conference data by spreadsheet, offline."""

DEFAULT_PLAN = "hoan-kiem-2020"  # here, so that the command line need not load plans to show its help
