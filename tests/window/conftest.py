"""A window without its server: its pages by a client that came in through the door."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from dhtt_excel.plan.plan import Plan
from dhtt_excel.window.addresses import make_app
from dhtt_excel.window.campaigns import Campaign, open_campaign
from dhtt_excel.window.door import TOKEN_FIELD, Door
from dhtt_excel.window.runs import Runs
from dhtt_excel.window.site import Site
from tests.conftest import AS_OF, FEW

AUTHORITY = "127.0.0.1:5000"
ORIGIN = f"http://{AUTHORITY}"
TOKEN = "a-token-of-these-tests"


@pytest.fixture(scope="session")
def runs() -> Iterator[Runs]:
    """The desks, open for all tests: they take a moment to start."""
    runs = Runs()
    runs.open()
    yield runs
    runs.close()


@pytest.fixture
def site(runs: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return Site(runs)


@pytest.fixture
def door(site: Site) -> Door:
    return Door(make_app(site), AUTHORITY, TOKEN)


@pytest.fixture
def client(door: Door) -> Iterator[TestClient]:
    """A browser that has come in."""
    client = TestClient(door, base_url=ORIGIN, headers={"Origin": ORIGIN}, follow_redirects=False)
    assert client.get(f"/?{TOKEN_FIELD}={TOKEN}").status_code == 303
    yield client
    client.close()


@pytest.fixture
def campaign(site: Site, few_units: Path, tmp_path: Path) -> Campaign:
    """An open campaign of five units, judged by a day of the plan; nothing has come in."""
    campaign = open_campaign(tmp_path / "Đợt thử")
    source = campaign.take_plan(few_units.read_bytes())
    return site.enter(campaign.change(plan_source=source, as_of=AS_OF))


@pytest.fixture(scope="session")
def sent(few: Plan, valid_workbook: Callable[..., bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the units but the last local one have sent."""
    folder = tmp_path_factory.mktemp("đã gửi")
    for code in FEW[:3] + FEW[4:]:
        unit = few.units_by_code[code]
        (folder / few.workbook_name(unit)).write_bytes(valid_workbook(unit))
    return folder


@pytest.fixture
def received(campaign: Campaign, sent: Path) -> Campaign:
    """The same campaign with what was sent in its inbox."""
    shutil.copytree(sent, campaign.inbox, dirs_exist_ok=True)
    return campaign


class Visitor:
    """A client that stays in one campaign."""

    def __init__(self, client: TestClient, site: Site, campaign: Campaign) -> None:
        self.client, self.site, self.campaign = client, site, campaign
        self.home = f"/dot/{campaign.key}/"

    def get(self, place: str = "", **query: str) -> str:
        answer = self.client.get(self.home + place, params=query)
        assert answer.status_code == 200, (place, answer.status_code, answer.text)
        return answer.text

    def post(self, place: str, **options: Any) -> Any:
        return self.client.post(self.home + place, **options)

    def wait(self) -> str:
        """Wait for the run under way; how it ended."""
        run = self.site.runs.find(self.campaign)
        assert run
        assert run.ended.wait(120)
        return run.words

    def send(self, *files: tuple[str, bytes], **fields: list[str]) -> str:
        """Drop files as the page's script does; the answers."""
        parts = [("tep", (name.rpartition("/")[2], data)) for name, data in files]
        fields = {"duong-dan": [name for name, _ in files], **fields}
        answer = self.post("nhan-tep/tep?rieng=1", files=parts, data=fields)
        assert answer.status_code == 200, answer.text
        return str(answer.text)


@pytest.fixture
def visitor(client: TestClient, site: Site, campaign: Campaign) -> Visitor:
    return Visitor(client, site, campaign)
