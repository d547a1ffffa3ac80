"""Whose number it is (NEW-4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import errors
from chalicelib.domain.access import may_read
from chalicelib.domain.contact import BRAZIL, phone_ids
from chalicelib.domain.phone import dialled, international
from chalicelib.stores import channels, identities

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent


def by_phone(agent: Agent, phone: str) -> events.Lookup:
    """The contact of a number as a deep link has it: area code and number, or with a country.

    `hidden` tells only that somebody has it (NEW-2). `phone` is what «Novo chat» is filled with:
    the number in its one form, with «+» when it is foreign, or as it came when it is nobody's.
    """
    digits = _read(phone)
    if digits is None:
        return {"found": "none", "phone": phone, "chat_id": None, "name": None}
    shown = digits if digits.startswith(BRAZIL) else f"+{digits}"
    accounts = [one.account for one in channels.whatsapp_accounts()]
    chat = identities.with_phone(digits, phone_ids(digits, accounts))
    if chat is None:
        return {"found": "none", "phone": shown, "chat_id": None, "name": None}
    if not may_read(chat, agent):
        return {"found": "hidden", "phone": shown, "chat_id": None, "name": None}
    return {"found": "readable", "phone": shown, "chat_id": chat.chat_id, "name": chat.name}


def _read(phone: str) -> str | None:
    """A national number first; an address loses the «+» of the others, which then come second."""
    for foreign in (international(phone), True):
        try:
            return dialled(phone, foreign=foreign)
        except errors.Invalid:
            continue
    return None
