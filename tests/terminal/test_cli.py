"""The commands as a person runs them: what they print, what they write, how they end."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from dhtt_excel.form.form import Form
from dhtt_excel.pipeline import consolidate, write_result
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rehearsal.invent_campaign import invent_campaign
from dhtt_excel.rules import RULES
from dhtt_excel.terminal import show_result
from dhtt_excel.terminal.cli import commands
from dhtt_excel.terminal.cli_mail import mail
from tests.conftest import Fill
from tests.rehearsal.test_invent_campaign import read_tables
from tests.typed import type_demo

README = Path(__file__).parents[2] / "README.md"


def dhtt(*args: object, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command as its own process, on a console that is not UTF-8."""
    return subprocess.run(
        [sys.executable, "-m", "dhtt_excel", *map(str, args)],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "cp1258", "PYTHONUTF8": "0", **env},
        check=False,
    )


def invoke(*args: object) -> Result:
    """The same within this process, where what a process is does not matter."""
    return CliRunner().invoke(commands, [*map(str, args)])


def _digests(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("thử nghiệm") / "demo"
    return folder, dhtt("demo", "-o", folder)


def test_demo_writes_a_campaign_and_its_result(demo: tuple[Path, subprocess.CompletedProcess[str]], plan: Plan) -> None:
    folder, run = demo
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    assert sorted(p.name for p in (folder / "ket-qua").iterdir()) == [
        ".dhtt-list.json", "bao-cao-hoan-kiem-2020.docx", "chap-nhan.xlsx", "ket-qua.json",
        "phieu-kiem-tra-hoan-kiem-2020.docx", "phu-luc-y-kien-hoan-kiem-2020.docx", "so-theo-doi-hoan-kiem-2020.xlsx",
        "thu", "tong-hop-hoan-kiem-2020.xlsx", "tra-lai",
    ]  # fmt: skip
    assert "Đã nhận 17/18 phường" in run.stdout
    assert run.stdout.count("dấu phẩy thập phân") == 1
    for unit in plan.units:
        assert plan.short_name(unit) in run.stdout


def test_demo_holds_what_really_happens(demo: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    result = json.loads((demo[0] / "ket-qua" / "ket-qua.json").read_bytes())
    found = {f["code"] for f in result["findings"]}
    assert {"TEP04", "TEP05", "TEP07", "DB01", "O02", "O03"} <= found
    assert sum(u["verdict"] == "missing" for u in result["units"]) == 1
    assert any(f["severity"] == "note" and f["code"] == "O03" for f in result["findings"])  # dates as text


@pytest.fixture(scope="module")
def clean(few_units: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A demo without a fault, of five units: nobody is sent a workbook."""
    folder = tmp_path_factory.mktemp("thử nghiệm") / "demo"
    return folder, invoke("demo", "-o", folder, "--clean", "--seed", "7", "--plan", few_units)


def test_clean_demo_is_faultless(clean: tuple[Path, Result], plan: Plan, tmp_path: Path) -> None:
    folder, run = clean
    result = json.loads((folder / "ket-qua" / "ket-qua.json").read_bytes())
    assert result["findings"] == []
    assert "ĐẠT: 0 lỗi, 0 cảnh báo" in run.stdout
    type_demo(plan, tmp_path / "cả quận", seed=7, clean=True)
    assert consolidate(tmp_path / "cả quận", plan, plan.report.before).findings == []


def test_consolidate_again_gives_the_same_bytes_and_leaves_the_inbox_alone(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
    clean: tuple[Path, Result],
    few_units: Path,
    plan: Plan,
    form: Form,
    tmp_path: Path,
) -> None:
    """Whatever is printed, and however the day is spelt. No name of a person is on the terminal or in the JSON."""
    inbox, other = demo[0] / "da-nhan", clean[0] / "da-nhan"
    before = [_digests(inbox), _digests(other)]
    verbose = invoke("consolidate", inbox, "-o", tmp_path / "1", "--as-of", "2020-03-20", "--verbose")
    as_json = dhtt("consolidate", other, "-o", tmp_path / "2", "--as-of", "20/03/2020", "--plan", few_units, "--json")
    assert (verbose.exit_code, as_json.returncode) == (1, 0)
    assert _digests(tmp_path / "1") == _digests(demo[0] / "ket-qua")
    assert _digests(tmp_path / "2") == _digests(clean[0] / "ket-qua")
    assert [_digests(inbox), _digests(other)] == before

    assert json.loads(as_json.stdout) == json.loads((tmp_path / "2" / "ket-qua.json").read_bytes())
    written = (tmp_path / "1" / "ket-qua.json").read_text(encoding="utf-8")
    invented = [read_tables(form, file.entries) for file in invent_campaign(plan, form) if file.entries]
    names = {row["name"] for tables in invented for row in tables["delegates"] if row.get("name")}
    names |= {tables["info"][0]["compiler"] for tables in invented}
    assert len(names) > 1000
    assert not [name for name in names if name in verbose.stdout or name in written]


def test_check_prints_the_findings_of_single_workbooks(fill: Fill, ward: Unit) -> None:
    good = invoke("check", fill(ward))
    assert (good.exit_code, good.stdout) == (0, "Không có vấn đề nào.\n")
    bad = dhtt("check", fill(ward, {"Báo cáo!B23": None}, name="phường tôi.xlsx"))
    assert bad.returncode == 1
    assert "Lỗi BC01  phường tôi.xlsx › Báo cáo!B23: Mục I.4 chưa có nội dung" in bad.stdout


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["consolidate", "không-có"], "Không có thư mục “không-có”"),
        (["consolidate"], "Thiếu tham số 'THƯ_MỤC'"),
        (["consolidate", ".", "--as-of", "mai"], "không đúng dạng ngày"),
        (["consolidate", ".", "--plan", "không-có.toml"], "Không đọc được tệp kế hoạch"),
        (["check", "không-có.xlsx"], "Không có tệp “không-có.xlsx”"),
        (["rules", "XX99"], "Không có quy tắc “XX99”"),
        (["consolidat"], "Không có lệnh 'consolidat'. (Có phải ý bạn là: 'consolidate'?)"),
        (["templates", "--ot", "x"], "Không có tùy chọn '--ot'."),
    ],
)
def test_wrong_usage_is_one_vietnamese_line_and_exit_code_2(args: list[str], says: str, tmp_path: Path) -> None:
    run = dhtt(*args, cwd=tmp_path)
    assert run.returncode == 2
    assert says in run.stderr
    assert "Traceback" not in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_plan_with_a_typo_writes_nothing(fill: Fill, ward: Unit, tmp_path: Path) -> None:
    source = Path(__file__).parents[2] / "dhtt_excel" / "plan" / "hoan-kiem-2020.toml"
    plan_file = tmp_path / "plan.toml"
    plan_file.write_text(source.read_text(encoding="utf-8").replace("guests = 30", "gests = 30"), encoding="utf-8")
    run = dhtt("consolidate", fill(ward).parent, "-o", tmp_path / "out", "--plan", plan_file)
    assert run.returncode == 2
    assert "shares: không có mục nào tên là “gests”" in run.stderr
    assert not (tmp_path / "out").exists()


def test_an_unwritable_output_is_said(fill: Fill, ward: Unit, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where a folder should be")
    run = dhtt("consolidate", fill(ward).parent, "-o", tmp_path / "out")
    assert run.returncode == 2
    assert "Không ghi được" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_locked_output_goes_beside_it_and_is_said(
    clean: tuple[Path, Result], few: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows refuses to replace a file that Excel holds open."""
    target = tmp_path / "out" / "tong-hop-hoan-kiem-2020.xlsx"
    replace = Path.replace

    def locked(self: Path, other: Path) -> Path:
        if other == target:
            raise PermissionError(13, "held by Excel")
        return replace(self, other)

    monkeypatch.setattr(Path, "replace", locked)
    result = consolidate(clean[0] / "da-nhan", few, few.report.before)
    written = write_result(result, tmp_path / "out")
    assert not target.exists()
    assert (tmp_path / "out" / "tong-hop-hoan-kiem-2020 (2).xlsx").exists()
    assert "tong-hop-hoan-kiem-2020 (2).xlsx (vì tong-hop-hoan-kiem-2020.xlsx đang mở trong Excel)" in (
        show_result.show_verdict(result, written)
    )
    assert [path.name for path in (tmp_path / "out").glob(".dhtt-*")] == [".dhtt-list.json"]
    assert "Đã xóa" not in show_result.show_verdict(result, write_result(result, tmp_path / "out"))
    monkeypatch.undo()
    for name in ("tong-hop-phường (2).xlsx", "tong-hop-hoan-kiem-2020 (3).xlsx"):
        (tmp_path / "out" / name).write_bytes(b"not ours")
    told = show_result.show_verdict(result, write_result(result, tmp_path / "out"))
    assert "Đã xóa 1 tệp của lần chạy trước, không còn đúng nữa\n" in told
    assert not (tmp_path / "out" / "tong-hop-hoan-kiem-2020 (2).xlsx").exists()
    assert (tmp_path / "out" / "tong-hop-hoan-kiem-2020 (3).xlsx").exists()


def test_rules_prints_one_rule() -> None:
    for rule in RULES:
        page = invoke("rules", rule.code.lower()).stdout
        assert page.startswith(rule.code)
        assert "{" not in page
    assert "“Căn cứ đặc điểm, quy mô" in invoke("rules", "DB01").stdout


@pytest.mark.quick
def test_readme_has_the_rule_table_of_the_command() -> None:
    written = README.read_text(encoding="utf-8")
    table = dhtt("rules").stdout
    assert all(rule.code in table for rule in RULES)
    assert table.strip() in written, "put what .venv/bin/dhtt rules prints into README.md, The rules"


def test_readme_has_the_test_command_of_ci() -> None:
    ci = (README.parent / ".ci" / "run").read_text(encoding="utf-8")
    (command,) = [line for line in ci.splitlines() if "-m pytest" in line]
    assert command in README.read_text(encoding="utf-8")


def test_help_is_vietnamese() -> None:
    for command in ([], *([name] for name in commands.commands), *(["mail", name] for name in mail.commands)):
        text: Any = dhtt(*command, "--help").stdout
        assert "Cách dùng:" in text
        assert not [w for w in ("Usage", "Options", "Show this", "OPTIONS", "default:") if w in text]


def test_clicks_own_words_are_compiled() -> None:
    """The .mo that is shipped is made of the .po beside it (pybabel compile)."""
    from babel.messages.mofile import read_mo
    from babel.messages.pofile import read_po

    folder = Path(__file__).parents[2] / "dhtt_excel" / "terminal" / "locale" / "vi" / "LC_MESSAGES"
    with (folder / "messages.po").open("rb") as po, (folder / "messages.mo").open("rb") as mo:
        source, compiled = read_po(po), read_mo(mo)

    def words(catalog: Any) -> dict[Any, Any]:
        return {str(m.id if isinstance(m.id, str) else tuple(m.id)): list(m.string) for m in catalog if m.id}

    assert words(source) == words(compiled)


def test_names_reach_the_summary_only_when_asked_for(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
    clean: tuple[Path, Result],
    few_units: Path,
    plan: Plan,
    tmp_path: Path,
) -> None:
    command = ("consolidate", clean[0] / "da-nhan", "-o", tmp_path, "--plan", few_units)
    summary = tmp_path / f"tong-hop-{plan.id}.xlsx"
    assert not [name for name in _sheets(demo[0] / "ket-qua" / summary.name) if name.startswith("Phụ lục")]
    invoke(*command, "--with-lists")
    assert "Dân tộc" not in _headings(summary)
    invoke(*command, "--with-lists", "--include", "Dân tộc")
    assert "Dân tộc" in _headings(summary)
    refused = invoke(*command, "--with-lists", "--include", "Năm sinh")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "Các cột có thể nêu: ethnicity (Dân tộc)" in refused.stderr
    assert invoke(*command, "--include", "Dân tộc").exit_code == 2


def _sheets(path: Path) -> list[str]:
    return list(CalamineWorkbook.from_path(str(path)).sheet_names)


def _headings(path: Path) -> set[str]:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Phụ lục 1").to_python()
    return {str(cell) for row in rows[:15] for cell in row}
