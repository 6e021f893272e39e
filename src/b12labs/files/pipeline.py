"""Read, interpret and write at the same time, in three threads that each hold one part of the rows.

Arrow and numpy let other threads run while they work, so two cores are kept busy. At most three parts are in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["pipeline"]

T = TypeVar("T")

R = TypeVar("R")

F = TypeVar("F")


def pipeline(parts: Iterator[T], work: Callable[[T], R], finish: Callable[[T, R], F]) -> Generator[tuple[T, F]]:
    """Yield every part in order, with the result of `finish`.

    `work` runs in the caller's thread, while another thread reads the next part and a third finishes the one before. An
    error in any of them is raised here. Nothing continues to run after this generator is closed.
    """
    with ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(1) as writer:
        following: Future[T | None] = reader.submit(next, parts, None)
        before: tuple[T, Future[F]] | None = None
        while (part := following.result()) is not None:
            following = reader.submit(next, parts, None)
            found = work(part)
            if before:
                yield before[0], before[1].result()
            before = part, writer.submit(finish, part, found)
        if before:
            yield before[0], before[1].result()
