"""What the pages show and do, by a client without a browser: the same as the command line, and nothing by themselves."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile  # type: ignore[import-untyped]
from openpyxl import load_workbook

from dhtt_excel.errors import UserError
from dhtt_excel.form.draw_form import draw_form
from dhtt_excel.form.form import form_of
from dhtt_excel.outputs.lock_folder import lock_folder
from dhtt_excel.plan.plan import Plan
from dhtt_excel.rules import RULES, RULES_BY_CODE
from dhtt_excel.window import desk, errands
from dhtt_excel.window.campaigns import Campaign, list_plans, open_campaign
from dhtt_excel.window.site import Site
from tests.containers import make_mail, make_zip
from tests.window.conftest import ORIGIN, Visitor

GOOD = "00061"


def _digests(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _encrypt(data: bytes) -> bytes:
    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt("mật khẩu", locked)
    return locked.getvalue()


def test_a_new_campaign_says_what_to_do_first(visitor: Visitor) -> None:
    page = visitor.get()
    assert "Ba việc đầu tiên" in page
    assert visitor.site.runs.find(visitor.campaign) is None
    for place in ("nhan-tep", "ket-qua", "thu", "ngoai-le", "thiet-lap", "ban-chinh-thuc"):
        assert "<h1>" in visitor.get(place)


def test_each_file_is_answered_for_itself(visitor: Visitor, few: Plan, valid_workbook: Callable[..., bytes]) -> None:
    unit, other = few.units_by_code[GOOD], few.units_by_code["00064"]
    good = valid_workbook(unit)
    mail: EmailMessage = make_mail([("biểu.xlsx", valid_workbook(few.units_by_code["00082"]))])
    answers = visitor.send(
        ("lạ & tên.xlsx", good),
        ("khóa.xlsx", _encrypt(good)),
        ("hỏng.xlsx", b"PK\x03\x04 nothing"),
        ("bản quét.pdf", b"%PDF-1.4"),
        ("~$lạ.xlsx", b"x"),
        ("gói.zip", make_zip({"a.xlsx": valid_workbook(few.units_by_code["00040"]), "b.txt": b"x"})),
        ("thư.eml", mail.as_bytes()),
        ("trống.xlsx", draw_form(few, form_of(few), other, RULES)),
        ("../lạ & tên.xlsx", good),
    )
    told = [re.sub(r"<[^>]+>|\s+", " ", one).strip() for one in answers.split('<li class="answer ')[1:]]
    for line, words in zip(
        told,
        (
            ("clean", "lạ &amp; tên.xlsx", few.name_of(unit), "đại biểu, 0 lỗi, 0 cảnh báo"),
            ("unreadable", "mật khẩu"),
            ("unreadable", "hỏng.xlsx", "Không đọc được"),
            ("seen", "Bản PDF: cán bộ tự xem"),
            ("seen", "không chép"),
            ("clean", "gói.zip/a.xlsx", few.name_of(few.units_by_code["00040"])),
            ("clean", "thư.eml/biểu.xlsx", few.name_of(few.units_by_code["00082"])),
            ("seen", few.name_of(other), "chưa nhập gì"),
            ("clean", "Đã có sẵn"),
        ),
        strict=True,
    ):
        assert not [word for word in words if word not in line], line
    assert sorted(visitor.campaign.list_received()) == sorted(
        ["lạ & tên.xlsx", "khóa.xlsx", "hỏng.xlsx", "bản quét.pdf", "gói.zip", "thư.eml", "trống.xlsx"]
    )


def test_our_own_files_and_drafts_are_not_taken_for_answers(visitor: Visitor) -> None:
    answers = visitor.send(("tong-hop-hoan-kiem-2020.xlsx", b"PK"), ("thư/nhac.eml", b"X-Dhtt-Draft: 1\r\n\r\n"))
    assert answers.count("Không chép vào đợt") == 2
    assert not any(visitor.campaign.inbox.iterdir())


def test_a_file_keeps_its_time_and_its_folder(visitor: Visitor, sent: Path) -> None:
    workbook = next(sent.iterdir())
    moment = datetime(2020, 3, 11, 8, 30)
    visitor.send(("phường/a.xlsx", workbook.read_bytes()), luc=[str(int(moment.timestamp() * 1000))])
    path = visitor.campaign.inbox / "phường" / "a.xlsx"
    assert datetime.fromtimestamp(path.stat().st_mtime) == moment


def test_a_form_without_a_script_shows_the_page(visitor: Visitor) -> None:
    answer = visitor.post("nhan-tep/tep", files=[("tep", ("x.pdf", b"%PDF"))])
    assert answer.status_code == 200
    assert "<h1>" in answer.text
    assert "cán bộ tự xem" in answer.text
    assert visitor.post("nhan-tep/tep", data={"x": "y"}).status_code == 303


def test_a_whole_run_and_its_pages(visitor: Visitor, received: Campaign, few: Plan) -> None:
    """Board, unit, outputs and letters after a run; and the outputs are those of the command line."""
    before = _digests(received.inbox)
    answer = visitor.client.get(visitor.home)
    assert answer.headers["location"].endswith("dang-chay")
    assert visitor.wait() == ""
    assert _digests(received.out) == {}  # a look writes nothing
    page = visitor.get()
    missing = few.units_by_code["00082"]
    assert f"3/{len(few.local_units)}" in page
    assert f"Chưa có: {missing.name}" in page
    assert (
        few.name_of(missing) not in re.sub(r"(?s).*<tbody>", "", visitor.get(loc="clean"), count=1).split("</tbody>")[0]
    )
    assert visitor.get(tim="khong co").count("Không có đơn vị nào") == 1
    assert "Chưa nhận được tệp nào" in visitor.get(f"don-vi/{missing.code}")
    assert "✓ đang dùng" in visitor.get(f"don-vi/{GOOD}")
    assert "nhóm mà kế hoạch nêu: " in page
    whole = re.search(r"(\d+)/\d+</span> đại biểu dự hội nghị", page)
    of_upper = re.search(r'class="num">(\d+)<', page[page.index(f"don-vi/{few.upper_unit.code}") :])
    assert whole
    assert of_upper
    assert of_upper[1] == whole[1]  # as its bar says, that stands beside it

    visitor.post("thu/mau")
    for text in received.texts.iterdir():
        text.write_bytes(text.read_bytes() + b"\r\nMay I?\r\n")
    visitor.post("thiet-lap", data={"ngay": f"{received.day}", "phong-cu": "1", "danh-sach": "1"})
    assert "đã thay đổi" in visitor.get()
    assert visitor.post("tong-hop").status_code == 303
    assert visitor.wait() == ""
    assert _digests(received.inbox) == before
    assert "DỰ THẢO" in visitor.get("ket-qua")
    assert "tong-hop-" in visitor.get("ket-qua")
    assert "có danh sách tên người" in visitor.get("ket-qua")
    assert "4 thư nháp: 1 nhắc nộp, 3 báo đã nhận; chưa gửi thư nào" in visitor.get("ket-qua")
    assert "đã thay đổi" not in visitor.get()
    letter = f"nhac_{missing.code}_tran-hung-dao.eml"
    assert visitor.get("thu").index(letter) < visitor.get("thu").index("da-nhan_")
    assert {"Kính gửi", "May I?"} <= set(re.findall("Kính gửi|May I[?]", visitor.get("thu/doc", ten=letter)))
    saved = visitor.client.get(visitor.home + "ket-qua/tai", params={"thu-muc": "thu", "ten": letter})
    assert saved.content == (received.out / "thu" / letter).read_bytes()

    told = [sys.executable, "-m", "dhtt_excel", "consolidate", str(received.inbox), "-o", str(received.folder / "lệnh")]
    options = ["--plan", received.plan_source, "--as-of", f"{received.day}", "--convert-legacy", "--with-lists"]
    options += ["--texts", str(received.texts)]
    run = subprocess.run([*told, *options], capture_output=True, text=True, check=False)
    assert run.returncode in (0, 1), run.stderr
    assert _digests(received.folder / "lệnh") == _digests(received.out)

    (received.inbox / "thêm.xlsx").write_bytes(b"x")
    assert "đã thay đổi" in visitor.get()
    (received.out / "thu" / letter).write_bytes(b"Content-Type: text/plain; charset=none\n\n\xff")
    answer = visitor.client.get(visitor.home + "thu/doc", params={"ten": letter})
    assert (answer.status_code, "mở bằng chương trình thư" in answer.text) == (400, True)


def test_an_exception_is_one_line_in_the_list(
    visitor: Visitor, received: Campaign, few: Plan, fill: Callable[..., Path]
) -> None:
    unit = few.units_by_code[GOOD]
    shutil.copy(fill(unit, {"Đại biểu!E9": 1800}, few.workbook_name(unit)), received.inbox)
    visitor.post("tong-hop")
    assert visitor.wait() == ""
    found = re.search(r"ngoai-le/moi\?don-vi=(\w+)&amp;ma=(\w+)", visitor.get(f"don-vi/{GOOD}"))
    assert found
    code = found[2]
    assert visitor.client.get(visitor.home + "ngoai-le/moi", params={"don-vi": GOOD, "ma": "XX99"}).status_code == 404
    asked = visitor.get("ngoai-le/moi", **{"don-vi": GOOD, "ma": code})
    assert "Ghi vào chap-nhan.xlsx" in asked
    assert f"Quy tắc {code}: {RULES_BY_CODE[code].requirement.format(plan=few)}." in asked
    line = {"ma": code, "don-vi": GOOD, "ly-do": "Đã xác minh =1+1", "nguoi": "Trưởng phòng", "den-ngay": "31/12/2020"}
    for wrong in (
        {"ly-do": " "},
        {"nguoi": ""},
        {"den-ngay": "31/02/2020"},
        {"den-ngay": "01/01/2020"},
        {"ma": "TEP01"},
        {"den-ngay": "01/01/1899"},
        {"ly-do": "x"},
    ):
        answer = visitor.post("ngoai-le", data=line | wrong)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
    assert visitor.post("ngoai-le", data=line).status_code == 303
    assert visitor.wait() == ""
    assert "Đã xác minh" in visitor.get("ngoai-le")
    assert "Được chấp nhận: Đã xác minh =1+1 (Trưởng phòng, đến hết ngày 31/12/2020)" in visitor.get(f"don-vi/{GOOD}")
    rows = list(
        load_workbook(received.out / "chap-nhan.xlsx").worksheets[0].iter_rows(min_row=5, max_row=6, values_only=True)
    )
    assert rows[0][:4] == (code, few.name_of(unit), "Đã xác minh =1+1", "Trưởng phòng")
    assert not any(rows[1])


def test_what_staff_did_to_the_list_is_never_lost(visitor: Visitor, received: Campaign, few: Plan) -> None:
    """A line of theirs stays as it was; a note or a sheet of theirs, or an open file, and nothing is written."""
    visitor.post("tong-hop")
    assert visitor.wait() == ""
    path = received.out / "chap-nhan.xlsx"
    book = load_workbook(path)
    for column, value in enumerate(("DB01", "Tất cả", "lý do", "ai", "chưa rõ ngày"), start=1):
        book.worksheets[0].cell(7, column, value)
    book.save(path)
    arguments = (received, "DB03", GOOD, "vì", "ai", None)
    visitor.site.runs.answer(errands.accept, *arguments)
    rows = list(load_workbook(path).worksheets[0].iter_rows(min_row=5, max_row=7, values_only=True))
    assert [row[:5] for row in rows] == [
        ("DB01", "Tất cả", "lý do", "ai", "chưa rõ ngày"), ("DB03", few.name_of(few.units_by_code[GOOD]), "vì", "ai", None), (None,) * 5,
    ]  # fmt: skip
    book = load_workbook(path)
    book.worksheets[0]["H5"] = "ghi nhớ"
    book.save(path)
    kept = path.read_bytes()
    with pytest.raises(UserError, match="tự ghi thêm"):
        visitor.site.runs.answer(errands.accept, *arguments)
    (received.out / ".~lock.chap-nhan.xlsx#").write_bytes(b"")
    with pytest.raises(UserError, match="đang mở"):
        visitor.site.runs.answer(errands.accept, *arguments)
    assert path.read_bytes() == kept


def test_two_runs_do_not_write_at_once(visitor: Visitor, received: Campaign) -> None:
    """The lock is the command line's: whoever has it is named, and what waits is told so."""
    with lock_folder(received.out):
        visitor.post("tong-hop")
        assert "Một lần chạy khác đang ghi" in visitor.wait()
        page = visitor.get("dang-chay")
        assert 'role="alert"' in page
        assert " -o" not in page
    first = visitor.site.runs.start(received, "a", errands.look, then=lambda _: None)
    assert visitor.site.runs.start(received, "b", errands.look, then=lambda _: None) is first
    with pytest.raises(UserError, match=received.name):
        visitor.site.runs.start(open_campaign(received.folder / "khác"), "c", errands.look, then=lambda _: None)
    assert first.ended.wait(60)


def test_workbooks_beside_the_inbox_are_pointed_out(visitor: Visitor, sent: Path) -> None:
    shutil.copy(next(sent.iterdir()), visitor.campaign.folder / "ngoài.xlsx")
    visitor.campaign.contacts.write_bytes(b"")
    assert "Có 1 bảng tính, thư hoặc tệp nén nằm ngay trong thư mục của đợt" in visitor.get()


def test_a_run_that_is_cut_short_leaves_the_folder_whole(visitor: Visitor, received: Campaign) -> None:
    visitor.post("tong-hop")
    assert visitor.wait() == ""
    before = _digests(received.out)
    for path in received.inbox.iterdir():
        path.write_bytes(path.read_bytes() + b" ")
    for moment in ("begin", "middle"):
        visitor.post("tong-hop")
        run = visitor.site.runs.find(received)
        assert run
        while moment == "middle" and run.done < 4 and not run.ended.is_set():
            run.ended.wait(0.01)
        assert visitor.post("huy").status_code == 303
        assert visitor.wait().startswith("Đã hủy")
        assert _digests(received.out) == before
    assert "Đã hủy" in visitor.get("dang-chay")
    visitor.post("tong-hop")
    assert visitor.wait() == ""


def test_what_cannot_be_read_is_told_and_the_pages_go_on(visitor: Visitor, received: Campaign) -> None:
    for path in received.inbox.iterdir():
        path.unlink()
    (received.inbox / "x.pdf").write_bytes(b"%PDF")
    visitor.client.get(visitor.home)
    assert "không có bảng tính" in visitor.wait()
    assert "không có bảng tính" in visitor.get()


def test_settings_are_the_campaigns_own(visitor: Visitor, few_units: Path) -> None:
    assert visitor.post("thiet-lap", data={"ke-hoach": "ha-noi-2025", "ngay": "20/03/2020"}).status_code == 303
    kept = open_campaign(visitor.campaign.folder)
    assert (kept.plan_source, f"{kept.day}") == ("ha-noi-2025", "2020-03-20")
    asked_from = {"Referer": f"{ORIGIN}{visitor.home}thiet-lap"}
    for wrong in ({"ngay": "mai"}, {"ke-hoach": "/etc/passwd"}, {"ke-hoach": "../x"}):
        answer = visitor.post("thiet-lap", data={"ke-hoach": "ha-noi-2025", **wrong}, headers=asked_from)
        assert answer.status_code == 400
        assert f'<a href="{visitor.home}thiet-lap">← Quay lại</a>' in answer.text
        assert f'<a href="{visitor.home}nhan-tep">Nhận tệp</a>' in answer.text  # the campaign is not left
    visitor.post("thiet-lap", data={"ngay": "", "phong-cu": "1"})
    kept = open_campaign(visitor.campaign.folder)
    assert (kept.plan_source, kept.as_of, kept.convert_legacy, kept.with_lists) == ("ha-noi-2025", None, True, False)
    assert visitor.get("thiet-lap").count(" checked") == 1
    assert len(set(list_plans().values())) == len(list_plans())  # a person can tell them apart
    answer = visitor.post("thiet-lap/ke-hoach", files={"tep": ("x.toml", b"id = 1")})
    assert (answer.status_code, "ke-hoach.toml" in answer.text) == (400, True)
    assert visitor.post("thiet-lap/ke-hoach", files={"tep": ("x.toml", few_units.read_bytes())}).status_code == 303
    assert open_campaign(visitor.campaign.folder).load_plan().id == "hoan-kiem-2020"
    cut = few_units.read_bytes() + b"\n#" * 2**19 + b"\nnumber ="  # read in part it would be a plan
    assert visitor.post("thiet-lap/ke-hoach", files={"tep": ("x.toml", cut)}).status_code == 400
    assert not list(visitor.campaign.folder.glob(".dhtt-*.t*ml"))


@pytest.mark.parametrize(
    "text", ["", "null", '{"plan": 5}', '{"as_of": "mai"}', '{"plan": "../../x"}', '{"plan": "C:\\\\x"}']
)
def test_no_other_plan_is_taken_where_settings_are_damaged(visitor: Visitor, text: str) -> None:
    """Nor one that lies anywhere: a campaign's folder may have come from somebody."""
    folder = visitor.campaign.folder
    (folder / ".dhtt-window.json").write_text(text, encoding="utf-8")
    answer = visitor.client.post("/dot", data={"thu-muc": str(folder)})
    assert answer.status_code == 400
    assert "bị hỏng" in answer.text
    (folder / ".dhtt-window.json").unlink()
    assert visitor.client.post("/dot", data={"thu-muc": str(folder)}).status_code == 303


def test_old_fonts_are_converted_where_that_is_set(
    visitor: Visitor, campaign: Campaign, few: Plan, fill: Callable[..., Path]
) -> None:
    file = fill(few.units_by_code[GOOD], {"Đại biểu!I9": "Ph\u00adêng Hµng B¹c"}).read_bytes()
    assert 'class="answer errors"' in visitor.send(("a.xlsx", file))
    visitor.post("thiet-lap", data={"ngay": f"{campaign.day}", "phong-cu": "1"})
    assert 'class="answer clean"' in visitor.send(("a.xlsx", file))


def test_templates_and_contacts_are_made_on_request(visitor: Visitor, few: Plan) -> None:
    assert visitor.post("bieu-mau").status_code == 303
    assert f"Đã tạo {len(few.units)} biểu mẫu" in visitor.get("thiet-lap")
    assert visitor.post("bieu-mau/thu").headers["location"] == f"{visitor.home}thu"
    page = visitor.get("thu")
    assert f"{len(few.local_units)} thư nháp: {len(few.local_units)} gửi biểu mẫu; chưa gửi thư nào." in page
    assert page.count("Gửi biểu mẫu") == len(few.local_units)
    assert visitor.post("thu/danh-ba").status_code == 303
    assert visitor.campaign.contacts.exists()
    assert visitor.post("thu/danh-ba").status_code == 400


def _never_end(watch: Callable[[str, int], None], campaign: Campaign) -> None:
    """An errand that does not heed."""
    watch("x", 1)
    while True:
        datetime.now()


def _fail(watch: object, campaign: Campaign) -> None:
    raise KeyError("a fault")


def test_an_errand_that_does_not_heed_is_killed(
    site: Site, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "PATIENCE", 0.2)
    run = site.runs.start(campaign, "x", _never_end, then=lambda _: None)
    while not run.done:
        run.ended.wait(0.05)
    site.runs.cut_short(campaign)
    assert run.ended.wait(60)
    assert run.words.startswith("Đã hủy")
    assert not list(campaign.out.iterdir())


def test_a_fault_is_told_as_the_programs(site: Site, campaign: Campaign) -> None:
    run = site.runs.start(campaign, "x", _fail, then=lambda _: None)
    assert run.ended.wait(60)
    assert "Lỗi của chương trình" in run.words
    assert "dhtt-loi.txt" in run.words
    assert "a fault" in (campaign.folder / "dhtt-loi.txt").read_text(encoding="utf-8")
