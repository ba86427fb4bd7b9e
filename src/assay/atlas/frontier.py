"""What is left to try in an exploration: places, tasks and their order."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from itertools import count

from assay.atlas.scout import Move

ODD = 100.0  # ranks from here on are tried only when nothing ordinary is left


@dataclass(frozen=True, slots=True)
class Place:
    """How to come to a state: a URL and what is done after it."""

    url: str
    moves: tuple[Move, ...] = ()

    @property
    def trail(self) -> tuple[str, ...]:
        """The names of what is used on the way."""
        return tuple(move.key.name if move.key else move.words for move in self.moves)


@dataclass(order=True, slots=True)
class Task:
    """One thing worth trying, cheapest rank first. ``again`` counts its repetitions."""

    rank: float
    order: int
    kind: str = field(compare=False)
    label: str = field(compare=False)
    source: str = field(compare=False)
    depth: int = field(compare=False)
    place: Place = field(compare=False)
    url: str = field(compare=False, default="")
    moves: tuple[Move, ...] = field(compare=False, default=())
    late: bool = field(compare=False, default=False)
    again: int = field(compare=False, default=0)

    @property
    def odd(self) -> bool:
        """Whether this is one of the unusual things to try."""
        return self.rank >= ODD


class Frontier:
    """Tasks in order, each offered once."""

    def __init__(self) -> None:
        self._heap: list[Task] = []
        self._order = count()
        self._known: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._heap)

    def next_order(self) -> int:
        """Tells tasks of one rank apart: first come, first tried."""
        return next(self._order)

    def know(self, name: str) -> bool:
        """Remember a name; whether it is new."""
        new = name not in self._known
        self._known.add(name)
        return new

    def push(self, task: Task) -> None:
        """Put a task in, known or not."""
        heapq.heappush(self._heap, task)

    def pop(self) -> Task:
        """Take the best task out."""
        return heapq.heappop(self._heap)

    def offer(self, task: Task, name: str) -> bool:
        """Put a task in unless its name is known; whether it was put in."""
        new = self.know(name)
        if new:
            self.push(task)
        return new
