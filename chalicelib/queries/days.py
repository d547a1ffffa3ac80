"""Days as the agency has them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain import errors

if TYPE_CHECKING:
    from chalicelib.world import World


def midnight(world: World, day: str | None, path: str, *, days: int = 0) -> datetime | None:
    """When that day of the agency's begins, or the one so many days after it; None for no day.

    `path` is where the day was asked for. Raises Invalid: there is no such day.
    """
    if day is None:
        return None
    try:
        begins = datetime.fromisoformat(day) + timedelta(days=days)
        return begins.replace(tzinfo=world.zone()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise errors.Invalid(fields=[{"path": path, "reason": "not_a_date"}]) from None
