"""The program as it is ─► the pictures of the guide, docs/img/*.png; then `python packaging/guide.py`.

    python packaging/pictures.py

LibreOffice and poppler draw the workbooks of a demo campaign, Chromium the pages of its window. The two of the ward's
workbook (bieu-mau-*.png) are taken by hand, on a screen.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page, sync_playwright

from dhtt_excel.window.campaigns import open_campaign

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "img"
# Picture: the workbook, what the page that it shows has on it, and how many dots an inch has.
PRINTED = {
    "tinh-hinh-nop": ("so-theo-doi-*.xlsx", "TÌNH HÌNH NỘP BIỂU MẪU", 112),
    "van-de": ("so-theo-doi-*.xlsx", "VẤN ĐỀ TRONG CÁC TỆP ĐÃ NHẬN", 112),
    "can-sua": ("tra-lai/*_00076_*.xlsx", "NHỮNG CHỖ CẦN SỬA", 112),
    "bieu-1": ("tong-hop-*.xlsx", "Biểu số 1", 100),
    "bieu-2": ("tong-hop-*.xlsx", "Biểu số 2", 76),
}
_MARGIN = 12  # dots that are left around what is drawn
_GAP = 45  # dots of white that end what is to be seen
_PLACES = r"""([from, to]) => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replaceAll(from, to).replaceAll(to + '/', to + '\\');
}"""


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        run_dhtt(folder, "demo", "-o", "demo")
        take_printed(folder / "demo" / "ket-qua", folder)
        take_window(folder)


def run_dhtt(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "dhtt_excel", *arguments]
    subprocess.run(
        command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, stdout=subprocess.DEVNULL
    )


# ---------------------------------------------------------------- workbooks


def take_printed(results: Path, folder: Path) -> None:
    workbooks = {pattern: next(results.glob(pattern)) for pattern, _, _ in PRINTED.values()}
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, workbooks.values())], check=True, capture_output=True)
    for name, (pattern, words, dots) in PRINTED.items():
        pdf = folder / workbooks[pattern].with_suffix(".pdf").name
        pages = (
            subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True).stdout.decode().split("\f")
        )
        number = str(next(number for number, text in enumerate(pages, 1) if words in text))
        draw = ["pdftoppm", "-r", str(dots), "-f", number, "-l", number, str(pdf)]
        ppm = subprocess.run(draw, check=True, capture_output=True).stdout
        (IMAGES / f"{name}.png").write_bytes(spell_png(trim(read_ppm(ppm))))


def read_ppm(data: bytes) -> NDArray[np.uint8]:
    """Rows, columns, colours."""
    _, size, _, dots = data.split(b"\n", 3)
    width, height = map(int, size.split())
    return np.frombuffer(dots, np.uint8).reshape(height, width, 3)


def trim(dots: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Without the white round about, and the foot of the page."""
    drawn: NDArray[np.bool_] = dots.min(axis=2) < 250
    rows = np.flatnonzero(drawn.any(axis=1))
    bottom = next((row for row, next_row in pairwise(rows) if next_row - row > _GAP), rows[-1])
    columns = np.flatnonzero(drawn[rows[0] + _GAP : bottom + 1].any(axis=0))  # not as wide as the head of the page
    top, left = max(rows[0] - _MARGIN, 0), max(columns[0] - _MARGIN, 0)
    return dots[top : bottom + _MARGIN, left : columns[-1] + _MARGIN]


def spell_png(dots: NDArray[np.uint8]) -> bytes:
    height, width, _ = dots.shape
    rows = np.zeros((height, 1 + 3 * width), np.uint8)
    rows[:, 1:] = dots.reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b"")]
    chunks = (struct.pack(">I", len(d)) + kind + d + struct.pack(">I", zlib.crc32(kind + d)) for kind, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


# ---------------------------------------------------------------- the window


def take_window(folder: Path) -> None:
    """A campaign from its first page to a unit's, at the size of a small laptop."""
    received = sorted(path for path in (folder / "demo" / "da-nhan").iterdir() if path.suffix == ".xlsx")
    campaign = open_campaign(folder / "Documents" / "dhtt" / "dot-2020")
    with serving(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="vi-VN")
        page.goto(address)
        page.evaluate(_PLACES, [str(campaign.folder.parent), "C:\\Users\\noivu\\Documents\\dhtt"])
        take(page, "cac-dot")
        page.get_by_label("Tên đợt").fill(str(campaign.folder))
        page.get_by_role("button", name="Mở đợt").click()
        page.get_by_role("link", name="Thiết lập").first.click()
        page.get_by_label("Xét hạn nộp theo ngày").fill("23/03/2020")
        page.get_by_role("button", name="Lưu").click()
        page.get_by_role("button", name="Tạo biểu mẫu").click()
        page.get_by_text("Đã có 19 biểu mẫu").wait_for()
        page.evaluate(_PLACES, [str(campaign.folder.parent), "C:\\Users\\noivu\\Documents\\dhtt"])
        take(page, "thiet-lap")
        page.get_by_role("link", name="Nhận tệp").click()
        page.locator("#tep").set_input_files(received)
        page.locator("#tra-loi > li").nth(len(received) - 1).wait_for()
        take(page, "nhan-tep")
        page.get_by_role("button", name="Tổng hợp").click()
        page.get_by_role("heading", name="Kết quả").first.wait_for()
        take(page, "ket-qua")
        page.get_by_role("link", name="Tình hình").click()
        take(page, "tinh-hinh")
        page.get_by_role("link", name="Phường Hàng Bông").click()
        take(page, "don-vi")
        browser.close()


def take(page: Page, name: str) -> None:
    page.wait_for_load_state()  # the script has been there
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=IMAGES / f"cua-so-{name}.png")


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """The address of a window with a home of its own."""
    command = [sys.executable, "-m", "dhtt_excel", "window", "--no-browser"]
    own = {"HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, **own}
    ) as process:
        assert process.stdout
        yield next(line.strip() for line in process.stdout if line.startswith("http"))
        process.terminate()


if __name__ == "__main__":
    main()
