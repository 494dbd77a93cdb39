"""Sheet "Hướng dẫn": deadlines, steps, links, what the colours mean, how to unprotect, what the data is for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from dhtt_excel.excel.addresses import quote_sheet
from dhtt_excel.excel.looks import BAD, BOX, CLOSED, FIXED, GRID, GUIDANCE, INK, INPUT, LINK, MISSING, SUBTITLE, TITLE
from dhtt_excel.excel.text_size import row_height
from dhtt_excel.form.form import CHECK_SHEET, NONE_LABEL, TICK, Form, Kind, Layout
from dhtt_excel.form.sheets.paper import Paper
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.text.vietnamese import capitalize

_WIDTHS = [5.0, 29.0, 64.0]
_SIZE = 12
_PAGES = 2
_SECTION = {"bold": True, "font_size": 13, "font_color": INK, "bottom": 2, "bottom_color": GRID}


@dataclass(frozen=True)
class _GuideLine:
    """A line of the guide: what it is about, what it says; `sheet` makes the label a link, `look` shows a colour."""

    label: str
    text: str
    number: str = ""
    sheet: str = ""
    look: dict[str, Any] = field(default_factory=dict)


def draw_guide(paper: Paper, plan: Plan, form: Form, unit: Unit) -> None:
    paper.set_widths(_WIDTHS)
    row = _draw_titles(paper, plan, unit)
    sections = (
        ("THỜI HẠN VÀ NƠI GỬI", _deadlines(plan, unit)),
        ("NĂM BƯỚC", _steps(plan, form, unit)),
        ("CÁC TRANG TÍNH (bấm để mở)", _links(form)),
        ("Ý NGHĨA CỦA MÀU", _colours()),
        ("CẦN BIẾT", _notes(plan, form)),
    )
    for title, lines in sections:
        row = _draw_section(paper, row, title, list(lines))
    paper.set_print(f"{plan.name_of(unit)} - {plan.number}", landscape=False, pages=_PAGES)
    paper.lock()


def _draw_titles(paper: Paper, plan: Plan, unit: Unit) -> int:
    """Titles; the next free row."""
    source = f"Theo Kế hoạch {plan.number} ngày {plan.date:%d/%m/%Y} của {plan.issuer}: {plan.title}."
    titles: tuple[tuple[str, dict[str, Any]], ...] = (
        ("HƯỚNG DẪN NHẬP BIỂU MẪU", TITLE),
        (plan.name_of(unit), {**SUBTITLE, "font_size": 14}),
        (source, {**GUIDANCE, "text_wrap": True}),
    )
    for row, (text, look) in enumerate(titles, start=1):
        paper.merge((row, 1, row, len(_WIDTHS)), text, paper.book.style(**{**look, "align": "center"}))
        paper.sheet.set_height(row, row_height([(text, sum(_WIDTHS))], look["font_size"]) + 6)
    return len(titles) + 1


def _draw_section(paper: Paper, row: int, title: str, lines: list[_GuideLine]) -> int:
    """A section's heading, its lines and the gaps around, from `row` on; the next free row."""
    style = paper.book.style
    paper.sheet.set_height(row, 9)
    for column, text in enumerate((title, None, None), start=1):
        paper.put(row + 1, column, text, style(**_SECTION))
    paper.sheet.set_height(row + 1, 22)
    paper.sheet.set_height(row + 2, 4)
    for at, line in enumerate(lines, start=row + 3):
        paper.put(at, 1, line.number, style(bold=True, align="center", valign="top"))
        if line.sheet:
            link = style(**LINK, bold=True, valign="top")
            paper.put_link(at, 2, f"{quote_sheet(line.sheet)}!A1", line.label, link)
        else:
            look = {"bold": True, "text_wrap": True, "valign": "top"} | line.look
            paper.put(at, 2, line.label, style(**look))
        paper.put(at, 3, line.text, style(text_wrap=True, valign="vcenter" if line.look else "top", indent=1))
        needed = max(
            row_height([(line.text, _WIDTHS[2] - 2)], _SIZE), row_height([(line.label, _WIDTHS[1])], _SIZE, bold=True)
        )
        paper.sheet.set_height(at, needed + 4)
    return row + 3 + len(lines)


def _deadlines(plan: Plan, unit: Unit) -> Iterator[_GuideLine]:
    if unit.level == "upper":
        conference = plan.conference.upper
        days = f"Từ ngày {conference.first_day:%d/%m/%Y} đến hết ngày {conference.last_day:%d/%m/%Y}."
        yield _GuideLine("Hội nghị", f"{days} Tối đa {conference.max_delegates} đại biểu.")
        yield _GuideLine(
            f"Đại biểu do {plan.levels.local.noun} cử",
            f"Khi tổng hợp, chương trình tự thêm người mà các {plan.levels.local.noun} đã đánh {TICK} cử dự: không nhập lại ở tệp "
            f"này. Dấu {TICK} trong tệp này là cử dự Đại hội Thi đua yêu nước {plan.levels.above}.",
        )
        yield _GuideLine(
            "Nơi nhận tệp này",
            f"{plan.receiver_name}: để cùng thư mục với tệp của các {plan.levels.local.noun} khi tổng hợp.",
        )
        return
    local = plan.conference.local
    if unit.pilot and local.pilot_before:
        yield _GuideLine("Hội nghị", f"Đơn vị làm điểm: xong trước ngày {local.pilot_before:%d/%m/%Y}.")
        if local.pilot_note:
            yield _GuideLine("Ghi chú về thời hạn", local.pilot_note)
    else:
        yield _GuideLine("Hội nghị", f"Xong trước ngày {local.before:%d/%m/%Y}.")
    yield _GuideLine("Báo cáo kết quả", f"Gửi tệp này trước ngày {plan.report.before:%d/%m/%Y}.")
    yield _GuideLine("Nơi gửi", f"{plan.receiver_name}.")
    if plan.receiver.reached_by:
        yield _GuideLine("Liên hệ nơi gửi", f"{capitalize(plan.receiver.reached_by)}.")


def _steps(plan: Plan, form: Form, unit: Unit) -> Iterator[_GuideLine]:
    by_layout = {
        layout: ", ".join(dict.fromkeys(t.sheet for t in form.tables.values() if t.layout is layout))
        for layout in Layout
    }
    send = "Lưu tệp, giữ dạng .xlsx và giữ tên tệp."
    if unit.level == "local":
        email = f" ({plan.receiver.email})" if plan.receiver.email else ""
        send += f" Gửi qua thư điện tử tới {plan.receiver.name or plan.levels.upper.contact}{email} trước ngày {plan.report.before:%d/%m/%Y}."
    texts = (
        (
            by_layout[Layout.FIELDS],
            "Mở tệp từ thư điện tử mà Excel hiện dải vàng Protected View: bấm “Bật chỉnh sửa” (Enable Editing). Nhập từng ô nền xanh "
            "nhạt hoặc vàng; ô vàng là bắt buộc, còn trống.",
        ),
        (
            by_layout[Layout.LIST],
            "Mỗi dòng một người hoặc một tập thể, không để tiêu đề hay dòng cộng xen giữa. Ô có mũi tên: chọn trong danh sách "
            f"thả xuống. Cột “{_status_heading(form)}” cho biết mỗi dòng đã đủ, còn thiếu hay sai gì. Danh sách không có ai thì đánh {TICK} vào dòng “{NONE_LABEL}”.",
        ),
        (
            by_layout[Layout.LINES],
            f"Nội dung in sẵn giữ nguyên; đánh {TICK}, nhập giờ, nhập nội dung vào ô nền xanh nhạt hoặc vàng.",
        ),
        (
            CHECK_SHEET,
            "Xem kết luận ở đầu trang tính. Dòng “Cần sửa”: bấm liên kết để tới ô sai đầu tiên. Dòng “Chờ”: chờ sửa ô khác, không phải "
            "làm gì. Dòng “Chưa nhập”: nhập tiếp.",
        ),
        ("Lưu và gửi" if unit.level == "local" else "Lưu", send),
    )
    for number, (label, text) in enumerate(texts, start=1):
        yield _GuideLine(label, text, f"{number}.")


def _links(form: Form) -> Iterator[_GuideLine]:
    for sheet in form.sheets:
        titles = "; ".join(
            t.title.capitalize() if t is form.tables_on(sheet)[0] else t.title.lower() for t in form.tables_on(sheet)
        )
        yield _GuideLine(sheet, f"{titles}.", sheet=sheet)
    yield _GuideLine(CHECK_SHEET, "Tự kiểm tra: đạt, cần sửa, chưa nhập.", sheet=CHECK_SHEET)


def _colours() -> Iterator[_GuideLine]:
    boxed = {"align": "center", "valign": "vcenter"}
    yield _GuideLine(
        "Ô nhập",
        "Nền xanh nhạt, trong danh sách xen kẽ đậm hơn: nhập vào đây.",
        look={**INPUT, **boxed, "locked": True},
    )
    yield _GuideLine("Ô in sẵn", "Nền xám: tiêu đề, nội dung in sẵn, đã khóa.", look={**FIXED, **boxed})
    yield _GuideLine(
        "Ô không dùng",
        "Nền xám gạch chéo, hoặc nền xám trong danh sách: không áp dụng, để trống.",
        look={**CLOSED, **boxed},
    )
    yield _GuideLine(
        "Ô còn thiếu",
        "Nền vàng: ô bắt buộc còn trống; ở Báo cáo, cả đoạn quá dài cho một ô, nên chia hai.",
        look={**BOX, **MISSING, **boxed},
    )
    text = "Nền đỏ: giá trị không có trong danh mục, sai kiểu hoặc ngoài khoảng cho phép."
    yield _GuideLine("Ô sai", text, look={**BOX, **BAD, **boxed})


def _notes(plan: Plan, form: Form) -> Iterator[_GuideLine]:
    yield _GuideLine(
        "Mở khóa",
        "Các trang tính khóa không có mật khẩu, chỉ để giữ tiêu đề và công thức. Vẫn đổi được độ rộng cột, chiều cao dòng, định dạng, "
        "sắp xếp và lọc. Khi cần mở khóa: Review > Unprotect Sheet (Xem lại > Bỏ bảo vệ trang tính).",
    )
    yield _GuideLine(
        "Dán từ Word, Zalo",
        "Dùng Paste Special > Values (Dán đặc biệt > Giá trị): dán thường làm mất danh sách thả xuống và màu báo sai. Đã lỡ dán thì "
        f"xem cột “{_status_heading(form)}” của danh sách và trang tính “{CHECK_SHEET}”.",
    )
    day, hours = plan.conference.local.before, "8:30, 8h30 hoặc 8 giờ 30"
    text = f"Gõ ngày trước, rồi tháng, năm: {day:%d/%m/%Y} là ngày {day.day} tháng {day.month}, trên máy cài vùng nào cũng vậy. Giờ gõ {hours}."
    yield _GuideLine("Ngày, giờ", text)
    yield _GuideLine(
        "Bỏ, thêm một người",
        "Bỏ: chọn các ô đã nhập của dòng, bấm Delete; để lại dòng trống không sao. Thêm: nhập vào dòng trống bất kỳ, rồi sắp xếp nếu "
        "muốn. Không chèn, không xóa cả dòng.",
    )
    yield _GuideLine(
        "In danh sách",
        f"Chỉ in trang đầu và các dòng đã nhập, không in cột “{_status_heading(form)}”. Danh sách dài: các dòng dưới tự kẻ khung khi "
        "nhập tới; số thứ tự ở đó tự gõ, nếu cần.",
    )
    yield _GuideLine("Ví dụ một dòng", _show_example(plan, form), look={**FIXED, "valign": "vcenter"})
    yield _GuideLine("Dữ liệu cá nhân", plan.privacy)


def _status_heading(form: Form) -> str:
    return form.tables["delegates"].by_key["status"].heading


def _show_example(plan: Plan, form: Form) -> str:
    """A delegate as the list wants one. In words, so that nobody sends it as a delegate."""
    left_out = {group.column: group.leave_out[0] for group in plan.coverage if group.leave_out and not group.each}
    texts = {
        "name": "Nguyễn Văn Mẫu",
        "position": "Cán bộ Mặt trận",
        "organisation": "Ủy ban MTTQ Việt Nam",
        "birth_year": "1975",
    }
    parts = []
    for column in form.tables["delegates"].stored:
        value = texts.get(column.key, "")
        if column.kind is Kind.CHOICE:
            plain = next(choice.value for choice in plan.lists.choices(column.choices) if not choice.key)
            value = left_out.get(column.key, plain)
        if value:
            parts.append(f"{column.heading}: {value}")
    return f"{form.tables['delegates'].sheet} (không phải người thật, không tính): {'; '.join(parts)}."
