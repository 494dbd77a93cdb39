"""The draft of the report: outline, numbers, the units' own words, blanks to fill, and no person in it."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn

from dhtt_excel.form.draw_form import Entries, draw_form
from dhtt_excel.form.form import Form, form_of
from dhtt_excel.outputs.report.write_report import write_report
from dhtt_excel.pipeline import OfficeFiles, consolidate, judge_submissions, write_result
from dhtt_excel.plan.outline import name_section, name_subject
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.result import Result
from dhtt_excel.rules import RULES
from dhtt_excel.text.vietnamese import format_number, name_key

AS_OF = date(2020, 3, 25)
HOSTILE = '=HYPERLINK("http://vi-du.vn")\nhttp://vi-du.vn/a?b=c&d=<e>\n\n{ PAGE }\tDòng cuối'
SECTION = "I.3"


@pytest.fixture(scope="module")
def hostile_unit(plan: Plan) -> Unit:
    return plan.local_units[4]


@pytest.fixture(scope="module")
def inbox(
    plan: Plan,
    form: Form,
    valid_entries: Callable[[Unit], Entries],
    valid_workbook: Callable[[Unit], bytes],
    hostile_unit: Unit,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A faultless workbook of every unit; one has an answer that could be taken for a formula, a link or a field."""
    folder = tmp_path_factory.mktemp("report") / "da-nhan"
    folder.mkdir()
    table = form.tables["report"]
    row = table.line_rows[[s.code for s in plan.report.sections].index(SECTION)]
    entries = valid_entries(hostile_unit)
    entries[(table.sheet, row, table.position("content")[1])] = HOSTILE
    for unit in plan.units:
        data = draw_form(plan, form, unit, RULES, entries) if unit == hostile_unit else valid_workbook(unit)
        (folder / plan.workbook_name(unit)).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def result(inbox: Path, plan: Plan) -> Result:
    return consolidate(inbox, plan, AS_OF)


@pytest.fixture(scope="module")
def data(result: Result) -> bytes:
    return write_report(result)


@pytest.fixture(scope="module")
def report(data: bytes) -> DocumentObject:
    return _open(data)


@pytest.fixture(scope="module")
def empty(plan: Plan) -> Result:
    return judge_submissions([], form_of(plan), plan, AS_OF, OfficeFiles())


def _open(data: bytes) -> DocumentObject:
    return Document(io.BytesIO(data))


def _lines(report: DocumentObject) -> list[str]:
    return [p.text for p in report.paragraphs]


def _all_text(report: DocumentObject) -> str:
    cells = [cell.text for table in report.tables for row in table.rows for cell in row.cells]
    return "\n".join([*_lines(report), *cells])


def _headings(report: DocumentObject, level: int) -> list[str]:
    return [p.text for p in report.paragraphs if p.style is not None and p.style.name == f"Heading {level}"]


def _blanks(report: DocumentObject) -> list[str]:
    runs = [run for p in report.paragraphs for run in p.runs]
    return [r.text for r in runs if r.font.highlight_color == WD_COLOR_INDEX.YELLOW and r.bold]


def _table(report: DocumentObject, heading: str) -> list[list[str]]:
    """The first table whose second column has this heading, without its heading row."""
    for table in report.tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        if len(rows[0]) > 2 and rows[0][1] == heading:
            return rows[1:]
    raise AssertionError(heading)


def _local_rows(result: Result, frame: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = result.tables.frames[frame].astype(object).to_dict("records")
    return [row for row in records if row["unit"] != result.plan.upper_unit.code]


def _percent(part: int, whole: int) -> str:
    return f"{format_number(100 * part / whole, 1)}%"


def _section_lines(report: DocumentObject, plan: Plan, code: str) -> list[str]:
    """The paragraphs between a section's heading and the next heading."""
    place = [s.code for s in plan.report.sections].index(code)
    found: list[list[str]] = []
    for p in report.paragraphs:
        name = p.style.name if p.style is not None else ""
        if name == "Heading 2":
            found.append([])
        elif found and name != "Heading 1":
            found[-1].append(p.text)
    return found[place]


# ---------------------------------------------------------------- outline and layout


@pytest.mark.parametrize("which", ["report", "empty"])
def test_every_section_stands_in_its_order(which: str, plan: Plan, request: pytest.FixtureRequest) -> None:
    report = request.getfixturevalue("report") if which == "report" else _open(write_report(request.getfixturevalue("empty")))  # fmt: skip
    assert _headings(report, 2) == [name_section(s) for s in plan.report.sections]
    assert _headings(report, 1) == [
        "I. TỔNG KẾT PHONG TRÀO THI ĐUA YÊU NƯỚC VÀ CÔNG TÁC KHEN THƯỞNG 05 NĂM (2015 - 2020)",
        "II. PHƯƠNG HƯỚNG, NHIỆM VỤ CÔNG TÁC THI ĐUA, KHEN THƯỞNG 05 NĂM (2020 - 2025)",
    ]
    blanks = [text for text in _blanks(report) if text.startswith("[Cán bộ tổng hợp viết: ")]
    assert len(blanks) == len(plan.report.sections)
    for blank, section in zip(blanks, plan.report.sections, strict=True):
        assert section.text[1:] in blank


def test_subject_follows_the_period(plan: Plan) -> None:
    assert name_subject(plan) == (
        "Tổng kết phong trào thi đua và công tác khen thưởng 05 năm (2015-2020);",
        "Phương hướng, nhiệm vụ công tác thi đua, khen thưởng 05 năm (2020-2025)",
    )
    other = msgspec.structs.replace(plan, period="nhiệm kỳ qua")
    assert name_subject(other)[0].endswith("giai đoạn nhiệm kỳ qua;")


def test_page_and_type(report: DocumentObject, data: bytes) -> None:
    section = report.sections[0]
    lengths = (section.page_width, section.page_height, section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)  # fmt: skip
    assert [round((length or 0) / 36000) for length in lengths] == [210, 297, 20, 20, 30, 15]
    assert section.different_first_page_header_footer
    assert not section.first_page_header.paragraphs[0]._p.findall(f".//{qn('w:fldSimple')}")
    assert section.header.paragraphs[0]._p.findall(f"{qn('w:fldSimple')}")[0].get(qn("w:instr")) == "PAGE"
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        xml = "".join(package.read(n).decode() for n in ("word/document.xml", "word/styles.xml"))
    assert set(re.findall(r'w:ascii="([^"]+)"', xml)) == {"Times New Roman"}
    assert "Theme=" not in xml


def test_heading_block_and_signer(report: DocumentObject, plan: Plan) -> None:
    assert _lines(report)[0].startswith("DỰ THẢO – phần mềm lập từ số liệu các đơn vị gửi")
    (left, right), (number, day), (to, signer) = (
        [cell.text for cell in table.rows[0].cells] for table in report.tables if len(table.columns) == 2
    )
    assert left.splitlines()[0] == "UBND QUẬN HOÀN KIẾM"
    assert right.splitlines() == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert number == "Số: ……/BC-……"
    assert day == "Hoàn Kiếm, ngày … tháng … năm 2020"
    assert f"- {plan.report.to[0]};" in to.splitlines()
    assert signer.splitlines()[:2] == [plan.report.signer.capacity, plan.report.signer.title]


def test_notes_stay_on_the_page_of_the_signer(report: DocumentObject) -> None:
    signatures, notes = report.tables[-1].rows
    assert notes.cells[0].text.startswith("Ghi chú về số liệu:")
    assert all(line.paragraph_format.keep_with_next for cell in signatures.cells for line in cell.paragraphs)


# ---------------------------------------------------------------- numbers


def test_delegates_are_counted(report: DocumentObject, result: Result) -> None:
    plan = result.plan
    people = _local_rows(result, "delegates")
    total = len(people)
    groups = Counter(p["group"] for p in people)
    models = [p for p in people if p["group"] == "exemplar"]
    of_all = {
        "Tổng số đại biểu": total,
        "Điển hình tiên tiến": groups["exemplar"],
        "Khách mời, lãnh đạo": groups["guest"],
        "Nữ": sum(p["gender"] == "Nữ" for p in people),
    }
    of_models = {
        "dưới 35 tuổi": sum(plan.year - p["birth_year"] < 35 for p in models),
        "dân tộc thiểu số": sum(p["ethnicity"] not in ("Kinh", "Người nước ngoài") for p in models),
        "theo tôn giáo": sum(p["religion"] != "Không" for p in models),
        "trực tiếp lao động": sum(p["direct_worker"] is True for p in models),
    }
    assert all([*of_all.values(), *of_models.values()])
    shown = {row[1]: row[2:] for row in _table(report, "Đại biểu")}
    expected = {label: [format_number(n), _percent(n, total)] for label, n in of_all.items()}
    for label, n in of_models.items():
        expected[f"Điển hình tiên tiến {label}"] = [format_number(n), _percent(n, len(models))]
    assert shown == expected


def test_conferences_and_speeches_are_counted(report: DocumentObject, result: Result) -> None:
    text = _all_text(report)
    info = _local_rows(result, "info")
    days = sorted(row["date"] for row in info)
    forms = Counter(row["form"] for row in info)
    assert f"18 phường đã tổ chức hội nghị, từ ngày {days[0]:%d/%m/%Y} đến ngày {days[-1]:%d/%m/%Y}." in text
    assert (
        f"{forms['Tổ chức riêng']} phường chọn “Tổ chức riêng”, {forms['Lồng ghép']} phường chọn “Lồng ghép”." in text
    )
    kinds = Counter(row["kind"] for row in _local_rows(result, "speakers"))
    assert f"{sum(kinds.values())} báo cáo tham luận" in text
    assert f"{kinds['Tập thể']} của tập thể, {kinds['Cá nhân']} của cá nhân." in text


def test_honourees_are_counted(report: DocumentObject, result: Result) -> None:
    rows = _local_rows(result, "honourees")
    kinds = ("Tập thể", "Cá nhân", "Hộ gia đình")
    cells = Counter((row["movement"], row["kind"]) for row in rows)
    sums = Counter(row["kind"] for row in rows)
    shown = {row[1]: row[2:] for row in _table(report, "Phong trào thi đua")}
    assert shown.pop("Tổng cộng") == [format_number(sums[kind]) for kind in kinds]
    assert shown == {m: [str(cells[m, kind]) for kind in kinds] for m in {row["movement"] for row in rows}}
    said = ", ".join(f"{format_number(sums[kind])} {kind.lower()}" for kind in kinds)
    assert f"Biểu dương, tôn vinh {said}." in _all_text(report)


def test_awards_are_counted(report: DocumentObject, result: Result) -> None:
    sums: dict[str, list[int]] = {}
    for row in _local_rows(result, "awards"):
        counts = [row[key] for key in ("collectives", "households", "persons", "direct_workers")]
        if any(isinstance(n, int) for n in counts):
            before = sums.setdefault(row["award"], [0, 0, 0, 0])
            sums[row["award"]] = [a + (b if isinstance(b, int) else 0) for a, b in zip(before, counts, strict=True)]
    sums["Tổng cộng"] = [sum(column) for column in zip(*sums.values(), strict=True)]
    shown = {row[1]: row[2:] for row in _table(report, "Hình thức khen thưởng")}
    assert shown == {
        award: [*map(format_number, counts), _percent(counts[3], counts[2]) if counts[2] else "–"]
        for award, counts in sums.items()
    }
    total = sums["Tổng cộng"]
    said = f"{format_number(total[0])} lượt tập thể, {format_number(total[1])} lượt hộ gia đình, {format_number(total[2])} lượt cá nhân được khen; trong đó {format_number(total[3])} lượt người trực tiếp lao động, chiếm {_percent(total[3], total[2])} số lượt cá nhân"  # fmt: skip
    assert said in _all_text(report)
    assert any("hai bảng không cộng với nhau" in blank for blank in _blanks(report))


def test_upper_conference(report: DocumentObject, result: Result) -> None:
    people: list[dict[str, Any]] = result.tables.frames["conference"].astype(object).to_dict("records")
    groups = Counter(p["group"] for p in people)
    assert (
        f"có {len(people)} đại biểu (kế hoạch tối đa 300), gồm {groups['exemplar']} điển hình tiên tiến "
        f"({_percent(groups['exemplar'], len(people))}), {groups['guest']} khách mời"
    ) in _all_text(report)
    missing = [line.label for line in result.figures.coverage if not line.count]
    assert all(label in _all_text(report) for label in missing)


def test_days_to_come_and_a_limit_passed_are_told(inbox: Path, plan: Plan) -> None:
    few = msgspec.structs.replace(plan.conference.upper, max_delegates=100)
    strict = msgspec.structs.replace(plan, conference=msgspec.structs.replace(plan.conference, upper=few))
    result = consolidate(inbox, strict, date(2020, 1, 1))
    text = _all_text(_open(write_report(result)))
    total = len(result.tables.frames["conference"])
    assert "0 phường đã tổ chức hội nghị; 18 phường ghi ngày tổ chức sau ngày 01/01/2020." in text
    assert "Hội nghị cấp quận dự kiến tổ chức ngày" in text
    assert f"vượt {total - 100} đại biểu." in text


def test_rejected_values_are_told_and_not_counted(
    inbox: Path, plan: Plan, form: Form, valid_entries: Callable[[Unit], Entries], tmp_path: Path
) -> None:
    unit = plan.local_units[2]
    entries = valid_entries(unit)
    for key, column in (("delegates", "category"), ("honourees", "kind"), ("honourees", "movement"), ("info", "date")):
        table = form.tables[key]
        row, place = table.position(column)
        entries[(table.sheet, row + (column == "movement"), place)] = "không có trong danh mục"
    folder = tmp_path / "da-nhan"
    shutil.copytree(inbox, folder)
    (folder / plan.workbook_name(unit)).write_bytes(draw_form(plan, form, unit, RULES, entries))
    result = consolidate(folder, plan, AS_OF)
    report = _open(write_report(result))
    text = _all_text(report)
    assert "1 phường chưa ghi ngày tổ chức" in text
    assert "1 đại biểu chưa rõ thành phần không tính vào số đại biểu." in text
    assert "1 dòng biểu dương chưa rõ là tập thể, cá nhân hay hộ gia đình, chưa tính." in text
    assert [row[1] for row in _table(report, "Phong trào thi đua")][-2:] == ["Chưa rõ", "Tổng cộng"]
    assert f"1 phường có lỗi cần sửa, số liệu đã nhận vẫn được tính: {unit.name}." in text


# ---------------------------------------------------------------- the units' own words


def test_every_answer_stands_once_under_its_unit(report: DocumentObject, result: Result) -> None:
    plan = result.plan
    rows = result.tables.frames["report"]
    for section in plan.report.sections:
        answers = rows[rows["section"].eq(section.code)].set_index("unit")["content"]
        expected = [f"{plan.name_of(unit)}: {answers[code]}" for code, unit in plan.units_by_code.items()]
        lines = _section_lines(report, plan, section.code)
        assert [line for line in lines if line in expected] == expected
    for p in report.paragraphs:
        if p.text.startswith(f"{plan.name_of(plan.local_units[0])}: "):
            assert [run.bold for run in p.runs] == [True, None]


def test_answers_stay_text(report: DocumentObject, data: bytes, plan: Plan, hostile_unit: Unit) -> None:
    assert f"{plan.name_of(hostile_unit)}: {HOSTILE}" in _section_lines(report, plan, SECTION)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        links = "".join(package.read(n).decode() for n in package.namelist() if n.endswith(".rels"))
        body = package.read("word/document.xml").decode()
    assert "External" not in links
    assert "hyperlink" not in links
    assert not re.search(r"<w:(hyperlink|fldSimple|fldChar|instrText)", body)


def test_characters_that_xml_refuses_are_left_out(result: Result, plan: Plan) -> None:
    signer = msgspec.structs.replace(plan.report.signer, name="A\x00B\x0bC\r\nD\ud800")
    hostile = msgspec.structs.replace(plan, report=msgspec.structs.replace(plan.report, signer=signer))
    text = _all_text(_open(write_report(_under_plan(result, hostile))))
    assert "AB\nC\nD" in text


def _under_plan(result: Result, plan: Plan) -> Result:
    """The result of the same files under another plan."""
    return Result(plan, result.form, result.as_of, result.submissions, result.tables, result.figures, result.findings)


# ---------------------------------------------------------------- what is missing


def test_missing_and_unreadable_units_are_named(inbox: Path, plan: Plan, tmp_path: Path) -> None:
    folder = tmp_path / "da-nhan"
    shutil.copytree(inbox, folder)
    missing, unread = plan.local_units[9], plan.local_units[0]
    (folder / plan.workbook_name(missing)).unlink()
    (folder / plan.workbook_name(plan.upper_unit)).unlink()
    (folder / plan.workbook_name(unread)).write_bytes(b"")
    report = _open(write_report(consolidate(folder, plan, AS_OF)))
    text = _all_text(report)
    said = f"16/18 phường đã gửi báo cáo kết quả hội nghị. Chưa báo cáo: {missing.name}. Có gửi nhưng tệp không đọc được: {unread.name}."
    assert said in text
    assert "Số liệu của 16/18 phường" in text
    assert "Chưa có biểu của Quận Hoàn Kiếm" in text
    absent = f"Chưa có nội dung mục này: {unread.name}, {missing.name}."
    assert _lines(report).count(absent) == len(plan.report.sections)


def test_one_unit_has_one_day_and_one_form(inbox: Path, plan: Plan, tmp_path: Path) -> None:
    unit = plan.local_units[8]
    shutil.copy(inbox / plan.workbook_name(unit), tmp_path)
    result = consolidate(tmp_path, plan, AS_OF)
    info = result.tables.frames["info"].iloc[0]
    said = f"1 phường đã tổ chức hội nghị, ngày {info['date']:%d/%m/%Y}. Hình thức: 1 phường chọn “{info['form']}”."
    assert said in _lines(_open(write_report(result)))


def test_many_names_are_only_counted(inbox: Path, plan: Plan, tmp_path: Path) -> None:
    """A hundred names in every section would bury the report."""
    more = [Unit(code=f"9{n:04}", name=f"Phường mới {n}") for n in range(41)]
    large = msgspec.structs.replace(plan, units=(*plan.local_units, *more, plan.upper_unit))
    shutil.copy(inbox / plan.workbook_name(plan.local_units[8]), tmp_path)
    lines = _lines(_open(write_report(consolidate(tmp_path, large, AS_OF))))
    said = "Chưa có nội dung mục này: 58 phường, xem sổ theo dõi."
    assert lines.count(said) == len(plan.report.sections)


def test_nothing_received(empty: Result, plan: Plan) -> None:
    report = _open(write_report(empty))
    text = _all_text(report)
    assert "0/18 phường đã gửi báo cáo" in text
    assert all(unit.name in text for unit in plan.local_units)
    assert text.count("Chưa có nội dung của phường nào cho mục này.") == len(plan.report.sections)
    assert "Chưa có đại biểu nào của hội nghị cấp quận." in text
    assert all(len(table.columns) == 2 for table in report.tables)


def test_notes_say_what_is_not_counted(report: DocumentObject, plan: Plan) -> None:
    text = _all_text(report)
    assert "Giá trị sai, không nhận được, được coi là ô trống và không tính." in text
    assert plan.conference.local.pilot_note in text


# ---------------------------------------------------------------- the file


def test_the_same_result_gives_the_same_bytes(result: Result, data: bytes, tmp_path: Path) -> None:
    assert write_report(result) == data
    write_result(result, tmp_path)
    assert (tmp_path / f"bao-cao-{result.plan.id}.docx").read_bytes() == data
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_no_person_and_no_author(report: DocumentObject, result: Result, data: bytes) -> None:
    properties = report.core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.created is not None
    assert properties.created.replace(tzinfo=None) == datetime(2020, 1, 1)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert not [name for name in package.namelist() if "thumbnail" in name]
    text = name_key(_all_text(report))
    for frame, column in (("delegates", "name"), ("speakers", "presenter"), ("info", "compiler")):
        names = {name_key(name) for name in result.tables.frames[frame][column].dropna()}
        assert names
        assert not [name for name in names if " " in name and name in text]


def _need_writer() -> None:
    """LibreOffice may be there without its Writer, and prints no letter then."""
    program = Path(shutil.which("soffice") or "").resolve().parent
    if any(program.glob("*swlo.*")) and shutil.which("pdftotext"):
        return
    if os.environ.get("CI"):
        pytest.fail("LibreOffice Writer or pdftotext is not installed; in CI no test is skipped")
    pytest.skip("needs LibreOffice Writer and pdftotext")


@pytest.mark.libreoffice
@pytest.mark.parametrize("which", ["data", "empty"])
def test_libreoffice_prints_it(which: str, plan: Plan, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    _need_writer()
    made = request.getfixturevalue(which)
    source = tmp_path / "in.docx"
    source.write_bytes(made if isinstance(made, bytes) else write_report(made))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    command = ["pdftotext", "-layout", str(tmp_path / "in.pdf"), "-"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    text = " ".join(printed.split())
    for section in plan.report.sections:
        assert name_section(section) in text
    pages = printed.split("\f")
    assert not pages[0].split()[0].isdigit()
    assert all(page.split()[0] == str(n) for n, page in enumerate(pages[1:-1], start=2))
