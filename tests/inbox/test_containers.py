"""Saved mails and archives in the inbox: every workbook in them is read, and what is not is told."""

from __future__ import annotations

import base64
import json
import multiprocessing
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dhtt_excel.errors import UserError
from dhtt_excel.findings import Finding, Severity
from dhtt_excel.inbox import open_workbooks, workers
from dhtt_excel.inbox.containers import MAX_CONTAINER, Member
from dhtt_excel.inbox.find_files import FoundFile, find_files
from dhtt_excel.inbox.open_workbooks import list_file, open_containers, read_file
from dhtt_excel.inbox.parse_workbook import parse_workbook
from dhtt_excel.inbox.raw import RawWorkbook
from dhtt_excel.outputs.register.write_register import write_register
from dhtt_excel.outputs.write_json import write_json
from dhtt_excel.pipeline import check_files, consolidate, write_result
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.result import Result
from dhtt_excel.terminal.cli import commands
from dhtt_excel.terminal.show_result import show_findings, show_units
from tests.conftest import AS_OF, Fill
from tests.containers import SENDER, lock, make_mail, make_raw_mail, make_zip
from tests.corpus.nasty_packages import GOOD
from tests.outputs.test_ledger_outputs import read, rows_of

SAVED = datetime(2020, 3, 15, 8, 0)
SENT = datetime(2020, 3, 10, 9, 0)
NAME = "Hàng Bạc – biểu mẫu báo cáo kết quả Hội nghị điển hình tiên tiến.xlsx"

Save = Callable[..., Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Put a file into the inbox, saved on a day of March."""

    def write(name: str, data: Any, saved: datetime = SAVED) -> Path:
        path = tmp_path / "da nhận" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else bytes(data))
        os.utime(path, (saved.timestamp(), saved.timestamp()))
        return path.parent

    return write


@pytest.fixture
def book(valid_workbook: Callable[[Unit], bytes], ward: Unit) -> bytes:
    return valid_workbook(ward)


def _names(result: Result) -> list[str]:
    return [s.source.file for s in result.submissions]


def _refusals(result: Result) -> dict[str, str]:
    return {s.source.file: s.source.refusal for s in result.submissions if s.source.refusal}


def _finding(result: Result, file: str) -> Finding:
    (finding,) = [f for f in result.findings if f.file == file]
    assert (finding.code, finding.severity) == ("TEP01", Severity.ERROR)
    assert finding.advice
    return finding


def test_a_mail_tells_sender_and_time(save: Save, book: bytes, ward: Unit, plan: Plan) -> None:
    folder = save("thư của phường.eml", make_mail([("Hàng Bạc.xlsx", book), ("quét.pdf", b"%PDF")]))
    result = consolidate(folder, plan, AS_OF)
    source = result.used[ward.code].source
    assert source.file == "thư của phường.eml/Hàng Bạc.xlsx"
    assert (source.sender, source.modified, source.beside) == (SENDER, SENT, ("quét.pdf",))
    assert (source.size, len(source.sha256)) == (len(book), 64)
    assert not [f for f in result.findings if f.file]
    assert all(account.balanced for s in result.submissions for account in s.accounts)


def test_the_sender_is_in_the_register_alone(save: Save, book: bytes, plan: Plan) -> None:
    result = consolidate(save("a.eml", make_mail([("b.xlsx", book), ("quét.pdf", b"%PDF")])), plan, AS_OF)
    (row,) = rows_of(read(result)[0], "Nguồn")
    assert row["Người gửi"].value == SENDER
    assert row["Vì sao"].value.endswith("\nGửi kèm, không đọc: quét.pdf.")
    assert abs(row["Nhận lúc"].value - SENT).total_seconds() < 1
    told = write_json(result).decode() + show_findings(result) + show_units(result)
    assert "example.vn" not in told
    assert "quét.pdf" not in told


def test_eighteen_wards_in_one_zip(save: Save, valid_workbook: Callable[[Unit], bytes], plan: Plan) -> None:
    entries: dict[str | bytes, bytes] = {
        f"Tháng 3/{plan.short_name(u)}/biểu mẫu.xlsx": valid_workbook(u) for u in plan.local_units
    }
    entries["Tháng 3/"] = b""
    entries["__MACOSX/Tháng 3/._biểu mẫu.xlsx"] = b"\0\5\x16\7"
    entries["Tháng 3/~$biểu mẫu.xlsx"] = entries["Tháng 3/.~lock.biểu.xlsx#"] = entries[".DS_Store"] = b"x"
    entries["Tháng 3/Hàng Bạc/ảnh.jpg"] = b"\xff\xd8"
    folder = save("tổng hợp.zip", make_zip(entries))
    result = consolidate(folder, plan, AS_OF)
    assert set(result.used) == {u.code for u in plan.local_units}
    assert len(result.submissions) == 18
    beside = {s.source.file: s.source.beside for s in result.submissions if s.source.beside}
    assert beside.pop("tổng hợp.zip/Tháng 3/Hàng Bạc/biểu mẫu.xlsx") == ("Tháng 3/Hàng Bạc/ảnh.jpg",)
    assert sorted(name for names in beside.values() for name in names) == [  # seen, and told like the rest
        ".DS_Store", "Tháng 3/.~lock.biểu.xlsx#", "Tháng 3/~$biểu mẫu.xlsx", "__MACOSX/Tháng 3/._biểu mẫu.xlsx",
    ]  # fmt: skip
    assert {s.source.modified for s in result.submissions} == {SAVED}
    again = consolidate(folder, plan, AS_OF)
    assert write_json(again) == write_json(result)
    assert write_register(again) == write_register(result)


def test_loose_zipped_or_mailed_the_result_is_the_same(
    fill: Fill, ward: Unit, plan: Plan, save: Save, valid_workbook: Callable[[Unit], bytes]
) -> None:
    files: dict[str | bytes, bytes] = {
        "a.xlsx": fill(ward, {"Đại biểu!E9": "không rõ", "Đại biểu!S9": "lạ"}, "a.xlsx").read_bytes(),
        "b.xlsx": valid_workbook(plan.units_by_code["00064"]),
        "c.xlsx": b"PK\x03\x04 broken",
    }
    for name, data in files.items():
        folder = save(name, data)
    loose = consolidate(folder, plan, AS_OF)
    assert len(loose.submissions) == 3
    packed = {"x.zip": make_zip(files), "x.eml": bytes(make_mail([(str(n), d) for n, d in files.items()]))}
    for name, data in packed.items():
        for path in folder.iterdir():
            path.unlink()
        result = consolidate(save(name, data), plan, AS_OF)
        bare = [replace(f, file=f.file.removeprefix(f"{name}/")) for f in result.findings]
        assert bare == loose.findings
        for key, frame in loose.tables.frames.items():
            assert (
                result.tables.frames[key]
                .drop(columns=["file", "received"], errors="ignore")
                .equals(frame.drop(columns=["file", "received"], errors="ignore"))
            )
        assert [s.accounts for s in result.submissions] == [s.accounts for s in loose.submissions]


def _encoded(text: str, size: int = 0) -> str:
    """RFC 2047, in words of `size` bytes each that part letters where it falls."""
    raw = text.encode()
    pieces = [raw[i : i + (size or len(raw))] for i in range(0, len(raw), size or len(raw))]
    return "\r\n ".join(f"=?utf-8?B?{base64.b64encode(p).decode()}?=" for p in pieces)


def _continued(text: str) -> str:
    return ";".join(
        f"\r\n filename*{n}*={'' if n else 'utf-8%s' % (2 * chr(39))}{quote(c)}" for n, c in enumerate(text)
    )


SPELT = [
    f"Content-Disposition: attachment; filename*=utf-8''{quote(NAME)}",
    f"Content-Disposition: attachment;{_continued(NAME)}",
    f'Content-Disposition: attachment; filename="{_encoded(NAME)}"',
    f'Content-Disposition: attachment; filename="{_encoded(NAME, 20)}"',
    f"Content-Disposition: attachment; filename={_encoded(NAME)}",
    f"Content-Disposition: attachment; filename=\"?.xlsx\"; filename*=utf-8''{quote(NAME)}",
    f'Content-Disposition: inline; filename="{NAME}"',
    f'Content-Type: application/octet-stream; name="{_encoded(NAME, 20)}"',
    f"Content-Type: application/octet-stream; name*=utf-8''{quote(NAME)}\r\nContent-Disposition: attachment",
]


def test_names_as_mail_programs_spell_them(save: Save, plan: Plan) -> None:
    for number, headers in enumerate(SPELT):
        folder = save(f"{number}.eml", make_raw_mail(headers, GOOD))
    assert _names(consolidate(folder, plan, AS_OF)) == [f"{number}.eml/{NAME}" for number in range(len(SPELT))]


UNNAMED = [
    ("Content-Type: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "tệp không tên.xlsx"),
    ('Content-Disposition: attachment; filename=".xlsx"', "tệp không tên.xlsx"),
    ('Content-Disposition: attachment; filename="20/3\\\\x.xlsx"', "20_3_x.xlsx"),
    ("Content-Disposition: attachment; filename*=utf-8''a%0A%1B%E2%80%AEb.xlsx", "a b.xlsx"),
]


def test_names_that_are_none(save: Save, plan: Plan) -> None:
    for number, (headers, _) in enumerate(UNNAMED):
        folder = save(f"{number}.eml", make_raw_mail(headers, GOOD))
    told = [f"{number}.eml/{name}" for number, (_, name) in enumerate(UNNAMED)]
    assert _names(consolidate(folder, plan, AS_OF)) == told


PACKED: list[tuple[str | bytes, str]] = [
    ("Hàng Bạc.xlsx", "Hàng Bạc.xlsx"),
    ("Ha\u0300ng Ba\u0323c.xlsx", "Hàng Bạc.xlsx"),  # as macOS writes it
    ("Hàng Bạc.xlsx".encode(), "Hàng Bạc.xlsx"),
    ("Hàng Ba\u0323c.xlsx".encode("cp1258"), "Hàng Bạc.xlsx"),
    ("Cà phê.xlsx".encode("cp437"), "Cà phê.xlsx"),
    (b"thu\\Hang Bac.xlsx", "thu/Hang Bac.xlsx"),
    ("/../../a\x1b.xlsx", "a\\x1b.xlsx"),
    ("dài" * 200 + ".xlsx", ("dài" * 200)[:194] + "….xlsx"),
]


def test_names_in_a_zip(save: Save, plan: Plan) -> None:
    for number, (raw, _) in enumerate(PACKED):
        folder = save(f"{number}.zip", make_zip({raw: GOOD}))
    told = [f"{number}.zip/{name}" for number, (_, name) in enumerate(PACKED)]
    assert _names(consolidate(folder, plan, AS_OF)) == told


def test_twice_the_same_name(save: Save, book: bytes, ward: Unit, plan: Plan) -> None:
    mail = make_mail([("biểu.xlsx", book), ("biểu.xlsx", b"PK\x03\x04"), ("biểu (2).xlsx", book)])
    result = consolidate(save("a.eml", mail), plan, AS_OF)
    assert _refusals(result) == {"a.eml/biểu (2).xlsx": "damaged"}
    assert sorted(_names(result)) == ["a.eml/biểu (2) (2).xlsx", "a.eml/biểu (2).xlsx", "a.eml/biểu.xlsx"]
    assert list(result.used) == [ward.code]


def test_a_forwarded_mail_is_known_by_its_own_sender_and_time(save: Save, book: bytes, plan: Plan, ward: Unit) -> None:
    inner = make_mail([("biểu.xlsx", book), ("logo.png", b"\x89PNG")], subject="Nộp 20/3")
    outer = make_mail([("", inner)], sender="Văn thư <vt@example.vn>", sent="Thu, 12 Mar 2020 09:00:00 +0700")
    result = consolidate(save("chuyển.eml", outer), plan, AS_OF)
    source = result.used[ward.code].source
    assert (source.file, source.sender, source.modified) == ("chuyển.eml/Nộp 20_3.eml/biểu.xlsx", SENDER, SENT)
    assert source.beside == ("Nộp 20_3.eml/logo.png",)


DATES = [
    ("Mon, 9 Mar 2020 21:00:00 -0500", SENT),
    ("10 Mar 2020 02:00 -0000", SENT),
    ("", SAVED),
    ("hôm qua", SAVED),
    ("Mon, 9 Mar 1998 21:00:00 +0700", SAVED),
    ("Mon, 9 Mar 2037 21:00:00 +0700", SAVED),
    ("Fri, 31 Dec 9999 23:59:59 -1200", SAVED),
]


def test_an_absurd_date_gives_way_to_the_files(save: Save, plan: Plan) -> None:
    for number, (sent, _) in enumerate(DATES):
        folder = save(f"{number}.eml", make_mail([("b.xlsx", GOOD)], sent=sent))
    found = {s.source.file: s.source.modified for s in consolidate(folder, plan, AS_OF).submissions}
    assert found == {f"{number}.eml/b.xlsx": moment for number, (_, moment) in enumerate(DATES)}


SENDERS = [
    ("From: Phường Hàng Bạc, quận <a@example.vn>", "Phường Hàng Bạc, quận <a@example.vn>"),
    (f"From: {_encoded('Phường Hàng Bạc', 7)} <a@example.vn>, b@example.vn", "Phường Hàng Bạc <a@example.vn>"),
    ("From: a@example.vn <a@example.vn>", "a@example.vn"),
    ("Sender: a@example.vn", "a@example.vn"),
    ("From: một người", "một người"),
    ("Subject: x", ""),
    ("From: " + "(<,@" * 100_000, "(<,@" * 50),
    ('From: "=1+1\x1b\u202e" <a@example.vn>', "=1+1 <a@example.vn>"),
]


def test_the_sender_as_mail_programs_write_it(save: Save, plan: Plan) -> None:
    for number, (header, _) in enumerate(SENDERS):
        mail = make_raw_mail("Content-Disposition: attachment; filename=a.xlsx", GOOD)
        folder = save(f"{number}.eml", mail.replace(f"From: {SENDER}".encode(), header.encode()))
    result = consolidate(folder, plan, AS_OF)
    assert not _refusals(result)
    found = {s.source.file: s.source.sender for s in result.submissions}
    assert found == {f"{number}.eml/a.xlsx": sender for number, (_, sender) in enumerate(SENDERS)}


def test_the_mail_sent_last_stands_for_the_unit(fill: Fill, save: Save, ward: Unit, plan: Plan) -> None:
    late = fill(ward, {"Thông tin!B13": "Nhà hát Lớn"}, "late.xlsx").read_bytes()
    early = fill(ward, name="late.xlsx").read_bytes()
    (fill(ward, name="late.xlsx")).unlink()
    save("1.eml", make_mail([("b.xlsx", late)], sent="Sat, 14 Mar 2020 09:00:00 +0700"), datetime(2020, 3, 15))
    folder = save(
        "2.eml", make_mail([("b.xlsx", early)], sent="Fri, 13 Mar 2020 09:00:00 +0700"), datetime(2020, 3, 16)
    )
    result = consolidate(folder, plan, AS_OF)
    assert result.used[ward.code].source.file == "1.eml/b.xlsx"


def test_entries_of_a_zip_keep_the_time_at_which_they_were_saved(save: Save, book: bytes, plan: Plan) -> None:
    for saved, moment in (((2020, 3, 11, 7, 30, 0), datetime(2020, 3, 11, 7, 30)), ((2037, 1, 1, 0, 0, 0), SAVED)):
        (submission,) = consolidate(save("a.zip", make_zip({"a.xlsx": book}, saved)), plan, AS_OF).submissions
        assert submission.source.modified == moment
    mail = make_mail([("a.zip", make_zip({"a.xlsx": book}, (2020, 3, 1, 0, 0, 0)))])
    (submission,) = check_files([save("a.eml", mail) / "a.eml"], plan, AS_OF).submissions
    assert (submission.source.file, submission.source.modified) == ("a.eml/a.zip/a.xlsx", SENT)


def test_mails_in_a_zip_answer_each_for_itself(save: Save, book: bytes, plan: Plan) -> None:
    entries: dict[str | bytes, bytes] = {
        "thư/1.eml": bytes(make_mail([("biểu.xlsx", book)])),
        "thư/2.eml": bytes(make_mail([("quét.pdf", b"%PDF")])),
        "thư/3.eml": bytes(make_mail([("trong.zip", make_zip({"biểu.xlsx": book}))])),
        "thư/4.eml": bytes(make_mail()),
    }
    result = consolidate(save("hộp thư.zip", make_zip(entries)), plan, AS_OF)
    assert _refusals(result) == {
        "hộp thư.zip/thư/2.eml": "no-workbook",
        "hộp thư.zip/thư/3.eml/trong.zip": "nested",
        "hộp thư.zip/thư/4.eml": "no-workbook",
    }
    assert "(chỉ có: quét.pdf)" in _finding(result, "hộp thư.zip/thư/2.eml").message
    assert "(không đính kèm tệp nào)" in _finding(result, "hộp thư.zip/thư/4.eml").message
    assert {s.source.sender for s in result.submissions} == {SENDER}


REFUSED: dict[str, tuple[str, Callable[[bytes], Any], str, str]] = {
    "nested": ("a.zip", lambda b: make_zip({"b.zip": make_zip({"c.xlsx": b})}), "/b.zip", "tệp nén nằm trong tệp nén"),
    "nested-by-bytes": (
        "a.zip", lambda b: make_zip({"b.eml": make_zip({"c.xlsx": b})}), "/b.eml", "tệp nén nằm trong tệp nén"
    ),
    "locked": ("a.zip", lambda b: lock(make_zip({"c.xlsx": b, "d.xlsx": b})), "", "tệp nén có mật khẩu"),
    "locked-in-mail": (
        "a.eml", lambda b: make_mail([("b.zip", lock(make_zip({"c.xlsx": b})))]), "/b.zip", "tệp nén có mật khẩu"
    ),
    "bomb": ("a.zip", lambda _: make_zip({"b.xlsx": bytes(20_000_000)}), "/b.xlsx", "bom nén"),
    "large": ("a.zip", lambda _: make_zip({"b.xlsx": bytes(30_000_000)}), "/b.xlsx", "lớn hơn 25 MB"),
    "bomb-of-mails": ("a.zip", lambda _: make_zip({"b.eml": bytes(20_000_000)}), "/b.eml", "bom nén"),
    "many": ("a.zip", lambda _: make_zip({f"{n}.txt": b"" for n in range(1001)}), "", "quá 1000"),
    "no-workbook": ("a.eml", lambda _: make_mail([("quét.pdf", b"%PDF")]), "", "(chỉ có: quét.pdf)"),
    "pictures": (
        "a.zip", lambda _: make_zip({f"{n}.jpg": b"x" for n in range(9)}), "", "3.jpg, 4.jpg và 4 tệp khác)"
    ),
    "no-attachment": ("a.eml", lambda _: make_mail(), "", "thư không có bảng tính nào (không đính kèm tệp nào)"),
    "nothing": ("a.zip", lambda _: make_zip({}), "", "tệp nén không có bảng tính nào (không có tệp nào)"),
    "empty": ("a.eml", lambda _: b"", "", "tệp rỗng"),
    "damaged": ("a.zip", lambda b: make_zip({"c.xlsx": b})[:-40], "", "tệp nén hỏng"),
    "crc": ("a.zip", lambda b: make_zip({"c.xlsx": b})[:3000] + bytes(9) + make_zip({"c.xlsx": b})[3009:], "/c.xlsx", "hỏng"),
    "no-mail": ("a.eml", lambda _: b"\x01\x02\x03" * 500, "", "không phải thư điện tử"),
    "tnef": ("a.eml", lambda _: make_mail([("winmail.dat", b"\x78\x9f\x3e\x22")]), "/winmail.dat", "winmail.dat"),
    "rar": ("a.rar", lambda _: b"Rar!\x1a\x07", "", "tệp nén kiểu .rar, chỉ đọc được .zip"),
    "rar-as-zip": ("a.zip", lambda _: b"Rar!\x1a\x07", "", "tệp nén kiểu .rar"),
    "7z-in-mail": ("a.eml", lambda _: make_mail([("b.7z", b"7z\xbc\xaf")]), "/b.7z", "tệp nén kiểu .7z"),
    "msg": ("a.msg", lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", "thư lưu kiểu riêng của Outlook (.msg)"),
    "renamed": ("a.zip", lambda b: b, "", "là tệp Office mang đuôi khác"),
    "liar": ("a.eml", lambda b: make_mail([("b.xlsx", make_zip({"c.xlsx": b}))]), "/b.xlsx", "không"),
    "mail-as-xlsx": ("a.eml", lambda b: make_mail([("b.xlsx", bytes(make_mail([("c.xlsx", b)])))]), "/b.xlsx", "mang đuôi Excel"),
}  # fmt: skip


@pytest.fixture(scope="module")
def refused(
    valid_workbook: Callable[[Unit], bytes], ward: Unit, plan: Plan, tmp_path_factory: pytest.TempPathFactory
) -> Result:
    """All of them in one inbox, each in a folder of its own."""
    inbox = tmp_path_factory.mktemp("từ chối")
    for case, (name, make, _, _) in REFUSED.items():
        (inbox / case).mkdir()
        (inbox / case / name).write_bytes(bytes(make(valid_workbook(ward))))
    return consolidate(inbox, plan, AS_OF)


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_one_clear_finding(case: str, refused: Result) -> None:
    name, _, inside, says = REFUSED[case]
    of_case = [file for file in _names(refused) if file.startswith(f"{case}/")]
    assert of_case == [f"{case}/{name}{inside}"]
    assert of_case[0] in _refusals(refused)
    assert says in _finding(refused, of_case[0]).message


def test_one_bad_entry_costs_itself_alone(save: Save, book: bytes, ward: Unit, plan: Plan) -> None:
    entries: dict[str | bytes, bytes] = {
        "tốt.xlsx": book,
        "bom.xlsx": bytes(20_000_000),
        "hỏng.xlsx": b"PK\x03\x04",
        "k.rar": b"Rar!",
        "x.zip": b"PK\x03\x04",
    }
    result = consolidate(save("a.zip", make_zip(entries)), plan, AS_OF)
    assert _refusals(result) == {
        "a.zip/bom.xlsx": "ratio", "a.zip/hỏng.xlsx": "damaged", "a.zip/k.rar": "nested", "a.zip/x.zip": "nested"
    }  # fmt: skip
    assert list(result.used) == [ward.code]
    assert write_register(result)


def test_a_cut_mail_is_told_and_what_came_is_read(save: Save, book: bytes, ward: Unit, plan: Plan) -> None:
    whole = bytes(make_mail([("a.xlsx", book), ("b.xlsx", book)]))
    second = whole.index(b"b.xlsx")
    result = consolidate(save("a.eml", whole[: second + 2000]), plan, AS_OF)
    assert _refusals(result) == {"a.eml": "cut", "a.eml/b.xlsx": "damaged"}
    assert "thư bị cắt ngang, có thể thiếu tệp" in _finding(result, "a.eml").message
    assert list(result.used) == [ward.code]
    result = consolidate(save("a.eml", whole[: whole.index(b"a.xlsx") - 60]), plan, AS_OF)
    assert "thư bị cắt ngang, không có bảng tính nào" in _finding(result, "a.eml").message


def test_mails_too_deep(save: Save, book: bytes, plan: Plan) -> None:
    mail = make_mail([("a.xlsx", book)])
    for _ in range(12):
        mail = make_mail([("m.eml", mail)])
    (refusal,) = _refusals(consolidate(save("a.eml", mail), plan, AS_OF)).values()
    assert refusal == "nested"


def test_a_mail_attached_against_the_rules_in_base64(save: Save, book: bytes, plan: Plan) -> None:
    inner = base64.encodebytes(bytes(make_mail([("a.xlsx", book)]))).decode()
    lines = ["From: x@example.vn", "Content-Type: message/rfc822", "Content-Transfer-Encoding: base64", "", inner]
    (submission,) = consolidate(save("a.eml", "\n".join(lines).encode()), plan, AS_OF).submissions
    assert (submission.source.refusal, submission.source.sender) == ("", SENDER)


def test_a_container_too_large_is_not_opened(save: Save, plan: Plan) -> None:
    folder = save("a.zip", b"PK")
    with (folder / "a.zip").open("r+b") as file:
        file.truncate(MAX_CONTAINER + 1)
    assert _refusals(consolidate(folder, plan, AS_OF)) == {"a.zip": "size"}


def test_the_unit_is_named_by_the_innermost_code(save: Save, plan: Plan) -> None:
    result = consolidate(save("00061.eml", make_mail([("x_00064.xlsx", b"PK\x03\x04"), ("y.xlsx", b"")])), plan, AS_OF)
    assert [(f.file, f.unit) for f in result.findings if f.code == "TEP01"] == [
        ("00061.eml/y.xlsx", "00061"), ("00061.eml/x_00064.xlsx", "00064")
    ]  # fmt: skip


def test_check_reads_a_mail(save: Save, book: bytes) -> None:
    from click.testing import CliRunner

    path = save("a.eml", make_mail([("b.xlsx", book)])) / "a.eml"
    done = CliRunner().invoke(commands, ["check", str(path), "--as-of", f"{AS_OF}"])
    assert (done.exit_code, done.output) == (0, "Không có vấn đề nào.\n")


def test_a_folder_of_other_files_is_still_refused(save: Save, plan: Plan) -> None:
    with pytest.raises(UserError, match=r"\.eml.*\.zip"):
        consolidate(save("a.txt", b"x"), plan, AS_OF)


def test_no_worker_lists_where_there_is_no_container(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    files = find_files(save("a.xlsx", GOOD))
    monkeypatch.setattr(open_workbooks, "deal_jobs", None)
    assert open_containers(files) == files


def _misread(source: RawWorkbook, data: bytes, suffix: str) -> RawWorkbook:
    if "abort" in source.file:
        os.abort()
    while "stall" in source.file:
        pass
    return parse_workbook(source, data, suffix)


@pytest.fixture
def quiet() -> Iterator[None]:
    import faulthandler

    enabled = faulthandler.is_enabled()
    faulthandler.disable()
    yield
    if enabled:
        faulthandler.enable()


@pytest.mark.usefixtures("quiet")
@pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="a patch reaches forked workers only")
def test_a_member_that_kills_or_stalls_costs_itself_alone(
    save: Save, book: bytes, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "SECONDS_A_JOB", 0.5)  # of processor time, so a busy computer blames nobody
    monkeypatch.setattr(open_workbooks, "parse_workbook", _misread)
    names = ["1.xlsx", "2-abort.xlsx", "3.xlsx", "4-stall.xlsx", "5.xlsx"]
    save("a.eml", make_mail([(name, book) for name in names]))
    result = consolidate(save("b.zip", make_zip(dict.fromkeys(names, book))), plan, AS_OF)
    assert _refusals(result) == {
        f"{container}/{name}": code
        for container in ("a.eml", "b.zip")
        for name, code in (("2-abort.xlsx", "crash"), ("4-stall.xlsx", "time"))
    }
    assert {s.source.sender for s in result.submissions} == {SENDER, ""}


def _mislist(data: bytes, suffix: str, saved: datetime, **_: bool) -> list[Member]:
    if suffix == ".eml":
        os.abort()
    while True:
        pass


@pytest.mark.usefixtures("quiet")
@pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="a patch reaches forked workers only")
def test_a_container_that_kills_or_stalls_costs_itself_alone(
    save: Save, book: bytes, ward: Unit, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "SECONDS_A_JOB", 0.5)
    monkeypatch.setattr(open_workbooks, "list_members", _mislist)
    save("a.eml", make_mail([("a.xlsx", book)]))
    save("b.zip", make_zip({"a.xlsx": book}))
    result = consolidate(save("c.xlsx", book), plan, AS_OF)
    assert _refusals(result) == {"a.eml": "crash", "b.zip": "time"}
    assert list(result.used) == [ward.code]
    assert [f["refusal"] for f in json.loads(write_json(result))["files"]] == ["crash", "time", None]


MAIL = bytes(make_mail([("a.xlsx", b"PK\x03\x04 a"), ("m.eml", make_mail([("b.xls", b"x")])), ("c.zip", make_zip({"d.ods": b"x"}))]))  # fmt: skip
ZIP = make_zip({"a.xlsx": b"PK\x03\x04 a", "Hàng/b.eml": MAIL, b"\xe9.xls": b"x"})


def _spoil(data: bytes, changes: list[tuple[int, bytes]]) -> bytes:
    spoilt = bytearray(data)
    for at, new in changes:
        place = at % len(spoilt)
        spoilt[place : place + len(new)] = new
    return bytes(spoilt)


CHANGES = st.lists(st.tuples(st.integers(0, 100_000), st.binary(max_size=6)), max_size=8)
SPOILT = st.builds(_spoil, st.sampled_from([MAIL, ZIP]), CHANGES)
HEADERS = st.builds(
    lambda start, junk, rest: start + junk + b"\r\n" + rest,
    st.sampled_from([b"From: ", b"Date: ", b"Content-Type: ", b"Content-Type: multipart/mixed; boundary=", b"Content-Disposition: attachment; filename="]),
    st.binary(max_size=60),
    st.sampled_from([b"\r\nx", MAIL]),
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=300), SPOILT, HEADERS), suffix=st.sampled_from([".eml", ".zip"]))
def test_any_bytes_give_words_and_no_error(data: bytes, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    found = list_file(FoundFile(path, path.name))
    assert found
    assert len({file.name for file in found}) == len(found)
    for file in found:
        workbook = read_file(file)
        assert workbook.file.isprintable()
        assert workbook.sender.isprintable()
        assert workbook.refusal
        assert workbook.problem
        assert workbook.advice


def test_spoilt_containers_do_not_kill_a_run(save: Save, book: bytes, ward: Unit, plan: Plan) -> None:
    for number in range(60):
        data, suffix = ((MAIL, ".eml"), (ZIP, ".zip"))[number % 2]
        save(f"{number}{suffix}", _spoil(data, [(number * 7919 + k * 104_729, b"\xff\0") for k in range(number % 7)]))
    result = consolidate(save("tốt.xlsx", book), plan, AS_OF)
    assert list(result.used) == [ward.code]
    assert len(result.submissions) > 60
    assert write_register(result)


def test_a_time_that_no_calendar_has_is_not_known(
    fill: Fill, few: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = dict(zip((-1, -(10**11), 10**15, 2**62), few.local_units, strict=True))
    times = {fill(unit): seconds for seconds, unit in odd.items()}
    real = Path.stat

    class _Odd:
        def __init__(self, path: Path) -> None:
            found = real(path)
            self.st_size, self.st_mode, self.st_mtime = found.st_size, found.st_mode, float(times[path])

    monkeypatch.setattr(Path, "stat", lambda self, **more: _Odd(self) if self in times else real(self, **more))
    folder = next(iter(times)).parent
    result = consolidate(folder, few, AS_OF)
    for unit in odd.values():
        assert result.used[unit.code].source.is_timed is False
        assert result.days_late(unit) == 0
    assert write_result(result, tmp_path / "kết quả")
    assert CliRunner().invoke(commands, ["status", str(folder)]).output.count("không rõ") == len(odd)
