"""A workbook as another program would leave it: one part of its package changed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO


def edit_part(data: bytes, part: str, edit: Callable[[str], str]) -> bytes:
    """The workbook with the text of this part edited."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(entry, edit(content.decode()).encode() if entry.filename == part else content)
    return written.getvalue()
