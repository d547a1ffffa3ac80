"""How often one business may write to one person (META.md 9)."""

from datetime import datetime

BURST = 45.0
SECONDS_PER_MESSAGE = 6.0


class PairLimit:
    """One message in 6 seconds, with a burst of 45 borrowed from the future."""

    def __init__(self) -> None:
        self._used: dict[str, tuple[float, datetime]] = {}

    def allows(self, contact_key: str, now: datetime) -> bool:
        """Whether one more message fits; counts it when it does."""
        used, at = self._used.get(contact_key, (0.0, now))
        used = max(0.0, used - (now - at).total_seconds() / SECONDS_PER_MESSAGE)
        if used + 1 > BURST:
            self._used[contact_key] = (used, now)
            return False
        self._used[contact_key] = (used + 1, now)
        return True

    def clear(self) -> None:
        """Nobody has written to anybody."""
        self._used.clear()
