"""What is told to people instead of a traceback."""

from __future__ import annotations

import errno

_CAUSES = {
    "ổ đĩa đã đầy": ("ENOSPC", "EDQUOT", "EFBIG"),
    "không có quyền": ("EACCES", "EPERM"),
    "không có tệp hoặc thư mục này": ("ENOENT",),
    "một phần của đường dẫn là tệp, không phải thư mục": ("ENOTDIR",),
    "đó là thư mục": ("EISDIR",),
    "đã có tệp hoặc thư mục cùng tên": ("EEXIST",),
    "ổ đĩa chỉ cho đọc": ("EROFS",),
    "ổ đĩa đọc, ghi bị lỗi": ("EIO",),
    "tên hoặc đường dẫn quá dài": ("ENAMETOOLONG",),
    "liên kết trỏ vòng quanh": ("ELOOP",),
    "máy đang mở quá nhiều tệp": ("EMFILE", "ENFILE"),
    "chương trình khác đang dùng": ("EBUSY", "ETXTBSY"),
    "mất kết nối với ổ đĩa": ("ESTALE", "ETIMEDOUT", "ENODEV", "ENXIO", "EHOSTDOWN", "ENETUNREACH", "ENOTCONN"),
    "nơi nhận đã đóng": ("EPIPE",),
}
_CAUSE_BY_NUMBER = {
    number: cause for cause, names in _CAUSES.items() for name in names if (number := getattr(errno, name, None))
}


class UserError(Exception):
    """A run cannot start or end for a reason that the user can mend. The message is Vietnamese, for people."""


def explain_os_error(error: OSError) -> str:
    """Why the system refuses, as part of a sentence; a cause that we have no words for by its number."""
    return _CAUSE_BY_NUMBER.get(error.errno or 0, f"hệ thống báo lỗi số {error.errno}")


def name_os_error(error: OSError) -> str:
    """What could not be read or written, and why, as a sentence."""
    return f"Không đọc hoặc ghi được “{error.filename}”: {explain_os_error(error)}."
