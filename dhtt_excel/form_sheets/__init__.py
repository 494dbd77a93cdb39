"""The sheets of a unit's workbook, blank or filled; `draw_form` puts them together."""
