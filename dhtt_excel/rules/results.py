"""TH: the results that lower levels have consolidated and sent up. All are found by `rollup/`, while reading or comparing."""

from __future__ import annotations

from dhtt_excel.findings import Rule, Severity

_SOURCE = "Số liệu cấp dưới gửi lên"
SEND_AGAIN = (
    "Đề nghị đơn vị chạy lại dhtt consolidate rồi gửi tệp tong-hop-….xlsx hoặc ket-qua.json mới ghi ra, không sửa."
)

result_unreadable = Rule(
    "TH01",
    "Tệp là kết quả tổng hợp của chương trình, có số liệu đi kèm và đọc được",
    cites=_SOURCE,
    advice=SEND_AGAIN,
    example="Tệp bị cắt ngang; biểu mẫu của một xã; biểu tổng hợp của phiên bản cũ, chưa có số liệu đi kèm.",
    about="file",
)
unknown_result = Rule(
    "TH02",
    "Kết quả là của một đơn vị trong kế hoạch này",
    cites=_SOURCE,
    advice="Kiểm tra có đúng tệp, đúng kế hoạch (--plan) không; mã và tên đơn vị trong hai tệp kế hoạch phải giống nhau.",
    example="Kết quả của một đơn vị thuộc tỉnh khác; mã của đơn vị này đi với tên của đơn vị khác; hội nghị của năm khác.",
    about="file",
)
figures_broken = Rule(
    "TH03",
    "Số liệu đi kèm còn nguyên như khi chương trình ghi (đúng mã SHA-256)",
    cites=_SOURCE,
    advice=SEND_AGAIN,
    example="Có người sửa số trong ket-qua.json; trang tính ẩn của biểu tổng hợp mất một dòng.",
    about="file",
)
figures_newer = Rule(
    "TH04",
    "Số liệu đi kèm không do phiên bản mới hơn của chương trình ghi",
    cites=_SOURCE,
    advice="Cài phiên bản mới của chương trình rồi chạy lại; tệp của đơn vị không phải sửa gì.",
    example="Đơn vị đã cài phiên bản mới, nơi tổng hợp còn dùng bản cũ.",
    about="file",
)
other_columns = Rule(
    "TH05",
    "Kết quả đếm cùng các cột và theo cùng phiên bản biểu mẫu với nơi tổng hợp",
    cites=_SOURCE,
    advice="Cài cùng một phiên bản chương trình ở các nơi, rồi đề nghị đơn vị tổng hợp và gửi lại.",
    example="Đơn vị tổng hợp bằng biểu mẫu phiên bản 1, nơi khác bằng phiên bản 2.",
    about="file",
)
sums_differ = Rule(
    "TH06",
    "Trong một kết quả, số cộng bằng tổng các phần",
    cites=_SOURCE,
    advice=SEND_AGAIN,
    example="Tổng số biểu dương 40, cộng theo từng xã được 38.",
)
cells_changed = Rule(
    "TH07",
    "Số ghi trên biểu đúng với số liệu đi kèm",
    cites=_SOURCE,
    advice="Hỏi đơn vị số nào đúng: kết quả này dùng số liệu đi kèm. Muốn đổi số, đơn vị sửa biểu của cấp dưới rồi tổng hợp lại.",
    example="Có người gõ đè số đại biểu của một xã ở Biểu 1 trước khi gửi.",
)
result_draft = Rule(
    "TH08",
    "Kết quả gửi lên là bản đã xong: đủ đơn vị, không còn lỗi",
    cites=_SOURCE,
    advice="Đề nghị đơn vị thu nốt, sửa nốt rồi tổng hợp và gửi lại.",
    example="Kết quả mới có số liệu của 17/18 xã, còn 3 lỗi.",
    severity=Severity.WARNING,
)
unit_twice = Rule(
    "TH09",
    "Mỗi đơn vị cấp dưới chỉ có trong kết quả của một nơi",
    cites=_SOURCE,
    advice="Hỏi hai nơi: đơn vị này thuộc nơi nào. Nơi kia bỏ đi, tổng hợp và gửi lại; số của đơn vị đang bị cộng hai lần.",
    example="Một xã chuyển về huyện khác, cả hai huyện đều tổng hợp.",
)
