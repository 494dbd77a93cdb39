"""Colours and styles that the form, the register and the office's own tables share."""

from __future__ import annotations

FONT = "Times New Roman"

# Fills. Every meaning also shows without colour: bold or other words, a hatch, an empty cell.
INPUT_FILL = "#F3F8FE"
BAND_FILL = "#E1EDFA"
FIXED_FILL = "#F2F2F2"
HEADING_FILL = "#D6DFEB"
BAD = {"bg_color": "#F8C3C3", "font_color": "#9C0006"}
MISSING = {"bg_color": "#FFE28A"}
GOOD = {"bg_color": "#D3EDD3", "font_color": "#0B5A1E"}
PENDING = {"bg_color": "#E4E4E4", "font_color": "#595959"}
INK = "#17375E"
GRID = "#8EA3BD"

TITLE = {"bold": True, "font_size": 15, "font_color": INK}
SUBTITLE = {"bold": True, "font_size": 12}
GUIDANCE = {"italic": True, "font_size": 11, "font_color": "#404040"}
BOX = {"border": 1, "border_color": GRID}
HEADING = {**BOX, "bold": True, "align": "center", "text_wrap": True, "bg_color": HEADING_FILL, "font_size": 11}
FIXED = {**BOX, "text_wrap": True, "bg_color": FIXED_FILL}
INPUT = {**BOX, "text_wrap": True, "bg_color": INPUT_FILL, "locked": False}
CLOSED = {**BOX, "align": "center", "pattern": 14, "bg_color": "#E6E6E6", "fg_color": "#A6A6A6"}  # hatched
LINK = {"font_color": "#0B4F9E", "underline": 1}
