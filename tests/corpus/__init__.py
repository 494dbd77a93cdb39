"""Hostile and damaged workbooks, made by code: what the reader accepts, what it refuses, and that nothing is lost."""
