"""The house: imports point down, and the package says nothing that only a plan may say."""

from __future__ import annotations

import ast
from pathlib import Path

import dhtt_excel

PACKAGE = Path(dhtt_excel.__file__).parent
PLAN_WORDS = ("quận", "Quận", "phường", "Phường", "Hoàn Kiếm", "Phòng Nội vụ")
# The house from the ground up: a module imports only what stands above it in this list, or its own package.
ORDER = """
    addresses own_files findings vietnamese legacy_text code_lists plan form_columns form formulas shares coverage atomic_files text_size book rules self_check
    guard_package count_cells guard_workbook parse_workbook file_names read_mail list_members open_workbooks parse_values returned_sheets
    form_sheets draw_form locate_tables ledger submissions identify_files read_tables read_submissions
    merge_tables check_rules compare_verdicts office_tables accept_findings contacts read_history compare_submissions follow_findings
    count_figures result
    restore_entries make_templates write_returns summary trace_figures spell_traces count_traces write_summary register write_register report_draft write_report write_json mail write_mail
    write_outputs print_mail print_result print_rules
    invention invent_campaign
    pipeline demo cli_options cli_mail cli __main__
""".split()  # noqa: SIM905
MAKERS = {
    "make_templates",
    "write_returns",
    "write_summary",
    "write_register",
    "write_report",
    "write_json",
    "write_mail",
}


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
    """Top-level module or package ─► the top-level ones that it imports."""
    imports: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        top = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if top != "__init__":
            imports.setdefault(top, set()).update(_imports(path) - {top})
    return imports


def test_imports_point_down() -> None:
    modules = _modules()
    assert sorted(modules) == sorted(ORDER)
    for module, imported in modules.items():
        assert not {other for other in imported if ORDER.index(other) > ORDER.index(module)}, module


def test_makers_of_output_do_not_import_each_other() -> None:
    for module, imported in _modules().items():
        if module not in {"write_outputs", "demo", "cli"}:
            assert not imported & MAKERS, module


def test_only_parse_workbook_parses_input() -> None:
    readers = {"python_calamine", "openpyxl"}
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        if {name.split(".")[0] for name in names} & readers:
            assert path.stem == "parse_workbook"


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
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                found = [word for word in PLAN_WORDS if word in node.value]
                assert not found, f"{path.name}:{node.lineno}: {node.value!r}"
