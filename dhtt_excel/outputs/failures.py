"""What could not be made ─► a finding for its unit, while all else is written. The fault is the program's.

`UserError` is no such fault: it ends the run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from traceback import format_exc
from typing import NamedTuple

from dhtt_excel.errors import UserError
from dhtt_excel.findings import Finding, sort_findings
from dhtt_excel.plan.plan import Plan
from dhtt_excel.result import Result
from dhtt_excel.rules.own_files import output_undrawn


class Failure(NamedTuple):
    """`noun`: what could not be made; `unit`: whose it was to be, "" for no unit's; `trace`: the exception with its place."""

    noun: str
    trace: str
    unit: str = ""


@contextmanager
def keep_failure(failures: list[Failure], noun: str, unit: str = "") -> Iterator[None]:
    """Note what goes wrong inside, and go on."""
    try:
        yield
    except UserError:
        raise
    except Exception:
        failures.append(Failure(noun, format_exc(), unit))


def tell_failures(result: Result, failures: Collection[Failure]) -> Result:
    """The result with a finding for each failure."""
    if not failures:
        return result
    told = [_tell(result.plan, failure) for failure in failures]
    findings = sort_findings([*result.findings, *told], result.plan.units_by_code, result.form.sheets)
    return replace(result, findings=findings)


def _tell(plan: Plan, failure: Failure) -> Finding:
    whose = f" của {plan.name_of(plan.units_by_code[failure.unit])}" if failure.unit else ""
    message = f"Không vẽ được {failure.noun}{whose}: lỗi của chương trình"
    return output_undrawn.finding(plan, unit=failure.unit, file="", sheet="", cell="", message=message)
