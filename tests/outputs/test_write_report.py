"""The report: the decree's layout, the numbers in their sentences, places to write, and nothing that is internal."""

from __future__ import annotations

import io
import os
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn

from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import Form, form_of
from dhtt_excel.outputs.report.write_opinions import write_opinions
from dhtt_excel.outputs.report.write_report import write_report
from dhtt_excel.outputs.report.write_slip import write_slip
from dhtt_excel.pipeline import OfficeFiles, consolidate, judge_submissions, write_result
from dhtt_excel.plan.outline import name_section, name_subject
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.plan.shares import shares_hold
from dhtt_excel.result import Result
from dhtt_excel.rules import RULES_BY_CODE
from dhtt_excel.text.vietnamese import format_number, name_key, show_day
from tests.docx_schema import find_disorder, read_zoom
from tests.libreoffice import LibreOffice
from tests.typed import fill_in

AS_OF = date(2020, 3, 25)
EARLY = date(2020, 2, 20)  # some units have met, others will
HOSTILE = '=HYPERLINK("http://vi-du.vn")\nhttp://vi-du.vn/a?b=c&d=<e>\n\n{ PAGE }\tDòng cuối'
SECTION = "I.3"
MOST_PAGES = 10  # of the report with all units of the shipped plan

# What the heading block and the foot of the official paper say, from above, the cells of each pair from the left.
BLOCKS = (
    ("ỦY BAN NHÂN DÂN\nQUẬN HOÀN KIẾM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"),
    ("Số: …/BC-UBND", "Hoàn Kiếm, ngày … tháng … năm 2020"),
    ("Nơi nhận:\n- Như trên;\n- Phòng Nội vụ quận;\n- Lưu: VT, NV.", "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH"),
)
OPENING = (
    "BÁO CÁO",
    "Tổng kết phong trào thi đua và công tác khen thưởng 05 năm (2015-2020);",
    "Phương hướng, nhiệm vụ công tác thi đua, khen thưởng 05 năm (2020-2025)",
    "Kính gửi:",
    "- Ủy ban nhân dân Thành phố;",
    "- Hội đồng Thi đua - Khen thưởng Thành phố.",
)
# Words of the house, which have no place in a paper that leaves it.
INTERNAL = re.compile(
    rf"\b(lỗi|cảnh báo|phần mềm|tệp|trang tính|sổ theo dõi|so-theo-doi|phạm vi cho phép|ngoại lệ|chấp nhận|30/01/2019"
    rf"|xlsx|docx|--final|lưu hành nội bộ|{'|'.join(RULES_BY_CODE)})\b",
    re.IGNORECASE,
)


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
        data = fill_in(plan, form, unit, entries) if unit == hostile_unit else valid_workbook(unit)
        (folder / plan.workbook_name(unit)).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def result(inbox: Path, plan: Plan) -> Result:
    return consolidate(inbox, plan, AS_OF)


@pytest.fixture(scope="module")
def seventeen(drawn_campaign: Path, plan: Plan) -> Result:
    """A campaign with errors, in which one unit is missing."""
    return consolidate(drawn_campaign, plan, AS_OF)


@pytest.fixture(scope="module")
def data(result: Result) -> bytes:
    return write_report(result)


@pytest.fixture(scope="module")
def report(data: bytes) -> DocumentObject:
    return _open(data)


@pytest.fixture(scope="module")
def empty(plan: Plan) -> Result:
    return judge_submissions([], form_of(plan), plan, AS_OF, OfficeFiles())


@pytest.fixture(scope="module")
def one(inbox: Path, plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Result:
    folder = tmp_path_factory.mktemp("one")
    shutil.copy(inbox / plan.workbook_name(plan.local_units[8]), folder)
    return consolidate(folder, plan, AS_OF)


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
    """The paragraphs of a section of the outline."""
    return _part_lines(report, next(name_section(s) for s in plan.report.sections if s.code == code))


def _part_lines(report: DocumentObject, heading: str) -> list[str]:
    """The paragraphs below a heading, up to the next one."""
    found: list[str] = []
    inside = False
    for p in report.paragraphs:
        if p.style is not None and (p.style.name or "").startswith("Heading"):
            inside = p.text == heading
        elif inside:
            found.append(p.text)
    return found


# ---------------------------------------------------------------- the checklist, whatever was received


RESULTS = ("empty", "one", "seventeen", "result")


@pytest.fixture(params=RESULTS)
def any_result(request: pytest.FixtureRequest) -> Result:
    found: Result = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("final", [False, True])
@pytest.mark.parametrize("as_of", [EARLY, AS_OF])
def test_checklist(any_result: Result, as_of: date, final: bool) -> None:
    plan = any_result.plan
    data = write_report(replace(any_result, as_of=as_of, final=final))
    report = _open(data)
    lines, text = _lines(report), _all_text(report)
    pairs = [tuple(cell.text for cell in table.rows[0].cells) for table in report.tables if len(table.columns) == 2]
    heading, number, foot = BLOCKS
    draft = "" if final else "\nDỰ THẢO"
    left, right = pairs[0]
    assert (left.strip(), right) == heading
    assert pairs[1] == (number[0] + draft, number[1])
    assert (pairs[2][0], pairs[2][1].strip()) == foot
    assert tuple(line for line in lines if line)[: len(OPENING)] == OPENING
    assert text.count("DỰ THẢO") == (not final)
    assert _headings(report, 1) == [
        "Phần thứ nhất",
        "TỔ CHỨC HỘI NGHỊ ĐIỂN HÌNH TIÊN TIẾN CÁC CẤP",
        "Phần thứ hai",
        "TỔNG KẾT VÀ PHƯƠNG HƯỚNG, NHIỆM VỤ",
        "I. TỔNG KẾT PHONG TRÀO THI ĐUA YÊU NƯỚC VÀ CÔNG TÁC KHEN THƯỞNG 05 NĂM (2015 - 2020)",
        "II. PHƯƠNG HƯỚNG, NHIỆM VỤ CÔNG TÁC THI ĐUA, KHEN THƯỞNG 05 NĂM (2020 - 2025)",
    ]
    sections = [name_section(s) for s in plan.report.sections]
    assert _headings(report, 2) == ["1. Hội nghị cấp phường", "2. Hội nghị cấp quận", *sections]
    assert [line for line in lines if line.startswith("Kèm theo Biểu số 1 đến Biểu số 4")]
    assert not INTERNAL.findall(text)
    assert "  " not in text
    blanks = [text for text in _blanks(report) if text.startswith("[Viết: ")]
    assert len(blanks) == (0 if final else len(plan.report.sections))
    assert ("[" in text) is not final
    _check_captions(report)
    assert [*report.element.body][-3].tag == qn("w:tbl")  # the recipients and the signer
    assert not lines[-1]


def _check_captions(report: DocumentObject) -> None:
    """Tables are numbered from 1, each is named in the text before it."""
    captions = [line for line in _lines(report) if re.match(r"Bảng \d+\. ", line)]
    assert [line.split(".")[0] for line in captions] == [f"Bảng {n}" for n in range(1, len(captions) + 1)]
    for line in captions:
        number = line.split(".")[0]
        before = "\n".join(_lines(report)[: _lines(report).index(line)])
        assert re.search(rf"{number}\b", before), number
    assert len(captions) == sum(len(table.columns) > 2 for table in report.tables)


def test_xml_stands_in_the_order_of_its_schema(any_result: Result) -> None:
    for write in (write_report, write_slip, write_opinions):
        data = write(any_result)
        assert not [*find_disorder(data)]
        assert read_zoom(data) == "100"


def test_disorder_is_found(data: bytes) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(buffer, "w") as other:
        for name in package.namelist():
            other.writestr(name, re.sub(rb"(<w:spacing[^>]*>)(<w:jc[^>]*>)", rb"\2\1", package.read(name)))
    assert any("pPr: " in told for told in find_disorder(buffer.getvalue()))


def test_subject_follows_the_period(plan: Plan) -> None:
    assert name_subject(plan) == OPENING[1:3]
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


def test_basis_names_both_plans(report: DocumentObject, plan: Plan) -> None:
    (line,) = (line for line in _lines(report) if line.startswith("Thực hiện "))
    own = f"Kế hoạch số 215/KH-UBND ngày 05/12/2019 của Ủy ban nhân dân quận Hoàn Kiếm về “{plan.title}”"
    assert line == f"Thực hiện {plan.report.basis[0]} và {own}, Ủy ban nhân dân quận Hoàn Kiếm báo cáo như sau:"


def test_one_addressee_or_none(empty: Result, plan: Plan) -> None:
    for to in ((), ("Bộ Nội vụ",)):
        other = msgspec.structs.replace(plan, report=msgspec.structs.replace(plan.report, to=to, basis=()))
        text = _all_text(_open(write_report(_under_plan(empty, other))))
        assert ("Kính gửi: Bộ Nội vụ." in text) is bool(to)
        assert ("- Như trên;" in text) is bool(to)
        assert "Thực hiện Kế hoạch số 215/KH-UBND" in text


# ---------------------------------------------------------------- numbers


def test_delegates_are_counted(report: DocumentObject, result: Result) -> None:
    plan = result.plan
    people = _local_rows(result, "delegates")
    total = len(people)
    groups = Counter(p["group"] for p in people)
    models = [p for p in people if p["group"] == "exemplar"]
    of_all = {
        "Điển hình tiên tiến": groups["exemplar"],
        "Khách mời, lãnh đạo": groups["guest"],
        "Nữ": sum(p["gender"] == "Nữ" for p in people),
    }
    of_models = {
        "dưới 35 tuổi": sum(plan.year - p["birth_year"] < 35 for p in models),
        "trực tiếp lao động": sum(p["direct_worker"] is True for p in models),
    }
    nominated = sum(p["nominated"] is True for p in people)
    shown = {row[1]: row[2:] for row in _table(report, "Đại biểu")}
    expected = {"Tổng số đại biểu": [format_number(total), "", "18/18"]}
    expected |= {label: [format_number(n), _percent(n, total), "18/18"] for label, n in of_all.items()}
    for label, n in of_models.items():
        expected[f"Điển hình tiên tiến: {label}"] = [format_number(n), _percent(n, len(models)), "18/18"]
    assert shown == {**expected, "Cử dự hội nghị cấp quận": [format_number(nominated), "", "18/18"]}
    minority = sum(p["ethnicity"] not in ("Kinh", "Người nước ngoài") for p in models)
    religious = sum(p["religion"] != "Không" for p in models)
    said = f"có {minority} người dân tộc thiểu số ({_percent(minority, len(models))}) và {religious} người theo tôn giáo ({_percent(religious, len(models))})."  # fmt: skip
    assert said in _all_text(report)


def test_conferences_and_speeches_are_counted(report: DocumentObject, result: Result) -> None:
    text = _all_text(report)
    info = _local_rows(result, "info")
    days = sorted(row["date"] for row in info)
    forms = Counter(row["form"] for row in info)
    assert f"18 phường đã tổ chức hội nghị từ ngày {show_day(days[0])} đến ngày {show_day(days[-1])}" in text
    assert f"Hình thức: {forms['Tổ chức riêng']:02} phường tổ chức riêng, {forms['Lồng ghép']:02} phường lồng ghép." in text  # fmt: skip
    kinds = Counter(row["kind"] for row in _local_rows(result, "speakers"))
    assert (
        f"Có {sum(kinds.values())} báo cáo tham luận: {kinds['Tập thể']} tập thể, {kinds['Cá nhân']} cá nhân." in text
    )
    people = _local_rows(result, "delegates")
    groups = Counter((p["unit"], p["group"]) for p in people)
    kept = sum(shares_hold(groups[u.code, "exemplar"], groups[u.code, "guest"], result.plan.shares) for u in result.plan.local_units)  # fmt: skip
    assert f"{kept}/18 phường bảo đảm cơ cấu 70% điển hình tiên tiến, 30% khách mời, lãnh đạo" in text
    sizes = Counter(p["unit"] for p in people)
    assert f"Số đại biểu của một hội nghị cao nhất {max(sizes.values())} (" in text
    assert "18/18 phường thực hiện đủ 10 mục chương trình của Kế hoạch." in text


def test_honourees_are_counted(report: DocumentObject, result: Result) -> None:
    rows = _local_rows(result, "honourees")
    kinds = ("Tập thể", "Cá nhân", "Hộ gia đình")
    cells = Counter((row["movement"], row["kind"]) for row in rows)
    sums = Counter(row["kind"] for row in rows)
    shown = {row[1]: row[2:] for row in _table(report, "Phong trào thi đua")}
    assert shown.pop("Tổng cộng") == [*(format_number(sums[kind]) for kind in kinds), format_number(len(rows))]
    for movement, numbers in shown.items():
        counts = [cells[movement, kind] for kind in kinds]
        assert numbers == [*map(str, counts), str(sum(counts))]
    assert set(shown) == {row["movement"] for row in rows}
    said = ", ".join(f"{format_number(sums[kind])} {kind.lower()}" for kind in kinds)
    assert f"Có {len(rows)} lượt biểu dương, tôn vinh: {said}." in _all_text(report)


def test_awards_are_counted_by_the_two_groups_of_the_law(report: DocumentObject, result: Result) -> None:
    keys = ("collectives", "households", "persons", "direct_workers")
    sums: dict[str, list[int]] = {}
    printed = result.plan.lists.printed
    for row in _local_rows(result, "awards"):
        counts = [row[key] if isinstance(row[key], int) else 0 for key in keys]
        if any(counts):
            award = printed.get(row["award"], row["award"])
            sums[award] = [a + b for a, b in zip(sums.get(award, [0, 0, 0, 0]), counts, strict=True)]
    assert {"Người tốt, việc tốt", "Khác"} <= set(sums)
    table = _table(report, "Danh hiệu, hình thức")
    shown = {row[1]: row[2:] for row in table}
    titles = {a.value for a in result.plan.lists.awards if a.group == "title"}
    groups = {
        "Danh hiệu thi đua": [n for award, n in sums.items() if award in titles],
        "Hình thức khen thưởng": [n for award, n in sums.items() if award not in titles],
        "Tổng cộng": [*sums.values()],
    }
    for name, members in groups.items():
        counts = [sum(column) for column in zip(*members, strict=True)]
        assert shown.pop(name) == [*map(format_number, counts), _percent(counts[3], counts[2])]
    assert set(shown) == set(sums)
    for award, counts in sums.items():
        told = [int(text.replace(".", "")) if text else 0 for text in shown[award][:-1]]
        assert told == counts
    assert [row[0] for row in table if row[1] in groups] == ["I", "II", ""]
    total = [sum(column) for column in zip(*sums.values(), strict=True)]
    said = f"{format_number(total[0])} lượt tập thể, {format_number(total[1])} lượt hộ gia đình, {format_number(total[2])} lượt cá nhân được khen; trong số cá nhân có {format_number(total[3])} lượt người trực tiếp lao động ({_percent(total[3], total[2])})"  # fmt: skip
    assert said in _all_text(report)
    assert "không cộng với nhau" in _all_text(report)


def test_upper_conference(report: DocumentObject, result: Result) -> None:
    people: list[dict[str, Any]] = result.tables.frames["conference"].astype(object).to_dict("records")
    groups = Counter(p["group"] for p in people)
    text = _all_text(report)
    assert (
        f"hội nghị có {len(people)} đại biểu (Kế hoạch: tối đa 300), gồm {groups['exemplar']} điển hình tiên tiến "
        f"({_percent(groups['exemplar'], len(people))}) và {groups['guest']} khách mời"
    ) in text
    missing = [line.label for line in result.figures.coverage if not line.count]
    assert all(label in text for label in missing)
    assert "Hội nghị cấp quận tổ chức ngày" in text
    names = {p["ethnicity"] for p in people if isinstance(p["ethnicity"], str)} | {
        p["religion"] for p in people if isinstance(p["religion"], str)
    }
    for name in names - {"Kinh", "Không", "Thái", "Hoa"}:  # the last two are parts of many a name
        assert not re.search(rf"\b{re.escape(name)}\b", text), name


def test_what_is_to_come_is_expected_in_every_sentence(result: Result) -> None:
    """Held and planned conferences stand apart, and together make the sum of the form."""
    report = _open(write_report(replace(result, as_of=EARLY)))
    held = [row for row in _local_rows(result, "info") if row["date"] <= EARLY]
    assert 0 < len(held) < 18
    people = Counter(p["unit"] for p in _local_rows(result, "delegates"))
    now = sum(people[row["unit"]] for row in held)
    then = sum(people.values()) - now
    text = _all_text(report)
    assert f"Các hội nghị đã tổ chức có {now} lượt đại biểu" in text
    assert f"Các hội nghị chưa tổ chức dự kiến có {format_number(then)} lượt đại biểu" in text
    total = next(row for row in _table(report, "Đại biểu") if row[1] == "Tổng số đại biểu")
    assert total[2:5] == [format_number(n) for n in (now, then, now + then)]
    (day,) = (line for line in _lines(report) if line.startswith("Hội nghị cấp quận "))
    assert day.startswith("Hội nghị cấp quận dự kiến tổ chức ngày ")
    upper = [*_part_lines(report, "2. Hội nghị cấp quận")]
    assert all("dự kiến" in line.lower() for line in upper if "dự hội nghị có" in line or "biểu dương" in line.lower())


def test_before_the_first_conference_nothing_was_held(result: Result) -> None:
    report = _open(write_report(replace(result, as_of=date(2020, 1, 2))))
    text = _all_text(report)
    assert "đã tổ chức" not in text
    assert "18 phường dự kiến tổ chức hội nghị" in text
    assert "Bảng 1. Đại biểu dự kiến dự hội nghị cấp phường" in text
    assert len(_table(report, "Đại biểu")[0]) == 5


def test_a_limit_passed_is_told(result: Result, plan: Plan) -> None:
    few = msgspec.structs.replace(plan.conference.upper, max_delegates=100)
    strict = msgspec.structs.replace(plan, conference=msgspec.structs.replace(plan.conference, upper=few))
    total = len(result.tables.frames["conference"])
    assert f"; vượt {total - 100} đại biểu" in _all_text(_open(write_report(_under_plan(result, strict))))


def test_who_reported_late_is_told(result: Result, plan: Plan) -> None:
    unit = plan.local_units[3]
    reported = {u.code: plan.report.before - timedelta(days=1) for u in plan.units} | {unit.code: AS_OF}
    text = _all_text(_open(write_report(replace(result, reported=reported))))
    assert f"17 phường đúng hạn (trước ngày 20/3/2020); 01 phường sau hạn ({unit.name})." in text


def test_what_is_not_known_is_told_and_left_out(
    inbox: Path, plan: Plan, form: Form, valid_entries: Callable[[Unit], Entries], tmp_path: Path
) -> None:
    unit, silent = plan.local_units[2], plan.local_units[3]
    entries, others = valid_entries(unit), valid_entries(silent)
    for key, column in (("delegates", "category"), ("honourees", "kind"), ("honourees", "movement"), ("info", "date")):
        table = form.tables[key]
        row, place = table.position(column)
        entries[(table.sheet, row + (column == "movement"), place)] = "không có trong danh mục"
    others = {place: value for place, value in others.items() if place[0] != form.tables["speakers"].sheet}
    folder = tmp_path / "da-nhan"
    shutil.copytree(inbox, folder)
    for owner, cells in ((unit, entries), (silent, others)):
        (folder / plan.workbook_name(owner)).write_bytes(fill_in(plan, form, owner, cells))
    result = consolidate(folder, plan, AS_OF)
    report = _open(write_report(result))
    text = _all_text(report)
    assert f"01 phường chưa ghi ngày tổ chức hội nghị: {unit.name}." in text
    assert "01 chưa rõ thành phần, không tính vào tỷ lệ" in text
    assert "01 chưa rõ loại." in text
    assert "báo cáo tham luận (tính trên 16/17 phường)" in text
    assert [row[1] for row in _table(report, "Phong trào thi đua")][-2:] == ["Chưa rõ", "Tổng cộng"]
    assert not INTERNAL.findall(text)


# ---------------------------------------------------------------- the units' own words


def test_digest_quotes_a_few_sentences(report: DocumentObject, result: Result) -> None:
    rows = result.tables.frames["report"]
    for section in result.plan.report.sections:
        (line,) = (x for x in _section_lines(report, result.plan, section.code) if x.startswith("Về nội dung này "))
        assert line.startswith("Về nội dung này có báo cáo của 18/18 phường. Trong đó, phường ")
        quoted = re.findall(r"“([^“”]+)”", line)
        assert 1 <= len(quoted) <= 3
        written = "\n".join(rows.loc[rows["section"].eq(section.code), "content"]).translate(str.maketrans("“”", "‘’"))
        assert all(sentence in written for sentence in quoted)
        assert len(line) < 1000


def test_digest_quotes_nobody_by_name(
    plan: Plan, form: Form, valid_entries: Callable[[Unit], Entries], ward: Unit, tmp_path: Path
) -> None:
    table = form.tables["report"]
    content = table.position("content")[1]
    answers = (
        "Nguyễn Thị Không Có Trong Danh Sách nhiều năm liền hiến máu nhân đạo.\n"
        "Hòa thượng trụ trì ngôi chùa cổ của phường vận động quyên góp hơn hai tỷ đồng.\n"
        "Tổ trưởng là người Tày đầu tiên của phường được phong tặng danh hiệu cao quý.\n"
        "Gia đình Chử Bá Tòng hiến 20 mét vuông đất để mở rộng ngõ trong năm 2019.\nĐồng chí Sáu được cả tổ dân phố tin yêu, khen ngợi.",
        "Phong trào lan rộng đến mọi tổ dân phố của phường Hàng Bạc. Bà Tư bán nước ở đầu ngõ luôn gương mẫu.",
    )
    entries = valid_entries(ward)
    for row, text in zip(table.line_rows, answers, strict=False):
        entries[(table.sheet, row, content)] = text
    (tmp_path / plan.workbook_name(ward)).write_bytes(fill_in(plan, form, ward, entries))
    report = _open(write_report(consolidate(tmp_path, plan, AS_OF)))
    first, second = (_section_lines(report, plan, code) for code in ("I.1", "I.2"))
    assert "Về nội dung này có báo cáo của 1/1 phường." in first
    assert any("“Phong trào lan rộng đến mọi tổ dân phố của phường Hàng Bạc”" in line for line in second)
    assert not re.search("Nguyễn Thị|trụ trì|người Tày|Chử Bá|Sáu|Bà Tư", _all_text(report))


def test_no_formula_link_or_field_comes_from_an_answer(report: DocumentObject, data: bytes) -> None:
    assert "vi-du.vn" not in _all_text(report)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        links = "".join(package.read(n).decode() for n in package.namelist() if n.endswith(".rels"))
        body = package.read("word/document.xml").decode()
    assert "External" not in links
    assert not re.search(r"<w:(hyperlink|fldSimple|fldChar|instrText)", body)


def test_characters_that_xml_refuses_are_left_out(result: Result, plan: Plan) -> None:
    signer = msgspec.structs.replace(plan.report.signer, name="A\x00B\x0bC\r\nD\ud800")
    hostile = msgspec.structs.replace(plan, report=msgspec.structs.replace(plan.report, signer=signer))
    text = _all_text(_open(write_report(_under_plan(result, hostile))))
    assert "AB\nC\nD" in text


def _under_plan(result: Result, plan: Plan) -> Result:
    """The result of the same files under another plan."""
    return replace(result, plan=plan)


# ---------------------------------------------------------------- what is missing


def test_missing_and_unreadable_units_are_named(inbox: Path, plan: Plan, tmp_path: Path) -> None:
    folder = tmp_path / "da-nhan"
    shutil.copytree(inbox, folder)
    missing, unread = plan.local_units[9], plan.local_units[0]
    (folder / plan.workbook_name(missing)).unlink()
    (folder / plan.workbook_name(plan.upper_unit)).unlink()
    (folder / plan.workbook_name(unread)).write_bytes(b"")
    text = _all_text(_open(write_report(consolidate(folder, plan, AS_OF))))
    assert "16/18 phường đã gửi báo cáo kết quả hội nghị" in text
    assert f"Chưa có số liệu của 02 phường: {unread.name}, {missing.name}. Số liệu trong báo cáo này tính trên 16 phường đã gửi." in text  # fmt: skip
    assert "Số đại biểu do quận triệu tập: … (chưa có số liệu của quận)." in text
    assert "Đại biểu của quận được cử dự Đại hội Thi đua yêu nước Thành phố: … (chưa có số liệu của quận)." in text


def test_one_unit_has_one_day_and_nobody_to_be_compared_with(one: Result) -> None:
    info = one.tables.frames["info"].iloc[0]
    text = _all_text(_open(write_report(one)))
    assert f"01 phường đã tổ chức hội nghị ngày {show_day(info['date'])}, hoàn thành đúng thời hạn" in text
    assert "cao nhất" not in text
    assert "dân tộc thiểu số" not in text  # of one unit it would be a number by unit


def test_where_all_are_too_late_nobody_is_told_as_0(one: Result, plan: Plan) -> None:
    later = one.figures.units.assign(date=plan.conference.local.before)
    text = _all_text(_open(write_report(replace(one, take_figures=lambda: replace(one.figures, units=later)))))
    assert "Không phường nào hoàn thành đúng thời hạn của Kế hoạch (trước ngày 15/3/2020); sau thời hạn: " in text


def test_many_names_are_only_counted(inbox: Path, plan: Plan, tmp_path: Path) -> None:
    """A hundred names would bury the report."""
    more = [Unit(code=f"9{n:04}", name=f"Phường mới {n}") for n in range(41)]
    large = msgspec.structs.replace(plan, units=(*plan.local_units, *more, plan.upper_unit))
    shutil.copy(inbox / plan.workbook_name(plan.local_units[8]), tmp_path)
    text = _all_text(_open(write_report(consolidate(tmp_path, large, AS_OF))))
    assert "Chưa có số liệu của 58 phường: 58 phường, xem Biểu số 1" in text


def test_nothing_received(empty: Result, plan: Plan) -> None:
    report = _open(write_report(empty))
    text = _all_text(report)
    assert "chưa có số liệu của phường nào trong 18 phường." in text
    assert text.count("Chưa có nội dung của phường nào về mục này.") == len(plan.report.sections)
    assert "Các phường cử … đại biểu dự hội nghị cấp quận." in text
    assert not re.search(r"\b0 (lượt|đại biểu|người|phường)", text)
    assert all(len(table.columns) == 2 for table in report.tables)


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
def test_libreoffice_prints_it_on_few_pages(
    libreoffice: LibreOffice, result: Result, plan: Plan, tmp_path: Path
) -> None:
    """As long as it gets: conferences held and planned, and every place to write."""
    _need_writer()
    source = tmp_path / "in.docx"
    source.write_bytes(write_report(replace(result, as_of=EARLY)))
    printed = libreoffice.print_text(source, "-layout")
    text = " ".join(printed.split())
    for section in plan.report.sections:
        assert name_section(section) in text
    pages = printed.split("\f")
    assert len(pages) - 1 <= MOST_PAGES
    assert not pages[0].split()[0].isdigit()
    assert all(page.split()[0] == str(n) for n, page in enumerate(pages[1:-1], start=2))
