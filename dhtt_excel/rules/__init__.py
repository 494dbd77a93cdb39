"""The structure rules, one module a sheet. A new rule: write it in its module; it is found by being there."""

from __future__ import annotations

from dhtt_excel.findings import Rule
from dhtt_excel.rules import (
    across_units,
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

_MODULES = (
    files,
    cells,
    across_units,
    conference,
    delegates,
    speakers,
    honourees,
    programme,
    report,
    upper_conference,
)


def _collect() -> list[Rule]:
    """The rules of the modules in their order, those of one prefix (O, TT …) together and by number."""
    rules = [value for module in _MODULES for value in vars(module).values() if isinstance(value, Rule)]
    prefixes = list(dict.fromkeys(r.code.rstrip("0123456789") for r in rules))
    return sorted(rules, key=lambda r: (prefixes.index(r.code.rstrip("0123456789")), r.code))


RULES: tuple[Rule, ...] = tuple(_collect())
RULES_BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}
