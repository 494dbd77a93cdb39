"""ket-qua.json of an earlier run ─► what has to be known of it: who had sent what and when, which findings there had been."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec

from dhtt_excel.errors import explain_os_error
from dhtt_excel.findings import Finding, Severity
from dhtt_excel.plan.plan import Plan
from dhtt_excel.reading.submissions import Submission
from dhtt_excel.rules.own_files import history_unfit
from dhtt_excel.text.file_names import HISTORY_FILE

FORMAT_VERSION = 2  # of ket-qua.json: see docs/ket-qua-json.md


class PastFinding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One cell's finding, open or mended. `rounds`: those of the unit in which it was open; `at`: whose cells `sheet` and
    `cell` mean."""

    code: str
    severity: Severity
    unit: str
    rounds: Annotated[tuple[int, ...], msgspec.Meta(min_length=1)]
    at: int
    sheet: str
    cell: Annotated[str, msgspec.Meta(pattern=r"^([A-Z]{1,3}[1-9][0-9]{0,6})?$")]
    message: str


class UnitHistory(msgspec.Struct, frozen=True):
    """`submissions`: SHA-256 of the files that stood for the unit, one after the other: its rounds; `reported`: the day
    on which the first report came."""

    code: str
    submissions: tuple[str, ...] = ()
    reported: date | None = None


class History(msgspec.Struct, frozen=True):
    """What ket-qua.json says of the rounds so far; empty before the first."""

    plan: str = ""
    format_version: int = FORMAT_VERSION
    units: tuple[UnitHistory, ...] = ()
    history: tuple[PastFinding, ...] = ()


def read_history(path: Path | None, plan: Plan) -> tuple[History, list[Finding]]:
    """The history in this file, and why there is none where one was to be had.

    A file that is damaged, of another plan or of a later program is not gone on from.
    """
    if path is None or not path.exists():
        return History(plan.id), []
    if not path.is_file():
        return _refuse(plan, "không phải là tệp")
    try:
        history = msgspec.json.decode(path.read_bytes(), type=History)
    except OSError as error:
        return _refuse(plan, f"không đọc được ({explain_os_error(error)})")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _refuse(plan, "bị hỏng, hoặc không do chương trình này ghi ra")
    if history.plan != plan.id:
        return _refuse(plan, f"là của kế hoạch khác ({history.plan or 'không rõ'})")
    if history.format_version > FORMAT_VERSION:
        return _refuse(plan, "do phiên bản mới hơn của chương trình ghi ra")
    return history, []


def find_first_days(submissions: Iterable[Submission], history: History, as_of: date) -> dict[str, date]:
    """The day on which a unit's first report came, by unit code: as an earlier run knew it, or by a file that is here.

    Who reported in time and then corrected is not late. A mail's date is what it is; a file's time may have been lost, and
    what is here has come by the day of the run.
    """
    days = {unit.code: unit.reported for unit in history.units if unit.reported}
    for submission in submissions:
        if submission.unit and not submission.blank:
            source, code = submission.source, submission.unit.code
            day = source.sent.date() if source.mailed else min(source.sent.date(), as_of) if source.is_timed else as_of
            days[code] = min(day, days.get(code, day))
    return days


def _refuse(plan: Plan, why: str) -> tuple[History, list[Finding]]:
    message = f"Kết quả lần trước {why}: coi đây là lần chạy đầu"
    return History(plan.id), [
        history_unfit.finding(plan, unit="", file=HISTORY_FILE, sheet="", cell="", message=message)
    ]
