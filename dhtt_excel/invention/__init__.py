"""What an invented workbook is filled with; `invent_campaign` makes a campaign of them."""
