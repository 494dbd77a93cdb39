"""The house: imports point down, and the package says nothing that only a plan may say."""

from __future__ import annotations

import ast
from pathlib import Path

import dhtt_excel

PACKAGE = Path(dhtt_excel.__file__).parent
# A module imports only from layers below its own; a stage never imports another stage's maker of output.
ENTRY = {"cli", "__main__"}
FLOW = {"pipeline", "demo"}
STAGES = {
    "make_templates", "open_workbooks", "read_submissions", "merge_tables", "check_rules", "count_figures",
    "write_summary", "write_register", "write_json",
}  # fmt: skip


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    modules = {
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and id(node) not in typing_only
    }
    return {m.split(".")[1] for m in modules if m.startswith("dhtt_excel.")}


def _modules() -> dict[str, set[str]]:
    return {path.stem: _imports(path) for path in PACKAGE.glob("*.py") if path.stem != "__init__"}


def test_only_the_command_line_imports_the_flow() -> None:
    for module, imported in _modules().items():
        if module not in ENTRY:
            assert not imported & ENTRY, module
        if module not in ENTRY:
            assert not imported & FLOW, module


def test_writers_do_not_import_each_other() -> None:
    writers = {name for name in STAGES if name.startswith(("write_", "make_"))}
    for module, imported in _modules().items():
        if module not in ENTRY | FLOW:
            assert not imported & writers, module


def test_only_open_workbooks_opens_input() -> None:
    readers = {"python_calamine", "openpyxl"}
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        if {name.split(".")[0] for name in names} & readers:
            assert path.stem == "open_workbooks"


def test_no_plan_in_the_code() -> None:
    """Numbers of units and names of places and levels stand in the plan file."""
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and id(node) not in docstrings:
                if isinstance(node.value, str):
                    for word in ("quận", "Quận", "phường", "Phường", "Hoàn Kiếm", "Phòng Nội vụ"):
                        assert word not in node.value, f"{path.name}:{node.lineno}: {node.value!r}"
