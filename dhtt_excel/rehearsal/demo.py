"""A realistic campaign, invented: the workbooks as they would come back, written into a folder."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from dhtt_excel.form.draw_form import draw_form
from dhtt_excel.form.form import form_of
from dhtt_excel.outputs.replace_files import replace_files
from dhtt_excel.plan.plan import Plan
from dhtt_excel.rehearsal.drafts import Planted
from dhtt_excel.rehearsal.invent_campaign import SentFile, invent_campaign, invent_rehearsal
from dhtt_excel.rules import RULES


def write_demo(plan: Plan, folder: Path, *, seed: int = 215, clean: bool = False) -> list[SentFile]:
    """Write the campaign's files, in the order and at the times at which they were "sent"; replace an earlier demo."""
    sent = invent_campaign(plan, form_of(plan), seed=seed, clean=clean)
    kept = _write(plan, folder, sent)
    return [replace(f, note=f"Tệp bạn đã sửa được giữ nguyên. {f.note}".strip()) if f.name in kept else f for f in sent]


def write_rehearsal(plan: Plan, folder: Path, *, seed: int = 215) -> list[Planted]:
    """Write a campaign in which every rule is broken, in the same way; what was broken, and where."""
    rehearsal = invent_rehearsal(plan, form_of(plan), seed)
    _write(plan, folder, rehearsal.sent)
    return rehearsal.planted


def _write(plan: Plan, folder: Path, sent: list[SentFile]) -> list[str]:
    """The names of the files that were not written over, for a person changed them."""
    form = form_of(plan)
    files = {f.name: f.content or draw_form(plan, form, f.unit, RULES, f.entries) for f in sent}
    replaced = replace_files(folder, files)
    first = datetime.combine(plan.report.before, datetime.min.time()) - timedelta(days=9)
    for index, name in enumerate(files):
        moment = (first + timedelta(days=index // 3, hours=(8, 10, 15)[index % 3], minutes=7 * index % 60)).timestamp()
        if name in replaced.written:
            os.utime(folder / replaced.written[name], (moment, moment))
    return replaced.kept
