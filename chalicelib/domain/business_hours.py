"""When the agency attends: hours of each day of the week, in its own zone, and holidays (ADM-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING

from chalicelib.domain import errors

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo
    from typing import Any

DAY_END = "24:00"


@dataclass(frozen=True)
class Span:
    """From when to when on one day, by the agency's clock; `end` None: until the day is over."""

    start: time
    end: time | None


@dataclass(frozen=True)
class Holiday:
    """A day on which nobody attends; a yearly one comes again on the same day of each year."""

    on: date
    name: str
    yearly: bool = False

    def is_on(self, day: date) -> bool:
        """Whether this is that day."""
        if self.yearly:
            return (self.on.month, self.on.day) == (day.month, day.day)
        return self.on == day


@dataclass(frozen=True)
class BusinessHours:
    """Seven days from Monday on, each with its spans in order, and the holidays."""

    days: tuple[tuple[Span, ...], ...]
    holidays: tuple[Holiday, ...] = ()

    def open_at(self, now: datetime, zone: tzinfo | None) -> bool:
        """Whether the agency attends at that instant: what its clock shows then decides."""
        here = now.astimezone(zone)
        if any(one.is_on(here.date()) for one in self.holidays):
            return False
        clock = here.time()
        return any(
            one.start <= clock and (one.end is None or clock < one.end)
            for one in self.days[here.weekday()]
        )


# Until somebody says otherwise: always, so that a flow that asks closes nothing by itself.
ALWAYS = BusinessHours(days=((Span(time(0), None),),) * 7)


def read(asked: Mapping[str, Any]) -> BusinessHours:
    """The hours of api.requests.SaveBusinessHours.

    Raises Invalid with all that is wrong: `order` (a span that ends before it begins), `overlap`
    (with the one before it), `date` (no calendar has it), `repeated` (a second holiday on the same
    day).
    """
    wrong: list[dict[str, str]] = []
    days = []
    for day, told in enumerate(asked["days"]):
        spans = sorted((_span(one) for one in told), key=lambda one: one.start)
        for number, one in enumerate(spans):
            path = f"days.{day}.{number}"
            if one.end is not None and one.end <= one.start:
                wrong.append({"path": path, "reason": "order"})
            elif number and _meet(spans[number - 1], one):
                wrong.append({"path": path, "reason": "overlap"})
        days.append(tuple(spans))
    holidays: dict[date, Holiday] = {}
    for number, one in enumerate(asked["holidays"]):
        path = f"holidays.{number}"
        try:
            on = date.fromisoformat(one["date"])
        except ValueError:
            wrong.append({"path": path, "reason": "date"})
            continue
        if on in holidays:
            wrong.append({"path": path, "reason": "repeated"})
        holidays[on] = Holiday(on, one["name"].strip(), one.get("yearly", False))
    if wrong:
        raise errors.Invalid(fields=wrong)
    return BusinessHours(tuple(days), tuple(holidays[on] for on in sorted(holidays)))


def told(hours: BusinessHours) -> dict[str, Any]:
    """The same in the words in which they are kept and shown."""
    return {
        "days": [
            [{"start": f"{one.start:%H:%M}", "end": _end(one)} for one in spans]
            for spans in hours.days
        ],
        "holidays": [
            {"date": one.on.isoformat(), "name": one.name, "yearly": one.yearly}
            for one in hours.holidays
        ],
    }


def _end(span: Span) -> str:
    return DAY_END if span.end is None else f"{span.end:%H:%M}"


def _span(told: Mapping[str, str]) -> Span:
    if told["start"] == DAY_END:
        raise errors.Invalid(fields=[{"path": "days", "reason": "order"}])
    end = None if told["end"] == DAY_END else time.fromisoformat(told["end"])
    return Span(time.fromisoformat(told["start"]), end)


def _meet(one: Span, following: Span) -> bool:
    return one.end is None or one.end > following.start
