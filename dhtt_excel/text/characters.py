"""Characters that may not stand everywhere: not in XML, not on a terminal, not in a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

_NOT_PLAIN = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NOT_PRINTED = re.compile("[^ -~\n]+")
_BLANKS = re.compile("[\t\n\r\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def plain_text(text: str) -> str:
    """The text with one kind of line end, without control characters, marks of direction and what XML has no place for."""
    return _NOT_PLAIN.sub("", _LINE_ENDS.sub("\n", text))


def printable(text: str) -> str:
    """A text in one line, with control characters, marks of direction and bytes that are no text spelled out."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text.encode("utf-8", "replace").decode())


def one_line(text: str) -> str:
    """The same, with a blank for every blank, tab and line feed: as a sentence is printed."""
    return text if text.isprintable() else printable(_BLANKS.sub(" ", text))


def join_some(names: Sequence[str], most: int) -> str:
    """The first few of these, and that there are more."""
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")


def join_lines(lines: Iterable[str]) -> str:
    """Lines as a terminal shows them: what stands in one cannot move the cursor, hide text or begin another line."""
    return "\n".join(map(one_line, lines))


def escape_json(text: str) -> str:
    """The same JSON, of printable characters and line feeds."""
    return _NOT_PRINTED.sub(lambda found: _escape(found[0]), text)


def _escape(text: str) -> str:
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)
