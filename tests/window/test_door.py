"""Who may come in, and what can be asked for: nobody but our own page, and nothing outside the campaign."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

import pytest
from starlette.testclient import TestClient

from dhtt_excel.errors import UserError
from dhtt_excel.window import output_pages, serve
from dhtt_excel.window.campaigns import Campaign, list_recent
from dhtt_excel.window.door import TOKEN_FIELD, Door
from dhtt_excel.window.runs import Runs
from tests.conftest import POSIX
from tests.window.conftest import AUTHORITY, ORIGIN, TOKEN, Visitor


def _stranger(door: Door, **headers: str) -> TestClient:
    return TestClient(door, base_url=ORIGIN, headers=headers, follow_redirects=False)


def test_the_token_becomes_a_strict_cookie_and_leaves_the_address(door: Door) -> None:
    answer = _stranger(door).get(f"/?{TOKEN_FIELD}={TOKEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()


@pytest.mark.parametrize("query", ["", f"?{TOKEN_FIELD}=", f"?{TOKEN_FIELD}=x", f"?{TOKEN_FIELD}={TOKEN}x"])
def test_without_the_token_nothing_is_shown(door: Door, query: str) -> None:
    for place in ("/", "/dot/0123456789ab/", "/tinh/window.js", "/nhip"):
        assert _stranger(door).get(place + query).status_code == 403
    wrong = {"Cookie": "dhtt-5000=x", "Origin": ORIGIN}
    assert _stranger(door, **wrong).post("/dong").status_code == 403
    assert _stranger(door, Cookie='dhtt-5000="\\').get("/").status_code == 403


@pytest.mark.parametrize("others", ['x={"a": 1}', "a b=1", "foo[bar]=1", "x", '"', f"dhtt-5001={TOKEN}"])
def test_cookies_of_other_programs_lock_nobody_out(door: Door, others: str) -> None:
    """A browser sends all that it has for this computer, whatever the port."""
    assert _stranger(door, Cookie=f"{others}; dhtt-5000={TOKEN}").get("/").status_code == 200
    assert _stranger(door, Cookie=others).get("/").status_code == 403


@pytest.mark.parametrize("host", ["localhost:5000", "evil.example:5000", "127.0.0.1", "127.0.0.1:5001", ""])
def test_names_that_are_made_to_point_here_are_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize(
    "origin", ["null", "http://evil.example", "http://127.0.0.1:5001", f"https://{AUTHORITY}", ORIGIN + "/"]
)
def test_forms_of_other_pages_are_refused(visitor: Visitor, origin: str) -> None:
    for method, place in (("POST", "tong-hop"), ("POST", "nhan-tep/tep"), ("POST", "huy"), ("GET", "")):
        answer = visitor.client.request(method, visitor.home + place, headers={"Origin": origin})
        assert answer.status_code == 403, (method, place)


def test_a_form_must_say_where_it_comes_from(client: TestClient) -> None:
    del client.headers["Origin"]
    assert client.post("/nhip").status_code == 403
    assert client.put("/nhip").status_code == 403
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("site_", ["cross-site", "same-site"])
def test_other_pages_on_this_computer_are_refused(client: TestClient, site_: str) -> None:
    assert client.get("/", headers={"Sec-Fetch-Site": site_}).status_code == 403


def test_every_answer_bids_the_browser_be_careful(client: TestClient, door: Door, visitor: Visitor) -> None:
    answers = [
        client.get("/"), client.get("/nowhere"), client.get("/tinh/window.css"), _stranger(door).get("/"),
        visitor.client.get(visitor.home + "nhan-tep"), visitor.client.get(visitor.home + "ket-qua/tai?ten=x"),
    ]  # fmt: skip
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "data:" not in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_pages_have_nothing_inline_and_nothing_from_elsewhere() -> None:
    folder = Path(output_pages.__file__).parent
    for path in [*folder.glob("pages/*.html"), *folder.glob("static/*")]:
        text = path.read_text(encoding="utf-8")
        assert not [
            word
            for word in (" style=", "onclick=", "<style", "javascript:", "| safe", "@import", "url(")
            if word in text
        ], path
        assert "http" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "").replace("http-equiv", ""), path


def test_no_length_is_overruled(client: TestClient) -> None:
    answer = client.post("/nhip", headers={"Content-Length": "1", "Transfer-Encoding": "chunked"}, content=b"x")
    assert answer.status_code == 411


def test_too_much_is_refused_before_it_is_read(visitor: Visitor) -> None:
    def stream() -> object:
        raise AssertionError("the body was read")
        yield b""

    huge = {"Content-Length": str(600 << 20)}
    for place, headers, status in (
        ("nhan-tep/tep", huge, 413), ("tong-hop", {"Content-Length": str(2 << 20)}, 413), ("nhan-tep/tep", {"Transfer-Encoding": "chunked"}, 411)
    ):  # fmt: skip
        answer = visitor.client.post(visitor.home + place, content=stream(), headers=headers)  # type: ignore[arg-type]
        assert answer.status_code == status


@pytest.mark.parametrize(
    "name",
    [
        "../ket-qua.json",
        "..",
        ".",
        "/etc/passwd",
        "C:\\x",
        "thu/../x",
        "%2e%2e/x",
        ".dhtt-list.json",
        "link.xlsx",
        "",
        "x\0y",
    ],
)
@POSIX
def test_no_path_leads_out_of_the_outputs(visitor: Visitor, campaign: Campaign, name: str) -> None:
    (campaign.folder / "ket-qua.json").write_bytes(b"{}")
    (campaign.out / ".dhtt-list.json").write_bytes(b"{}")
    (campaign.out / "link.xlsx").symlink_to("/etc/passwd")
    (campaign.out / "thu").symlink_to("/etc")
    assert (
        visitor.client.get(visitor.home + "ket-qua/tai", params={"thu-muc": "thu", "ten": "passwd"}).status_code == 404
    )
    for folder in ("", "..", "/", "../da-nhan", "thu/.."):
        answer = visitor.client.get(visitor.home + "ket-qua/tai", params={"thu-muc": folder, "ten": name})
        assert answer.status_code == 404
    assert visitor.client.get(visitor.home + "thu/doc", params={"ten": name}).status_code == 404


@pytest.mark.parametrize(
    "place",
    [
        "/tinh/../door.py",
        "/tinh/%2e%2e/door.py",
        "/tinh/..%2fdoor.py",
        "/tinh//etc/passwd",
        "/dot/../x",
        "/dot/ffffffffffff/",
    ],
)
def test_no_address_leads_elsewhere(client: TestClient, place: str) -> None:
    assert client.get(place).status_code == 404


def test_only_what_a_run_writes_is_ever_opened(
    visitor: Visitor, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(output_pages, "open_with_system", opened.append)
    for name in ("run.bat", "page.html", "tong-hop.xlsx"):
        (campaign.out / name).write_bytes(b"x")
    for name, status in (("run.bat", 404), ("page.html", 404), ("../x.xlsx", 404), ("tong-hop.xlsx", 303)):
        assert visitor.post("ket-qua/mo", data={"thu-muc": "", "ten": name}).status_code == status
    assert visitor.post("ket-qua/mo", data={"thu-muc": "../..", "ten": ""}).status_code == 303
    assert opened == [campaign.out / "tong-hop.xlsx", campaign.folder]
    for back, place in (("thiet-lap", "thiet-lap"), ("//elsewhere", "ket-qua")):  # the page on which the button is
        answer = visitor.post("ket-qua/mo", data={"thu-muc": "bieu-mau", "ten": "", "ve": back})
        assert answer.headers["location"] == visitor.home + place


def test_a_folder_must_be_named_whole_or_by_its_name(client: TestClient, tmp_path: Path) -> None:
    for text in ("", "  ", "a/b", "..\\x", "../x"):
        assert client.post("/dot", data={"thu-muc": text}).status_code == 400
    assert client.post("/dot", data={"thu-muc": "đợt 2020"}).status_code == 303
    assert (tmp_path / "home" / "Documents" / "dhtt" / "đợt 2020" / "da-nhan").is_dir()
    whole = tmp_path / "ổ D" / "đợt"
    assert client.post("/dot", data={"thu-muc": f'"{whole}"'}).status_code == 303
    assert list_recent()[0] == whole
    (tmp_path / "tệp").write_bytes(b"")
    assert "là tệp" in client.post("/dot", data={"thu-muc": str(tmp_path / "tệp")}).text


def test_a_folder_that_cannot_be_is_refused_in_words(client: TestClient, tmp_path: Path) -> None:
    for text in (f"{tmp_path}/a\0b", f"{tmp_path}/{'x' * 300}", f"{tmp_path}/" + "y/" * 3000):
        answer = client.post("/dot", data={"thu-muc": text})
        assert answer.status_code == 400
        assert "Lỗi của chương trình" not in answer.text
    assert client.post("/dot", data={"thu-muc": "~không ai"}).status_code == 303
    assert client.get("/thu-muc", params={"noi": "9" * 5000}).status_code == 200


def test_a_damaged_list_of_campaigns_stops_nobody(client: TestClient, tmp_path: Path) -> None:
    client.post("/dot", data={"thu-muc": str(tmp_path / "đợt")})
    (kept,) = (tmp_path / "config").rglob("*.json")
    for text in ("", "null", '["\\u0000"]', f'["/{"x" * 5000}"]', "[" * 9999):
        kept.write_text(text, encoding="utf-8")
        assert client.get("/").status_code == 200
        assert client.get("/dot/0123456789ab/").status_code == 404


def test_nothing_is_made_anew_where_a_campaign_has_been_moved(
    visitor: Visitor, campaign: Campaign, tmp_path: Path
) -> None:
    campaign.folder.rename(tmp_path / "nơi khác")
    for place in ("", "nhan-tep", "ket-qua", "thiet-lap", "dang-chay/tinh-trang"):
        answer = visitor.client.get(visitor.home + place)
        assert answer.status_code == 404
        assert "chuyển đi nơi khác" in answer.text
    for place in ("nhan-tep/tep", "thiet-lap", "bieu-mau", "tong-hop"):
        assert visitor.post(place, data={"ngay": ""}, files={"tep": ("a.xlsx", b"x")}).status_code == 404
    assert not campaign.folder.exists()


def test_a_full_disk_is_told_by_the_page(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sent waits in a file of the system's until all of it is there."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(SpooledTemporaryFile, "write", fail)
    answer = visitor.post("nhan-tep/tep", files={"tep": ("a.xlsx", b"x")})
    assert answer.status_code == 500
    assert "ổ đĩa đã đầy" in answer.text


def test_who_goes_away_while_sending_leaves_nothing(door: Door, visitor: Visitor, campaign: Campaign) -> None:
    headers = {
        "host": AUTHORITY, "origin": ORIGIN, "cookie": f"dhtt-5000={TOKEN}", "content-length": "999",
        "content-type": "multipart/form-data; boundary=x",
    }  # fmt: skip
    place = f"{visitor.home}nhan-tep/tep"
    scope = {
        "type": "http", "method": "POST", "path": place, "raw_path": place.encode(), "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    begun = b'--x\r\nContent-Disposition: form-data; name="tep"; filename="a.xlsx"\r\n\r\nhalf'
    arriving: Iterator[dict[str, Any]] = iter(
        [{"type": "http.request", "body": begun, "more_body": True}, {"type": "http.disconnect"}]
    )
    told = []

    async def receive() -> dict[str, Any]:
        return next(arriving)

    async def send(message: MutableMapping[str, Any]) -> None:
        told.append(message)

    asyncio.run(door(scope, receive, send))  # nothing is raised: a server would print that
    assert told[0]["status"] == 400
    assert not any(campaign.inbox.iterdir())


def test_where_no_port_is_to_be_had_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "HOST", "192.0.2.1")  # an address that no computer has
    with pytest.raises(UserError, match="Không mở được cửa sổ"):
        serve.serve(None, lambda _: None, browse=False)


def test_where_no_browser_opens_nothing_waits_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda _: False)
    monkeypatch.setattr(Runs, "open", lambda _: None)
    with pytest.raises(UserError, match="trình duyệt"):
        serve.serve(None, lambda _: None, patience=20)


def test_the_server_listens_here_alone_and_ends_when_nobody_looks(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from dhtt_excel.window.serve import serve\n"
        "if __name__ == '__main__': serve(Path(sys.argv[1]), lambda a: print(a, flush=True), browse=False, patience=4)"
    )
    (tmp_path / "run.py").write_text(code, encoding="utf-8")
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, str(tmp_path / "run.py"), str(tmp_path / "đợt")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as server:
        assert server.stdout
        assert server.stderr
        address = server.stdout.readline()
        assert address.startswith("http://127.0.0.1:")
        port = int(address.split(":")[2].split("/")[0])
        with socket.create_connection(("127.0.0.1", port)) as stranger:
            with pytest.raises(OSError, match="refused"):
                socket.create_connection(("127.0.0.2", port))
            stranger.sendall(b"\x16\x03\x01 no page\r\n\r\n")
        began = time.monotonic()
        assert server.wait(60) == 0
        assert time.monotonic() - began < 30
        assert server.stderr.read() == ""  # whatever is sent to it


def test_without_the_extra_one_sentence_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['uvicorn'] = None; sys.argv = ['dhtt', 'window']\n"
        "from dhtt_excel.terminal.cli import main; main()"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "pip install" in run.stderr
    assert "Traceback" not in run.stderr


def test_the_command_line_loads_nothing_of_the_window() -> None:
    code = "import sys, json, dhtt_excel.terminal.cli; print(json.dumps(list(sys.modules)))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    assert not {"starlette", "uvicorn", "jinja2", "pandas", "dhtt_excel.window.serve"} & set(loaded)


@POSIX
def test_a_folder_is_chosen_step_by_step_and_no_other_way(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (home / "Việc & sự" / "đợt <1>").mkdir(parents=True)
    (home / ".ẩn").mkdir()
    (home / "thư.txt").write_bytes(b"")
    (home / "ngoài").symlink_to("/etc")
    places = client.get("/thu-muc").text
    number = places.split(f'">{home}<')[0].rpartition("=")[2]
    page = client.get("/thu-muc", params={"noi": number}).text
    assert "Việc &amp; sự" in page
    assert not [name for name in (".ẩn", "thư.txt", "ngoài") if name in page]
    page = client.get("/thu-muc", params={"noi": number, "vao": ["Việc & sự"]}).text
    assert "đợt &lt;1&gt;" in page
    for wrong in ("..", ".", "ngoài", "/etc", "Việc & sự/đợt <1>", ".ẩn", ""):
        assert client.get("/thu-muc", params={"noi": number, "vao": [wrong]}).status_code == 400
    assert client.get("/thu-muc", params={"noi": "99"}).status_code == 200

    stat = os.stat

    def refuse(path: Any, *rest: Any, **options: Any) -> os.stat_result:
        if Path(os.fspath(path)).name == "Bàn khóa":
            raise PermissionError(13, "Permission denied")
        return stat(path, *rest, **options)

    (home / "Bàn khóa").mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(os, "stat", refuse)
        page = client.get("/thu-muc", params={"noi": number}).text
    assert ("Việc &amp; sự" in page, "Bàn khóa" in page) == (True, False)
