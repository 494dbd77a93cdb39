"""The commands for e-mail drafts: `dhtt mail …`. Nothing is ever sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dhtt_excel.errors import UserError
from dhtt_excel.terminal.cli_options import (
    Commands,
    as_of_option,
    claim_out,
    contacts_option,
    engine_options,
    legacy_option,
    load_form_plan,
    load_plan,
    out_option,
    plan_option,
    refuse_out_in_inbox,
    show,
    show_failures,
    show_progress,
    texts_option,
)
from dhtt_excel.terminal.end_run import CRASHED
from dhtt_excel.text.characters import join_lines
from dhtt_excel.text.file_names import CONTACTS_FILE, TEXTS_FOLDER

if TYPE_CHECKING:
    from dhtt_excel.inbox.engine import Engine


@click.group(cls=Commands, options_metavar="[TÙY CHỌN]", subcommand_metavar="LỆNH [THAM SỐ]…")
def mail() -> None:
    """Soạn thư nháp (.eml) cho các đơn vị, để mở và gửi bằng Outlook, Thunderbird; chương trình không gửi thư."""


_drafts_option = out_option("output", "Thư mục kết quả; thư nháp nằm trong thư mục con “thu”.")


@mail.command()
@contacts_option
@texts_option
@_drafts_option
@plan_option
@as_of_option
def templates(
    contacts: Path | None, texts_folder: Path | None, out: Path, plan_source: str, as_of: date | None
) -> None:
    """Soạn thư gửi biểu mẫu, mỗi đơn vị một thư có kèm tệp của đơn vị."""
    from dhtt_excel import pipeline
    from dhtt_excel.outputs import tell_written
    from dhtt_excel.outputs.mail.texts import load_texts
    from dhtt_excel.terminal import show_folders, show_result

    plan, texts = load_form_plan(plan_source), load_texts(texts_folder)
    with claim_out(out):
        written, known, problems = pipeline.write_template_drafts(plan, as_of or date.today(), out, contacts, texts)
    lines = [*tell_written.tell_kept([written]), *show_folders.show_folder(written, plan, known)]
    show(join_lines([*show_result.show_office_problems(problems), *lines]))


def _run_options(command: Callable[..., None]) -> Callable[..., None]:
    """The arguments of the commands that consolidate first."""
    folder = click.argument("folder", type=click.Path(path_type=Path), metavar="THƯ_MỤC")
    for add in (
        engine_options,
        legacy_option,
        as_of_option,
        plan_option,
        _drafts_option,
        texts_option,
        contacts_option,
        folder,
    ):
        command = add(command)
    return command


@mail.command()
@_run_options
def corrections(**options: Any) -> None:
    """Soạn thư đề nghị sửa cho các đơn vị có lỗi trong THƯ_MỤC đã nhận."""
    _write_drafts("can-sua", **options)


@mail.command()
@_run_options
def reminders(**options: Any) -> None:
    """Soạn thư nhắc các đơn vị chưa gửi gì vào THƯ_MỤC đã nhận."""
    _write_drafts("nhac", **options)


@mail.command()
@_run_options
def receipts(**options: Any) -> None:
    """Soạn thư báo đã nhận cho các đơn vị không có lỗi trong THƯ_MỤC đã nhận."""
    _write_drafts("da-nhan", **options)


def _write_drafts(
    kind: str, *, folder: Path, contacts: Path | None, texts_folder: Path | None, out: Path, plan_source: str,
    as_of: date | None, convert_legacy: bool, engine: Engine,
) -> None:  # fmt: skip
    from dhtt_excel import pipeline
    from dhtt_excel.outputs import tell_written
    from dhtt_excel.outputs.failures import tell_failures
    from dhtt_excel.outputs.mail.kinds import MailKind
    from dhtt_excel.outputs.mail.texts import load_texts
    from dhtt_excel.terminal import show_folders, show_result

    refuse_out_in_inbox(click.get_current_context(), folder, out)
    plan, texts = load_plan(plan_source), load_texts(texts_folder)
    with claim_out(out), show_progress() as watch:
        result = pipeline.consolidate(
            folder, plan, as_of or date.today(), out, watch,
            contacts=contacts, convert_legacy=convert_legacy, engine=engine,
        )  # fmt: skip
        written = pipeline.write_drafts(result, out, MailKind(kind), texts)
    failures = show_failures(written)
    lines = [line for folder in written for line in show_folders.show_folder(folder, plan, result.contacts)]
    problems = show_result.show_office_problems(tell_failures(result, failures).findings)
    show(join_lines([*problems, *tell_written.tell_kept(written), *lines]))
    if failures:
        click.get_current_context().exit(CRASHED)


@mail.command()
@out_option(CONTACTS_FILE, "Nơi ghi danh bạ.", metavar="TỆP")
@plan_option
def contacts(out: Path, plan_source: str) -> None:
    """Tạo danh bạ thư điện tử, mỗi đơn vị một dòng, để điền."""
    from dhtt_excel.office.contacts import draw_contacts
    from dhtt_excel.outputs.atomic_files import save_file

    if out.exists():
        raise UserError(f"Đã có “{out}”: không ghi đè. Sửa tệp đó, hoặc chọn tên khác bằng -o.")
    path = save_file(out, draw_contacts(load_plan(plan_source)))
    show(f"Đã ghi {path}. Điền địa chỉ rồi thêm --contacts khi soạn thư.")


@mail.command()
@out_option(TEXTS_FOLDER, "Nơi ghi mẫu thư.")
def texts(out: Path) -> None:
    """Ghi các mẫu thư ra thư mục để sửa lời; tệp đã có thì giữ nguyên."""
    from dhtt_excel.outputs.mail.texts import copy_texts

    written, kept = copy_texts(out)
    show(f"Đã ghi {len(written)} mẫu thư vào “{out}”. Sửa lời rồi thêm --texts khi soạn thư.")
    if kept:
        show(f"Giữ nguyên vì đã có: {', '.join(path.name for path in kept)}")
