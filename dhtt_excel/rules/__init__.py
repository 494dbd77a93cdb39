"""The structure rules, one module a sheet. A new rule: write it in its module; it is found by being there."""

from __future__ import annotations

from types import ModuleType

from dhtt_excel.findings import Rule
from dhtt_excel.rules import (
    cells,
    conference,
    delegates,
    files,
    honourees,
    programme,
    report,
    speakers,
    upper_conference,
)


def _rules_of(module: ModuleType) -> list[Rule]:
    return sorted((v for v in vars(module).values() if isinstance(v, Rule)), key=lambda r: r.code)


RULES: tuple[Rule, ...] = tuple(
    rule
    for module in (files, cells, conference, delegates, speakers, honourees, programme, report, upper_conference)
    for rule in _rules_of(module)
)
RULES_BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}
