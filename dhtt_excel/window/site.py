"""What the pages share: the campaigns that are open, what was last seen of each, and how a page is filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dhtt_excel.outputs.replace_files import is_half_placed
from dhtt_excel.text.file_names import EXEMPTIONS_FILE
from dhtt_excel.text.vietnamese import capitalize, format_number
from dhtt_excel.window.campaigns import Campaign, list_recent, open_campaign, remember
from dhtt_excel.window.errands import Done
from dhtt_excel.window.runs import Runs

PAGES = Path(__file__).parent / "pages"

Mark = dict[str, object]
"""What a look rests on; it is another one where a file has come, gone or changed."""


@dataclass(frozen=True)
class Seen:
    """What was last seen of a campaign."""

    done: Done
    mark: Mark
    was_written: bool


class Site:
    """What all pages share. `end` ends the server."""

    def __init__(self, runs: Runs) -> None:
        self.runs = runs
        self.end: Callable[[], None] = lambda: None
        self._campaigns: dict[str, Campaign] = {}
        self._seen: dict[str, Seen] = {}
        self._notices: dict[str, list[str]] = {}
        self._pages = Environment(
            loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._pages.filters |= {
            "number": format_number,
            "day": "{:%d/%m/%Y}".format,
            "moment": "{:%d/%m/%Y %H:%M}".format,
            "capital": capitalize,
        }

    def enter(self, campaign: Campaign) -> Campaign:
        """Have a campaign open, and remember it."""
        self._campaigns[campaign.key] = campaign
        remember(campaign.folder)
        return campaign

    def find(self, request: Request) -> Campaign:
        """The campaign that an address names: one that is open, or one of the last."""
        key = request.path_params["key"]
        known = self._campaigns.get(key) or next((c for c in map(Campaign, list_recent()) if c.key == key), None)
        if known is None or not known.is_there:  # it would be made anew, in a place that its owner has left
            raise HTTPException(404)
        return self._campaigns.get(key) or self.enter(open_campaign(known.folder))

    def seen(self, campaign: Campaign) -> Seen | None:
        return self._seen.get(campaign.key)

    def start(self, campaign: Campaign, title: str, errand: Callable[..., Done], *args: Any, place: str = "") -> None:
        """Start a run that gives a board, and keep that; `place`: the page on which it ends."""
        mark = take_mark(campaign)

        def keep(done: Done) -> None:
            if str(exemptions := campaign.out / EXEMPTIONS_FILE) not in mark:  # the first run writes it, empty
                mark.update(_stamp([exemptions]))
            self._seen[campaign.key] = Seen(done, mark, was_written=bool(place))

        self.runs.start(campaign, title, errand, *args, then=keep, place=place)

    def is_stale(self, campaign: Campaign) -> bool:
        """Whether something has come, gone or changed since the board was made."""
        seen = self.seen(campaign)
        return seen is not None and seen.mark != take_mark(campaign)

    def notify(self, campaign: Campaign, words: str) -> None:
        """Say something at the head of the next page of the campaign."""
        self._notices.setdefault(campaign.key, []).append(words)

    def page(self, page: str, campaign: Campaign | None = None, status: int = 200, **context: Any) -> HTMLResponse:
        """A page filled in."""
        run = self.runs.find(campaign) if campaign else None
        shared = {
            "campaign": campaign,
            "notices": self._notices.pop(campaign.key, []) if campaign else [],
            "running": bool(run and not run.ended.is_set()),
            "half_placed": bool(campaign and is_half_placed(campaign.out)),
            "today": date.today(),
        }
        return HTMLResponse(self._pages.get_template(f"{page}.html").render({**shared, **context}), status)


def take_mark(campaign: Campaign) -> Mark:
    """The mark of a campaign as it is now."""
    files = [
        *campaign.list_received().values(),
        campaign.out / EXEMPTIONS_FILE,
        campaign.contacts,
        *campaign.texts.glob("*.txt"),
    ]
    chosen = (campaign.plan_source, campaign.day, campaign.convert_legacy, campaign.with_lists)
    return {"chosen": chosen, **_stamp(files)}


def _stamp(files: Iterable[Path]) -> Mark:
    found = ((path, path.stat()) for path in files if path.exists())
    return {str(path): (status.st_size, status.st_mtime_ns) for path, status in found}


def site_of(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


def go(campaign: Campaign, place: str = "") -> Response:
    """After a form has been sent: to a page of the campaign."""
    return RedirectResponse(f"/dot/{campaign.key}/{place}", 303)
