"""Excel's own terms: addresses, cells, looks, and the one place where a workbook is written."""
