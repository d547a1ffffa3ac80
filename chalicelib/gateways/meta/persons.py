"""Who a piece of a webhook is about, by every id that it tells (INB-7, META.md §3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chalicelib.domain.inbound import Person
from chalicelib.gateways.meta.values import LONGEST_NAME, clean, identifier, object_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    Json = Mapping[str, Any]

LONGEST_USER_ID = 200
PHONE = re.compile(r"\+?[0-9][0-9 ().-]{0,30}", re.ASCII)
BSUID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]+")


def person_of(received: Json, contact: object, *, echo: bool = False) -> Person:
    """Everything that a message, echo or status and its contact object tell of who it is about.

    Without any id when they tell none. `from` may hold a business-scoped id (META.md §3).
    """
    known = object_of(contact)
    side = "to" if echo else "from"
    phone, user_id = ids_of(
        addresses=(received.get(side), received.get("recipient_id"), known.get("wa_id")),
        user_ids=(
            received.get(f"{side}_user_id"),
            received.get("recipient_user_id"),
            known.get("user_id"),
        ),
    )
    if not phone and not user_id and received.get("type") == "system":
        notice = object_of(received.get("system"))
        phone, user_id = ids_of((notice.get("wa_id"),), (notice.get("user_id"),))
    return _named(known, phone, user_id)


def subject_of(received: Json, contact: object) -> Person:
    """As `person_of`, of a notice about somebody, which names them as contact objects do."""
    known = object_of(contact)
    phone, user_id = ids_of(
        addresses=(received.get("wa_id"), known.get("wa_id")),
        user_ids=(received.get("user_id"), known.get("user_id")),
    )
    return _named(known, phone, user_id)


def _named(known: Json, phone: str | None, user_id: str | None) -> Person:
    profile = object_of(known.get("profile"))
    username = clean(profile.get("username") or known.get("username"), LONGEST_NAME)
    return Person(
        phone=phone,
        user_id=user_id,
        username=username.strip().lstrip("@") or None,
        name=clean(profile.get("name"), LONGEST_NAME) or None,
    )


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


def scoped(party: object) -> str | None:
    """The id of the sender or recipient of an event of Messenger or Instagram."""
    return identifier(object_of(party).get("id"), LONGEST_USER_ID)
