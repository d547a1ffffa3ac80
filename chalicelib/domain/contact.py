"""Who writes to us: identities, not phone numbers (INB-7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.events import ChannelName
    from chalicelib.domain.inbound import Person

BRAZIL = "55"
BRAZILIAN_MOBILE_WITHOUT_NINTH = re.compile(r"^55[1-9][0-9][6-9][0-9]{7}$")
MEXICAN_MOBILE_WITH_ONE = re.compile(r"^521[0-9]{10}$")


def canonical_phone(digits: str) -> str:
    """One form for every way of writing a number: digits only, Brazil's ninth digit present.

    A Brazilian mobile number without its ninth digit (55, area code, eight digits starting with 6
    to 9) gets it; land lines (2 to 5) stay. Mexico's lose the 1 that Meta puts behind the country
    and nobody dials any more. Every other country's numbers stay as they are.
    """
    digits = "".join(character for character in digits if character in "0123456789")
    if BRAZILIAN_MOBILE_WITHOUT_NINTH.match(digits):
        return f"{digits[:4]}9{digits[4:]}"
    if MEXICAN_MOBILE_WITH_ONE.match(digits):
        return f"52{digits[3:]}"
    return digits


@dataclass(frozen=True)
class Identity:
    """One id of one person on one channel. `account` is the portfolio for WhatsApp's scoped id."""

    channel: ChannelName
    account: str
    kind: str  # "phone" or "user_id"
    value: str

    def __str__(self) -> str:
        return f"{self.channel}#{self.account}#{self.kind}#{self.value}"


def identities(
    channel: ChannelName, account: str, portfolio: str, person: Person
) -> tuple[Identity, ...]:
    """Every id by which this person can be found again, the strongest first (INB-7)."""
    found = []
    if person.user_id:
        # WhatsApp's id is the portfolio's; a page's or an account's people are its own.
        owner = portfolio if channel == "whatsapp" else account
        found.append(Identity(channel, owner, "user_id", person.user_id))
    if person.phone:
        found.append(Identity(channel, account, "phone", canonical_phone(person.phone)))
    return tuple(found)


def phone_ids(phone: str, accounts: Iterable[str]) -> tuple[Identity, ...]:
    """What a WhatsApp number is called on each of these accounts: one person on all of them."""
    return tuple(
        Identity("whatsapp", account, "phone", canonical_phone(phone)) for account in accounts
    )


def display_name(person: Person) -> str:
    """What to call somebody nobody has named yet: profile name, username, number, id."""
    candidates = (
        person.name,
        person.username and f"@{person.username}",
        person.phone and f"+{person.phone}",
        person.user_id,
    )
    return next((name for name in candidates if name and name.strip()), "?")
