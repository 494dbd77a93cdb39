"""The structure rules, one module a sheet. A new rule: write it in its module; it is found by being there."""

from __future__ import annotations

from dhtt_excel.findings import Finding, Rule
from dhtt_excel.form.form import Form
from dhtt_excel.rules import (
    across_units,
    cells,
    conference,
    delegates,
    files,
    honourees,
    own_files,
    programme,
    report,
    results,
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
    results,
    own_files,
)


def _collect() -> list[Rule]:
    """The rules of the modules in their order, those of one prefix (O, TT …) together and by number."""
    rules = [value for module in _MODULES for value in vars(module).values() if isinstance(value, Rule)]
    prefixes = list(dict.fromkeys(r.code.rstrip("0123456789") for r in rules))
    return sorted(rules, key=lambda r: (prefixes.index(r.code.rstrip("0123456789")), r.code))


_ALL = _collect()
# Those of what units send, of what they have consolidated themselves, and those of the upper unit's own files.
RESULT_RULES: tuple[Rule, ...] = tuple(rule for rule in vars(results).values() if isinstance(rule, Rule))
RULES: tuple[Rule, ...] = tuple(rule for rule in _ALL if rule.about != "office" and rule not in RESULT_RULES)
OWN_RULES: tuple[Rule, ...] = tuple(rule for rule in _ALL if rule.about == "office")
RULES_BY_CODE: dict[str, Rule] = {rule.code: rule for rule in _ALL}


def check_blank_rules(form: Form) -> None:
    """Raises `ValueError` where a column says that its empty cells break a rule that there is not."""
    for table in form.tables.values():
        for column in table.columns:
            if column.blank_rule not in RULES_BY_CODE:
                raise ValueError(f"{table.key}.{column.key}: no rule “{column.blank_rule}”")


def is_for_office(finding: Finding) -> bool:
    """Whether only the upper unit can do something about it; of an earlier run's finding there may be no rule any more."""
    rule = RULES_BY_CODE.get(finding.code)
    return rule is not None and rule.for_office and not finding.asks_unit
