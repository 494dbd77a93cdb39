"""What forms of earlier versions printed, so that it is never taken for what a person wrote."""

from __future__ import annotations

from pathlib import Path

import msgspec

CHECK_CELLS = (43, 10)  # rows and columns that sheet "Kiểm tra" of an earlier version takes up, formulas and all
FORMER_TEXTS = msgspec.toml.decode(Path(__file__).with_suffix(".toml").read_bytes(), type=dict[str, tuple[str, ...]])
"""Sheet ─► texts of the forms of any shipped plan, with {unit} and {code} for the unit's own."""
