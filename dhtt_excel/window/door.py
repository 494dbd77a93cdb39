"""Who may come in: only the browser that was given the token, at this address, from our own pages.

Other pages in the same browser, other programs that have the port by chance, and names that are made to point here are
turned away before anything is looked at.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dhtt_excel.inbox.guard_package import MIB
from dhtt_excel.window.take_in import MAX_TOGETHER

TOKEN_FIELD = "chia-khoa"  # in the opened address, and in no other
MAX_FORM = MIB  # bytes of a form without files
UPLOADS = ("/nhan-tep/tep", "/thiet-lap/ke-hoach")  # how the addresses end to which files are sent

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_STRANGER = "Cửa sổ này không mở được từ đây. Hãy mở lại chương trình, hoặc dùng đúng địa chỉ mà chương trình đã mở trong trình duyệt."


class Door:
    """ASGI middleware. `authority`: host and port, as browsers name them; `visited` is called for all who may come in."""

    def __init__(self, app: ASGIApp, authority: str, token: str, visited: Callable[[], None] = lambda: None) -> None:
        self._app = app
        self._authority = authority
        self._origin = f"http://{authority}"
        self._token = token
        self._cookie = f"dhtt-{authority.rpartition(':')[2]}"
        self._visited = visited

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        response = self._refuse(scope) or self._let_in(scope)
        if response is None:
            self._visited()
        await (response or self._app)(scope, receive, send_guarded)

    def _refuse(self, scope: Scope) -> Response | None:
        """An answer to what comes from elsewhere, or is too much; None for what may be looked at."""
        headers = Headers(scope=scope)
        changes = scope["method"] not in ("GET", "HEAD")
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
        ours = origin == self._origin if origin or changes else True
        if headers.getlist("host") != [self._authority] or not ours or site not in ("none", "same-origin"):
            return _forbid()
        if changes:
            length = headers.get("content-length", "")
            if not length.isdecimal() or "transfer-encoding" in headers:  # which would overrule the length
                return PlainTextResponse("Thiếu độ dài của nội dung gửi lên.", 411)
            if int(length) > (MAX_TOGETHER if scope["path"].endswith(UPLOADS) else MAX_FORM):
                return PlainTextResponse(f"Gửi lên cùng lúc nhiều quá {MAX_TOGETHER // MIB} MB.", 413)
        return None

    def _let_in(self, scope: Scope) -> Response | None:
        """The way in: a token in the address becomes a cookie, which then is asked for."""
        request = Request(scope)
        token = request.query_params.get(TOKEN_FIELD)
        if token is not None and scope["method"] == "GET":
            if not self._is_token(token):
                return _forbid()
            response = RedirectResponse(scope["path"] if scope["path"].startswith("/dot/") else "/", 303)
            response.set_cookie(self._cookie, self._token, httponly=True, samesite="strict")
            return response
        return None if self._is_token(request.cookies.get(self._cookie, "")) else _forbid()

    def _is_token(self, text: str) -> bool:
        return secrets.compare_digest(text.encode(), self._token.encode())


def _forbid() -> Response:
    return PlainTextResponse(_STRANGER, 403)
