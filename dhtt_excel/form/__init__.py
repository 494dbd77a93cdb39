"""Plan ─► the form: its tables and columns, its formulas, and a unit's workbook as bytes."""
