"""Instants as the desk writes them: milliseconds in keys and rows, ISO 8601 on the wire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_ms(at: datetime) -> int:
    """Whole milliseconds since 1970, exact."""
    return (at - EPOCH) // timedelta(milliseconds=1)


def from_ms(ms: int) -> datetime:
    """The instant of `to_ms`."""
    return EPOCH + timedelta(milliseconds=ms)


def iso(at: datetime) -> str:
    """«2026-11-23T14:32:00.000Z»."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def iso_or_none(at: datetime | None) -> str | None:
    """`iso`, or None for what never happened."""
    return None if at is None else iso(at)


def sortable(at: datetime) -> str:
    """Thirteen digits: strings that sort as the instants do, from 1970 to 2286."""
    return f"{max(to_ms(at), 0):013d}"
