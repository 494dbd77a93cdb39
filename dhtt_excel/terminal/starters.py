"""What the programs of the zip for Windows start. A double click has no terminal: nothing may fail in silence there."""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from dhtt_excel.terminal import cli
from dhtt_excel.terminal.end_run import CRASHED, WRONG_USAGE
from dhtt_excel.text.file_names import TRACE_FILE

_FAULT = "Lỗi của chương trình, không phải của tệp hay của bạn: xin"


def start_command() -> None:
    """`dhtt.exe`: the command line; double-clicked, or with something dropped upon it, the window."""
    dropped = sys.argv[1:]
    if has_own_console() and all(Path(text).exists() for text in dropped):
        open_window(dropped)
    cli.main()


def start_window() -> None:
    """`dhtt-cua-so.exe`: the window, with what was dropped upon it."""
    open_window(sys.argv[1:])


def open_window(dropped: Sequence[str]) -> None:
    """Serve the window to its end; what it would say on a terminal is shown in a box where it could not begin."""
    told = io.StringIO()
    sys.stderr = told
    sys.argv[1:] = ["window", *(word for path in dropped for word in ("--drop", path))]
    code = cli.run()
    if code == CRASHED:
        show_box(f"{_FAULT} {_keep_trace(told.getvalue())} cho người viết chương trình.")
    elif code == WRONG_USAGE:
        show_box(told.getvalue())
    sys.exit(code)


def _keep_trace(text: str) -> str:
    """Put it into a file; what is to be asked of who reads the box."""
    try:
        path = Path(tempfile.gettempdir()) / TRACE_FILE
        path.write_text(text, encoding="utf-8")
    except OSError:  # a full disk may be what the program failed at
        return "báo"
    return f"gửi tệp “{path}”"


if sys.platform == "win32":
    import ctypes

    def has_own_console() -> bool:
        """Whether the console was made for this program and closes with it: only the starter is in it as well."""
        count: int = ctypes.windll.kernel32.GetConsoleProcessList((ctypes.c_ulong * 4)(), 4)
        return 0 < count <= 2 and sys.stdout is not None and sys.stdout.isatty()

    def show_box(text: str) -> None:
        ctypes.windll.user32.MessageBoxW(None, text, "dhtt", 0x10)  # with the sign of an error

else:

    def has_own_console() -> bool:
        return False

    def show_box(text: str) -> None:
        if sys.__stderr__:
            sys.__stderr__.write(text)
