"""The only place that asks what time it is."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present instant, aware, UTC."""
    return datetime.fromtimestamp(time.time(), UTC)


def unix_seconds(instant: datetime) -> str:
    """Whole seconds since 1970 as WhatsApp writes them: a string."""
    return str(int(instant.timestamp()))
