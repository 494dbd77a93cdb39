"""Result ─► e-mail drafts: templates, corrections, reminders, receipts."""
