"""NB: the upper unit's own files. Each is found by whatever reads that file, and told to nobody else."""

from __future__ import annotations

from dhtt_excel.findings import Rule, Severity
from dhtt_excel.text.file_names import CONTACTS_FILE, EXEMPTIONS_FILE, HISTORY_FILE

_SOURCE = "Sổ của nơi tổng hợp"

exemption_useless = Rule(
    "NB01",
    f"Ngoại lệ ghi trong {EXEMPTIONS_FILE} đúng và còn hiệu lực",
    cites=_SOURCE,
    advice=f"Sửa hoặc xóa dòng này trong {EXEMPTIONS_FILE}.",
    example="Ngoại lệ ghi đến hết ngày hôm qua; quy tắc, đơn vị viết sai; vấn đề đã được sửa.",
    severity=Severity.WARNING,
    about="office",
)


history_unfit = Rule(
    "NB02",
    f"{HISTORY_FILE} của lần chạy trước dùng được",
    cites=_SOURCE,
    advice="Kết quả lần này ghi sang tên khác. Để nối tiếp các lần trước: chọn đúng thư mục kết quả (-o), hoặc dời tệp này đi.",
    example=f"Thư mục kết quả có {HISTORY_FILE} của kế hoạch khác.",
    severity=Severity.WARNING,
    about="office",
)


contact_unfit = Rule(
    "NB03",
    "Danh bạ thư điện tử đúng: mỗi đơn vị một dòng, địa chỉ viết được lên thư",
    cites=_SOURCE,
    advice="Sửa dòng này trong danh bạ.",
    example=f"Trong {CONTACTS_FILE}, địa chỉ thiếu phần sau @; một đơn vị có hai dòng.",
    severity=Severity.WARNING,
    about="office",
)


output_undrawn = Rule(
    "NB04",
    "Vẽ được mọi tệp kết quả",
    cites=_SOURCE,
    advice="Các tệp khác đã ghi đủ; tệp cũ cùng tên, nếu còn, không đúng nữa. Báo cho người phát triển chương trình, kèm các dòng lỗi in trên màn hình.",
    example="Chương trình có lỗi, không vẽ được bản trả lại của một đơn vị.",
    severity=Severity.WARNING,
    about="office",
)
