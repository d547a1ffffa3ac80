"""Every call that leaves a process, counted; and the process killed before or after one of them."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Answer = TypeVar("Answer")


class Killed(BaseException):
    """The process is gone. Not an Exception: nothing in it may catch its own end."""


@dataclass(frozen=True)
class Kill:
    """Where a process ends: at the so-manieth call (from 0) that a function makes in a story."""

    function: str
    number: int
    side: Literal["before", "after"]


class Calls:
    """What each function asked of AWS and of Meta, in order. Kills once, as planned."""

    def __init__(self, kill: Kill | None = None) -> None:
        self.made: dict[str, list[str]] = defaultdict(list)
        self.killed = False
        self._kill = kill
        self._function: str | None = None
        self._dead = False
        self._lock = Lock()

    @contextmanager
    def of(self, function: str) -> Iterator[None]:
        """What is called meanwhile is called by that function, in a process of its own."""
        self._function, self._dead = function, False
        try:
            yield
        finally:
            self._function = None

    def through(self, operation: str, call: Callable[[], Answer]) -> Answer:
        """Make the call, unless the process ends before it; its answer, unless it ends after it."""
        if self._function is None:
            return call()
        with self._lock:
            if self._dead:
                raise Killed
            made = self.made[self._function]
            here = self._kill is not None and not self.killed
            here = here and (self._kill.function, self._kill.number) == (self._function, len(made))
            made.append(operation)
            if here and self._kill.side == "before":
                self._die()
            try:
                return call()
            finally:
                if here and self._kill.side == "after":
                    self._die()

    def _die(self) -> None:
        self._dead = self.killed = True
        raise Killed
