"""Files that come in: dropped or chosen on a page, copied into the inbox, each answered at once."""

from __future__ import annotations

from datetime import datetime
from itertools import zip_longest

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dhtt_excel.errors import UserError
from dhtt_excel.inbox.containers import MAX_CONTAINER
from dhtt_excel.text.characters import one_line
from dhtt_excel.window import errands
from dhtt_excel.window.campaigns import Campaign
from dhtt_excel.window.errands import Answer
from dhtt_excel.window.site import Site, go, site_of
from dhtt_excel.window.take_in import MOST_FILES, PassedOverError, take_back, take_in


def show_intake(request: Request) -> Response:
    site = site_of(request)
    campaign = site.find(request)
    received = [
        (name, path.stat().st_size, datetime.fromtimestamp(path.stat().st_mtime))
        for name, path in campaign.list_received().items()
    ]
    return site.page("intake", campaign, received=received, answers=[], limit=MAX_CONTAINER)


async def take_files(request: Request) -> Response:
    """Copy what was sent and say what it is: a script gets the answers alone, a plain form the page with them."""
    site = site_of(request)
    campaign = site.find(request)
    answers: list[Answer] = []
    async with request.form(max_files=MOST_FILES, max_fields=2 * MOST_FILES) as form:
        files = [file for file in form.getlist("tep") if isinstance(file, UploadFile) and file.filename]
        paths, times = form.getlist("duong-dan"), form.getlist("luc")
        for file, path, time in zip_longest(files[:MOST_FILES], paths, times):
            if file:
                name = str(path or file.filename)
                answers += await run_in_threadpool(_take, site, campaign, file, name, _read_time(time))
    if request.query_params.get("rieng"):
        return site.page("answers", answers=answers)
    if not answers:
        site.notify(campaign, "Chưa chọn tệp nào.")
        return go(campaign, "nhan-tep")
    return site.page("intake", campaign, received=[], answers=answers, limit=MAX_CONTAINER)


def _take(site: Site, campaign: Campaign, file: UploadFile, name: str, saved: float | None) -> list[Answer]:
    try:
        taken = take_in(campaign.inbox, name, file.file, saved)
    except UserError as error:
        level = "seen" if isinstance(error, PassedOverError) else "refused"
        return [Answer(one_line(name), level, "", str(error))]
    try:
        answers: list[Answer] = site.runs.answer(errands.check, campaign, taken.path, taken.name)
    except UserError as error:
        answers = [Answer(taken.name, "unreadable", "", str(error))]
    if not all(answer.kept for answer in answers):
        take_back(taken, campaign.inbox)
    if not taken.is_new:
        answers = [a._replace(told=f"Đã có sẵn, giống hệt: không chép nữa. {a.told}") for a in answers]
    return answers


def _read_time(text: object) -> float | None:
    """When a file was saved, as a browser tells it in milliseconds."""
    return int(text) / 1000 if isinstance(text, str) and text.isdecimal() and len(text) < 16 else None


ROUTES = [
    Route("/nhan-tep", show_intake),
    Route("/nhan-tep/tep", take_files, methods=["POST"]),
]
