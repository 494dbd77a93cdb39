"""What the upper unit has in its output folder besides summary, register and report: names, and rules for its own files.

The rules are found by whatever reads those files, and told to nobody else.
"""

from __future__ import annotations

from dhtt_excel.findings import Rule, Severity

HISTORY_FILE = "ket-qua.json"  # written by every run, and what the next one goes on from
EXEMPTIONS_FILE = "chap-nhan.xlsx"  # the staff's: written once, empty, and then only read
CONTACTS_FILE = "danh-ba.xlsx"  # the staff's, wherever they keep it
RETURNS_FOLDER, MAIL_FOLDER = "tra-lai", "thu"

_SOURCE = "Sổ của nơi tổng hợp"

exemption_useless = Rule(
    "NB01",
    f"Ngoại lệ ghi trong {EXEMPTIONS_FILE} đúng và còn hiệu lực",
    cites=_SOURCE,
    advice=f"Sửa hoặc xóa dòng này trong {EXEMPTIONS_FILE}.",
    example="Ngoại lệ ghi đến hết ngày hôm qua; quy tắc, đơn vị viết sai; vấn đề đã được sửa.",
    severity=Severity.WARNING,
)
history_unfit = Rule(
    "NB02",
    f"{HISTORY_FILE} của lần chạy trước dùng được",
    cites=_SOURCE,
    advice="Kết quả lần này ghi sang tên khác. Để nối tiếp các lần trước: chọn đúng thư mục kết quả (-o), hoặc dời tệp này đi.",
    example=f"Thư mục kết quả có {HISTORY_FILE} của kế hoạch khác.",
    severity=Severity.WARNING,
)
contact_unfit = Rule(
    "NB03",
    "Danh bạ thư điện tử đúng: mỗi đơn vị một dòng, địa chỉ viết được lên thư",
    cites=_SOURCE,
    advice="Sửa dòng này trong danh bạ.",
    example=f"Trong {CONTACTS_FILE}, địa chỉ thiếu phần sau @; một đơn vị có hai dòng.",
    severity=Severity.WARNING,
)

OWN_RULES: tuple[Rule, ...] = (exemption_useless, history_unfit, contact_unfit)
