"""A realistic campaign, invented: the workbooks as they would come back, written into a folder."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from dhtt_excel.atomic_files import remove_stale_files, save_file
from dhtt_excel.draw_form import draw_form
from dhtt_excel.form import form_of
from dhtt_excel.invent_campaign import SentFile, invent_campaign, invent_rehearsal
from dhtt_excel.invention.breaches import Planted
from dhtt_excel.plan import Plan
from dhtt_excel.rules import RULES

_LIST = ".dhtt-demo.json"  # what an earlier demo wrote here, so that only that is removed


def write_demo(plan: Plan, folder: Path, *, seed: int = 215, clean: bool = False) -> list[SentFile]:
    """Write the campaign's files, in the order and at the times at which they were "sent"; replace an earlier demo."""
    sent = invent_campaign(plan, form_of(plan), seed=seed, clean=clean)
    _write(plan, folder, sent)
    return sent


def write_rehearsal(plan: Plan, folder: Path, *, seed: int = 215) -> list[Planted]:
    """Write a campaign in which every rule is broken, in the same way; what was broken, and where."""
    rehearsal = invent_rehearsal(plan, form_of(plan), seed)
    _write(plan, folder, rehearsal.sent)
    return rehearsal.planted


def _write(plan: Plan, folder: Path, sent: list[SentFile]) -> None:
    remove_stale_files(folder)
    _remove_earlier(folder)
    first = datetime.combine(plan.report.before, datetime.min.time()) - timedelta(days=9)
    for place, file in enumerate(sent):
        data = file.content or draw_form(plan, form_of(plan), file.unit, RULES, file.entries)
        path = save_file(folder / file.name, data)
        moment = (first + timedelta(days=place // 3, hours=(8, 10, 15)[place % 3], minutes=7 * place % 60)).timestamp()
        os.utime(path, (moment, moment))
    save_file(folder / _LIST, json.dumps([f.name for f in sent], ensure_ascii=False).encode())


def _remove_earlier(folder: Path) -> None:
    try:
        names = json.loads((folder / _LIST).read_bytes())
    except (OSError, ValueError):
        return
    for name in names:
        (folder / Path(name).name).unlink(missing_ok=True)
