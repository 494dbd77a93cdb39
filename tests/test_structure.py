"""The house: imports point down, and the package says nothing that only a plan may say."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dhtt_excel
from dhtt_excel.rules import RULES_BY_CODE

PACKAGE = Path(dhtt_excel.__file__).parent
PLAN_WORDS = ("quận", "Quận", "phường", "Phường", "Hoàn Kiếm", "Phòng Nội vụ")
# The house from the ground up: a stage imports only what stands above it in this list, or itself.
STAGES = """
    collector errors text excel plan findings form rules inbox reading office checking result figures rollup outputs pipeline rehearsal
    window terminal __main__
""".split()  # noqa: SIM905
FOLDERS = [stage for stage in STAGES if (PACKAGE / stage).is_dir()]


def _imports(path: Path) -> set[str]:
    """The modules of the package that a module imports, but for typing alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and id(node) not in typing_only:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name.removeprefix("dhtt_excel.") for name in found if name.startswith("dhtt_excel.")}


def _modules() -> dict[str, set[str]]:
    """Module ─► what it imports of the package, both as "stage.module"."""
    return {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts): _imports(path)
        for path in PACKAGE.rglob("*.py")
        if path != PACKAGE / "__init__.py"
    }


def _stage(module: str) -> str:
    return module.partition(".")[0]


def test_imports_point_down() -> None:
    modules = _modules()
    assert {_stage(module) for module in modules} == set(STAGES)
    for module, imported in modules.items():
        below = STAGES[: STAGES.index(_stage(module)) + 1]
        assert not {other for other in imported if _stage(other) in STAGES and _stage(other) not in below}, module


def test_each_folder_says_what_it_takes_and_gives() -> None:
    for folder in FOLDERS:
        said = ast.get_docstring(ast.parse((PACKAGE / folder / "__init__.py").read_text(encoding="utf-8")))
        assert said, folder
        assert "\n" not in said, folder


def test_each_stage_has_its_tests() -> None:
    assert {path.name for path in Path(__file__).parent.iterdir() if path.is_dir() and path.name in FOLDERS} == set(
        FOLDERS
    )


def test_makers_of_outputs_share_no_import() -> None:
    """Each is a folder of outputs. What they share stands in earlier stages."""
    makers = {path.name for path in (PACKAGE / "outputs").iterdir() if (path / "__init__.py").exists()}
    assert makers == {"summary", "register", "report", "returns", "mail"}
    for module, imported in _modules().items():
        stage, _, rest = module.partition(".")
        own = rest.partition(".")[0]
        if stage == "outputs" and own in makers:
            others = {name.split(".")[1] for name in imported if name.startswith("outputs.")}
            assert not others & (makers - {own}), module


def test_only_parse_workbook_parses_input() -> None:
    readers = {"python_calamine", "openpyxl"}
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        if {name.split(".")[0] for name in names} & readers:
            assert path == PACKAGE / "inbox" / "parse_workbook.py"


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    """Every text of a module but its docstrings and the rules that columns name for their empty cells, with its place."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    left_out = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "blank_rule":
            left_out.add(id(node.value))
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "blank_rule":
            left_out.add(id(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node.value, f"{path.name}:{node.lineno}"


def test_workers_that_read_load_no_tables_and_no_writers() -> None:
    """A process that reads files knows the form and the rules, and does not pay for what it does not use."""
    modules = [
        f"dhtt_excel.reading.{path.stem}" for path in (PACKAGE / "reading").glob("*.py") if path.stem != "merge_tables"
    ]
    heavy = "{'pandas', 'numpy', 'xlsxwriter', 'openpyxl', 'docx'}"
    code = (
        f"import sys, dhtt_excel.form.form, dhtt_excel.rules, {', '.join(modules)}; print({heavy} & sys.modules.keys())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert run.stdout == "set()\n"


def test_no_plan_in_the_code() -> None:
    """Numbers of units and names of places and levels stand in the plan file."""
    for path in PACKAGE.rglob("*.py"):
        for text, place in _texts(path):
            assert not [word for word in PLAN_WORDS if word in text], f"{place}: {text!r}"


def test_no_code_of_a_rule_outside_the_rules() -> None:
    """Others name the rule itself (`files.missing_sheet`), or ask what it is about (`Rule.about`)."""
    code = re.compile(rf"\b({'|'.join(RULES_BY_CODE)})\b")
    for path in PACKAGE.rglob("*.py"):
        if path.parent != PACKAGE / "rules":
            for text, place in _texts(path):
                assert not code.search(text), f"{place}: {text!r}; name the rule of dhtt_excel/rules/ instead"
