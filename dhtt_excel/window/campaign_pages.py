"""Where a campaign stands: the board, a unit, a run under way, exceptions, settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dhtt_excel.errors import UserError
from dhtt_excel.inbox.guard_package import MIB
from dhtt_excel.text.file_names import EXEMPTIONS_FILE, MAIL_FOLDER
from dhtt_excel.text.vietnamese import fold
from dhtt_excel.window import errands
from dhtt_excel.window.board import VERDICTS, UnitLine
from dhtt_excel.window.campaigns import list_plans, read_day
from dhtt_excel.window.runs import State
from dhtt_excel.window.site import go, site_of

_FILTERS: dict[str, tuple[str, Callable[[UnitLine], bool]]] = {
    "": ("Tất cả", lambda _: True),
    **{key: (label, lambda unit, key=key: unit.verdict == key) for key, label in VERDICTS.items()},  # type: ignore[misc]
    "late": ("Trễ hạn", lambda unit: unit.late > 0),
    "shares": ("Chưa đúng cơ cấu", lambda unit: unit.shares is not None and unit.shares.verdict != "holds"),
}
_VERDICT_ORDER = ("errors", "unreadable", "missing", "warnings", "clean")
_ORDERS: dict[str, tuple[str, Callable[[UnitLine], Any]]] = {
    "": ("theo kế hoạch", lambda unit: unit.order),
    "verdict": ("cần xử lý trước", lambda unit: (_VERDICT_ORDER.index(unit.verdict), -unit.errors, unit.order)),
    "errors": ("nhiều lỗi trước", lambda unit: (-unit.errors, -unit.warnings, unit.order)),
    "late": ("trễ nhiều trước", lambda unit: (-unit.late, unit.order)),
    "name": ("theo tên", lambda unit: fold(unit.name)),
}


def show_board(request: Request) -> Response:
    site = site_of(request)
    campaign = site.find(request)
    seen, run = site.seen(campaign), site.runs.find(campaign)
    if seen is None and run is None and campaign.list_received():
        site.start(campaign, "Đang đọc các tệp đã nhận", errands.look)
        return go(campaign, "dang-chay")
    chosen = {name: request.query_params.get(name, "") for name in ("loc", "xep", "tim")}
    _, belongs = _FILTERS.get(chosen["loc"], _FILTERS[""])
    _, order = _ORDERS.get(chosen["xep"], _ORDERS[""])
    wanted = fold(chosen["tim"])
    units = seen.done.board.units if seen else []
    shown = sorted(
        (u for u in units if belongs(u) and (wanted in fold(f"{u.name} {u.group}") or wanted == u.code)), key=order
    )
    return site.page(
        "board", campaign, board=seen.done.board if seen else None, units=shown, chosen=chosen,
        filters=[(key, label, sum(map(has, units))) for key, (label, has) in _FILTERS.items()],
        orders=[(key, label) for key, (label, _) in _ORDERS.items()], stale=site.is_stale(campaign),
        failed=run.words if run and run.state is State.FAILED else "", received=len(campaign.list_received()), loose=len(campaign.list_loose()),
    )  # fmt: skip


def show_unit(request: Request) -> Response:
    site = site_of(request)
    campaign = site.find(request)
    seen = site.seen(campaign)
    unit = seen.done.board.find(request.path_params["code"]) if seen else None
    if seen is None:
        return go(campaign)
    if unit is None:
        raise HTTPException(404)
    letters = [path.name for path in campaign.list_outputs()["thu"] if f"_{unit.code}_" in path.name]
    copies = [path.name for path in campaign.list_outputs()["tra-lai"] if f"_{unit.code}_" in path.name]
    return site.page(
        "unit", campaign, board=seen.done.board, unit=unit, letters=letters, copies=copies, stale=site.is_stale(campaign)
    )  # fmt: skip


# ---------------------------------------------------------------- runs


async def start_look(request: Request) -> Response:
    site = site_of(request)
    campaign = site.find(request)
    site.start(campaign, "Đang đọc các tệp đã nhận", errands.look)
    return go(campaign, "dang-chay")


async def start_run(request: Request) -> Response:
    site = site_of(request)
    campaign, form = site.find(request), await request.form()
    site.start(campaign, "Đang tổng hợp", errands.consolidate, form.get("chinh-thuc") == "1", place="ket-qua")
    return go(campaign, "dang-chay")


def show_run(request: Request) -> Response:
    """The run under way; whoever has no script comes here again and again until it has ended."""
    site = site_of(request)
    campaign = site.find(request)
    run = site.runs.find(campaign)
    if run is None or run.state is State.DONE:
        return go(campaign, run.place if run else "")
    return site.page("run", campaign, run=run)


def tell_progress(request: Request) -> Response:
    site = site_of(request)
    run = site.runs.find(site.find(request))
    if run is None:
        raise HTTPException(404)
    return JSONResponse({"state": run.state.value, "step": run.step, "done": run.done, "total": run.total})


async def cut_short(request: Request) -> Response:
    site = site_of(request)
    campaign = site.find(request)
    site.runs.cut_short(campaign)
    return go(campaign, "dang-chay")


def confirm_final(request: Request) -> Response:
    site = site_of(request)
    campaign = site.find(request)
    seen = site.seen(campaign)
    return site.page("final", campaign, board=seen.done.board if seen else None)


# ---------------------------------------------------------------- exceptions


def show_exemptions(request: Request) -> Response:
    site = site_of(request)
    campaign = site.find(request)
    seen = site.seen(campaign)
    return site.page(
        "exemptions", campaign, board=seen.done.board if seen else None, stale=site.is_stale(campaign),
        is_there=campaign.find_output("", EXEMPTIONS_FILE) is not None,
    )  # fmt: skip


def ask_exemption(request: Request) -> Response:
    site = site_of(request)
    campaign = site.find(request)
    seen, query = site.seen(campaign), request.query_params
    unit = seen.done.board.find(query.get("don-vi", "")) if seen else None
    findings = [f for f in unit.findings if f.code == query.get("ma") and f.acceptable] if unit else []
    if not findings:
        raise HTTPException(404)
    return site.page("exemption", campaign, unit=unit, code=findings[0].code, findings=findings, entered={}, problem="")


async def add_exemption(request: Request) -> Response:
    site = site_of(request)
    campaign, form = site.find(request), await request.form()
    entered = {key: str(form.get(key, "")) for key in ("ma", "don-vi", "ly-do", "nguoi", "den-ngay")}
    try:
        until = read_day(entered["den-ngay"])
        await run_in_threadpool(
            site.runs.answer, errands.accept, campaign, entered["ma"], entered["don-vi"], entered["ly-do"],
            entered["nguoi"], until,
        )  # fmt: skip
    except UserError as error:
        seen = site.seen(campaign)
        unit = seen.done.board.find(entered["don-vi"]) if seen else None
        if unit is None:
            raise
        findings = [f for f in unit.findings if f.code == entered["ma"]]
        return site.page(
            "exemption", campaign, 400, unit=unit, code=entered["ma"], findings=findings, entered=entered, problem=str(error)
        )  # fmt: skip
    site.notify(
        campaign,
        "Đã ghi thêm một dòng vào chap-nhan.xlsx. Kết quả và thư đã ghi trước đó chưa theo ngoại lệ này: hãy tổng hợp lại.",
    )
    site.start(campaign, "Đang đọc lại theo ngoại lệ vừa ghi", errands.look)
    return go(campaign, "dang-chay")


# ---------------------------------------------------------------- settings


def show_settings(request: Request) -> Response:
    site = site_of(request)
    campaign = site.find(request)
    plan, problem = None, ""
    try:
        plan = campaign.load_plan()
    except UserError as error:
        problem = str(error)
    templates = sorted(path.name for path in campaign.templates.glob("*.xlsx"))
    return site.page(
        "settings", campaign, plan=plan, problem=problem, plans=list_plans(), templates=templates
    )  # fmt: skip


async def change_settings(request: Request) -> Response:
    site = site_of(request)
    campaign, form = site.find(request), await request.form()
    plan = str(form.get("ke-hoach", "")) or campaign.plan_source
    if plan not in list_plans() and plan != campaign.plan_source:
        raise UserError("Không có kế hoạch này.")
    chosen = {
        name: form.get(field) == "1" for name, field in (("convert_legacy", "phong-cu"), ("with_lists", "danh-sach"))
    }
    site.enter(campaign.change(plan_source=plan, as_of=read_day(str(form.get("ngay", ""))), **chosen))
    site.notify(campaign, "Đã lưu thiết lập: dùng từ lần xem lại, tổng hợp sau.")
    return go(campaign, "thiet-lap")


async def take_plan(request: Request) -> Response:
    site = site_of(request)
    campaign = site.find(request)
    async with request.form(max_files=1) as form:
        file = form.get("tep")
        if not isinstance(file, UploadFile) or not file.filename:
            raise UserError("Chọn một tệp kế hoạch (.toml).")
        data = await file.read(MIB + 1)
        if len(data) > MIB:
            raise UserError("Tệp lớn hơn 1 MB: không phải tệp kế hoạch.")
        source = campaign.take_plan(data)
    site.enter(campaign.change(plan_source=source))
    site.notify(campaign, "Đã nhận tệp kế hoạch; đợt này dùng kế hoạch ấy từ bây giờ.")
    return go(campaign, "thiet-lap")


async def make_templates(request: Request) -> Response:
    site = site_of(request)
    campaign = site.find(request)
    site.notify(campaign, await run_in_threadpool(site.runs.answer, errands.write_templates, campaign))
    return go(campaign, "thiet-lap")


async def write_template_letters(request: Request) -> Response:
    site = site_of(request)
    campaign = site.find(request)
    site.notify(campaign, await run_in_threadpool(site.runs.answer, errands.write_template_letters, campaign))
    return go(campaign, MAIL_FOLDER)


ROUTES = [
    Route("/", show_board),
    Route("/don-vi/{code}", show_unit),
    Route("/xem-lai", start_look, methods=["POST"]),
    Route("/tong-hop", start_run, methods=["POST"]),
    Route("/ban-chinh-thuc", confirm_final),
    Route("/dang-chay", show_run),
    Route("/dang-chay/tinh-trang", tell_progress),
    Route("/huy", cut_short, methods=["POST"]),
    Route("/ngoai-le", show_exemptions, methods=["GET"]),
    Route("/ngoai-le", add_exemption, methods=["POST"]),
    Route("/ngoai-le/moi", ask_exemption),
    Route("/thiet-lap", show_settings, methods=["GET"]),
    Route("/thiet-lap", change_settings, methods=["POST"]),
    Route("/thiet-lap/ke-hoach", take_plan, methods=["POST"]),
    Route("/bieu-mau", make_templates, methods=["POST"]),
    Route("/bieu-mau/thu", write_template_letters, methods=["POST"]),
]
