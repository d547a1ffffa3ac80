"""Values from the wire, of any type or absent: each reader answers what it found, none raises."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.events import ChannelName

    Json = Mapping[str, Any]

LONGEST_TEXT = 10_000
LONGEST_NAME = 300
LONGEST_WORD = 64
LONGEST_ID = 512
LONGEST_USER_ID = 200
LONGEST_URL = 2_000
LARGEST_NUMBER = 10**40
MOST = 50  # cards, products, files in one message
CONTROLS = dict.fromkeys(character for character in range(32) if chr(character) not in "\n\t")
LONE_SURROGATES = re.compile("[\ud800-\udfff]")
PHONE = re.compile(r"\+?[0-9][0-9 ().-]{0,30}", re.ASCII)
BSUID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]+")
NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
URL = re.compile(r"https?://[^\s<>\"\x00-\x20]+", re.IGNORECASE)

WHATSAPP_BEGAN_AT = datetime(2009, 1, 1, tzinfo=UTC)
MILLISECONDS_FROM = 100_000_000_000  # as seconds this would be the year 5138
CLOCK_TOLERANCE = timedelta(minutes=1)


def ids_of(
    addresses: tuple[object, ...], user_ids: tuple[object, ...]
) -> tuple[str | None, str | None]:
    """The first phone number, as digits, and the first user id of these.

    An address is a number or, if it does not look like one, a user id; the other user ids come
    before it, unless it is certainly one.
    """
    phone = certain = other = None
    for address in addresses:
        found = identifier(address, LONGEST_USER_ID)
        if found is None:
            continue
        if PHONE.fullmatch(found):
            phone = phone or "".join(filter(str.isdigit, found))
        elif BSUID.fullmatch(found):
            certain = certain or found
        else:
            other = other or found
    named = (identifier(user_id, LONGEST_USER_ID) for user_id in user_ids)
    return phone, next(filter(None, named), None) or certain or other


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
    text = value.translate(CONTROLS)
    if not text.isascii():
        text = LONE_SURROGATES.sub("\ufffd", text)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def object_of(value: object) -> Json:
    """The object itself, or an empty one."""
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[Any]:
    """The list itself, or an empty one."""
    return value if isinstance(value, list) else []


def address(value: object) -> str | None:
    """An address of the web, http or https alone; None for everything else."""
    text = clean(value, LONGEST_URL + 1)
    return text if len(text) <= LONGEST_URL and URL.fullmatch(text) else None


def decimal(value: object) -> float | None:
    """A number that came as one or as text; None for what is none, or not finite."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if isfinite(found) else None


def first(found: Json, *keys: str) -> str:
    """The first of these that is text and not empty."""
    return next((text for key in keys if (text := clean(found.get(key), LONGEST_TEXT))), "")


def item_of(item: str | Json) -> Json:
    """The body of a queue item."""
    return object_of(json.loads(item)) if isinstance(item, str) else item


def channel_of(body: Json) -> ChannelName:
    """Of which channel an item is."""
    return cast("ChannelName", body.get("channel"))


def told(body: Json, key: str) -> str:
    """An id that an item carries, or nothing."""
    return identifier(body.get(key)) or ""


def instant(value: object, received_at: datetime) -> datetime | None:
    """Seconds since 1970, as text or number; sometimes milliseconds. None: not believable."""
    digits = identifier(int(value) if isinstance(value, float) and isfinite(value) else value)
    if digits is None or NUMBER.fullmatch(digits) is None:
        return None
    number = int(digits)
    if number < MILLISECONDS_FROM:
        number *= 1000
    try:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=number)
    except OverflowError:
        return None
    believable = WHATSAPP_BEGAN_AT <= at <= received_at + CLOCK_TOLERANCE
    return at if believable else None
