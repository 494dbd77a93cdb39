"""What the commands share: how they refuse, their options, progress."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import wraps
from gettext import gettext
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TextIO

import click
from click.core import ParameterSource

from dhtt_excel import DEFAULT_PLAN, ROLLUP_PLAN
from dhtt_excel.errors import UserError, explain_os_error, name_os_error
from dhtt_excel.terminal.end_run import WRONG_USAGE, warn
from dhtt_excel.text.characters import join_lines, one_line

if TYPE_CHECKING:
    from dhtt_excel.outputs.failures import Failure
    from dhtt_excel.pipeline import Watch, Written
    from dhtt_excel.plan.plan import Plan

_DASK = "dask://"
_ADDRESS = re.compile(rf"{_DASK}([\w.-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{{1,5}}")
_PRINTING = (errno.EPIPE, errno.ENOSPC, errno.EIO, errno.EBADF)  # what goes wrong with no file of ours: the terminal


class _Refusal(click.ClickException):
    exit_code = WRONG_USAGE

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(fit_lines(gettext("Error: {message}").format(message=self.message), sys.stderr), file, err=True)


class _Command(click.Command):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"options_metavar": "[TÙY CHỌN]", **kwargs})


class Commands(click.Group):
    """Commands in the order of the work; what the user can mend ends in one line, without a traceback."""

    command_class = _Command

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The whole line of each, where click would cut it short."""
        lines = [(name, (self.commands[name].help or "").split("\n\n")[0]) for name in self.list_commands(ctx)]
        with formatter.section("Lệnh"):
            formatter.write_dl(lines)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with _in_one_line():  # here the help is printed
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        with _in_one_line():
            return super().invoke(ctx)


@contextmanager
def _in_one_line() -> Iterator[None]:
    try:
        yield
    except UserError as error:
        raise _Refusal(one_line(str(error))) from error
    except OSError as error:
        if error.filename is not None:
            text = name_os_error(error)
        elif error.errno in _PRINTING:
            text = f"Không in được kết quả: {explain_os_error(error)}."
        else:
            raise
        raise _Refusal(one_line(text)) from error


class Day(click.DateTime):
    """A date, as programs or as Vietnamese write it."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d", "%d/%m/%Y"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        moment = super().convert(value, param, ctx)
        return moment.date() if isinstance(moment, datetime) else moment


plan_option = click.option(
    "--plan", "plan_source", default=DEFAULT_PLAN, show_default=True, metavar="TỆP", help="Tệp kế hoạch (.toml)."
)
rollup_plan_option = click.option(
    "--plan", "plan_source", default=ROLLUP_PLAN, show_default=True, metavar="TỆP",
    help="Tệp kế hoạch (.toml) của cấp trên; kế hoạch có sẵn là ví dụ.",
)  # fmt: skip
as_of_option = click.option(
    "--as-of", type=Day(), metavar="NGÀY", help="Xét hạn nộp theo ngày này; mặc định là hôm nay."
)


legacy_option = click.option(
    "--convert-legacy", is_flag=True, help="Chuyển chữ phông cũ (.VnTime, VNI) thành Unicode thay vì báo lỗi."
)
contacts_option = click.option(
    "--contacts", type=click.Path(path_type=Path), metavar="TỆP", help="Danh bạ: thư nháp ghi sẵn người nhận."
)
texts_option = click.option(
    "--texts", "texts_folder", type=click.Path(path_type=Path), metavar="THƯ_MỤC",
    help="Mẫu thư đã sửa lời (xem lệnh dhtt mail texts).",
)  # fmt: skip
final_option = click.option(
    "--final", is_flag=True, help="Biểu, báo cáo không ghi DỰ THẢO dù còn điểm chưa xong; sổ theo dõi ghi lại việc này."
)
json_option = click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON cho chương trình khác.")
verbose_option = click.option("-v", "--verbose", is_flag=True, help="In từng vấn đề.")


def show(text: str) -> None:
    """Print lines; on a terminal, broken between words where they are longer than it is wide."""
    click.echo(fit_lines(text, sys.stdout))


def fit_lines(text: str, stream: TextIO) -> str:
    if not stream.isatty():
        return text
    width = shutil.get_terminal_size().columns - 1
    return "\n".join(piece for line in text.split("\n") for piece in _fit_line(line, width))


def _fit_line(line: str, width: int) -> list[str]:
    if len(line) <= width:
        return [line]
    inside = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.wrap(line, width, subsequent_indent=inside, break_on_hyphens=False)


def show_place(folders: Sequence[Path], count: int) -> None:
    """Where was looked, and how much was read there."""
    named = ", ".join(f"“{one_line(os.path.abspath(folder))}”" for folder in folders)  # noqa: PTH100  links stay
    show(f"Đã đọc {count} tệp trong {named}.\n")


def engine_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Who reads, as `engine`."""

    @wraps(command)
    def with_engine(*args: Any, workers: int | None, cluster: str, **options: Any) -> Any:
        from dhtt_excel.inbox.engine import Engine

        return command(*args, engine=Engine(workers, cluster, warn), **options)

    add_workers = click.option(
        "--workers",
        type=click.IntRange(1, 256),
        metavar="SỐ",
        help="Số tệp đọc cùng lúc; mặc định theo số nhân của máy.",
    )
    add_cluster = click.option(
        "--engine", "cluster", type=_ClusterAddress(), default="", metavar="ĐỊA_CHỈ",
        help="Đọc tệp trên các máy của một cụm dask: dask://MÁY:CỔNG.",
    )  # fmt: skip
    return add_workers(add_cluster(with_engine))


class _ClusterAddress(click.ParamType[str]):
    """Where a dask scheduler is, written dask://host:port, without that beginning."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value and not _ADDRESS.fullmatch(value):
            self.fail(f"“{value}” không phải địa chỉ của cụm: viết như dask://10.0.0.5:8786.", param, ctx)
        return str(value).removeprefix(_DASK)


def out_option(default: str, text: str, metavar: str = "THƯ_MỤC") -> Callable[..., Any]:
    return click.option(
        "-o", "--out", type=click.Path(path_type=Path), default=default, show_default=True, metavar=metavar, help=text
    )


def refuse_out_in_inbox(ctx: click.Context, folder: Path, out: Path) -> None:
    """Results that were asked for inside the inbox would lie among what units sent; the default place is passed over."""
    asked = ctx.get_parameter_source("out") is not ParameterSource.DEFAULT
    if asked and Path(os.path.realpath(out)).is_relative_to(os.path.realpath(folder)):
        raise UserError(
            f"Thư mục kết quả “{out}” nằm trong thư mục nhận “{folder}”: lần chạy sau sẽ lẫn kết quả với tệp đơn vị gửi. "
            "Hãy chọn nơi khác bằng -o."
        )


@contextmanager
def claim_out(out: Path) -> Iterator[None]:
    """Keep other runs out of the output folder, and say what was left by one that broke off."""
    from dhtt_excel.outputs.replace_files import claim_folder

    with claim_folder(out) as words:
        for word in words:
            warn(word)
        yield


def load_plan(source: str) -> Plan:
    """The plan, by a module that is loaded only now."""
    from dhtt_excel.plan import plan

    return plan.load_plan(source)


def load_form_plan(source: str) -> Plan:
    """A plan whose units fill in workbooks."""
    plan = load_plan(source)
    if plan.rolls_up:
        raise UserError(
            f"Theo kế hoạch “{plan.id}” các đơn vị gửi kết quả đã tổng hợp, không có biểu mẫu: dùng lệnh dhtt rollup."
        )
    return plan


def load_rollup_plan(source: str) -> Plan:
    """A plan whose units send what they have consolidated."""
    plan = load_plan(source)
    if not plan.rolls_up:
        raise UserError(
            f"Theo kế hoạch “{plan.id}” các đơn vị gửi biểu mẫu: dùng lệnh dhtt consolidate. Kế hoạch của cấp trên có mục "
            f"below trong [levels], như kế hoạch ví dụ {ROLLUP_PLAN}."
        )
    return plan


def show_failures(written: Iterable[Written]) -> list[Failure]:
    """What could not be made; the exceptions are shown, for whoever mends the program."""
    failures = [failure for place in written for failure in place.failures]
    for failure in failures:
        click.echo(join_lines(["", failure.noun, *failure.trace.splitlines()]), err=True)
    return failures


@contextmanager
def show_progress() -> Iterator[Watch]:
    """A progress bar, only on a terminal."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    with click.progressbar(
        length=1, file=sys.stderr, show_eta=False, width=20, item_show_func=lambda item: item and str(item)[:40]
    ) as bar:

        def watch(step: str, total: int) -> None:
            bar.length = total
            with suppress(OSError):  # the terminal has been closed: the work goes on
                bar.update(1, step)

        yield watch
