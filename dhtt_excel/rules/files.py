"""TEP: the files that came back. TEP05 has a check; TEP10 is found by `compare_verdicts`, the others while reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from dhtt_excel.findings import Fault, Rule, Severity, rule
from dhtt_excel.plan.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

unreadable_file = Rule(
    "TEP01",
    "Tệp mở được: không hỏng, không có mật khẩu, đúng là bảng tính",
    cites="III.4",
    cites_upper="III.1",
    advice="Đề nghị đơn vị mở lại biểu mẫu, lưu thành .xlsx và gửi lại.",
    example="Tệp .docx đổi đuôi thành .xlsx; tệp đặt mật khẩu.",
    about="file",
)
other_form = Rule(
    "TEP02",
    "Tệp là biểu mẫu của kế hoạch này, đúng phiên bản",
    cites="III.4",
    cites_upper="III.1",
    advice="Đề nghị đơn vị dùng biểu mẫu đã gửi kèm kế hoạch.",
    example="Danh sách tự kẻ, không dùng biểu mẫu; biểu mẫu của kế hoạch khác.",
    about="file",
)
unknown_unit = Rule(
    "TEP03",
    "Tệp cho biết là của đơn vị nào, không mâu thuẫn",
    cites="III.4",
    cites_upper="III.1",
    advice="Ghi đúng tên đơn vị ở trang tính “Thông tin”, hoặc dùng lại biểu mẫu của đơn vị.",
    example="Biểu mẫu cấp cho một đơn vị, trang tính “Thông tin” lại ghi tên đơn vị khác.",
    about="file",
)
several_files = Rule(
    "TEP04",
    "Mỗi đơn vị một tệp; nếu có nhiều tệp thì dùng tệp hợp lệ gửi sau cùng",
    cites="III.4",
    cites_upper="III.1",
    advice="Kiểm tra tệp được dùng có đúng là bản cuối của đơn vị không; bỏ tệp thừa khỏi thư mục.",
    example="Một đơn vị gửi hai tệp: dùng tệp sau, không cộng cả hai.",
    severity=Severity.WARNING,
    about="sending",
)
missing_sheet = Rule(
    "TEP06",
    "Có đủ các trang tính, đúng tên",
    cites="III.4",
    cites_upper="III.1",
    advice="Khôi phục trang tính theo biểu mẫu rồi gửi lại.",
    example="Trang tính “Tham luận” đã bị xóa.",
    about="form",
)
missing_column = Rule(
    "TEP07",
    "Có đủ các cột, dòng, đúng tiêu đề",
    cites="III.4",
    cites_upper="III.1",
    advice="Ghi lại tiêu đề theo biểu mẫu rồi gửi lại.",
    example="Cột Dân tộc đổi tên thành “Ghi chú 2”, không còn cột Dân tộc.",
    about="form",
)
stray_value = Rule(
    "TEP08",
    "Không có gì nằm ngoài biểu mẫu",
    cites="III.4",
    cites_upper="III.1",
    advice="Đưa nội dung vào đúng cột, hoặc xóa đi.",
    example="Thêm cột “Số điện thoại” bên phải danh sách.",
    severity=Severity.WARNING,
    about="form",
)


hidden_content = Rule(
    "TEP09",
    "Không có gì ẩn, gạch ngang, ngoài ô; không có công thức thiếu giá trị, macro, liên kết ra ngoài; tệp lưu .xlsx",
    cites="III.4",
    cites_upper="III.1",
    advice="Lưu lại thành .xlsx, bỏ macro và liên kết, dán giá trị thay cho công thức.",
    example="Dòng 12 của trang tính “Đại biểu” bị ẩn nhưng có dữ liệu; danh sách dán dạng ảnh; ghi chú “hỏi lại” ở một ô.",
    severity=Severity.WARNING,
    about="form",
)


verdicts_differ = Rule(
    "TEP10",
    "Kết quả trên trang tính “Kiểm tra” của tệp đúng với kết quả kiểm tra lại",
    cites="III.4",
    cites_upper="III.1",
    advice="Mở tệp bằng Excel, nhấn Ctrl+Alt+F9 để tính lại rồi lưu; nếu vẫn khác thì báo cho nơi tổng hợp.",
    example="Tệp lưu bằng điện thoại, không tính lại: mọi dòng của “Kiểm tra” vẫn ghi “Chưa nhập”.",
    severity=Severity.WARNING,
    about="form",
)


_SENT_IN_TIME = "Ghi nhận nộp trễ; nếu thư đã gửi trước hạn thì lưu cả thư (.eml) vào thư mục: ngày của thư quyết định."


@rule(
    "TEP05",
    "Tất cả đơn vị đã báo cáo, trước hạn",
    cites="III.4",
    advice="Đôn đốc đơn vị gửi biểu mẫu.",
    example="Chưa nhận được tệp nào của một đơn vị.",
    about="sending",
)
def report_overdue(units: pd.DataFrame, info: pd.DataFrame, plan: Plan, as_of: date) -> Iterator[Fault]:
    """Missing is an error once the day of the limit has come, a warning before.

    What came late is late whatever the form says, and nobody can mend it: a warning. Where the form itself says a day
    that is too late, that is told (TT05).
    """
    before, local = plan.report.before, units[units["level"].eq("local")]
    late = plan.report.days_late(as_of)
    for unit in local[local["file"].isna()].itertuples():
        when = f"quá hạn {late} ngày" if late else plan.report.tell_days_left(as_of)
        message = f"{unit.name} chưa nộp (hạn trước ngày {before:%d/%m/%Y}, {when})"
        advice = "Đôn đốc đơn vị gửi kết quả tổng hợp." if plan.rolls_up else ""
        yield Fault(unit.code, "", message, advice, Severity.ERROR if late else Severity.WARNING)
    said = {
        code for code, day in zip(info["unit"], info["reported"], strict=True) if day and plan.report.days_late(day)
    }
    for unit in local[local["file"].notna() & local["received"].notna()].itertuples():
        days = plan.report.days_late(unit.received)
        if days and unit.code not in said:
            message = (
                f"{unit.name} nộp ngày {unit.received:%d/%m/%Y}, trễ {days} ngày (hạn trước ngày {before:%d/%m/%Y})"
            )
            yield Fault(unit.code, "", message, _SENT_IN_TIME, Severity.WARNING)
