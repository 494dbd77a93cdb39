"""The guide that staff get: made of today's text and pictures, and saying only what can be typed."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path
from types import ModuleType

import click
import docx
import pytest

from dhtt_excel.plan.plan import load_plan
from dhtt_excel.terminal.cli import commands
from tests.packaging.test_windows import ROOT

GUIDE = ROOT / "docs" / "huong-dan.md"


@pytest.fixture(scope="module")
def guide() -> ModuleType:
    spec = importlib.util.spec_from_file_location("guide", ROOT / "packaging" / "guide.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_docx_and_pdf_are_made_of_todays_source(guide: ModuleType) -> None:
    digest = guide.digest_source()
    command = "run `python packaging/guide.py` and commit what it makes"
    assert docx.Document(str(GUIDE.with_suffix(".docx"))).core_properties.keywords == digest, command
    assert digest.encode("utf-16-be").hex().upper().encode() in GUIDE.with_suffix(".pdf").read_bytes(), command


def test_nothing_of_the_text_is_left_out(guide: ModuleType, tmp_path: Path) -> None:
    guide.write_docx(tmp_path / "guide.docx")
    document = docx.Document(str(tmp_path / "guide.docx"))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    lines = [re.sub(r"^\d+\.\t", "", paragraph.text) for paragraph in document.paragraphs]
    made = re.findall(r"\w+", " ".join([*lines, *cells]))
    source = re.sub(r"\]\([^)]*\)", "", GUIDE.read_text(encoding="utf-8"))
    source = re.sub(r"^ *(```\w*|\d+\. )", "", source, flags=re.MULTILINE)
    assert sorted(re.findall(r"\w+", source)) == sorted(made)
    assert len(document.inline_shapes) == GUIDE.read_text(encoding="utf-8").count("![")


def test_every_command_is_one(guide: ModuleType) -> None:
    """As it must be typed in the folder of the zip: `dhtt.exe …`, with a command and options that there are."""
    text = GUIDE.read_text(encoding="utf-8")
    typed = re.findall(r"`(dhtt(?:\.exe)? [^`]+)`", text) + re.findall(r"^ *(dhtt(?:\.exe)? .+)$", text, re.MULTILINE)
    assert len(typed) > 20
    for line in typed:
        program, *words = shlex.split(line.replace("\\", "/"))
        assert program == "dhtt.exe", line
        command: click.Command = commands
        while isinstance(command, click.Group) and words[0] in command.commands:
            command = command.commands[words.pop(0)]
        if command is commands:
            assert words[0] == "--help" or words[0].startswith("D:/"), line  # what is dropped needs no command
            continue
        assert not isinstance(command, click.Group), line
        with command.make_context(program, words):  # an argument that is missing is refused, as is an unknown option
            pass


def test_the_plan_to_be_typed_is_one(tmp_path: Path) -> None:
    """Saved by Notepad it says all that the program misses in the shipped one."""
    found = re.search(r"```\n(based_on.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    typed = tmp_path / "ke-hoach.toml"
    typed.write_text(found[1], encoding="utf-8-sig", newline="\r\n")
    assert load_plan("hoan-kiem-2020").receiver.unknown
    assert not load_plan(typed).receiver.unknown


def test_no_english_of_the_system() -> None:
    """Staff meet no message of Python or of the system in English."""
    text = GUIDE.read_text(encoding="utf-8")
    assert not re.search(r"denied|No space|No such|No matching|Error|Exception|Traceback|pip |venv|PATH", text)
