"""The command line: parse, call one function, print, exit code. No logic.

Heavy modules are imported inside the commands, so that `dhtt --help` answers at once.
"""

from __future__ import annotations

import gettext
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dhtt_excel.terminal.cli_mail import mail
from dhtt_excel.terminal.cli_options import (
    Commands,
    as_of_option,
    claim_out,
    contacts_option,
    engine_options,
    final_option,
    json_option,
    legacy_option,
    load_form_plan,
    load_plan,
    load_rollup_plan,
    out_option,
    plan_option,
    refuse_out_in_inbox,
    rollup_plan_option,
    show,
    show_failures,
    show_place,
    show_progress,
    texts_option,
    verbose_option,
)
from dhtt_excel.terminal.cli_window import window
from dhtt_excel.terminal.end_run import CLEAN, CRASHED, ERRORS_FOUND, run_to_end, warn
from dhtt_excel.text.characters import join_lines
from dhtt_excel.text.file_names import INBOX_FOLDER, RESULTS_FOLDER

if TYPE_CHECKING:
    from dhtt_excel.inbox.engine import Engine
    from dhtt_excel.outputs.failures import Failure
    from dhtt_excel.pipeline import Written
    from dhtt_excel.result import Result


def main() -> None:
    """Entry point."""
    sys.exit(run())


def run() -> int:
    """The exit code of the command that the arguments name: Vietnamese for click's own words, UTF-8 whatever the code page."""
    os.environ["LANGUAGE"] = "vi"
    gettext.bindtextdomain("messages", str(Path(__file__).parent / "locale"))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    return run_to_end(commands)


class _Program(Commands):
    """What is dropped on the program, and so named without a command, is consolidated, with the results beside it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and not args[0].startswith("-") and Path(args[0]).exists():
            place = Path(os.path.abspath(args[0]))  # noqa: PTH100  links stay as they are named
            inbox = place / INBOX_FOLDER
            out = (place if inbox.is_dir() else place.parent) / RESULTS_FOLDER
            args = ["consolidate", "-o", str(out), str(inbox if inbox.is_dir() else place), *args[1:]]
        return super().parse_args(ctx, args)


@click.group(
    cls=_Program,
    options_metavar="[TÙY CHỌN]",
    subcommand_metavar="LỆNH [THAM SỐ]…",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="dhtt-excel", message="dhtt %(version)s", help="Hiện phiên bản rồi thoát.")
def commands() -> None:
    """Thu thập, kiểm tra và tổng hợp số liệu Hội nghị điển hình tiên tiến bằng Excel, không cần mạng."""


@commands.command()
@out_option("input_templates", "Nơi ghi biểu mẫu.")
@plan_option
def templates(out: Path, plan_source: str) -> None:
    """Tạo biểu mẫu Excel, mỗi đơn vị một tệp, để gửi qua thư điện tử."""
    from dhtt_excel.outputs.make_templates import make_templates
    from dhtt_excel.outputs.tell_written import tell_templates

    plan = load_form_plan(plan_source)
    with claim_out(out):
        replaced = make_templates(plan, out)
    show(join_lines(tell_templates(replaced, plan, str(out))))


@commands.command()
@out_option("output/demo", "Nơi ghi đợt làm thử.")
@click.option("--clean", is_flag=True, help="Đợt làm thử không có lỗi nào.")
@click.option("--seed", type=int, default=215, show_default=True, metavar="SỐ", help="Số khác cho đợt làm thử khác.")
@click.option(
    "--every-rule", is_flag=True, help="Đợt diễn tập: mỗi quy tắc bị vi phạm một lần; in quy tắc nào được phát hiện."
)
@plan_option
@click.pass_context
def demo(ctx: click.Context, out: Path, clean: bool, seed: int, every_rule: bool, plan_source: str) -> None:
    """Bịa một đợt nộp biểu như thật rồi tổng hợp, để làm thử."""
    from dhtt_excel import pipeline
    from dhtt_excel.rehearsal.demo import write_demo, write_rehearsal
    from dhtt_excel.terminal.show_result import show_matrix

    if clean and every_rule:
        raise click.UsageError("--clean và --every-rule không dùng cùng nhau.", ctx)
    plan = load_form_plan(plan_source) if every_rule else load_plan(plan_source)
    with claim_out(out / "da-nhan"):
        planted = write_rehearsal(plan, out / "da-nhan", seed=seed) if every_rule else []
        sent = [] if every_rule else write_demo(plan, out / "da-nhan", seed=seed, clean=clean)
    what = "Kết quả" if plan.rolls_up else "Tệp"
    show(f"{what} các đơn vị gửi về (bịa): {out / 'da-nhan'}")
    for file in sent:
        if file.note:
            show(f"  {file.name}: {file.note}")
    click.echo()
    with claim_out(out / "ket-qua"), show_progress() as watch:
        result = pipeline.consolidate(out / "da-nhan", plan, plan.report.before, out / "ket-qua", watch)
        written = pipeline.write_result(result, out / "ket-qua", watch)
    _show(result, written)
    show(
        f"\nMở tệp “tong-hop-…” để xem biểu gửi {plan.levels.above}; tệp “so-theo-doi-…”, trang tính “Vấn đề”, để xem lỗi từng ô; "
        "tệp “bao-cao-…” là dự thảo báo cáo."
    )
    if every_rule:
        show(f"\n{show_matrix(result, planted)}")
        ctx.exit(CLEAN if all(breach.is_found(result.findings) for breach in planted) else ERRORS_FOUND)


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="THƯ_MỤC")
@out_option("output", "Nơi ghi kết quả.")
@plan_option
@as_of_option
@legacy_option
@contacts_option
@texts_option
@click.option("--with-lists", is_flag=True, help="Thêm danh sách có tên người vào biểu tổng hợp, làm phụ lục.")
@click.option(
    "--include", multiple=True, metavar="CỘT", help="Cột nhạy cảm được đưa vào phụ lục (dân tộc, tôn giáo, ghi chú)."
)
@final_option
@json_option
@verbose_option
@engine_options
@click.pass_context
def consolidate(
    ctx: click.Context,
    folder: Path,
    out: Path,
    plan_source: str,
    as_of: date | None,
    convert_legacy: bool,
    contacts: Path | None,
    texts_folder: Path | None,
    with_lists: bool,
    include: tuple[str, ...],
    final: bool,
    as_json: bool,
    verbose: bool,
    engine: Engine,
) -> None:
    """Đọc, gộp, kiểm tra các biểu đã nhận trong THƯ_MỤC và ghi biểu tổng hợp, sổ theo dõi, thư nháp."""
    from dhtt_excel import pipeline
    from dhtt_excel.outputs.mail.texts import load_texts

    if include and not with_lists:
        raise click.UsageError("--include chỉ dùng cùng --with-lists.")
    refuse_out_in_inbox(ctx, folder, out)
    plan, texts = load_plan(plan_source), load_texts(texts_folder)
    with claim_out(out), show_progress() as watch:
        result = pipeline.consolidate(
            folder,
            plan,
            as_of or date.today(),
            out,
            watch,
            contacts=contacts,
            convert_legacy=convert_legacy,
            final=final,
            engine=engine,
        )
        written = pipeline.write_result(result, out, watch, lists=include if with_lists else None, texts=texts)
    _end_run(ctx, folder, result, written, as_json=as_json, verbose=verbose)


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="THƯ_MỤC")
@out_option("output-cap-tren", "Nơi ghi kết quả.")
@rollup_plan_option
@as_of_option
@contacts_option
@texts_option
@click.option("--wards", is_flag=True, help="Biểu 1 có thêm từng đơn vị cấp dưới, bên dưới đơn vị gửi kết quả.")
@final_option
@json_option
@verbose_option
@engine_options
@click.pass_context
def rollup(
    ctx: click.Context,
    folder: Path,
    out: Path,
    plan_source: str,
    as_of: date | None,
    contacts: Path | None,
    texts_folder: Path | None,
    wards: bool,
    final: bool,
    as_json: bool,
    verbose: bool,
    engine: Engine,
) -> None:
    """Cộng lên cấp trên những kết quả mà các đơn vị đã tổng hợp, lưu trong THƯ_MỤC."""
    from dhtt_excel import pipeline
    from dhtt_excel.outputs.mail.texts import load_texts

    refuse_out_in_inbox(ctx, folder, out)
    plan, texts = load_rollup_plan(plan_source), load_texts(texts_folder)
    with claim_out(out), show_progress() as watch:
        result = pipeline.consolidate(
            folder, plan, as_of or date.today(), out, watch, contacts=contacts, final=final, wards=wards, engine=engine
        )
        written = pipeline.write_result(result, out, watch, texts=texts)
    _end_run(ctx, folder, result, written, as_json=as_json, verbose=verbose)


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="THƯ_MỤC")
@out_option("output", "Nơi có kết quả các lần trước.")
@plan_option
@as_of_option
@legacy_option
@engine_options
@click.pass_context
def status(
    ctx: click.Context,
    folder: Path,
    out: Path,
    plan_source: str,
    as_of: date | None,
    convert_legacy: bool,
    engine: Engine,
) -> None:
    """Xem đơn vị nào đã nộp, trễ mấy ngày, còn gì phải sửa; không ghi tệp nào."""
    from dhtt_excel import pipeline
    from dhtt_excel.outputs.replace_files import is_half_placed
    from dhtt_excel.terminal import show_result

    if is_half_placed(out):
        warn(f"Kết quả trong “{out}” mới được đặt một phần, vì lần ghi trước bị ngắt; lần ghi sau sẽ đặt nốt.")
    result = pipeline.consolidate(
        folder, load_plan(plan_source), as_of or date.today(), out, convert_legacy=convert_legacy, engine=engine
    )
    show_place([folder], len(result.submissions))
    show(show_result.show_status(result))
    ctx.exit(_exit_code(result))


@commands.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="TỆP…")
@plan_option
@as_of_option
@legacy_option
@engine_options
@click.pass_context
def check(
    ctx: click.Context,
    files: tuple[Path, ...],
    plan_source: str,
    as_of: date | None,
    convert_legacy: bool,
    engine: Engine,
) -> None:
    """Kiểm tra riêng từng tệp, hoặc các tệp của thư mục, và in các vấn đề."""
    from dhtt_excel.pipeline import check_files
    from dhtt_excel.terminal import show_result

    result = check_files(
        list(files), load_form_plan(plan_source), as_of or date.today(), convert_legacy=convert_legacy, engine=engine
    )
    if folders := [path for path in files if path.is_dir()]:
        show_place(folders, len(result.submissions))
    show(show_result.show_findings(result))
    ctx.exit(_exit_code(result))


commands.add_command(mail)
commands.add_command(window)


@commands.command()
@click.argument("code", required=False, metavar="[MÃ]")
@plan_option
@click.option("--handbook", is_flag=True, help="In cả sổ tay quy tắc, dạng Markdown.")
def rules(code: str | None, plan_source: str, handbook: bool) -> None:
    """In các quy tắc kiểm tra, hoặc một quy tắc theo MÃ."""
    from dhtt_excel.terminal import show_rules

    plan = load_plan(plan_source)
    if handbook:
        click.echo(show_rules.write_handbook(plan), nl=False)
    else:
        show(show_rules.show_rule(code, plan) if code else show_rules.show_rules(plan))


def _show(result: Result, written: list[Written], *, as_json: bool = False, verbose: bool = False) -> list[Failure]:
    from dhtt_excel.outputs.failures import tell_failures
    from dhtt_excel.outputs.tell_written import tell_kept
    from dhtt_excel.outputs.write_json import write_json
    from dhtt_excel.terminal import show_result
    from dhtt_excel.text.characters import escape_json

    failures = show_failures(written)
    result = tell_failures(result, failures)
    if as_json:
        for line in tell_kept(written):
            warn(line)
        click.echo(escape_json(write_json(result).decode()))
        return failures
    show(show_result.show_units(result))
    if verbose:
        show("\n" + show_result.show_findings(result))
        show("\n" + show_result.show_files(result))
    show("\n" + show_result.show_verdict(result, written))
    return failures


def _end_run(
    ctx: click.Context, folder: Path, result: Result, written: list[Written], *, as_json: bool, verbose: bool
) -> None:
    if not as_json:
        show_place([folder], len(result.submissions))
    failures = _show(result, written, as_json=as_json, verbose=verbose)
    ctx.exit(CRASHED if failures else _exit_code(result))


def _exit_code(result: Result) -> int:
    from dhtt_excel.findings import Severity

    return ERRORS_FOUND if result.count(Severity.ERROR) else CLEAN
