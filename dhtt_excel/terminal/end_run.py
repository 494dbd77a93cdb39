"""How a command ends: an exit code for each way, and a line where a person has to know."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from glob import glob
from traceback import print_exc
from types import FrameType

import click

from dhtt_excel.errors import explain_os_error

CLEAN, ERRORS_FOUND, WRONG_USAGE, CRASHED, BY_SIGNAL = 0, 1, 2, 3, 128  # BY_SIGNAL: and the number of the signal
SHELL_EXPANDS = os.name != "nt"


def run_to_end(command: click.Command) -> int:
    """Run the command that the arguments name; its exit code. Nothing is raised."""
    _replace_missing_streams()
    _end_by_signals()
    return _flush(_run(command))


def warn(text: str) -> None:
    """A line for people beside the output proper; where nobody can see it the work goes on."""
    with suppress(OSError):
        click.echo(text, err=True)


def _run(command: click.Command) -> int:
    try:
        return command.main(_list_arguments(), prog_name="dhtt", standalone_mode=False) or CLEAN
    except click.ClickException as error:
        with suppress(OSError):
            error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        warn("Đã ngắt.")
        return BY_SIGNAL + signal.SIGINT
    except SystemExit as end:
        warn("Đã ngắt.")
        return int(end.code or BY_SIGNAL)
    except Exception:
        with suppress(OSError):
            print_exc()
        warn("Lỗi của chương trình, không phải của tệp hay của bạn: xin gửi các dòng trên cho người viết chương trình.")
        return CRASHED


def _list_arguments() -> list[str]:
    """As given; on Windows, whose shell leaves that to programs, with the files for which `*` and `?` stand.

    Nothing else is expanded, as click would do: "Báo cáo [1].xlsx" dropped on a starter is no pattern for another file.
    """
    given = sys.argv[1:]
    if SHELL_EXPANDS:
        return given
    patterns = {text: text.replace("[", "[[]") for text in given if set(text) & set("*?")}
    return [name for text in given for name in (sorted(glob(patterns.get(text, ""))) or [text])]  # noqa: PTH207  as named


def _flush(code: int) -> int:
    """Let go of what is still to be printed, or say that it cannot be."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # nor can it be when Python ends
            if stream is sys.stdout and code < BY_SIGNAL:
                with suppress(OSError):
                    click.ClickException(f"Không in được kết quả: {explain_os_error(error)}.").show()
                code = max(code, WRONG_USAGE)
    return code


def _replace_missing_streams() -> None:
    """Where a standard stream is closed, let no other file have its number: workers write and close them by number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  to the end of the run


def _end_by_signals() -> None:
    """End by cleaning up, whoever asks for it: workers are ended, and what was staged is removed."""
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    heeded = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        for other in heeded:
            signal.signal(other, signal.SIG_IGN)  # the clean-up is not interrupted
        raise SystemExit(BY_SIGNAL + number)

    def be_a_worker() -> None:
        for number in heeded:
            signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else signal.SIG_DFL)

    for number in heeded:
        signal.signal(number, end)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=be_a_worker)
