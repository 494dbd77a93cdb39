"""What a ward puts beside its cells, strikes out or hides: told once a sheet, with place and advice, and carried along."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from dhtt_excel.findings import Finding, Severity
from dhtt_excel.form.stamps import CORRECTIONS_SHEET, OUTSIDE_SHEET
from dhtt_excel.inbox.guard_ods import scan_ods
from dhtt_excel.inbox.raw import Block
from dhtt_excel.outputs.register.outside_sheet import OUTSIDE_SHEET as REGISTER_SHEET
from dhtt_excel.outputs.register.write_register import write_register
from dhtt_excel.outputs.returns.write_returns import write_returns
from dhtt_excel.pipeline import consolidate
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.result import Result
from tests.conftest import AS_OF, Fill
from tests.corpus.packages import wrap_relations
from tests.packages import edit_package

Check = Callable[[Path], list[Finding]]

DELEGATES = "xl/worksheets/sheet3.xml"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
TEXT = "http://schemas.openxmlformats.org/drawingml/2006/main"
NAMES = f'xmlns:xdr="{DRAWING}" xmlns:a="{TEXT}" xmlns:mc="urn:mc"'
SHEET_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ASIDES = "Có nội dung nằm ngoài các ô, không đọc thành số liệu: "


def _at(row: int, column: int, shape: str) -> str:
    start = f"<xdr:from><xdr:col>{column - 1}</xdr:col><xdr:row>{row - 1}</xdr:row></xdr:from>"
    return f"<xdr:twoCellAnchor>{start}{shape}</xdr:twoCellAnchor>"


def _shape(*lines: str, more: str = "") -> str:
    paragraphs = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines)
    return f"<xdr:sp>{more}<xdr:txBody>{paragraphs}</xdr:txBody></xdr:sp>"


def _draw(*anchors: str) -> str:
    return f"<xdr:wsDr {NAMES}>{''.join(anchors)}</xdr:wsDr>"


def _vml(kind: str, more: str = "") -> str:
    return (
        '<v:shape type="#_x0000_t201"><v:textbox><div><font>Đã họp<br></font></div></v:textbox>'
        f'<x:ClientData ObjectType="{kind}"><x:Anchor>\n 3, 15, 8, 10, 5, 15, 10, 4</x:Anchor>{more}</x:ClientData></v:shape>'
    )


def attach(path: Path, parts: Mapping[str, tuple[str, str]]) -> Path:
    """Parts that belong to sheet "Đại biểu": name ─► (kind of relation, content)."""
    relations = [(f"x{n}", kind, f"../other/{name}") for n, (name, (kind, _)) in enumerate(parts.items())]
    changes: dict[str, Callable[[str], str]] = {
        f"xl/other/{name}": lambda _, text=content: text  # type: ignore[misc]
        for name, (_, content) in parts.items()
    }
    changes["xl/worksheets/_rels/sheet3.xml.rels"] = lambda _: wrap_relations(relations)
    edit_package(path, changes)
    return path


def edit(path: Path, change: Callable[[openpyxl.Workbook], Any]) -> Path:
    workbook = openpyxl.load_workbook(path)
    change(workbook)
    workbook.save(path)
    return path


COMMENTS = (
    f'<comments xmlns="{SHEET_MAIN}"><authors><author>Lan</author><author>tc={{1}}</author></authors><commentList>'
    '<comment ref="B9" authorId="0"><text><r><t>Lan:</t></r><r><t>\nhỏi lại anh Tư</t></r></text></comment>'
    '<comment ref="C12" authorId="1"><text><t>[Threaded comment]</t></text></comment></commentList></comments>'
)
THREADS = (
    '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
    '<threadedComment ref="C12" id="1"><text>Nam hay nữ?</text></threadedComment>'
    '<threadedComment ref="C12" id="2" parentId="1"><text>Nữ</text></threadedComment></ThreadedComments>'
)
CONTROL = _shape("Đã họp", more="<xdr:nvSpPr><a:ext><a14:compatExt xmlns:a14='urn:a14'/></a:ext></xdr:nvSpPr>")
CASES: dict[str, tuple[dict[str, tuple[str, str]], str, list[str]]] = {
    "note": ({"c.xml": ("comments", COMMENTS.replace("tc=", ""))}, "2 ghi chú (B9, C12)", ["Ghi chú: Lan:\nhỏi lại anh Tư"]),
    "thread": (
        {"c.xml": ("comments", COMMENTS), "t.xml": ("threadedComment", THREADS)},
        "2 ghi chú (B9, C12)",
        ["Ghi chú: Lan:\nhỏi lại anh Tư", "Ghi chú: Nam hay nữ?\nNữ"],
    ),
    "text-box": (
        {"d.xml": ("drawing", _draw(_at(3, 6, _shape("Thiếu 2 người,", "gửi sau")), _at(4, 4, _shape(" "))))},
        "1 hộp chữ (F3)",
        ["Hộp chữ: Thiếu 2 người,\ngửi sau"],
    ),
    "picture": (
        {"d.xml": ("drawing", _draw(_at(7, 2, "<xdr:pic/>"), _at(8, 3, f"<xdr:grpSp><xdr:pic/>{_shape('Ảnh')}</xdr:grpSp>")))},
        "2 ảnh (B7, C8); 1 hộp chữ (C8)",
        ["Ảnh: xem trong tệp đã gửi"],
    ),
    "chart": (
        {"d.xml": ("drawing", _draw(_at(5, 1, "<mc:AlternateContent><mc:Choice><xdr:graphicFrame/></mc:Choice><mc:Fallback>"
                                      f"{_shape('không hiện được')}</mc:Fallback></mc:AlternateContent>")))},
        "1 biểu đồ hoặc đối tượng khác (A5)",
        [],
    ),
    "checkbox": (
        {
            "v.vml": ("vmlDrawing", f"<xml>{_vml('Note')}{_vml('Checkbox', '<x:Checked>1</x:Checked>')}</xml>"),
            "d.xml": ("drawing", _draw(_at(9, 4, CONTROL))),
        },
        "1 ô đánh dấu hoặc nút bấm (D9)",
        ["Ô đánh dấu hoặc nút bấm: Đã họp (đã đánh dấu)"],
    ),
    "far-and-long": (
        {"d.xml": ("drawing", _draw(_at(99_999_999, 1, _shape("x" * 40_000)), _at(-5, -5, _shape("y"))))},
        "2 hộp chữ",
        ["Hộp chữ: y"],
    ),
    "damaged": ({"d.xml": ("drawing", "<not closed")}, "1 hình vẽ không đọc được", []),
    "entities": ({"d.xml": ("drawing", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>")}, "1 hình vẽ không đọc được", []),
}  # fmt: skip


class Seen(NamedTuple):
    """What a run makes of the cases, each of which another ward has sent: by case the ward; the register; the copies."""

    result: Result
    wards: dict[str, Unit]
    register: openpyxl.Workbook
    copies: Mapping[str, tuple[str, bytes]]


@pytest.fixture(scope="module")
def seen(plan: Plan, valid_workbook: Callable[[Unit], bytes], tmp_path_factory: pytest.TempPathFactory) -> Seen:
    folder = tmp_path_factory.mktemp("da nhận")
    wards = dict(zip(CASES, plan.local_units, strict=False))
    for case, ward in wards.items():
        path = folder / plan.workbook_name(ward)
        path.write_bytes(valid_workbook(ward))
        attach(path, CASES[case][0])
    result = consolidate(folder, plan, AS_OF)
    register = openpyxl.load_workbook(io.BytesIO(write_register(result)))
    return Seen(result, wards, register, write_returns(result))


@pytest.mark.parametrize("case", CASES)
def test_tep09_what_stands_beside_the_cells(case: str, seen: Seen, plan: Plan) -> None:
    _, says, texts = CASES[case]
    ward = seen.wards[case]
    (finding,) = [f for f in seen.result.findings if f.file == plan.workbook_name(ward)]
    assert (finding.code, finding.sheet, finding.severity) == ("TEP09", "Đại biểu", Severity.WARNING)
    assert finding.message == ASIDES + says
    assert "nhập vào đúng ô" in finding.advice
    assert ("dạng ảnh" in finding.advice) == (case == "picture")
    rows = [row for row in seen.register[REGISTER_SHEET].values if plan.name_of(ward) in row]
    listed = [value for row in rows for value in row]
    copy = openpyxl.load_workbook(io.BytesIO(seen.copies[ward.code][1]))
    for text in texts:
        assert text in listed
        assert text in _values(copy[OUTSIDE_SHEET])
    assert ASIDES + says in _values(copy[f"{CORRECTIONS_SHEET} (1)"])


def _values(sheet: Any) -> list[Any]:
    return [value for row in sheet.values for value in row]


def _texts(book: bytes, sheet: str) -> list[Any]:
    return _values(openpyxl.load_workbook(io.BytesIO(book))[sheet])


def test_what_was_carried_is_not_told_again(fill: Fill, ward: Unit, plan: Plan, check: Check) -> None:
    """A returned copy has notes of ours, and lists what came beside the cells: nobody is told of either."""
    path = attach(fill(ward, {"Đại biểu!E8": 19755}), CASES["thread"][0])
    name, copy = write_returns(consolidate(path.parent, plan, AS_OF))[ward.code]
    returned = path.with_name(name)
    returned.write_bytes(copy)
    assert [f.code for f in check(returned)] == ["O03"]
    path.unlink()
    again = write_returns(consolidate(path.parent, plan, AS_OF))[ward.code][1]
    assert "Ghi chú: Nam hay nữ?\nNữ" in _texts(again, OUTSIDE_SHEET)


def test_who_answers_in_a_note_of_ours_is_heard(fill: Fill, ward: Unit, plan: Plan, check: Check) -> None:
    path = fill(ward, {"Đại biểu!E8": 19755})
    name, copy = write_returns(consolidate(path.parent, plan, AS_OF))[ward.code]
    returned = path.with_name(name)
    returned.write_bytes(copy)

    def answer(book: openpyxl.Workbook) -> None:
        cell = book["Đại biểu"]["E8"]
        cell.comment = Comment(f"{cell.comment.text}\nsinh năm 1975", "Lan")

    told = [f for f in check(edit(returned, answer)) if f.code == "TEP09"]
    assert [f.message for f in told] == [f"{ASIDES}1 ghi chú (E8)"]
    result = consolidate(path.parent, plan, AS_OF)
    asides = [aside for s in result.submissions for a in s.accounts for aside in a.asides]
    assert [aside.text for aside in asides] == ["sinh năm 1975"]


def test_struck_through_rows_are_told_and_stay_to_be_mended(fill: Fill, ward: Unit, check: Check, plan: Plan) -> None:
    def strike(book: openpyxl.Workbook) -> None:
        for cell in ("C9", "D9", "C12", "C280"):
            book["Đại biểu"][cell].font = Font(strike=True)

    path = edit(fill(ward), strike)
    (finding,) = check(path)
    assert (finding.code, finding.sheet) == ("TEP09", "Đại biểu")
    assert finding.message == "2 dòng có chữ bị gạch ngang, vẫn được đọc: dòng 9, 12"
    copy = write_returns(consolidate(path.parent, plan, AS_OF))[ward.code][1]
    listed = _texts(copy, f"{CORRECTIONS_SHEET} (1)")
    assert listed.index(finding.message) > listed.index("Cần sửa, cần xem lại")
    assert "Đã chỉnh sẵn trong tệp này" not in listed


def test_text_struck_in_part(fill: Fill, ward: Unit, check: Check) -> None:
    def strike(text: str) -> str:
        assert "<si><t>Kinh</t></si>" in text
        return text.replace("<si><t>Kinh</t></si>", "<si><r><rPr><strike/></rPr><t>Ki</t></r><r><t>nh</t></r></si>")

    path = fill(ward, calculated=True)
    edit_package(path, {"xl/sharedStrings.xml": strike})
    assert [(f.code, "gạch ngang" in f.message) for f in check(path)] == [("TEP09", True)]


def test_hidden_sheets_and_columns_of_the_form(fill: Fill, ward: Unit, check: Check) -> None:
    def hide(book: openpyxl.Workbook) -> None:
        book["Tham luận"].sheet_state = "hidden"
        book["Đại biểu"].column_dimensions["H"].hidden = True
        book["Đại biểu"].column_dimensions["Z"].hidden = True

    findings = check(edit(fill(ward), hide))
    assert [(f.code, f.sheet) for f in findings] == [("TEP09", "Đại biểu"), ("TEP09", "Tham luận")]
    assert findings[0].message == "1 cột ẩn có dữ liệu, vẫn được đọc: cột H"
    assert findings[1].message.startswith("Trang tính “Tham luận” bị ẩn nhưng có dữ liệu, vẫn được đọc")


def test_cells_merged_sideways_are_named(fill: Fill, ward: Unit, check: Check) -> None:
    def merge(book: openpyxl.Workbook) -> None:
        book["Tham luận"].merge_cells("D7:E7")

    (finding,) = check(edit(fill(ward), merge))
    assert (finding.code, finding.cell) == ("O01", "D7")
    assert "Ô gộp D7:E7: chỉ ô đầu có giá trị" in finding.message


def test_merges_of_ods_are_seen() -> None:
    """The parser does not tell them."""
    (sheet,) = scan_ods(
        b'<d xmlns:t="t"><t:table t:name="S"><t:table-row t:number-rows-repeated="8"><t:table-cell/></t:table-row>'
        b'<t:table-row><t:table-cell t:number-columns-repeated="7"/>'
        b'<t:table-cell t:number-rows-spanned="4" t:number-columns-spanned="1"/></t:table-row></t:table></d>'
    )
    assert sheet.merges == [Block(9, 8, 12, 8)]


def test_a_formula_without_a_value_in_a_required_cell_is_one_finding(fill: Fill, ward: Unit, check: Check) -> None:
    def calculate(book: openpyxl.Workbook) -> None:
        book["Thông tin"]["B14"] = "=COUNTA('Đại biểu'!C7:C306)"

    (finding,) = [f for f in check(edit(fill(ward), calculate)) if f.cell == "B14"]
    assert finding.code == "O01"
    assert "công thức chưa có giá trị được lưu" in finding.message
    assert "tính lại" in finding.advice


def test_a_returned_copy_keeps_strikes_and_marks_what_was_hidden(
    fill: Fill, ward: Unit, check: Check, plan: Plan
) -> None:
    """Nothing is asked that cannot be seen in the copy; unread back, it gets the same warning."""

    def change(book: openpyxl.Workbook) -> None:
        for cell in ("C9", "D9"):
            book["Đại biểu"][cell].font = Font(strike=True)
        book["Đại biểu"].row_dimensions[12].hidden = True
        book["Tham luận"].sheet_state = "hidden"

    path = edit(fill(ward), change)
    name, copy = write_returns(consolidate(path.parent, plan, AS_OF))[ward.code]
    book = openpyxl.load_workbook(io.BytesIO(copy))
    sheet = book["Đại biểu"]
    assert [bool(sheet[cell].font.strike) for cell in ("C9", "D9", "E9", "C10")] == [True, True, False, False]
    assert "gạch ngang" in sheet["C9"].comment.text
    assert "đã bỏ ẩn" in sheet["C12"].comment.text
    assert not sheet["D9"].comment
    assert not sheet.row_dimensions[12].hidden
    assert book["Tham luận"].sheet_state == "visible"
    listed = [str(text) for text in _texts(copy, next(s for s in book.sheetnames if s.startswith(CORRECTIONS_SHEET)))]
    assert sum("Đã bỏ ẩn trong tệp này" in text for text in listed) == 2
    returned = path.with_name(name)
    returned.write_bytes(copy)
    assert [(f.code, f.message) for f in check(returned)] == [
        ("TEP09", "1 dòng có chữ bị gạch ngang, vẫn được đọc: dòng 9")
    ]
