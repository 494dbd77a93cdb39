"""Change the parts of a workbook's package, for what no writer of ours would write."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path


def edit_package(path: Path, changes: Mapping[str, Callable[[str], str]]) -> None:
    """Change or add these parts; a new part starts as an empty text."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
        stored = {entry.filename for entry in package.infolist() if entry.compress_type == zipfile.ZIP_STORED}
    for name, change in changes.items():
        parts[name] = change(parts.get(name, b"").decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content, zipfile.ZIP_STORED if name in stored else None)  # as .ods wants its first


def put_cells(text: str, cells: Mapping[str, str]) -> str:
    """A worksheet part with other cells: by name, what stands after the style, such as ` t="b"><v>1</v>`."""
    for name, content in cells.items():
        text, found = re.subn(rf'<c r="{name}"( s="\d+")?[^>]*?(/>|>.*?</c>)', rf'<c r="{name}"\1{content}</c>', text)
        assert found == 1, name
    return text
