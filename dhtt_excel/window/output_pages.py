"""What a run wrote: to open, to save elsewhere, and the drafts to read. Only what lies in the outputs can be asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from dhtt_excel.errors import UserError
from dhtt_excel.outputs.mail.kinds import OF_A_RUN, MailKind
from dhtt_excel.text.file_names import EXEMPTIONS_FILE, HISTORY_FILE, MAIL_FOLDER, RETURNS_FOLDER
from dhtt_excel.window import errands
from dhtt_excel.window.campaigns import Campaign
from dhtt_excel.window.errands import Letter
from dhtt_excel.window.site import go, site_of

_OPENED = (".xlsx", ".docx", ".eml")  # with what the computer has for them; nothing else is ever started
_OPENED_FROM = ("ket-qua", MAIL_FOLDER, "nhan-tep", "thiet-lap", "ngoai-le")  # pages with such a button
_WORDS = {
    "tong-hop-": (
        "Biểu tổng hợp",
        "Phụ lục của báo cáo: chỉ có số đếm, trừ khi chọn kèm danh sách.",
    ),
    "bao-cao-": ("Báo cáo", "Theo đề cương của kế hoạch; chỗ tô vàng là chỗ cán bộ viết."),
    "so-theo-doi-": ("Sổ theo dõi", "Nội bộ: có tên người, không gửi ra ngoài."),
    "phieu-kiem-tra-": ("Phiếu kiểm tra", "Nội bộ: việc phải xong trước khi trình ký."),
    "phu-luc-y-kien-": ("Phụ lục ý kiến", "Nội bộ: nguyên văn lời các đơn vị viết."),
    EXEMPTIONS_FILE: ("Ngoại lệ", "Lỗi, cảnh báo mà lãnh đạo cho qua."),
    HISTORY_FILE: ("Kết quả cho chương trình", "Lần chạy sau đọc tệp này để biết lỗi nào đã sửa."),
}


class _OutputLine(NamedTuple):
    name: str
    title: str
    words: str
    saved: datetime
    opens: bool


def show_outputs(request: Request) -> Response:
    site = site_of(request)
    campaign = site.find(request)
    seen = site.seen(campaign)
    outputs = campaign.list_outputs()
    return site.page(
        "outputs", campaign, files=list(_describe(outputs[""])), copies=list(_describe(outputs[RETURNS_FOLDER])),
        told=seen.done.told if seen and seen.was_written else (), board=seen.done.board if seen else None,
        letters=len(outputs[MAIL_FOLDER]), stale=site.is_stale(campaign),
    )  # fmt: skip


def _describe(paths: list[Path]) -> Iterator[_OutputLine]:
    order = list(_WORDS)
    known = {path: next((begin for begin in order if path.name.startswith(begin)), "") for path in paths}
    for path, begin in sorted(known.items(), key=lambda item: (order.index(item[1]) if item[1] else 99, item[0])):
        title, words = _WORDS.get(begin, ("", ""))
        saved = datetime.fromtimestamp(path.stat().st_mtime)
        yield _OutputLine(path.name, title, words, saved, path.suffix in _OPENED)


def download(request: Request) -> Response:
    campaign = site_of(request).find(request)
    path = _find(campaign, request.query_params.get("thu-muc", ""), request.query_params.get("ten", ""))
    return FileResponse(path, filename=path.name, media_type="application/octet-stream")


async def open_output(request: Request) -> Response:
    """Open a file of the outputs, or with no name a folder of the campaign, by what this computer has for it."""
    site = site_of(request)
    campaign, form = site.find(request), await request.form()
    folder, name = str(form.get("thu-muc", "")), str(form.get("ten", ""))
    if name:
        path = _find(campaign, folder, name)
        if path.suffix not in _OPENED:
            raise HTTPException(404)
    else:
        folders = (
            campaign.templates,
            campaign.inbox,
            campaign.out,
            campaign.out / MAIL_FOLDER,
            campaign.out / RETURNS_FOLDER,
        )
        path = next((one for one in folders if one.name == folder and one.is_dir()), campaign.folder)
    await run_in_threadpool(open_with_system, path)
    site.notify(campaign, f"Đã mở “{path.name}”.")
    back = str(form.get("ve", ""))
    return go(campaign, back if back in _OPENED_FROM else "ket-qua")


def _find(campaign: Campaign, folder: str, name: str) -> Path:
    path = campaign.find_output(folder, name)
    if path is None:
        raise HTTPException(404)
    return path


def open_with_system(path: Path) -> None:
    """Have the computer show a file or a folder of ours. Raises `UserError` where it cannot."""
    try:
        if sys.platform == "win32":
            os.startfile(path)  # noqa: S606  a path that we have listed ourselves
        else:
            command = ["open" if sys.platform == "darwin" else "xdg-open", str(path)]
            quiet = subprocess.DEVNULL
            subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)  # noqa: S603
    except OSError as error:
        raise UserError(f"Máy này không tự mở được “{path.name}”: hãy tải về rồi mở.") from error


# ---------------------------------------------------------------- drafts


class _LetterLine(NamedTuple):
    name: str
    kind: str
    unit: str


def show_letters(request: Request) -> Response:
    site = site_of(request)
    campaign = site.find(request)
    plan = campaign.load_plan()
    drafts = {kind.draft_name(unit): plan.name_of(unit) for unit in plan.units for kind in MailKind}
    kinds = {kind.beginning: kind.label for kind in (*OF_A_RUN, MailKind.TEMPLATE)}  # what is to be acted upon first
    order = [*kinds.values(), ""]
    letters = [
        _LetterLine(
            path.name, next((label for begin, label in kinds.items() if path.name.startswith(begin)), ""), drafts.get(path.name, "")
        )
        for path in campaign.list_outputs()[MAIL_FOLDER]
        if path.suffix == ".eml"
    ]  # fmt: skip
    return site.page(
        "letters", campaign, letters=sorted(letters, key=lambda letter: order.index(letter.kind)),
        has_contacts=campaign.contacts.exists(), has_texts=campaign.texts.is_dir(), stale=site.is_stale(campaign),
    )  # fmt: skip


def show_letter(request: Request) -> Response:
    site = site_of(request)
    campaign = site.find(request)
    path = _find(campaign, MAIL_FOLDER, request.query_params.get("ten", ""))
    letter: Letter = site.runs.answer(errands.read_letter, path)
    return site.page("letter", campaign, letter=letter, name=path.name)


async def make_contacts(request: Request) -> Response:
    site = site_of(request)
    campaign = site.find(request)
    site.notify(campaign, await run_in_threadpool(site.runs.answer, errands.write_contacts, campaign))
    return go(campaign, MAIL_FOLDER)


async def make_texts(request: Request) -> Response:
    site = site_of(request)
    campaign = site.find(request)
    site.notify(campaign, await run_in_threadpool(site.runs.answer, errands.write_texts, campaign))
    return go(campaign, MAIL_FOLDER)


ROUTES = [
    Route("/ket-qua", show_outputs),
    Route("/ket-qua/tai", download),
    Route("/ket-qua/mo", open_output, methods=["POST"]),
    Route("/thu", show_letters),
    Route("/thu/doc", show_letter),
    Route("/thu/danh-ba", make_contacts, methods=["POST"]),
    Route("/thu/mau", make_texts, methods=["POST"]),
]
