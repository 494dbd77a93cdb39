"""Campaigns made at random, whose every number is known without reading a file; run so many of them, tell what differs.

python -m tests.figures.random_campaigns 50 [first seed]
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import click
import openpyxl

from dhtt_excel.figures.traces import trace_figures
from dhtt_excel.form.form import Form, form_of
from dhtt_excel.outputs.register.trace_sheet import TRACE_SHEET
from dhtt_excel.outputs.register.write_register import write_register
from dhtt_excel.outputs.summary.write_summary import write_summary
from dhtt_excel.outputs.write_json import write_json
from dhtt_excel.pipeline import consolidate
from dhtt_excel.plan.plan import Plan, Unit, load_plan
from dhtt_excel.result import Result
from tests.containers import make_mail, make_zip
from tests.figures.compare_forms import COMPARISONS, Comparison, compare_totals
from tests.figures.random_cells import Pen
from tests.figures.random_workbooks import DRAFT, Filled, Filler
from tests.figures.recount import Counted, Rows
from tests.packages import edit_package
from tests.typed import fill_in

AS_OF = date(2020, 3, 28)
_FIRST = datetime(2020, 2, 20, 8)
_COPIED = datetime(2020, 3, 26, 17)  # when somebody copied the folder, and all times of files were lost
_STAMP = "2020-01-01T00:00:00Z"
_NAMES = (
    "{name}.xlsx", "Phường {name} (gửi lại).xlsx", "bc {name}  bản cuối.xlsx", "{code}_{name}.XLSX", "00088 gửi hộ {name}.xlsx",
    "BÁO CÁO ĐHTT 2020 - {name}.xlsx", "Copy of biểu mẫu.xlsx", "thư mục {name}/biểu mẫu (1).xlsx",
)  # fmt: skip
_JUNK = {"Thumbs.db": b"x", "~$Hàng Bạc.xlsx": b"x", "bản ký.pdf": b"%PDF-1.4", "báo cáo.docx": b"PK\x03\x04"}


@dataclass
class Sent:
    """One workbook on its way. `mailed`, `saved`, `kept`: by its mail, by what stands inside, by the file's own time."""

    filled: Filled
    content: bytes
    mailed: datetime | None = None
    saved: datetime | None = None
    kept: datetime = _COPIED
    blank: bool = False
    file: str = ""

    @property
    def moment(self) -> datetime:
        return self.mailed or self.saved or self.kept


@dataclass
class Campaign:
    """What stands for each unit, by code: the rows, the file; and the day on which its first report came.

    `none`, `lacking`: as `Counted` takes them.
    """

    rows: Rows = field(default_factory=dict)
    none: set[tuple[str, str]] = field(default_factory=set)
    lacking: set[tuple[str, str, str]] = field(default_factory=set)
    used: dict[str, str] = field(default_factory=dict)
    first_days: dict[str, date] = field(default_factory=dict)
    files: int = 0


def make_campaign(plan: Plan, form: Form, seed: int, folder: Path) -> Campaign:
    """Write a campaign's files into a new folder; the same seed gives the same campaign."""
    return _Maker(plan, form, Random(seed), folder).make()


class _Maker:
    """Makes one campaign."""

    def __init__(self, plan: Plan, form: Form, rng: Random, folder: Path) -> None:
        self.plan = plan
        self.form = form
        self.rng = rng
        self.folder = folder
        self.pen = Pen(rng, plan, rng.choice((0, 0.3, 1, 1, 2, 3)))
        self.filler = Filler(plan, form, self.pen)
        self.campaign = Campaign()

    def make(self) -> Campaign:
        self.folder.mkdir(parents=True)
        for unit in sorted(self.rng.sample(self.plan.local_units, self.rng.randint(4, 7)), key=lambda u: u.code):
            self._answer(unit, [])
        if self.rng.random() < 0.75:
            self._answer(self.plan.upper_unit, self._invite())
        for name, content in _JUNK.items():
            if self.pen.slips(0.1):
                (self.folder / name).write_bytes(content)
        return self.campaign

    def _invite(self) -> list[dict[str, Any]]:
        """Delegates of the wards whom the upper unit lists, too."""
        rows = [(unit, row) for unit, tables in self.campaign.rows.items() for row in tables["delegates"]]
        known = [(unit, row) for unit, row in rows if row["name"] and (row["nominated"] or self.rng.random() < 0.05)]
        chosen = self.rng.sample(known, min(len(known), self.rng.choice((0, 5, 30))))
        return [self.filler.repeat(self.plan.units_by_code[unit], row) for unit, row in chosen]

    def _answer(self, unit: Unit, guests: list[dict[str, Any]]) -> None:
        """What a unit sends, and which of it stands for the unit."""
        ways: tuple[Callable[[Unit, list[dict[str, Any]]], tuple[list[Sent], Sent | None]], ...]
        ways = (
            self._send_once,
            self._send_once,
            self._send_twice,
            self._send_unfit,
            self._send_unclear,
            self._send_blank,
        )
        sent, stands = self.rng.choice(ways)(unit, guests)
        blanks = [] if stands is None or self.rng.random() < 0.8 else [self._put_blank(unit)]
        self.rng.shuffle(sent)
        for one in [*sent, *blanks]:
            self._write(one)
        reports = [one for one in sent if not one.blank]
        if reports:
            self.campaign.first_days[unit.code] = min(one.moment for one in reports).date()
        if stands:
            self.campaign.rows[unit.code] = stands.filled.rows
            self.campaign.none |= {(unit.code, key) for key in stands.filled.none}
            self.campaign.lacking |= {(unit.code, *column) for column in stands.filled.lacking}
            self.campaign.used[unit.code] = stands.file

    # -------- which files a unit sends: all of them, and the one that stands

    def _send_once(self, unit: Unit, guests: list[dict[str, Any]]) -> tuple[list[Sent], Sent]:
        one = self._time(self._fill_in(unit, guests), self._some_time())
        return [one], one

    def _send_twice(self, unit: Unit, guests: list[dict[str, Any]]) -> tuple[list[Sent], Sent]:
        """The later one stands."""
        moments = sorted(self._some_time() + timedelta(seconds=2 * n) for n in range(self.rng.choice((2, 2, 3))))
        by_mail = self.rng.random() < 0.3
        sent = [self._time(self._fill_in(unit, guests, whole=True), moment, by_mail=by_mail) for moment in moments]
        return sent, sent[-1]

    def _send_unfit(self, unit: Unit, guests: list[dict[str, Any]]) -> tuple[list[Sent], Sent]:
        """The later one lacks what the check needs."""
        good = self._time(self._fill_in(unit, guests, whole=True), self._some_time())
        if not self.pen.mess:
            return [good], good
        filled = self.filler.fill_in(unit, guests)
        while not filled.unfit:
            filled = self.filler.fill_in(unit, guests)
        bad = Sent(filled, self._draw(filled))
        return [good, self._time(bad, good.moment + timedelta(hours=3), by_mail=bool(good.mailed))], good

    def _send_unclear(self, unit: Unit, guests: list[dict[str, Any]]) -> tuple[list[Sent], Sent]:
        """Times are equal or contradict each other: the fuller one stands."""
        full = self._fill_in(unit, guests, whole=True)
        lost = ("delegates", "speakers")
        sheets = {self.form.tables[key].sheet for key in lost}
        kept = {place: value for place, value in full.filled.entries.items() if place[0] not in sheets}
        less = Filled(unit, kept, full.filled.rows)
        scant = Sent(less, self._draw(less))
        moment = self._some_time()
        if not any(full.filled.rows[key] for key in lost):  # neither has more in it
            return [self._time(full, moment)], full
        if self.rng.random() < 0.5:
            full.mailed, scant.mailed = moment, moment + timedelta(hours=1)
            full.saved, scant.saved = moment, moment - timedelta(hours=1)
        return [full, scant], full

    def _send_blank(self, unit: Unit, guests: list[dict[str, Any]]) -> tuple[list[Sent], None]:
        return [self._put_blank(unit)], None

    def _put_blank(self, unit: Unit) -> Sent:
        filled = Filled(unit)
        return self._time(Sent(filled, self._draw(filled), blank=True), self._some_time())

    def _some_time(self) -> datetime:
        return _FIRST + timedelta(minutes=2 * self.rng.randrange(30 * 36 * 24))

    def _time(self, sent: Sent, moment: datetime, *, by_mail: bool | None = None) -> Sent:
        """Let the workbook say when it was sent, in one of the ways in which it may."""
        if self.rng.random() < 0.25 if by_mail is None else by_mail:
            sent.mailed = moment
        elif self.rng.random() < 0.6:
            sent.saved = moment
        else:
            sent.kept = moment
        return sent

    # -------- bytes

    def _fill_in(self, unit: Unit, guests: list[dict[str, Any]], *, whole: bool = False) -> Sent:
        filled = self.filler.fill_in(unit, guests, whole=whole)
        return Sent(filled, self._draw(filled))

    def _draw(self, filled: Filled) -> bytes:
        return fill_in(self.plan, self.form, filled.unit, filled.entries)

    def _write(self, sent: Sent) -> None:
        """Put the workbook into the inbox, alone or in a mail or an archive."""
        self.campaign.files += 1
        unit, number = sent.filled.unit, self.campaign.files
        name = self.rng.choice(_NAMES).format(name=unit.name, code=unit.code)
        path = self.folder / f"{number:02} {name}" if "/" not in name else self.folder / f"{number:02}" / name
        content = self._edit(sent)
        if sent.mailed:
            attached = path.name
            path = self.folder / f"thư {number}.eml"
            moment = f"{sent.mailed:%d %b %Y %H:%M:%S} +0700"
            content = make_mail([(attached, content), ("ảnh.png", b"\x89PNG")], sent=moment).as_bytes()
            sent.file = f"{path.name}/{attached}"
        elif not sent.saved and self.rng.random() < 0.1:
            inner = path.name
            path = self.folder / f"nén {number}.zip"
            content = make_zip({inner: content}, sent.kept.timetuple()[:6])
            sent.file = f"{path.name}/{inner}"
        else:
            sent.file = path.relative_to(self.folder).as_posix()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (sent.kept.timestamp(), sent.kept.timestamp()))

    def _edit(self, sent: Sent) -> bytes:
        """What no writer of ours writes: when it was saved, hidden rows, a renamed sheet."""
        sheets = {sheet: f"xl/worksheets/sheet{n}.xml" for n, sheet in enumerate(self.form.sheets, start=2)}
        changes: dict[str, Callable[[str], str]] = {
            sheets[sheet]: lambda text, rows=rows: _hide(text, rows)  # type: ignore[misc]
            for sheet, rows in sent.filled.hidden.items()
        }
        if sent.saved:
            moment = f"{sent.saved - timedelta(hours=7):%Y-%m-%dT%H:%M:%SZ}"
            changes["docProps/core.xml"] = lambda text: re.sub(rf"(modified[^>]*>){_STAMP}", rf"\g<1>{moment}", text)
        if gone := sent.filled.gone:
            changes["xl/workbook.xml"] = lambda text: re.sub(rf'<sheet name="{gone}"[^>]*/>', "", text)
        drafts = any(sheet == DRAFT for sheet, _, _ in sent.filled.entries)  # beside one, which is the list?
        if not sent.blank and not drafts and not gone and self.pen.slips(0.05):
            sheet = self.rng.choice(("Đại biểu", "Tham luận", "Biểu dương", "Chương trình"))
            changes["xl/workbook.xml"] = lambda text: text.replace(f'name="{sheet}"', f'name="Bảng {sheet} mới"')
        if not changes:
            return sent.content
        scratch = self.folder.parent / "scratch.xlsx"
        scratch.write_bytes(sent.content)
        edit_package(scratch, changes)
        return scratch.read_bytes()


def _hide(text: str, rows: list[int]) -> str:
    for row in rows:
        text = text.replace(f'<row r="{row}" ', f'<row r="{row}" hidden="1" ')
    return text


# ---------------------------------------------------------------- comparing


def compare_campaign(campaign: Campaign, plan: Plan, folder: Path) -> Comparison:
    """Every number that the program gives of the campaign, against what its maker knows."""
    result = consolidate(folder, plan, AS_OF)
    book = openpyxl.load_workbook(io.BytesIO(write_summary(result)), data_only=True)
    data, counted = json.loads(write_json(result)), Counted(plan, campaign.rows, campaign.none, campaign.lacking)
    comparisons = [*(compare(book, counted) for compare in COMPARISONS), compare_totals(data, counted)]
    comparisons += [_compare_files(data, campaign, plan), _compare_traces(result)]
    return Comparison(sum(c.compared for c in comparisons), [text for c in comparisons for text in c.differences])


def _compare_files(data: dict[str, Any], campaign: Campaign, plan: Plan) -> Comparison:
    """Which file stands for each unit, when it first reported and how late that was."""
    comparison = Comparison()
    comparison.equal("files", len(data["files"]), campaign.files)
    last = plan.report.before - timedelta(days=1)
    for unit in data["units"]:
        code, about = unit["code"], unit["name"]
        day = campaign.first_days.get(code)
        comparison.equal((about, "file"), unit["file"], campaign.used.get(code))
        comparison.equal((about, "reported"), unit["reported"], str(day) if day else None)
        late = max(0, ((day or AS_OF) - last).days) if unit["level"] == "local" else 0
        comparison.equal((about, "days late"), unit["days_late"], late)
    return comparison


def _compare_traces(result: Result) -> Comparison:
    """Every number of the forms against the register's own count of its lists."""
    comparison = Comparison()
    sheet = openpyxl.load_workbook(io.BytesIO(write_register(result)), data_only=True)[TRACE_SHEET]
    lines = sheet.iter_rows(min_row=5, max_row=4 + len(trace_figures(result)), max_col=6, values_only=True)
    for form, place, label, shown, counted, sign in lines:
        comparison.equal((form, place, label, shown, counted), sign, "✓")
    return comparison


def main(number: int, first: int) -> None:
    """Run campaigns of so many seeds, and print what differs. Folders of those that differ are kept."""
    plan = load_plan()
    form, tally = form_of(plan), Counter[str]()
    for seed in range(first, first + number):
        top = Path(tempfile.mkdtemp(prefix=f"campaign-{seed}-"))
        try:
            campaign = make_campaign(plan, form, seed, top / "da nhận")
            comparison = compare_campaign(campaign, plan, top / "da nhận")
        except Exception:  # one campaign that stops must not hide what the others tell
            campaign, comparison = Campaign(), Comparison(0, [traceback.format_exc()])
        tally.update(
            campaigns=1, files=campaign.files, compared=comparison.compared, differ=len(comparison.differences)
        )
        for difference in comparison.differences:
            click.echo(f"seed {seed}: {difference}")
        if comparison.differences:
            click.echo(f"seed {seed} is kept in {top}")
        else:
            shutil.rmtree(top)
    click.echo("{campaigns} campaigns, {files} files, {compared} comparisons, {differ} differences".format(**tally))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
