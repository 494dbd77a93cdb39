"""The first page, where a campaign is chosen or made; that a page is still open, and the end."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dhtt_excel import DEFAULT_PLAN
from dhtt_excel.window.campaigns import (
    Campaign,
    default_place,
    list_folders,
    list_places,
    list_plans,
    list_recent,
    name_folder,
    open_campaign,
)
from dhtt_excel.window.site import go, site_of


class _Recent(NamedTuple):
    campaign: Campaign
    is_there: bool
    received: int


def show_start(request: Request) -> Response:
    recent = [_Recent(c, c.is_there, len(c.list_received())) for c in map(Campaign, list_recent())]
    return site_of(request).page(
        "start", recent=recent, plans=list_plans(), default_plan=DEFAULT_PLAN, place=default_place()
    )


def choose_folder(request: Request) -> Response:
    """The folders of this computer, one level at a time: names only, and no way but down from the places listed."""
    places, query = list_places(), request.query_params
    number, names = query.get("noi", ""), query.getlist("vao")
    if number not in map(str, range(len(places))):
        return site_of(request).page("places", places=places)
    folder, inside = list_folders(places[int(number)], names)
    steps = [urlencode([("noi", number), *(("vao", name) for name in names[:end])]) for end in range(len(names) + 1)]
    trail = list(zip([str(places[int(number)]), *names], steps, strict=True))
    deeper = [(name, f"{steps[-1]}&{urlencode({'vao': name})}") for name in inside]
    return site_of(request).page("folder", folder=folder, trail=trail, deeper=deeper)


async def enter(request: Request) -> Response:
    """Open the campaign in a folder; a new one with the plan that was chosen for it."""
    form = await request.form()
    site, folder = site_of(request), name_folder(str(form.get("thu-muc", "")))
    is_new = not Campaign(folder).is_there
    campaign = open_campaign(folder)
    plan = str(form.get("ke-hoach", ""))
    if is_new and plan in list_plans():
        campaign = campaign.change(plan_source=plan)
    return go(site.enter(campaign))


def be_visited(_: Request) -> Response:
    return Response(status_code=204)


def end(request: Request) -> Response:
    site = site_of(request)
    site.end()
    return site.page("message", back="", words="Đã đóng chương trình. Có thể đóng thẻ này của trình duyệt.")


ROUTES = [
    Route("/", show_start),
    Route("/thu-muc", choose_folder),
    Route("/dot", enter, methods=["POST"]),
    Route("/nhip", be_visited, methods=["POST"]),
    Route("/dong", end, methods=["POST"]),
]
