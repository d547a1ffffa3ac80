"""Waiting for what happens by itself: ask again until it holds, and say what was seen if not."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

PATIENCE = 30.0
PAUSE = 0.1

Found = TypeVar("Found")
Given = TypeVar("Given")


def until(look: Callable[[], Found], what: str, seconds: float = PATIENCE) -> Found:
    """What `look` returns as soon as it is true; an error raised by it counts as «not yet».

    Fails after `seconds` with `what` should have happened and what was seen last.
    """
    limit = time.monotonic() + seconds
    while True:
        try:
            seen: object = look()
            if seen:
                return seen  # type: ignore[return-value]
        except AssertionError as error:
            seen = error
        if time.monotonic() > limit:
            raise AssertionError(f"{what}: not in {seconds:.0f} s; last seen: {seen!r}")
        time.sleep(PAUSE)


def stays(look: Callable[[], Found], seconds: float) -> Found:
    """What `look` returns, the same at the beginning and after `seconds`."""
    before = look()
    time.sleep(seconds)
    after = look()
    assert after == before, f"it was {before!r} and became {after!r}"
    return after


def at_once(act: Callable[[Given], Found], given: list[Given], threads: int) -> list[Found]:
    """The answers of `act` to each, in order, so many of them running at the same time."""
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(act, given))
