"""Values of any type, as they come from the wire: each reader answers what it found, or nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    Json = Mapping[str, Any]

LONGEST_TEXT = 10_000
LONGEST_NAME = 300
LONGEST_WORD = 64
LONGEST_ID = 512
LONGEST_ADDRESS = 4000
LARGEST_NUMBER = 10**40
CONTROLS = dict.fromkeys(character for character in range(32) if chr(character) not in "\n\t")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f]")
LONE_SURROGATES = re.compile("[\ud800-\udfff]")
NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", re.ASCII)
ADDRESS = re.compile(
    r"https?://[^\s\x00-\x20/?#@\\\"<>]+([/?#][^\s\x00-\x20\\\"<>]*)?", re.IGNORECASE
)

BEGAN_AT = datetime(2009, 1, 1, tzinfo=UTC)  # no channel is older
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECONDS_FROM = 100_000_000_000  # as seconds this would be the year 5138
CLOCK_TOLERANCE = timedelta(minutes=1)


def object_of(value: object) -> Json:
    """The object itself, or an empty one."""
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[Any]:
    """The list itself, or an empty one."""
    return value if isinstance(value, list) else []


def objects_of(value: object) -> list[Json]:
    """The objects of a list; an object alone is a list of itself."""
    if isinstance(value, dict):
        return [value]
    return [one for one in list_of(value) if isinstance(one, dict)]


def identifier(value: object, longest: int = LONGEST_ID) -> str | None:
    """An id, whether it came as text or as a number; None for everything else."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST_NUMBER:
        value = str(value)
    if not isinstance(value, str) or len(value) > longest:
        return None
    return clean(value, longest).strip() or None


def clean(value: object, longest: int) -> str:
    """Text without control characters but line break and tab, cut with «…»; else nothing.

    Marks of direction stay, since languages need them: who shows the text isolates it.
    """
    if not isinstance(value, str):
        return ""
    text = value.translate(CONTROLS) if CONTROL.search(value) else value
    if not text.isascii():
        text = LONE_SURROGATES.sub("\ufffd", text)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def first(found: Json, *keys: str, longest: int = LONGEST_TEXT) -> str:
    """The first of these that is text and not empty."""
    for key in keys:
        if text := clean(found.get(key), longest):
            return text
    return ""


def named(found: Json, *keys: str, longest: int = LONGEST_NAME) -> str | None:
    """As `first`, without the spaces around it; None when there is none."""
    return first(found, *keys, longest=longest).strip() or None


def address(value: object) -> str | None:
    """A web address that is safe to link to: http or https, no names or spaces in it."""
    if not isinstance(value, str) or len(value) > LONGEST_ADDRESS:
        return None
    written = value.strip()
    found = ADDRESS.fullmatch(written)
    return written if found and not LONE_SURROGATES.search(written) else None


def decimal(value: object) -> str | None:
    """A number as decimal text: prices and quantities come as either."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        if not isfinite(value) or abs(value) >= 10**15:
            return None
        value = repr(int(value) if value == int(value) else value)
    elif isinstance(value, int) and abs(value) < 10**15:
        value = str(value)
    written = value.strip() if isinstance(value, str) else ""
    return written if DECIMAL.fullmatch(written) else None


def coordinate(value: object, largest: float) -> float | None:
    """Degrees, at most so many to either side."""
    written = decimal(value)
    found = None if written is None else float(written)
    return found if found is not None and abs(found) <= largest else None


def instant(value: object, received_at: datetime) -> datetime | None:
    """Seconds or milliseconds since 1970, as text or number. None: not believable."""
    digits = identifier(int(value) if isinstance(value, float) and isfinite(value) else value)
    if digits is None or NUMBER.fullmatch(digits) is None:
        return None
    number = int(digits)
    if number < MILLISECONDS_FROM:
        number *= 1000
    try:
        at = EPOCH + timedelta(milliseconds=number)
    except OverflowError:
        return None
    believable = BEGAN_AT <= at <= received_at + CLOCK_TOLERANCE
    return at if believable else None
