"""What forms of earlier versions printed, so that it is never taken for what a person wrote."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from dhtt_excel.plan.plan import Plan

CHECK_CELLS = (43, 10)  # rows and columns that sheet "Kiểm tra" of an earlier version takes up, formulas and all

_Texts = dict[str, dict[str, tuple[str, ...]]]
_TEXTS = msgspec.toml.decode(Path(__file__).with_suffix(".toml").read_bytes(), type=_Texts)


def list_former_texts(plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """Sheet ─► texts with {unit} and {code} for the unit's own; empty for a plan whose forms have only one version."""
    return _TEXTS.get(plan.id, {})
