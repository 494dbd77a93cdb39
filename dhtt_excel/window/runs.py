"""Runs of the desk that a page waits for: one at a time for each campaign, with its progress and how it ended."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from dhtt_excel.errors import UserError
from dhtt_excel.text.file_names import TRACE_FILE
from dhtt_excel.window import errands
from dhtt_excel.window.campaigns import Campaign
from dhtt_excel.window.desk import CutShortError, Desk, Errand, FaultError


class State(Enum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CUT_SHORT = "cut-short"


@dataclass
class Run:
    """`title`: what it is for the reader; `place`: the page that shows what it gave; `words`: how it ended, where that is not as it should."""

    title: str
    place: str = ""
    state: State = State.RUNNING
    step: str = ""
    done: int = 0
    total: int = 0
    words: str = ""
    stopping: bool = False
    ended: threading.Event = field(default_factory=threading.Event)

    def watch(self, step: str, total: int) -> None:
        self.step, self.total = step, total
        self.done += 1

    def end(self, state: State, words: str = "") -> None:
        self.words, self.state = words, state
        self.ended.set()


def _keep_trace(campaign: Campaign, trace: str) -> str:
    """Put what only programmers read into a file of the campaign's folder; what is said to others."""
    words = "Lỗi của chương trình, không phải của tệp hay của bạn: xin "
    try:
        (campaign.folder / TRACE_FILE).write_text(trace, encoding="utf-8")
    except OSError:
        return f"{words}báo cho người viết chương trình."
    return f"{words}gửi tệp “{TRACE_FILE}” trong thư mục của đợt cho người viết chương trình."


class Runs:
    """The last run of each campaign, by its key. One desk does them, one at a time; another what is answered at once."""

    def __init__(self) -> None:
        self._desk = Desk()
        self._counter = Desk()
        self._last: dict[str, Run] = {}
        self._busy_with = ""
        self._starting = threading.Lock()

    def open(self) -> None:
        for desk in (self._desk, self._counter):
            threading.Thread(target=desk.open, daemon=True).start()

    def close(self) -> None:
        self._desk.close()
        self._counter.close()

    @property
    def is_busy(self) -> bool:
        return any(run.state is State.RUNNING for run in self._last.values())

    def answer(self, errand: Errand, *args: Any) -> Any:
        """Do a short errand, and wait for it."""
        try:
            return self._counter.do(errand, *args)
        except FaultError as fault:
            raise UserError("Lỗi của chương trình: xin báo cho người viết chương trình.") from fault

    def find(self, campaign: Campaign) -> Run | None:
        return self._last.get(campaign.key)

    def start(
        self, campaign: Campaign, title: str, errand: Errand, *args: Any, then: Callable[[Any], None], place: str = ""
    ) -> Run:
        """Start a run, and call `then` with what it gives. Where one is under way, that is the one.

        Raises `UserError` where another campaign has the desk.
        """
        with self._starting:
            last = self.find(campaign)
            if last and last.state is State.RUNNING:
                return last
            if self.is_busy:
                raise UserError(f"Đang chạy trong đợt “{self._busy_with}”: đợi xong rồi bấm lại.")
            self._busy_with = campaign.name
            run = self._last[campaign.key] = Run(title, place)
            threading.Thread(target=self._follow, args=(run, campaign, errand, args, then), daemon=True).start()
        return run

    def cut_short(self, campaign: Campaign) -> None:
        """Have the run end early; it goes on until its end is seen."""
        run = self.find(campaign)
        if run and run.state is State.RUNNING and not run.stopping:
            run.stopping = True
            threading.Thread(target=self._desk.cut_short, daemon=True).start()

    def _follow(
        self, run: Run, campaign: Campaign, errand: Errand, args: tuple[Any, ...], then: Callable[[Any], None]
    ) -> None:
        try:
            then(self._desk.do(errand, campaign, *args, watch=run.watch))
        except UserError as error:
            run.end(State.FAILED, str(error))
        except CutShortError:
            words = "Đã hủy. Kết quả của lần trước còn nguyên."
            try:
                self._desk.do(errands.mend, campaign)
            except (UserError, FaultError, CutShortError):
                words = "Đã hủy. Lần chạy sau sẽ dọn nốt những gì còn dở."
            run.end(State.CUT_SHORT, words)
        except Exception as error:
            run.end(State.FAILED, _keep_trace(campaign, str(error)))
        else:
            run.end(State.DONE)
