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


_CAUSE_ON_WINDOWS = {  # where its own number tells more
    **dict.fromkeys((19,), "ổ đĩa chỉ cho đọc"),
    **dict.fromkeys((32, 33), "chương trình khác đang dùng"),
    **dict.fromkeys((123, 161), "tên không viết được trên Windows"),
    **dict.fromkeys((21, 53, 55, 59, 64, 67, 1167, 1231), "mất kết nối với ổ đĩa"),
    **dict.fromkeys((206,), "tên hoặc đường dẫn quá dài"),
    **dict.fromkeys((225, 226), "phần mềm diệt vi-rút chặn tệp này"),
}


class UserError(Exception):
    """A run cannot start or end for a reason that the user can mend. The message is Vietnamese, for people."""


def explain_os_error(error: OSError) -> str:
    """Why the system refuses, as part of a sentence; a cause that we have no words for by its number."""
    on_windows: int = getattr(error, "winerror", None) or 0
    known = _CAUSE_ON_WINDOWS.get(on_windows) or _CAUSE_BY_NUMBER.get(error.errno or 0)
    return known or f"hệ thống báo lỗi số {on_windows or error.errno}"


def name_os_error(error: OSError) -> str:
    """What could not be read or written, and why, as a sentence."""
    return f"Không đọc hoặc ghi được “{error.filename}”: {explain_os_error(error)}."
