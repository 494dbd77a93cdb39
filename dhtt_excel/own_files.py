"""What the upper unit has in its output folder besides the summary, the register and the report, by name."""

from __future__ import annotations

HISTORY_FILE = "ket-qua.json"  # written by every run, and what the next one goes on from
EXEMPTIONS_FILE = "chap-nhan.xlsx"  # the staff's: written once, empty, and then only read
CONTACTS_FILE = "danh-ba.xlsx"  # the staff's, wherever they keep it
RETURNS_FOLDER, MAIL_FOLDER = "tra-lai", "thu"
