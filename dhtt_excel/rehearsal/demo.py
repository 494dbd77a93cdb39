"""A realistic campaign, invented: the workbooks, or the results, as they would come in, written into a folder."""

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
from dhtt_excel.rehearsal.invent_results import invent_results
from dhtt_excel.rules import RULES

_DAYS = 9  # before the plan's last day that the first file comes


def write_demo(plan: Plan, folder: Path, *, seed: int = 215, clean: bool = False) -> list[SentFile]:
    """Write the campaign's files, in the order and at the times at which they were "sent"; replace an earlier demo."""
    sent = invent_results(plan, seed, clean) if plan.rolls_up else invent_campaign(plan, form_of(plan), seed, clean)
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
    first = datetime.combine(plan.report.before, datetime.min.time()) - timedelta(days=_DAYS)
    a_day = max(3, -(-len(files) // (_DAYS - 1)))  # all of them come in time
    for index, name in enumerate(files):
        day, place = divmod(index, a_day)
        hours = 8 + place * 8 // a_day
        moment = (first + timedelta(days=day, hours=hours, minutes=7 * index % 60)).timestamp()
        if name in replaced.written:
            os.utime(folder / replaced.written[name], (moment, moment))
    return replaced.kept
