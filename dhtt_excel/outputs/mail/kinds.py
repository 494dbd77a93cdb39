"""The kinds of drafts, the texts that they have, and the placeholders of each text. Data only."""

from __future__ import annotations

from enum import StrEnum

from dhtt_excel.plan.plan import Unit
from dhtt_excel.text.vietnamese import slug


class MailKind(StrEnum):
    """A kind of draft; its value begins the file name."""

    TEMPLATE = "bieu-mau"
    CORRECTION = "can-sua"
    REMINDER = "nhac"
    RECEIPT = "da-nhan"

    @property
    def label(self) -> str:
        return {
            "bieu-mau": "gửi biểu mẫu", "can-sua": "đề nghị sửa", "nhac": "nhắc nộp", "da-nhan": "báo đã nhận",
        }[self.value]  # fmt: skip

    @property
    def beginning(self) -> str:
        """What the names of all drafts of the kind begin with, and of no other."""
        return f"{self}_"

    def draft_name(self, unit: Unit) -> str:
        """File name of the unit's draft: "can-sua_00061_hang-bac.eml"."""
        return f"{self.beginning}{unit.code}_{slug(unit.name)}.eml"


OF_A_RUN = (MailKind.CORRECTION, MailKind.REMINDER, MailKind.RECEIPT)
"""What can follow from a run; a unit has one of them at most."""

_ALL = {
    "kinh_gui": "cơ quan nhận thư",
    "don_vi": "tên đơn vị",
    "noi_nhan": "nơi tổng hợp, cũng là nơi ký thư",
    "lien_he": "thư điện tử, điện thoại, địa chỉ của nơi nhận; trống nếu tệp kế hoạch không ghi",
    "ke_hoach": "số, ngày và nơi ban hành kế hoạch",
    "so_ke_hoach": "số kế hoạch",
    "hoi_nghi": "tên hội nghị",
    "han": "hạn nộp, dạng ngày/tháng/năm (phải nộp trước ngày này)",
    "ngay": "ngày lập thư",
    "kem_theo": "câu nói về tệp kèm theo; trống nếu không có tệp kèm",
}
_FORM = {"bieu_mau": "tên tệp biểu mẫu kèm theo"}
_RECEIVED = {
    "lan": "lần nộp thứ mấy",
    "tep": "tên tệp đơn vị đã gửi",
    "luc_nhan": "giờ, ngày nhận tệp",
    "danh_sach": "danh sách các điểm cần sửa, cần xem lại",
    "qua_cac_lan": "từ lần nộp thứ hai: đã sửa, chưa sửa bao nhiêu điểm",
    "da_hieu": "những điều chương trình đã hiểu thay đơn vị; trống nếu không có",
    "ngoai_le": "ngoại lệ được chấp nhận của đơn vị; trống nếu không có",
}
_ASKED = {
    "so_loi": "số lỗi",
    "so_canh_bao": "số cảnh báo",
    "tong_so": "số lỗi và cảnh báo, viết thành chữ",
    "thoi_han": "gửi lại trước ngày nào, hoặc sớm nhất nếu đã quá hạn",
}
_DONE = {
    "sha256": "mã SHA-256 của tệp; thư có sẵn không dùng",
    "so_lieu": "số đại biểu, tham luận, biểu dương",
    "viec_can_lam": "đơn vị còn phải làm gì",
}
_LATE = {"qua_han": "số ngày quá hạn", "dong_gui": "câu nói rõ thư có đồng gửi; trống nếu không"}

PLACEHOLDERS: dict[str, dict[str, str]] = {
    "bieu-mau": {**_ALL, **_FORM},
    "can-sua": {**_ALL, **_RECEIVED, **_ASKED},
    "khong-doc-duoc": {**_ALL, **_RECEIVED, **_ASKED},
    "nhac-truoc-han": {**_ALL, **_FORM, "con_lai": "còn mấy ngày"},
    "nhac-qua-han": {**_ALL, **_FORM, **_LATE},
    "nhac-qua-han-lau": {**_ALL, **_FORM, **_LATE},
    "ket-qua-can-sua": {**_ALL, **_RECEIVED, **_ASKED},
    "ket-qua-nhac": {**_ALL, "con_lai": "còn mấy ngày"},
    "ket-qua-da-nhan": {**_ALL, **_RECEIVED, **_DONE},
    "da-nhan": {**_ALL, **_RECEIVED, **_DONE},
}
"""By the name of a text: its placeholders, and what each becomes."""
