"""Which address shows what, and what is shown where something is not to be had."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from traceback import print_exception
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from dhtt_excel.errors import UserError, explain_os_error, name_os_error
from dhtt_excel.window import campaign_pages, intake_pages, output_pages, start_pages
from dhtt_excel.window.campaigns import Campaign
from dhtt_excel.window.site import Site, site_of

_REFUSALS = {
    404: "Không có trang này. Có thể đợt đã được chuyển đi nơi khác: hãy mở lại từ danh sách các đợt.",
    405: "Không mở được trang này như vậy.",
    400: "Những gì gửi lên không đọc được. Hãy thử lại.",
}
_FAULT = "Lỗi của chương trình, không phải của tệp hay của bạn: xin báo cho người viết chương trình."


def make_app(site: Site) -> Starlette:
    """The application with all pages."""
    of_campaign = [*campaign_pages.ROUTES, *intake_pages.ROUTES, *output_pages.ROUTES]
    routes = [
        *start_pages.ROUTES,
        Mount("/dot/{key}", routes=of_campaign),
        Mount("/tinh", StaticFiles(directory=Path(__file__).parent / "static")),
    ]
    app = Starlette(routes=routes, exception_handlers=_HANDLERS)
    app.state.site = site
    return app


def _show_refusal(request: Request, error: Exception) -> Response:
    match error:
        case HTTPException():
            status, words = error.status_code, _REFUSALS.get(error.status_code, _REFUSALS[400])
        case OSError():  # a disk that is full or has gone while a page was made, a file that has just been moved
            status, words = 500, _explain(error)
        case _:
            status, words = 400, str(error)
    campaign = None if isinstance(error, OSError) else _find_campaign(request)
    asked_from = urlsplit(request.headers.get("referer", "")).path
    back = asked_from if campaign and asked_from.startswith(f"/dot/{campaign.key}/") else ""
    return site_of(request).page("message", campaign, status, words=words, back=back)


def _explain(error: OSError) -> str:
    return name_os_error(error) if error.filename else f"Không đọc hoặc ghi được: {explain_os_error(error)}."


def _find_campaign(request: Request) -> Campaign | None:
    """The campaign in which something was refused."""
    with suppress(HTTPException, UserError, OSError):
        return site_of(request).find(request) if "key" in request.path_params else None
    return None


def _end(_: Request, __: Exception) -> Response:
    """Who sent has gone: nobody will see this."""
    return Response(status_code=400)


def _show_fault(request: Request, error: Exception) -> Response:
    print_exception(error)  # the server keeps silent, also of what others do to it
    return site_of(request).page("message", words=_FAULT, back="", status=500)


_HANDLERS: Mapping[Any, Callable[[Request, Exception], Response]] = {
    UserError: _show_refusal,
    HTTPException: _show_refusal,
    OSError: _show_refusal,
    ClientDisconnect: _end,
    Exception: _show_fault,
}
