"""Deciding again when somebody else was first: every command runs inside this."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from chalicelib.domain.errors import Contended
from chalicelib.stores.chats import Stale

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.world import World

ATTEMPTS = 24
FIRST_PAUSE_SECONDS = 0.02
LONGEST_PAUSE_SECONDS = 0.6

Outcome = TypeVar("Outcome")


def until_settled(world: World, decide: Callable[[], Outcome]) -> Outcome:
    """What `decide` returns once it commits; it loads anew each time that it was too late.

    Raises Contended after so many tries that the caller's own retry is the better one.
    """
    for attempt in range(ATTEMPTS):
        try:
            return decide()
        except Stale:
            world.pause(min(FIRST_PAUSE_SECONDS * 1.5**attempt, LONGEST_PAUSE_SECONDS))
    raise Contended()
