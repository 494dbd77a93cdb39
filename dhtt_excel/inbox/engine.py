"""Who reads the files: worker processes of this computer, or the machines of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from dhtt_excel.inbox.find_files import FoundFile
from dhtt_excel.inbox.workers import deal_jobs

Done = TypeVar("Done")


@dataclass(frozen=True)
class Engine:
    """`workers`: how many processes read on this computer; None for one a processor.

    `cluster`: the address of a dask scheduler, "" for none; `tell` is told, in a sentence, what people should know of it.
    """

    workers: int | None = None
    cluster: str = ""
    tell: Callable[[str], None] = lambda _: None

    def deal_files(
        self,
        run: Callable[[FoundFile], Done],
        give_up: Callable[[FoundFile, str, str], Done],
        files: Sequence[FoundFile],
    ) -> Iterator[Done]:
        """As `deal_jobs`. Raises `UserError` where a cluster is asked for that cannot be used."""
        if not self.cluster:
            return deal_jobs(run, give_up, files, self.workers)
        from dhtt_excel.inbox.cluster import deal_to_cluster

        return deal_to_cluster(self.cluster, run, give_up, files, self.workers, self.tell)


HERE = Engine()
