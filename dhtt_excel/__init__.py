"""Collects and consolidates conference data by spreadsheet, offline."""
