"""Which address shows what, and what is shown where something is not to be had."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from dhtt_excel.errors import UserError
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
    status = error.status_code if isinstance(error, HTTPException) else 400
    words = str(error) if isinstance(error, UserError) else _REFUSALS.get(status, _REFUSALS[400])
    campaign = _find_campaign(request)
    asked_from = urlsplit(request.headers.get("referer", "")).path
    back = asked_from if campaign and asked_from.startswith(f"/dot/{campaign.key}/") else ""
    return site_of(request).page("message", campaign, status, words=words, back=back)


def _find_campaign(request: Request) -> Campaign | None:
    """The campaign in which something was refused."""
    with suppress(HTTPException, UserError):
        return site_of(request).find(request) if "key" in request.path_params else None
    return None


def _show_fault(request: Request, _: Exception) -> Response:
    return site_of(request).page("message", words=_FAULT, back="", status=500)


_HANDLERS: Mapping[Any, Callable[[Request, Exception], Response]] = {
    UserError: _show_refusal,
    HTTPException: _show_refusal,
    Exception: _show_fault,
}
