"""A campaign in a real browser, as a member of the staff would do it: by mouse, by keyboard alone, and when things go wrong."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from dhtt_excel.plan.plan import Plan, load_plan
from dhtt_excel.window.campaigns import open_campaign
from tests.conftest import AS_OF, FEW, Fill

pytestmark = pytest.mark.browser

SLOW = 60_000  # milliseconds that a run may take on a busy machine
PAGES = ("", "don-vi/00061", "nhan-tep", "ket-qua", "thu", "ngoai-le", "thiet-lap", "ban-chinh-thuc")
CHROMIUM = ["--no-sandbox", "--disable-background-networking"]

# As a drop from the file manager: the page cannot tell the difference.
DROP = """async ([box, files]) => {
  const data = new DataTransfer();
  for (const [name, content] of files) {
    const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
    data.items.add(new File([bytes], name, {lastModified: 1584000000000}));
  }
  for (const kind of ["dragover", "drop"])
    document.querySelector(box).dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
}"""

# A folder of two files, of which one has gone by the time it is read.
DROP_CLOSED = """() => {
  const entry = (name, file) => ({isFile: true, fullPath: `/Phường A/${name}`, file});
  const entries = [
    entry("mất.xlsx", (_, failed) => failed(new DOMException("gone", "NotFoundError"))),
    entry("còn.txt", (done) => done(new File(["x"], "còn.txt"))),
  ];
  const folder = {fullPath: "/Phường A", createReader: () => ({readEntries: (done) => done(entries.splice(0))})};
  const event = new Event("drop", {bubbles: true, cancelable: true});
  event.dataTransfer = {items: [{webkitGetAsEntry: () => folder}], files: []};
  document.dispatchEvent(event);
}"""


class Window(NamedTuple):
    """A server as its command starts it, and the address that it opens."""

    process: subprocess.Popen[str]
    address: str

    @property
    def root(self) -> str:
        return self.address.split("?")[0]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    context.set_default_timeout(SLOW)
    expect.set_options(timeout=SLOW)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which nothing may go wrong by itself."""
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    yield page
    assert faults == []


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Window]]:
    """Start windows with a home of their own; they are ended with the test."""
    started: list[subprocess.Popen[str]] = []

    def starting(*folder: Path) -> Window:
        home = {"HOME": str(tmp_path / "home"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
        command = [sys.executable, "-m", "dhtt_excel", "window", "--no-browser", *map(str, folder)]
        root = Path(__file__).parents[2]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root, env={**os.environ, **home})
        started.append(process)
        assert process.stdout
        address = next(line.strip() for line in process.stdout if line.startswith("http"))
        return Window(process, address)

    yield starting
    for process in started:
        process.terminate()
        process.wait(30)
        assert process.stdout
        process.stdout.close()


@pytest.fixture
def folder(few_units: Path, tmp_path: Path) -> Path:
    """A campaign of five units, judged by a day of the plan."""
    campaign = open_campaign(tmp_path / "Đợt 2020")
    campaign.change(plan_source=campaign.take_plan(few_units.read_bytes()), as_of=AS_OF)
    return campaign.folder


@pytest.fixture
def sent(few: Plan, fill: Fill) -> list[Path]:
    """What three of the five sent, one of them with an error."""
    changes: dict[str, dict[str, object]] = {"00061": {"Đại biểu!E9": 1800}}
    return [
        fill(few.units_by_code[code], changes.get(code), few.workbook_name(few.units_by_code[code])) for code in FEW[:3]
    ]


def _drop(page: Page, files: list[tuple[str, bytes]]) -> None:
    import base64

    page.evaluate(DROP, ["#nhan", [[name, base64.b64encode(data).decode()] for name, data in files]])


def _expect_no_barrier(page: Page) -> None:
    """No violation of WCAG 2.2 A and AA, nor of what axe knows beyond."""
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []


def test_a_campaign_by_mouse(page: Page, start: Callable[..., Window], few_units: Path, sent: list[Path]) -> None:
    """From a name to letters: make, set, receive, consolidate, accept, read, close."""
    window = start()
    page.goto(window.address)
    assert "chia-khoa" not in page.url
    page.get_by_label("Tên đợt").fill("Đợt 2020")
    page.get_by_role("button", name="Mở đợt").click()
    page.get_by_role("link", name="Thiết lập").first.click()
    page.locator("#toml").set_input_files(few_units)
    expect(page.get_by_text("Đã nhận tệp kế hoạch")).to_be_visible()
    page.get_by_label("Xét hạn nộp theo ngày").fill(f"{AS_OF:%d/%m/%Y}")
    page.get_by_role("button", name="Lưu").click()
    page.get_by_role("button", name="Tạo biểu mẫu").click()
    expect(page.get_by_text("Đã tạo 5 biểu mẫu")).to_be_visible()

    page.get_by_role("link", name="Nhận tệp").click()
    page.locator("#tep").set_input_files(sent)
    expect(page.locator("#tra-loi > li")).to_have_count(3)
    expect(page.locator("#tra-loi > li.errors")).to_have_count(1)
    page.get_by_role("button", name="Tổng hợp").click()
    page.wait_for_url("**/ket-qua")
    expect(page.get_by_role("row", name="Biểu tổng hợp")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Tải về so-theo-doi")).click()
    assert download.value.path().stat().st_size > 10_000

    page.get_by_role("link", name="Tình hình").click()
    page.get_by_label("Hiện").select_option(label="Cần sửa (1)")
    page.get_by_role("button", name="Lọc").click()
    page.locator("tbody").first.get_by_role("link").click()
    page.get_by_role("link", name=re.compile("^Chấp nhận")).first.click()
    page.get_by_label("Lý do").fill("Đã xác minh với đơn vị")
    page.get_by_label("Người chấp nhận").fill("Trưởng phòng")
    page.get_by_role("button", name="Ghi vào chap-nhan.xlsx").click()
    page.wait_for_url(re.compile("/dot/[0-9a-f]+/$"))
    expect(page.get_by_text("1 được chấp nhận")).to_be_visible()

    page.get_by_role("link", name="Thư nháp").click()
    page.get_by_role("link", name=re.compile("nhac_")).first.click()
    expect(page.locator(".letter")).to_contain_text("Kính gửi")
    page.get_by_role("button", name="Đóng chương trình").click()
    expect(page.get_by_text("Đã đóng chương trình")).to_be_visible()
    assert window.process.wait(30) == 0


def _tab_to(page: Page, words: str) -> None:
    """Press Tab until something of these words, or with a label of these, has the focus."""
    script = """() => { const e = document.activeElement;
      return [e.matches("a, button") ? e.innerText : "", e.getAttribute("aria-label"), ...[...(e.labels ?? [])].map((l) => l.innerText)].join(" "); }"""
    for _ in range(60):
        page.keyboard.press("Tab")
        if words in str(page.evaluate(script)):
            outline = page.evaluate(
                "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement.closest('.picker')?.querySelector('label') ?? document.activeElement).outlineStyle"
            )
            assert "solid" in outline, f"{words}: the focus is not seen"
            return
    raise AssertionError(f"no way to {words!r} by keyboard")


def test_a_campaign_by_keyboard_alone(page: Page, start: Callable[..., Window], folder: Path, sent: list[Path]) -> None:
    page.on("filechooser", lambda chooser: chooser.set_files(sent))
    page.goto(start(folder).address)
    expect(page.get_by_role("heading", name="Tình hình nộp")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_text("Tới nội dung")).to_be_focused()
    _tab_to(page, "Nhận tệp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/nhan-tep")
    _tab_to(page, "Chọn tệp")
    page.keyboard.press("Enter")
    expect(page.locator("#sau-do")).to_be_visible()
    _tab_to(page, "Tổng hợp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ket-qua")
    _tab_to(page, "Tình hình")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/dot/[0-9a-f]+/$"))
    _tab_to(page, "Tìm")
    page.keyboard.type("hang bac")
    page.keyboard.press("Enter")
    page.wait_for_url("**tim=hang*")
    _tab_to(page, "Hàng Bạc")
    page.keyboard.press("Enter")
    expect(page.locator(".findings .error")).to_be_visible()


def test_nineteen_files_are_dropped_and_wrong_ones_are_told(
    page: Page, start: Callable[..., Window], tmp_path: Path, drawn_campaign: Path
) -> None:
    page.goto(start(tmp_path / "đợt").address)
    page.get_by_role("link", name="Nhận tệp").first.click()
    files = [(path.name, path.read_bytes()) for path in sorted(drawn_campaign.iterdir()) if path.suffix == ".xlsx"]
    assert len(files) == 19
    _drop(
        page,
        [
            *files,
            ("hỏng.xlsx", b"PK\x03\x04"),
            ("ảnh.jpg", b"\xff\xd8"),
            ("thư.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64),
        ],
    )
    expect(page.locator("#loi-noi")).to_have_text("Đã xem 22 tệp.", timeout=2 * SLOW)
    expect(page.locator("#tra-loi > li")).to_have_count(22)
    expect(page.locator("#tra-loi > li.unreadable")).to_have_count(2)
    expect(page.locator("#tra-loi")).to_contain_text("Ảnh: cán bộ tự xem")
    _drop(page, files[:1])
    expect(page.locator("#tra-loi > li").last).to_contain_text("Đã có sẵn")
    page.evaluate(DROP_CLOSED)
    expect(page.locator("#loi-noi")).to_have_text("Đã xem 24 tệp.")
    expect(page.locator("#tra-loi")).to_contain_text("Phường A/mất.xlsx: không đọc được")
    expect(page.locator("#tra-loi")).to_contain_text("Phường A/còn.txt")
    assert len([path for path in (tmp_path / "đợt" / "da-nhan").iterdir() if path.suffix == ".xlsx"]) == 20
    _expect_no_barrier(page)
    page.get_by_role("button", name="Xem tình hình").click()
    page.wait_for_url(re.compile("/dot/[0-9a-f]+/$"), timeout=2 * SLOW)
    expect(page.locator(".cards")).to_contain_text("17/18")
    expect(page.locator(".cards")).to_contain_text("263/300")


def test_a_run_is_cut_short(page: Page, start: Callable[..., Window], folder: Path, sent: list[Path]) -> None:
    for path in sent:
        shutil.copy(path, folder / "da-nhan")
    page.goto(start(folder).address)
    page.wait_for_url("**/dang-chay")
    page.get_by_role("button", name="Hủy").click()
    expect(page.get_by_text("Đã hủy")).to_be_visible()
    assert list((folder / "ket-qua").iterdir()) == []
    page.get_by_role("link", name="Về tình hình nộp").click()
    page.get_by_role("button", name="Xem lại, chưa ghi gì").click()
    expect(page.locator(".cards")).to_be_visible()


def test_a_page_says_that_the_program_has_gone(page: Page, start: Callable[..., Window], folder: Path) -> None:
    window = start(folder)
    page.goto(window.address)
    page.get_by_role("link", name="Thiết lập").first.click()
    expect(page.get_by_role("heading", name="Biểu mẫu", exact=True)).to_be_visible()
    page.wait_for_load_state()
    window.process.kill()
    window.process.wait()
    page.evaluate("beat()")
    expect(page.get_by_role("alert").filter(has_text="Chương trình đã đóng")).to_be_visible()
    expect(page.get_by_role("button", name="Lưu")).to_be_disabled()


def test_two_windows_do_not_write_at_once(
    page: Page, context: BrowserContext, start: Callable[..., Window], folder: Path, sent: list[Path]
) -> None:
    """One is told of the other, and by what it can know it; then it has its turn."""
    from dhtt_excel.outputs.lock_folder import lock_folder

    shutil.copy(sent[0], folder / "da-nhan")
    first, second = start(folder), start(folder)
    page.goto(first.address)
    other = context.new_page()
    other.goto(second.address)
    expect(page.locator(".cards")).to_be_visible()
    expect(other.locator(".cards")).to_be_visible()
    with lock_folder(folder / "ket-qua"):  # as the first does for as long as it writes
        other.get_by_role("button", name="Tổng hợp").click()
        expect(other.get_by_text("Một lần chạy khác đang ghi")).to_be_visible()
    other.goto(second.root)
    other.get_by_role("button", name="Tổng hợp").click()
    other.wait_for_url("**/ket-qua")


def test_no_barrier_in_light_and_dark(page: Page, start: Callable[..., Window], folder: Path, sent: list[Path]) -> None:
    for path in sent:
        shutil.copy(path, folder / "da-nhan")
    page.goto(start(folder).address)
    expect(page.locator(".cards")).to_be_visible()
    page.get_by_role("button", name="Tổng hợp").click()
    page.wait_for_url("**/ket-qua")
    root = page.url.removesuffix("ket-qua")
    letter = f"thu/doc?ten={next((folder / 'ket-qua' / 'thu').glob('nhac*')).name}"
    exemption = "ngoai-le/moi?" + "don-vi=00061&ma=" + _first_code(page, f"{root}don-vi/00061")
    for place in (*PAGES, letter, exemption, "khong-co", "/"):
        page.goto(root + place if place != "/" else root.split("/dot/")[0])
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            _expect_no_barrier(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 1366


def _first_code(page: Page, address: str) -> str:
    page.goto(address)
    found = re.search(r"ma=(\w+)", page.content())
    assert found
    return found[1]


def test_all_but_dropping_works_without_a_script(
    browser: Browser, start: Callable[..., Window], folder: Path, sent: list[Path]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(start(folder).address)
    page.get_by_role("link", name="Nhận tệp").first.click()
    page.locator("#tep").set_input_files(sent[:2])
    page.get_by_role("button", name="Đưa vào").click()
    expect(page.locator("#tra-loi > li")).to_have_count(2, timeout=SLOW)
    page.get_by_role("button", name="Xem tình hình").click()
    expect(page.locator(".cards")).to_contain_text("2/4", timeout=SLOW)
    context.close()


def test_many_units(page: Page, start: Callable[..., Window], tmp_path: Path) -> None:
    """A plan of 126 units fits its page, is found in by name, and is filtered at once."""
    text = (Path(load_plan.__code__.co_filename).parent / "ha-noi-2025.toml").read_text(encoding="utf-8")
    more = "".join(
        f'[[units]]\ncode = "9{number:04}"\nname = "Xã thứ {number}"\n\n'
        for number in range(126 - len(load_plan("ha-noi-2025").local_units))
    )
    first = text.index("[[units]]")
    campaign = open_campaign(tmp_path / "nhiều")
    plan = load_plan(campaign.take_plan((text[:first] + more + text[first:]).encode()))
    assert len(plan.local_units) == 126
    campaign = campaign.change(plan_source=str(campaign.folder / "ke-hoach.toml"))
    (campaign.inbox / "một.xlsx").write_bytes(b"PK\x03\x04")
    page.goto(start(campaign.folder).address)
    expect(page.locator(".cards")).to_contain_text("0/126")
    assert page.locator("tbody").first.locator("tr").count() == 127
    page.get_by_label("Tìm").fill("thu 77")
    page.get_by_role("button", name="Lọc").click()
    expect(page.locator("tbody").first.locator("tr")).to_have_count(1)
    page.goto(page.url.split("?")[0])
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    _expect_no_barrier(page)
