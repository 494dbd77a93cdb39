"""What a worker sends is data: strange, broken and half messages end that worker only."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import time
from collections import Counter
from datetime import date, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from dhtt_excel.excel.cells import CellError
from dhtt_excel.findings import Finding, Severity
from dhtt_excel.inbox import open_workbooks, workers
from dhtt_excel.inbox.find_files import find_files
from dhtt_excel.inbox.raw import RawWorkbook
from dhtt_excel.inbox.wire import StrangeMessageError, pack, unpack_message
from dhtt_excel.plan.plan import Plan
from tests.corpus.nasty_packages import GOOD, GOOD_CELLS

forked = pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="a patch reaches forked workers only")


class _Call:
    """Pickled, it is a call of this function."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self._call = function, arguments

    def __reduce__(self) -> Any:
        return self._call


def test_our_records_come_as_they_were_sent(plan: Plan) -> None:
    raw = RawWorkbook("a.xlsx", 3, "ab", datetime(2020, 3, 1))
    finding = Finding("O01", Severity.ERROR, "00061", "a.xlsx", "Đại biểu", "B7", "x", "y", "z")
    record = (
        7,
        {"a": [raw, finding, CellError("#N/A")], ("b", 1): date(2020, 3, 1)},
        Counter("aab"),
        plan.units[0],
        {1},
    )
    assert unpack_message(pack(record)) == record


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"garbage",
        pack((1, "x"))[:-3],
        pickle.dumps(_Call(os.system, "true")),
        pickle.dumps(_Call(eval, "1")),
        pickle.dumps(_Call(workers.deal_jobs, None, None, [])),
        pickle.dumps(_Call(getattr, 1, "real")),
    ],
)
def test_nothing_is_called_whatever_the_bytes_say(message: bytes) -> None:
    with pytest.raises(StrangeMessageError):
        unpack_message(message)


def _send_garbage(connection: Connection, results: Any) -> None:
    while (result := results.get()) is not None:
        connection.send_bytes(b"garbage" if "bad" in result[1].file else pack(result))


def _send_half(connection: Connection, results: Any) -> None:
    while (result := results.get()) is not None:
        if "bad" in result[1].file:
            os.write(connection.fileno(), b"\0\0\1\0half")
            time.sleep(1000)
        connection.send_bytes(pack(result))


def _send_as_another(connection: Connection, results: Any) -> None:
    while (result := results.get()) is not None:
        place, done, begun_at = result
        connection.send_bytes(pack((place + ("bad" in done.file), done, begun_at)))


@forked
@pytest.mark.parametrize(
    ("send", "code"), [(_send_garbage, "crash"), (_send_half, "stalled"), (_send_as_another, "crash")]
)
def test_a_strange_message_ends_its_worker_only(
    send: Any, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("1.xlsx", "2.xlsx", "bad.xlsx", "z.xlsx"):
        (tmp_path / name).write_bytes(GOOD)
    monkeypatch.setattr(workers, "_send", send)
    for limit in ("SECONDS_A_JOB", "SECONDS_WITHOUT_PROGRESS", "SECONDS_ALONE"):
        monkeypatch.setattr(workers, limit, 1.0)
    read = list(open_workbooks.open_workbooks(find_files(tmp_path)))
    told = {w.file: w.refusal or sum(s.received for s in w.sheets) for w in read}
    assert told == {"1.xlsx": GOOD_CELLS, "2.xlsx": GOOD_CELLS, "bad.xlsx": code, "z.xlsx": GOOD_CELLS}
