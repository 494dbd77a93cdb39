"""The forms for the superior office: numbers, formulas, notes, print set-up, and no person in them."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pandas as pd
import pytest

from dhtt_excel.errors import UserError
from dhtt_excel.figures.city_forms import NOT_SENT, WITHIN
from dhtt_excel.figures.count_figures import count_figures
from dhtt_excel.figures.describe_units import describe_units
from dhtt_excel.figures.hide_revealing import SENSITIVE, RevealingWords
from dhtt_excel.figures.totals import Total
from dhtt_excel.findings import Finding, Severity
from dhtt_excel.form.form import form_of
from dhtt_excel.form.table import Column, Kind
from dhtt_excel.inbox.raw import RawWorkbook
from dhtt_excel.outputs.summary.write_summary import Annexes, write_summary
from dhtt_excel.pipeline import OfficeFiles, consolidate, judge_submissions
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.reading.merge_tables import merge_tables
from dhtt_excel.reading.submissions import Submission
from dhtt_excel.result import Result
from dhtt_excel.rollup.stamp import STAMP_SHEET
from dhtt_excel.text.vietnamese import name_key
from tests.libreoffice import LibreOffice

AS_OF = date(2020, 2, 5)
SHEETS = {
    "Biểu 1": "landscape",
    "Biểu 2": "portrait",
    "Biểu 3": "portrait",
    "Biểu 3a": "landscape",
    "Biểu 4": "portrait",
    "Biểu đồ": "portrait",
}
ANNEXES = ("Phụ lục 1", "Phụ lục 2", "Phụ lục 3", "Phụ lục 4")
_TEXT = Column("text", "Chữ", Kind.TEXT, 10)
COUNTS = {"listed": 23, "exemplars": 14, "guests": 7, "unknown": 2, "female": 10, "young": 5, "held": 10}


@pytest.fixture(scope="module")
def campaign(plan: Plan, drawn_campaign: Path) -> Result:
    return consolidate(drawn_campaign, plan, date(2020, 3, 18))


@pytest.fixture(scope="module")
def small(few: Plan, few_campaign: Path) -> Result:
    """The same of five units, for what is written of it anew."""
    return consolidate(few_campaign, few, date(2020, 3, 18))


@pytest.fixture(scope="module")
def summary(campaign: Result) -> bytes:
    return write_summary(campaign)


@pytest.fixture(scope="module")
def shown(summary: bytes) -> Any:
    """Its values; read only."""
    return _open(summary, values=True)


@pytest.fixture(scope="module")
def annexed(campaign: Result) -> bytes:
    return write_summary(campaign, Annexes())


@pytest.fixture(scope="module")
def annexes(annexed: bytes) -> Any:
    return _open(annexed)


def _open(data: bytes, *, values: bool = False, texts: bool = False) -> Any:
    """What a summary shows, without the last sheet, which holds its record; `texts`: of its cells, and no more."""
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=values, read_only=texts)
    *_, last = book.worksheets
    assert (last.title, last.sheet_state) == (STAMP_SHEET, "veryHidden")
    book.remove(last)
    return book


def _texts(sheet: Any) -> str:
    return "\n".join(str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None)


def _rows(sheet: Any) -> list[int]:
    """Rows of the units in Biểu 1: those with a running number below the heading."""
    return [c.row for c in sheet["A"] if isinstance(c.value, int)]


def _places(result: Result) -> dict[str, int]:
    """The columns of Biểu 1 by key."""
    return {column.key: place for place, column in enumerate(describe_units(result)[0], start=1)}


def _invent_result(plan: Plan, received: int, errors: int = 0, unreadable: int = 0) -> Result:
    """A result of which the first units have reported COUNTS, the next were unreadable, the rest are missing."""
    form = form_of(plan)
    tables = merge_tables([], form, plan)
    figures = count_figures(tables, form, plan)
    units = figures.units.copy()
    codes = [u.code for u in plan.local_units]
    for key in figures.totals:
        units.loc[codes[:received], key] = COUNTS.get(key, 0)
    units["date"] = pd.Series([date(2020, 2, 20) if c in codes[:received] else None for c in units.index], units.index, dtype="object")  # fmt: skip
    totals = {key: Total(received * COUNTS.get(key, 0) if received else None, received) for key in figures.totals}
    unsaid = figures.unsaid.copy()
    unsaid.loc[codes[:received], ["exemplars", "guests"]] = COUNTS["unknown"]
    for key in ("exemplars", "guests"):
        totals[key] = replace(totals[key], unsaid=tuple((code, COUNTS["unknown"]) for code in codes[:received]))
    figures = replace(figures, units=units, unsaid=unsaid, totals=totals)
    submissions = [
        Submission(RawWorkbook(f"{c}.xlsx", 1, "", datetime(2020, 2, 1)), plan.units_by_code[c], used=True)
        for c in codes[:received]
    ]
    findings = [_invent_finding(c) for c in codes[:errors] + codes[received : received + unreadable]]
    return Result(plan, form, AS_OF, submissions, tables, lambda: figures, findings)


def _invent_finding(unit: str) -> Finding:
    return Finding("DB01", Severity.ERROR, unit, f"{unit}.xlsx", "Đại biểu", "B1", "Sai", "Sửa", "II")


def _enlarge(plan: Plan, count: int) -> Plan:
    """The plan with so many units, of long names."""
    local = [
        Unit(code=f"{n:05}", name=f"Xã Đông Nam Trung Thượng Hạ số {n}", pilot=n == 1) for n in range(1, count + 1)
    ]
    return msgspec.structs.replace(plan, units=(*local, plan.upper_unit))


def test_the_same_result_gives_the_same_bytes(campaign: Result, summary: bytes, small: Result) -> None:
    assert write_summary(campaign) == summary
    assert write_summary(small, Annexes()) == write_summary(small, Annexes())


def test_totals_equal_the_sums(campaign: Result, shown: Any) -> None:
    sheet = shown["Biểu 1"]
    rows = _rows(sheet)
    assert len(rows) == len(campaign.plan.local_units)
    total = rows[-1] + 1
    assert sheet.cell(total, 1).value == "Tổng cộng"
    figures = campaign.figures
    assert sheet.cell(total, 5).value == sum(figures.totals[key].value or 0 for key in ("exemplars", "guests"))
    columns, places = describe_units(campaign)[0], _places(campaign)
    counts = [places[column.key] for column in columns if column.is_number and not column.share]
    shares = [(places[c.key], c.share[0], c.share[1]) for c in columns if c.share]
    assert counts
    assert shares
    for column in counts:
        sent = [sheet.cell(r, column).value for r in rows if sheet.cell(r, column).value != NOT_SENT]
        assert sheet.cell(total, column).value == sum(sent), column
    unsaid = figures.unsaid.loc[[unit.code for unit in campaign.plan.local_units]].to_dict("records")
    unsaid.append({key: summed.left_out for key, summed in figures.totals.items()})
    for row, left_out in zip((*rows, total), unsaid, strict=True):
        for column, part, of in shares:
            whole = sheet.cell(row, places[of]).value
            if whole == NOT_SENT:
                assert sheet.cell(row, column).value == NOT_SENT
            else:
                expected = 100 * sheet.cell(row, places[part]).value / (whole - left_out[part])
                assert sheet.cell(row, column).value == pytest.approx(expected)


def test_structure_adds_up_and_names_the_absent(campaign: Result, shown: Any) -> None:
    sheet = shown["Biểu 2"]
    label = {str(c.value): c.row for c in sheet["B"] if c.value}
    for section in campaign.figures.sections:
        if section.title == WITHIN:
            continue
        row = label[f"{section.title} (cộng)"]
        lines = [line for line in section.lines if not line.within]
        assert sheet.cell(row, 3).value == sum(line.local for line in lines)
        assert sheet.cell(row, 5).value == sum(line.upper or 0 for line in lines)
    assert any(section.title == WITHIN for section in campaign.figures.sections)
    said = [c.value for c in sheet["G"] if c.value in ("Có", "CHƯA CÓ")]
    assert said == ["Có" if line.count else "CHƯA CÓ" for line in campaign.figures.coverage]


def test_missing_units_are_greyed_and_named(plan: Plan) -> None:
    result = _invent_result(plan, 16, unreadable=1)
    sheet = _open(write_summary(result))["Biểu 1"]
    rows = _rows(sheet)
    remarks = [sheet.cell(r, _places(result)["remark"]).value for r in rows]
    assert remarks[-2:] == ["Chưa nộp", "Chưa nộp"]  # why nothing of it is in use is the district's affair
    for row in rows:
        greyed = sheet.cell(row, 2).fill.fill_type == "solid"
        assert greyed == (row in rows[-2:])
        assert (sheet.cell(row, 5).value == NOT_SENT) == greyed
    missing = ", ".join(unit.name for unit in plan.local_units[-2:])
    assert f"Số {plan.levels.local.noun} đã báo cáo: 16/18. Chưa báo cáo: {missing}." in _texts(sheet)


def test_notes_and_remarks(plan: Plan) -> None:
    result = _invent_result(plan, 18, errors=3)
    sheet = _open(write_summary(result))["Biểu 1"]
    text = _texts(sheet)
    assert "Dưới 35 tuổi: tính theo năm kế hoạch (2020) trừ năm sinh." in text
    assert "Hoàn Kiếm, ngày 05 tháng 02 năm 2020" in text
    remarks = {sheet.cell(r, 2).value: sheet.cell(r, _places(result)["remark"]).value for r in _rows(sheet)}
    assert remarks["Phúc Tân"] == "Dự kiến"
    assert remarks["Trần Hưng Đạo"] == "Hội nghị điểm; dự kiến"
    formats = {c.number_format for c in sheet["C"] if isinstance(c.value, datetime)}
    assert formats == {"dd/mm/yyyy"}
    later = result.figures.units.assign(date=date(2020, 3, 2))
    march = replace(result, take_figures=lambda: replace(result.figures, units=later))
    formats = {c.number_format for c in _open(write_summary(march))["Biểu 1"]["C"] if isinstance(c.value, datetime)}
    assert formats == {"dd/m/yyyy"}  # 02/3/2020, as papers between offices have it


def test_upper_conference_without_the_upper_units_own_workbook(plan: Plan) -> None:
    """Nothing is judged, and what the local units do not send is no 0."""
    sheet = _open(write_summary(_invent_result(plan, 18)))["Biểu 2"]
    text = _texts(sheet)
    assert "Chưa có biểu của Quận Hoàn Kiếm: chỉ tính đại biểu do các phường cử" in text
    assert not re.search(r"CHƯA CÓ|Trong giới hạn|Có 0/", text)
    lines = {row[1]: row for row in sheet.iter_rows(values_only=True)}
    assert lines["Khách mời, lãnh đạo (kế hoạch 30%)"][4:6] == (NOT_SENT, NOT_SENT)
    assert lines["Tỷ lệ 70/30"][2] == NOT_SENT


def test_of_nobody_there_is_no_0(plan: Plan) -> None:
    result = judge_submissions([], form_of(plan), plan, AS_OF, OfficeFiles())
    book = _open(write_summary(result), texts=True)
    for name in ("Biểu 1", "Biểu 2", "Biểu 3", "Biểu 3a", "Biểu 4"):
        assert 0 not in {c.value for row in book[name].iter_rows() for c in row}, name


def test_print_setup(plan: Plan) -> None:
    book = _open(write_summary(_invent_result(plan, 3), Annexes()))
    assert book.sheetnames == [*SHEETS, *ANNEXES]
    for sheet in book:
        orientation = SHEETS.get(sheet.title, "landscape")
        assert sheet.page_setup.paperSize == 9
        assert (sheet.page_setup.orientation or "portrait") == orientation
        fits = sheet.page_setup.fitToHeight is None  # on one page
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight or 0) == (1, 0)
        assert not (fits and sheet.row_breaks.brk)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddHeader.center.text == "&P"
        margins = sheet.page_margins
        edges = (margins.top, margins.bottom, margins.left, margins.right)
        assert [round(inches * 25.4) for inches in edges] == [20, 20, 30, 15]
        if sheet.title != "Biểu đồ":
            first, last = map(int, re.findall(r"\d+", sheet.print_title_rows))
            assert sheet.cell(first, 1).value == "STT"
            assert sheet.cell(last, 1).value == "(1)"
            assert sheet.freeze_panes.endswith(str(last + 1))
        names = {c.font.name for row in sheet.iter_rows() for c in row if c.value is not None}
        assert names == {"Times New Roman"}
        last = int(sheet.print_area.rpartition("$")[2])
        usual = sheet.sheet_format.defaultRowHeight  # a row of this height is written without it
        assert all((sheet.row_dimensions[r].height or usual) <= 409 for r in range(1, last + 1))


@pytest.mark.parametrize("received", [0, 1, 17, 18])
def test_any_number_of_units(plan: Plan, received: int) -> None:
    sheet = _open(write_summary(_invent_result(plan, received)), values=True)["Biểu 1"]
    assert sheet.cell(_rows(sheet)[-1] + 1, 5).value == (23 * received or NOT_SENT)


def test_a_large_plan_with_long_names(plan: Plan) -> None:
    large = _enlarge(plan, 126)
    sheet = _open(write_summary(_invent_result(large, 126, errors=126)), values=True)["Biểu 1"]
    rows = _rows(sheet)
    assert len(rows) == 126
    assert sheet.cell(rows[-1] + 1, 5).value == 126 * 23
    assert all(sheet.row_dimensions[r].height > 20 for r in rows)  # name and remark take several lines
    assert max(sheet.row_dimensions[r].height or 0 for r in range(1, sheet.max_row + 1)) < 100
    breaks = [b.id for b in sheet.row_breaks.brk]
    foot = next(c.row for row in sheet.iter_rows() for c in row if c.value == "NGƯỜI LẬP BIỂU")
    assert max(breaks) < foot - 1


def test_texts_never_become_formulas(plan: Plan) -> None:
    evil = "=HYPERLINK(1)"
    units = (Unit(code="00001", name="=cmd"), Unit(code="00002", name="@SUM", pilot=True), plan.upper_unit)
    signer = msgspec.structs.replace(plan.signer, name=evil, title="+1", capacity="-1")
    hostile = msgspec.structs.replace(plan, units=units, signer=signer)
    book = _open(write_summary(_invent_result(hostile, 2)))
    for sheet in book:
        formulas = [c for row in sheet.iter_rows() for c in row if c.data_type == "f"]
        assert formulas or sheet.title in ("Biểu 3", "Biểu 4")  # no honouree, no speech: nothing to add up
        ours = r"""='Biểu [1-3]'![A-Z]+\d+|=[IFSUM0-9A-Z$:+*/(),="-]+"""
        assert all(re.fullmatch(ours, c.value) for c in formulas)
        for row in sheet.iter_rows():
            for c in row:
                if c.data_type == "s" and str(c.value)[0] in "=+-@":
                    assert c.quotePrefix, c.coordinate


def test_no_person_and_no_author(campaign: Result, summary: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(summary)) as archive:
        texts = name_key(" ".join(archive.read(name).decode() for name in archive.namelist()))
        core = archive.read("docProps/core.xml").decode()
    assert "<dc:creator></dc:creator>" in core
    assert "lastModifiedBy></cp" in core
    frames = campaign.tables.frames
    for frame, column in (("delegates", "name"), ("speakers", "presenter"), ("info", "compiler")):
        names = {name_key(name) for name in frames[frame][column].dropna()}
        assert names
        assert not [name for name in names if " " in name and name in texts]


@pytest.mark.libreoffice
@pytest.mark.parametrize("received", [None, 0, 3])
def test_libreoffice_recalculates_to_the_same(
    libreoffice: LibreOffice, annexed: bytes, plan: Plan, received: int | None, tmp_path: Path
) -> None:
    data = annexed if received is None else write_summary(_invent_result(plan, received), Annexes())
    drawn, recalculated = _open(data, values=True), libreoffice.recalculate(data, tmp_path)
    for name in (*SHEETS, *ANNEXES):
        theirs = recalculated[name]
        for row in drawn[name].iter_rows():
            for c in row:
                other = theirs[c.coordinate].value
                expected = c.value if c.value != "" else None
                if isinstance(expected, float):
                    assert other == pytest.approx(expected, rel=1e-12), c.coordinate
                else:
                    assert (None if other == "" else other) == expected, c.coordinate


def _shown(sheet: Any) -> list[tuple[Any, ...]]:
    """The values of the rows below the column numbers."""
    rows = list(sheet.iter_rows(values_only=True))
    start = next(place for place, row in enumerate(rows) if row[0] == "(1)")
    return rows[start + 1 :]


def test_forms_agree_on_the_honourees(campaign: Result, shown: Any) -> None:
    units, honours = shown["Biểu 1"], shown["Biểu 3"]
    total = _rows(units)[-1] + 1
    sums = [row[2:6] for row in _shown(honours) if row[1] == "Cộng"]  # of its parts A, B and C
    columns = [_places(campaign)[f"honourees_{kind}"] for kind in ("collective", "person", "household")]
    assert len(sums) == 3
    for counts in sums:
        assert counts[:3] == tuple(units.cell(total, column).value for column in columns)
        assert counts[3] == sum(counts[:3])


def test_speeches_stand_by_unit_without_names(campaign: Result, shown: Any) -> None:
    sheet = shown["Biểu 4"]
    lines = _shown(sheet)
    rows = [row for row in lines if isinstance(row[0], int)]
    frame, plan = campaign.tables.frames["speakers"], campaign.plan
    assert [row[1] for row in rows] == frame["title"].tolist()
    names = [*(u.name for u in plan.local_units if u.code in campaign.used), plan.name_of(plan.upper_unit)]
    counts = frame.groupby("unit", sort=False).size().tolist()
    bands = [f"{name} ({count} tham luận)" for name, count in zip(names, counts, strict=True)]
    assert [row[0] for row in lines if "tham luận)" in str(row[0])] == bands
    assert {row[2] for row in rows} == {"Cá nhân", "Tập thể"}
    total = next(row for row in lines[lines.index(rows[-1]) :] if row[1] == len(frame))
    assert total[5] == int(frame["minutes"].sum())
    assert "Chưa báo cáo: Hàng Gai" in _texts(sheet)
    assert f"hình ảnh {int(frame['illustration'].eq('Hình ảnh').sum())}" in _texts(sheet)


def test_many_names_are_only_counted(plan: Plan) -> None:
    sheet = _open(write_summary(_invent_result(_enlarge(plan, 126), 60)))["Biểu 4"]
    text = _texts(sheet)
    assert "Chưa báo cáo: 66 phường, xem cột Ghi chú của Biểu 1." in text
    assert "Đã báo cáo nhưng chưa có tham luận: 60 phường, xem cột Tham luận của Biểu 1." in text


def _with_speech(result: Result, **changes: Any) -> Result:
    frame = result.tables.frames["speakers"].copy()
    for column, value in changes.items():
        frame.loc[0, column] = value
    return replace(result, tables=replace(result.tables, frames={**result.tables.frames, "speakers": frame}))


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("Nguyễn Thị Thu Hà và tổ may", "[…] và tổ may"),
        ("Gương nguyễn thị THU HÀ", "Gương […]"),
        ("Tấm gương bà Thu Hà giữa phố", "Tấm gương bà […] giữa phố"),
        ("Chị Hà giữ phố", "Chị […] giữ phố"),
        ("Hoà giải ở Hà Nội", "Hoà giải ở Hà Nội"),
        ("Giữ phố Trần Hưng Đạo sạch", "Giữ phố Trần Hưng Đạo sạch"),
        ("Cùng anh Lê Văn Bình giữ chợ", "Cùng anh […] giữ chợ"),
        ("Văn minh đô thị", "Văn minh đô thị"),
        ("Lớp học của bà Chử Thị Lan", "Lớp học của bà […]"),
        ("Giữ phố Bà Triệu sạch", "Giữ phố Bà Triệu sạch"),
        ("Noi gương chiến sĩ Điện Biên", "Noi gương chiến sĩ Điện Biên"),
    ],
)
def test_no_name_of_a_person_in_a_title(small: Result, title: str, printed: str) -> None:
    result = _with_speech(small, kind="Cá nhân", name="Bà Nguyễn Thị Thu Hà", presenter="Lê Văn Bình", title=title)
    sheet = _open(write_summary(result), texts=True)["Biểu 4"]
    assert next(row for row in _shown(sheet) if row[0] == 1)[1] == printed
    assert ("1 tên tham luận có tên người" in _texts(sheet)) == ("[…]" in printed)


def test_units_without_a_speech_are_named(small: Result) -> None:
    frame = small.tables.frames["speakers"]
    few = {**small.tables.frames, "speakers": frame[frame["unit"].ne("00061")]}
    sheet = _open(write_summary(replace(small, tables=replace(small.tables, frames=few))))["Biểu 4"]
    assert "Đã báo cáo nhưng chưa có tham luận: Hàng Bạc." in _texts(sheet)


def _charts(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = sorted(name for name in archive.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name))
        return [archive.read(name).decode() for name in names]


def test_charts_show_the_numbers_of_the_forms(campaign: Result, summary: bytes, shown: Any) -> None:
    charts = _charts(summary)
    assert len(charts) == 3
    sheet = shown["Biểu đồ"]
    for chart in charts:
        assert "3D" not in chart
        assert not re.search(r"<c:v>#REF|<c:v></c:v>", chart)
    names = [u.name for u in campaign.plan.local_units]
    lines = list(sheet.iter_rows(min_col=14, values_only=True))  # beside what is printed
    shares = [row[2] for row in lines if row[1] in names]
    assert [(row[0], row[1]) for row in lines if row[1] in names] == [
        (order, name) for order, name in enumerate(names, start=1) if name != "Hàng Gai"
    ]
    assert int(sheet.print_area.split("$")[3] == "L")
    values = charts[0].partition("<c:val>")[2]
    drawn = [float(v) for v in re.findall(r"<c:v>([\d.]+)</c:v>", values)]
    assert drawn[:17] == [pytest.approx(v) for v in shares]
    occupations = next(s.lines for s in campaign.figures.sections if s.column == "occupation")
    ordered = [line.local for line in sorted(occupations, key=lambda line: (-line.local, -(line.upper or 0)))]
    labels = {line.label for line in occupations}
    assert [row[8] for row in lines if row[7] in labels] == ordered
    assert "Không vẽ vì chưa có số liệu: 10. Hàng Gai." in _texts(sheet)


def test_no_unit_gives_a_sentence_instead_of_a_chart(plan: Plan) -> None:
    data = write_summary(_invent_result(plan, 0))
    assert _charts(data) == []
    text = _texts(_open(data)["Biểu đồ"])
    assert text.count("nên chưa có biểu đồ") == 3


@pytest.fixture(scope="module")
def crowd(plan: Plan) -> bytes:
    return write_summary(_invent_result(_enlarge(plan, 126), 126))


def test_many_units_take_several_charts(crowd: bytes) -> None:
    assert len(_charts(crowd)) == 6
    text = _texts(_open(crowd, texts=True)["Biểu đồ"])
    assert text.count("Số liệu của biểu đồ 1.") == 6
    assert len(re.findall(r"^Xã Đông Nam", text, re.MULTILINE)) == 126


def test_no_page_ends_within_a_chart(crowd: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(crowd)) as archive:
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
    rows = [int(row) for row in re.findall(r"<xdr:row>(\d+)</xdr:row>", drawing)]
    spans = list(zip(rows[::2], rows[1::2], strict=True))
    breaks = [b.id for b in _open(crowd)["Biểu đồ"].row_breaks.brk]
    assert len(spans) == 6
    assert breaks
    assert not [(first, last, end) for first, last in spans for end in breaks if first < end <= last]


def test_annexes_leave_out_what_is_sensitive(campaign: Result, annexes: Any) -> None:
    frames = campaign.tables.frames
    for name, key in zip(ANNEXES, ("delegates", "honourees", "speakers"), strict=False):
        sheet, frame = annexes[name], frames[key]
        headings = {c.value for c in sheet[int(re.findall(r"\d+", sheet.print_title_rows)[0])]}
        table = campaign.form.tables[key]
        withheld = {table.by_key[k].heading for k in ("ethnicity", "religion", "note") if k in table.by_key}
        assert headings == {"STT", *(c.heading for c in table.stored)} - withheld
        assert "(Kèm theo Báo cáo số" in _texts(sheet)
        rows = [row for row in _shown(sheet) if isinstance(row[0], int)]
        name_place = [c.key for c in table.stored if c.heading in headings].index("name") + 1
        assert [row[name_place] for row in rows] == frame["name"].where(frame["name"].notna(), None).tolist()
        assert "chỉ gửi nơi nhận có thẩm quyền" in _texts(sheet)
        assert "chỉ gửi nơi nhận có thẩm quyền" in sheet.oddHeader.right.text
    groups = {"Tày", "Phật giáo", "Công giáo"}
    assert not groups & {c.value for row in annexes["Phụ lục 1"].iter_rows() for c in row}


REVEALING = {
    "position": ("Linh mục chánh xứ", "LINH MỤC", "linh muc", "Trưởng ban Hộ tự", "Phật tử"),
    "organisation": ("Chùa Quán Sứ", "Giáo xứ Hàm Long", "chua Ba Da", "Hội người Tày tại Hà Nội"),
}
HARMLESS = ("Chưa qua đào tạo", "Kỹ sư", "Giáo sư", "Giáo viên", "Người có công", "Hoà giải viên")


def _with_delegate(result: Result, unit: str, **changes: Any) -> Result:
    """The first exemplar of a unit changed."""
    frame = result.tables.frames["delegates"].copy()
    row = frame.index[frame["unit"].eq(unit) & frame["occupation"].notna()][0]
    for column, value in changes.items():
        frame.loc[row, column] = value
    return replace(result, tables=replace(result.tables, frames={**result.tables.frames, "delegates": frame}))


def _annex(result: Result, *include: str) -> Any:
    return _open(write_summary(result, Annexes(include)), texts=True)


def _find_delegate(book: Any, name: str) -> dict[str, Any]:
    """What an annex shows of a person, by heading."""
    listed = book["Phụ lục 1"]
    headings = next(row for row in listed.iter_rows(values_only=True) if row[0] == "STT")
    return dict(zip(headings, next(row for row in _shown(listed) if row[1] == name), strict=True))


def test_nothing_in_the_annexes_gives_a_religion_away(campaign: Result, annexes: Any) -> None:
    """The demo's lists have priests, pagodas and parishes."""
    words = RevealingWords(campaign.plan, SENSITIVE)
    hidden = 0
    for name in ANNEXES:
        for row in _shown(annexes[name]):
            for text in row if isinstance(row[0], int) else ():
                hidden += text == NOT_SENT
                assert not isinstance(text, str) or words.hide(_TEXT, text, of_person=False) == text, (name, text)
        values = {c.value for row in annexes[name].iter_rows() for c in row}
        assert not values & {"Chức sắc, tín đồ tôn giáo", "Tôn giáo - Tín ngưỡng", "Phật giáo", "Tày"}
    assert hidden
    assert re.search(r"không ghi vì là dữ liệu cá nhân nhạy cảm \(\d+ chỗ\)", _texts(annexes["Phụ lục 1"]))


@pytest.mark.parametrize(("column", "text"), [(c, t) for c, texts in REVEALING.items() for t in texts])
def test_words_that_reveal_are_found_in_any_spelling(plan: Plan, column: str, text: str) -> None:
    listed = form_of(plan).tables["delegates"].by_key[column]
    assert RevealingWords(plan, SENSITIVE).hide(listed, text, of_person=True) == ""


@pytest.mark.parametrize("text", HARMLESS)
def test_words_that_reveal_nothing_stay(plan: Plan, text: str) -> None:
    listed = form_of(plan).tables["delegates"].by_key["position"]
    assert RevealingWords(plan, SENSITIVE).hide(listed, text, of_person=True) == text


def test_a_title_is_cut_off_a_name_and_what_is_let_in_is_there_whole(small: Result) -> None:
    priest = {"name": "Linh mục Trần Văn Thử", "position": "Linh mục", "occupation": "Chức sắc, tín đồ tôn giáo"}
    result = _with_delegate(small, "00061", **priest)
    shown = _find_delegate(_annex(result), "Trần Văn Thử")
    assert (shown["Chức vụ, nghề nghiệp"], shown["Đối tượng"]) == (NOT_SENT, NOT_SENT)
    shown = _find_delegate(_annex(result, "religion"), priest["name"])
    assert (shown["Chức vụ, nghề nghiệp"], shown["Đối tượng"]) == (priest["position"], priest["occupation"])


def test_the_last_annex_lists_the_delegates_to_the_congress(small: Result) -> None:
    """The upper unit marks them in the column where local units mark those for its own conference."""
    book = _annex(_with_delegate(small, small.plan.upper_unit.code, name="Trần Văn Thử", nominated=True))
    assert _find_delegate(book, "Trần Văn Thử")["Dự hội nghị quận (x)"] is None
    text = _texts(book["Phụ lục 4"])
    assert "DANH SÁCH ĐẠI BIỂU DỰ ĐẠI HỘI THI ĐUA YÊU NƯỚC THÀNH PHỐ" in text
    assert [row[1] for row in _shown(book["Phụ lục 4"]) if isinstance(row[0], int)] == ["Trần Văn Thử"]
    assert "Dự hội nghị quận (x)" not in text


@pytest.mark.parametrize("name", ["religion", "Tôn giáo", "TON GIAO"])
def test_a_named_column_comes_into_the_annexes(small: Result, name: str) -> None:
    cells = {c.value for row in _annex(small, name)["Phụ lục 1"].iter_rows() for c in row}
    assert "Tôn giáo" in cells
    assert "Phật giáo" in cells
    assert "Dân tộc" not in cells


def test_an_unknown_column_is_refused(campaign: Result) -> None:
    with pytest.raises(UserError, match=r"Không có cột “tuổi”.*ethnicity \(Dân tộc\); religion \(Tôn giáo\); note"):
        write_summary(campaign, Annexes(("religion", "tuổi")))


def test_the_signatures_have_the_end_of_the_list_above_them(small: Result) -> None:
    """Also where the last line fills most of a page."""
    frame = small.tables.frames["speakers"].copy()
    frame.loc[frame.index[-1], "title"] = "Một tên tham luận rất dài " * 16
    tall = replace(small, tables=replace(small.tables, frames={**small.tables.frames, "speakers": frame}))
    sheet = _open(write_summary(tall, Annexes()))["Phụ lục 3"]
    total = next(c.row for c in sheet["A"] if str(c.value).startswith("Tổng cộng"))
    assert max(b.id for b in sheet.row_breaks.brk) in (total - 1, total - 2)


@pytest.mark.parametrize("name", ["Biểu 3", "Biểu 3a"])
def test_no_number_is_too_wide(annexes: Any, name: str) -> None:
    """The awards of five years may have six digits; their columns have room for five."""
    sheet = annexes[name]
    first = next(c.row for c in sheet["A"] if c.value == "A")
    numbers = [c for row in sheet.iter_rows(min_row=first, min_col=3) for c in row if c.data_type in "nf" and c.value]
    assert numbers
    assert all(c.alignment.shrink_to_fit for c in numbers)


def test_no_text_is_cut(small: Result) -> None:
    """Every row of the annexes and of Biểu 4 is as high as its longest text needs."""
    frame = small.tables.frames["speakers"].copy()
    frame.loc[0, "title"] = "Một tên tham luận rất dài " * 20
    long = replace(small, tables=replace(small.tables, frames={**small.tables.frames, "speakers": frame}))
    book = _open(write_summary(long, Annexes()))
    for name in ("Biểu 4", "Phụ lục 3"):
        row = next(c.row for c in book[name]["A"] if c.value == 1)
        assert book[name].row_dimensions[row].height > 80
