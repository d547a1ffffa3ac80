"""When a note of a day is brought to its agent."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.note import morning_of


@pytest.mark.parametrize(
    ("day", "zone", "at"),
    [
        ("2026-11-25", "America/Sao_Paulo", datetime(2026, 11, 25, 11, tzinfo=UTC)),
        # Summer and winter, and the very days on which clocks change.
        ("2026-07-01", "America/New_York", datetime(2026, 7, 1, 12, tzinfo=UTC)),
        ("2026-03-08", "America/New_York", datetime(2026, 3, 8, 12, tzinfo=UTC)),
        ("2026-11-01", "America/New_York", datetime(2026, 11, 1, 13, tzinfo=UTC)),
        ("2026-10-25", "Europe/Lisbon", datetime(2026, 10, 25, 8, tzinfo=UTC)),
    ],
)
def test_a_note_of_a_day_comes_at_eight_in_the_morning_of_the_agency(day, zone, at):
    """INFO-4"""
    assert morning_of(day, ZoneInfo(zone)) == at
