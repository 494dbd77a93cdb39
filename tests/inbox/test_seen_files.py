"""What lies in the inbox beside the answers: seen and said, never an error; our own output is no input."""

from __future__ import annotations

import email
import email.policy
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from dhtt_excel.errors import UserError
from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import Form
from dhtt_excel.form.moments import spell_moments
from dhtt_excel.outputs.write_json import write_json
from dhtt_excel.pipeline import consolidate, write_result, write_template_drafts
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.result import Verdict
from dhtt_excel.terminal.cli import commands
from dhtt_excel.terminal.show_result import show_verdict
from tests.conftest import AS_OF, POSIX, Fill
from tests.containers import make_mail, make_zip
from tests.outputs.test_ledger_outputs import read
from tests.typed import by_place, fill_in

TEMPLATES = Path(__file__).parents[2] / "input_templates"
KINDS = {
    "Thumbs.db": "system",
    "desktop.ini": "system",
    ".DS_Store": "system",
    "~$Hàng Bạc.xlsx": "lock",
    ".~lock.Hàng Bạc.xlsx#": "lock",
    "~WRL0003.tmp": "temporary",
    "Hàng Gai.xlsx.crdownload": "temporary",
    "quét có dấu.pdf": "scan",
    "báo cáo.docx": "document",
    "ghi chú.txt": "document",
    "ảnh hội nghị.JPG": "picture",
    "phim.mp4": "media",
    "bảng trên mạng.url": "link",
    "không đuôi": "other",
}


FAULT = {"Đại biểu!E9": 99}


@pytest.fixture(scope="module")
def written_once(
    few: Plan,
    form: Form,
    ward: Unit,
    valid_entries: Callable[[Unit], Entries],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    folder = tmp_path_factory.mktemp("một lần")
    (folder / "da nhận").mkdir()
    entries = spell_moments(form, valid_entries(ward)) | by_place(FAULT)
    (folder / "da nhận" / few.workbook_name(ward)).write_bytes(fill_in(few, form, ward, entries))
    write_result(consolidate(folder / "da nhận", few, AS_OF, folder / "ra"), folder / "ra")
    return folder / "ra"


@pytest.fixture
def results(written_once: Path, tmp_path: Path) -> Path:
    """The results of a run on one ward's file with a fault, in which a returned copy is."""
    return shutil.copytree(written_once, tmp_path / "ra")


def run(*args: object) -> Result:
    return CliRunner().invoke(commands, [*map(str, args), "--as-of", "2020-03-18"])


@POSIX
def test_what_is_no_answer_is_seen_and_no_error(fill: Fill, ward: Unit, plan: Plan, tmp_path: Path) -> None:
    folder = fill(ward, name="Hàng Bạc.xlsx").parent
    for name in KINDS:
        (folder / name).write_bytes(b"%PDF-1.7 ...")
    (folder / "thư.xlsx").mkdir()
    shutil.copy(folder / "Hàng Bạc.xlsx", folder / "thư.xlsx" / "bên trong.xlsx")
    (folder / ".git").mkdir()
    (folder / "lối tắt.xlsx").symlink_to(folder / "Hàng Bạc.xlsx")
    (folder / "lối tắt").symlink_to(tmp_path, target_is_directory=True)
    for name in ("ống.xlsx", "ống"):
        os.mkfifo(folder / name)
    seen = KINDS | {
        "thư.xlsx/": "folder", ".git/": "system", "lối tắt.xlsx": "link", "lối tắt/": "link", "ống.xlsx": "other", "ống": "other",
    }  # fmt: skip
    result = consolidate(folder, plan, AS_OF)
    assert {s.name: s.kind.value for s in result.seen} == seen
    assert {s.source.file for s in result.submissions} == {"Hàng Bạc.xlsx", "thư.xlsx/bên trong.xlsx"}
    assert not [f for f in result.findings if f.code == "TEP01"]
    told = json.loads(write_json(result))["seen"]
    assert told == [{"file": name, "kind": seen[name]} for name in sorted(seen)]
    texts = [str(c.value) for row in read(result)[0]["Nguồn"].iter_rows() for c in row if c.value]
    assert set(seen) <= set(texts)
    assert any("có người đang mở" in text for text in texts)
    output = run("status", folder, "-o", tmp_path / "ra").output
    assert f"Đã thấy, không đọc: {len(seen)} mục" in output
    assert "cán bộ tự xem: “báo cáo.docx”, “bảng trên mạng.url”, “ghi chú.txt”" in output
    assert "Có người đang mở “Hàng Bạc.xlsx”:" in output


def test_a_folder_that_cannot_be_opened_is_said(
    fill: Fill, ward: Unit, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fill(ward).parent
    (folder / "kín").mkdir()
    look = Path.iterdir

    def refuse(path: Path) -> object:
        if path.name == "kín":
            raise PermissionError(13, "Permission denied")
        return look(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert [(s.name, s.kind.value) for s in consolidate(folder, plan, AS_OF).seen] == [("kín/", "closed")]


@POSIX
@pytest.mark.usefixtures("little_written")
def test_no_unit_is_reminded_while_something_is_closed(
    fill: Fill, ward: Unit, few: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file whose path is too long, one without a right, a link to itself: each has its line, and reminders wait."""
    folder, out = fill(ward).parent, tmp_path / "ra"
    write_result(consolidate(folder, few, AS_OF, out), out)
    assert len(list(out.glob("thu/nhac_*"))) == len(few.local_units) - 1
    for name in ("dài.xlsx", "kín.xlsx"):
        (folder / name).write_bytes(b"PK")
    (folder / "vòng.xlsx").symlink_to(folder / "vòng.xlsx")
    is_file, lexists = Path.is_file, os.path.lexists

    def is_reachable(path: Path) -> bool:
        if path.name == "kín.xlsx":
            raise PermissionError(13, "Permission denied", str(path))
        return path.name != "dài.xlsx" and is_file(path)

    monkeypatch.setattr(Path, "is_file", is_reachable)  # as Windows does where a path has over 260 characters
    monkeypatch.setattr(os.path, "lexists", lambda path: Path(path).name != "dài.xlsx" and lexists(path))
    result = consolidate(folder, few, AS_OF, out)
    assert [(s.name, s.kind.value) for s in result.seen] == [
        ("dài.xlsx", "closed"), ("kín.xlsx", "closed"), ("vòng.xlsx", "link"),
    ]  # fmt: skip
    told = show_verdict(result, write_result(result, out))
    assert "Không mở được “dài.xlsx”, “kín.xlsx”: đơn vị có tệp ở đó bị ghi là chưa nộp" in told
    assert not list(out.glob("thu/nhac_*"))


def test_a_workbook_without_an_ending_is_refused_not_passed_over(fill: Fill, ward: Unit, plan: Plan) -> None:
    path = fill(ward)
    shutil.copy(path, path.with_name("Hàng Bạc"))
    shutil.copy(path, path.with_name("Hàng Bạc.xlsx_"))
    result = consolidate(path.parent, plan, AS_OF)
    assert result.seen == []
    assert sorted(f.file for f in result.findings if f.code == "TEP01") == ["Hàng Bạc", "Hàng Bạc.xlsx_"]


def test_an_inbox_of_scans_alone_says_what_is_in_it(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "quét.pdf").write_bytes(b"%PDF")
    with pytest.raises(UserError, match=r"Chỉ thấy: quét\.pdf"):
        consolidate(tmp_path, plan, AS_OF)


# ---------------------------------------------------------------- our own output


def test_results_asked_for_inside_the_inbox_are_refused(fill: Fill, ward: Unit) -> None:
    folder = fill(ward).parent
    for command in (["consolidate"], ["mail", "corrections"]):
        for out in (folder, folder / "kết quả"):
            refused = run(*command, folder, "-o", out)
            assert refused.exit_code == 2
            assert "nằm trong thư mục nhận" in refused.output
    assert [p.name for p in folder.iterdir()] == ["dhtt-2020_00061_hang-bac.xlsx"]


def test_folders_with_our_results_are_passed_over_and_said(
    fill: Fill, results: Path, ward: Unit, few: Plan, few_units: Path, tmp_path: Path
) -> None:
    folder, out = fill(ward, FAULT).parent, results
    shutil.copytree(out, folder / "kết quả tuần trước")
    shutil.copytree(out / "tra-lai", folder / "lần 1" / "tra-lai")
    write_template_drafts(few, AS_OF, folder / "soạn")
    shutil.copy(out / "so-theo-doi-hoan-kiem-2020.xlsx", folder / "so-theo-doi-hoan-kiem-2020 (2).xlsx")
    shutil.copy(out / "chap-nhan.xlsx", folder)
    result = consolidate(folder, few, AS_OF)
    assert [s.source.file for s in result.submissions] == ["dhtt-2020_00061_hang-bac.xlsx"]
    assert {s.name: s.kind.value for s in result.seen} == dict.fromkeys(
        ["chap-nhan.xlsx", "kết quả tuần trước/", "lần 1/tra-lai/", "so-theo-doi-hoan-kiem-2020 (2).xlsx", "soạn/thu/"],
        "own",
    )
    output = run("status", folder, "-o", tmp_path / "khác", "--plan", few_units).output
    assert "Bỏ qua thư mục của chương trình nằm trong thư mục nhận: “kết quả tuần trước/”" in output


def test_the_programmes_folder_as_inbox_does_not_take_the_templates(
    fill: Fill, ward: Unit, few: Plan, few_units: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "chương trình"
    shutil.copytree(TEMPLATES, folder / "input_templates")
    shutil.copy(fill(ward), folder / "Hàng Bạc.xlsx")
    (folder / "README.md").write_text("...", encoding="utf-8")
    monkeypatch.chdir(folder)
    assert run("consolidate", ".", "--plan", few_units).exit_code in (0, 1)
    first = (folder / "output" / "ket-qua.json").read_bytes()
    second = write_json(consolidate(Path(), few, AS_OF, Path("output")))  # its results lie there, too
    for result in map(json.loads, (first, second)):
        assert [f["file"] for f in result["files"]] == ["Hàng Bạc.xlsx"]
        assert {"file": "input_templates/", "kind": "own"} in result["seen"]  # as its list says
        assert not [f for f in result["findings"] if f["file"]]
    assert {"file": "output/", "kind": "own"} in result["seen"]


def test_one_blank_form_in_a_folder_is_not_taken_for_the_templates(fill: Fill, ward: Unit, plan: Plan) -> None:
    folder = fill(ward).parent
    (folder / "thư").mkdir()
    shutil.copy(TEMPLATES / "dhtt-2020_00064_hang-gai.xlsx", folder / "thư")
    result = consolidate(folder, plan, AS_OF)
    assert [f.unit for f in result.findings if f.file] == ["00064"]


def test_a_draft_of_ours_is_no_answer_wherever_it_lies_and_whatever_it_is_called(
    fill: Fill, results: Path, ward: Unit, few: Plan
) -> None:
    folder, out = fill(ward, FAULT, name="a.xlsx").parent, results
    write_template_drafts(few, AS_OF, out)
    drafts = sorted((out / "thu").glob("*.eml"))
    assert {path.name.partition("_")[0] for path in drafts} == {"bieu-mau", "can-sua", "nhac"}
    other = next(unit for unit in few.local_units if unit != ward)
    ours = next(path for path in drafts if path.name.startswith(f"bieu-mau_{other.code}"))
    for name in (ours.name, f"{other.code}.xlsx", f"{other.code}", "ghi chép.txt"):
        shutil.copy(ours, folder / name)
    (folder / "thư cũ.zip").write_bytes(make_zip({path.name: path.read_bytes() for path in drafts}))
    attached = make_mail([(ours.name, ours.read_bytes())])
    attached.add_attachment(email.message_from_bytes(drafts[-1].read_bytes(), policy=email.policy.default))
    (folder / "trả lời.eml").write_bytes(attached.as_bytes())
    result = consolidate(folder, few, AS_OF)
    assert result.verdict_of(other) is Verdict.MISSING
    assert [f.file for f in result.findings if f.code == "TEP01"] == [
        "trả lời.eml"
    ]  # a mail of somebody, without a form
    assert [s.source.file for s in result.submissions] == ["a.xlsx", "trả lời.eml"]
    assert {s.kind.value for s in result.seen} == {"own"}
    assert len(result.seen) == 4 + len(drafts) + 2


def test_a_reply_that_holds_a_draft_of_ours_is_read(fill: Fill, ward: Unit, few: Plan, tmp_path: Path) -> None:
    path = fill(ward)
    write_template_drafts(few, AS_OF, tmp_path)
    draft = next((tmp_path / "thu").glob(f"*_{ward.code}_*")).read_bytes()
    reply = make_mail([("Hàng Bạc.xlsx", path.read_bytes()), ("thư của phòng.eml", draft)])
    path.unlink()
    (path.parent / "thư.eml").write_bytes(reply.as_bytes())
    result = consolidate(path.parent, few, AS_OF)
    assert result.used[ward.code].source.file == "thư.eml/Hàng Bạc.xlsx"
    assert not [f for f in result.findings if f.file]
    sent = b"Received: by mail\r\nFrom: Phong <a@example.vn>\r\nDate: Tue, 10 Mar 2020 09:00:00 +0700\r\n"
    (path.parent / "thư.eml").write_bytes(sent + draft)
    assert not consolidate(path.parent, few, AS_OF).seen


def _edit(path: Path, target: Path, sheet: str, cell: str, value: object) -> None:
    """As a person does who opens a workbook, enters a value and saves it."""
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(target)


@pytest.fixture
def written(fill: Fill, results: Path, few: Plan) -> Path:
    """The results of a run on one ward's file; the file is gone since, and another's has come."""
    gai = next(unit for unit in few.local_units if unit.name == "Hàng Gai")
    fill(gai, name="Hàng Gai.xlsx")
    return results


def test_returned_copies_are_no_answers_in_whatever_folder_or_archive(
    written: Path, ward: Unit, few: Plan, tmp_path: Path
) -> None:
    folder = tmp_path / "da nhận"
    (copy,) = (written / "tra-lai").glob("*.xlsx")
    shutil.copytree(written / "tra-lai", folder / "gửi lại các phường")
    (folder / "gói.zip").write_bytes(make_zip({f"x/{p.name}": p.read_bytes() for p in (written / "tra-lai").iterdir()}))
    (folder / "thư.eml").write_bytes(make_mail([("tra-lai.xlsx", copy.read_bytes())]).as_bytes())
    result = consolidate(folder, few, AS_OF, written)
    seen = {s.name: s.kind.value for s in result.seen}
    assert seen == dict.fromkeys(["gửi lại các phường/", f"gói.zip/x/{copy.name}", "thư.eml/tra-lai.xlsx"], "own")
    assert result.verdict_of(ward) is Verdict.MISSING
    assert not [f for f in result.findings if f.file]
    _edit(copy, folder / "gửi lại các phường" / copy.name, "Đại biểu", "E9", 1980)  # what the ward has mended
    result = consolidate(folder, few, AS_OF, written)
    assert result.used[ward.code].source.file == f"gửi lại các phường/{copy.name}"
    assert [f.code for f in result.findings if f.file] == []


def test_our_workbooks_are_known_under_any_name(written: Path, few: Plan, tmp_path: Path) -> None:
    folder = tmp_path / "da nhận"
    shutil.copy(written / "so-theo-doi-hoan-kiem-2020.xlsx", folder / "sổ của phòng.xlsx")
    _edit(written / "tong-hop-hoan-kiem-2020.xlsx", folder / "00061 tổng hợp.xlsx", "Biểu 1", "A1", "sửa tay")
    packed = {p.relative_to(written).as_posix(): p.read_bytes() for p in written.rglob("*") if p.is_file()}
    (folder / "kết quả.zip").write_bytes(make_zip({f"ket-qua/{name}": data for name, data in packed.items()}))
    result = consolidate(folder, few, AS_OF, tmp_path / "khác")
    assert [s.source.file for s in result.submissions] == ["Hàng Gai.xlsx"]
    assert not [f for f in result.findings if f.file]
    own = {s.name for s in result.seen if s.kind.value == "own"}
    assert {"sổ của phòng.xlsx", "00061 tổng hợp.xlsx"} <= own
    assert {f"kết quả.zip/ket-qua/{name}" for name in packed if name.endswith((".xlsx", ".eml"))} <= own


def test_what_a_person_has_to_open_is_named(fill: Fill, ward: Unit, few: Plan) -> None:
    folder = fill(ward).parent
    for names in (("a.mbox", "b.msg", "winmail.dat"), ("c.pages", "d.xml", "e.rar"), ("f.7z",)):
        for name in names:
            (folder / name).write_bytes(b"...")
        told = ", ".join(f"“{name}”" for name in names)
        assert f"cán bộ tự xem: {told}" in show_verdict(consolidate(folder, few, AS_OF), [])
        for name in names:
            (folder / name).unlink()


def test_a_folder_without_anything_to_read_names_what_is_there(tmp_path: Path) -> None:
    for name in ("Hàng Bạc.fods", "b.csv"):
        (tmp_path / name).write_bytes(b"...")
    assert "Chỉ thấy: Hàng Bạc.fods, b.csv." in run("status", tmp_path).output


def test_what_lies_in_mails_and_archives_unread_is_told_to_programs(fill: Fill, ward: Unit, few: Plan) -> None:
    path = fill(ward)
    mail = make_mail([("Hàng Bạc.xlsx", path.read_bytes()), ("quét.pdf", b"%PDF"), ("chữ ký.png", b"\x89PNG")])
    (path.parent / "thư.eml").write_bytes(mail.as_bytes())
    packed: dict[str | bytes, bytes] = {
        "x/Hàng Bạc.xlsx": path.read_bytes(),
        "x/danh sách.csv": b"a,b",
        "x/.DS_Store": b".",
    }
    (path.parent / "gói.zip").write_bytes(make_zip(packed))
    told = json.loads(write_json(consolidate(path.parent, few, AS_OF)))["seen"]
    assert told == [
        {"file": "gói.zip", "kind": "document"},
        {"file": "gói.zip", "kind": "system"},
        {"file": "thư.eml", "kind": "picture"},
        {"file": "thư.eml", "kind": "scan"},
    ]


def test_packed_templates_are_not_called_a_folder(fill: Fill, ward: Unit, tmp_path: Path) -> None:
    folder = fill(ward).parent
    packed: dict[str | bytes, bytes] = {path.name: path.read_bytes() for path in sorted(TEMPLATES.glob("*.xlsx"))[:3]}
    (folder / "tat-ca.zip").write_bytes(make_zip(packed))
    output = CliRunner().invoke(commands, ["status", str(folder), "--as-of", "2020-03-19"]).output
    assert "Bỏ qua tệp nén, thư chỉ có biểu mẫu trống của chương trình: “tat-ca.zip”." in output
    assert "Bỏ qua thư mục" not in output
    assert "Hạn trước ngày 20/03/2020: hôm nay là ngày cuối." in output
    assert "còn 0 ngày" not in output
