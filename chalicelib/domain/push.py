"""A device that takes pushes, and where the page may have us send them (NOTIF-4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

DEVICES_LIMIT = 10
DEVICE_LIFE = timedelta(days=90)  # a device whose page was not opened for so long is forgotten
LONGEST_ENDPOINT = 1_000
# Chrome and Android, Firefox, Safari and iOS, Edge.
SERVICES = (
    "fcm.googleapis.com",
    "push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
)
# As browsers write addresses: in small letters, in ASCII, without a login. What different readers
# read differently is no endpoint, nor what some cannot read, as a name in Punycode that is none.
LABEL = r"(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
ENDPOINT = re.compile(
    rf"(?P<origin>(?P<scheme>https?)://(?P<host>{LABEL}(?:\.{LABEL})*)(?P<port>:[0-9]+)?)"
    r"/[!$-\[\]-~]*"
)


@dataclass(frozen=True)
class Subscription:
    """What a browser gave to push to it, its keys in base64url without padding (RFC 8291).

    Who has it can write to the device, hence it shows nothing of itself.
    """

    endpoint: str
    p256dh: str
    auth: str

    def __repr__(self) -> str:
        return "Subscription(…)"


@dataclass(frozen=True)
class Device:
    """A device of an agent's that takes pushes; `seen_at`: when its page was last opened."""

    subscription: Subscription
    label: str
    since: datetime
    seen_at: datetime

    @property
    def device_id(self) -> str:
        """What it is called: the same for the same subscription."""
        return called(self.subscription.endpoint)

    def proves(self, auth: str) -> bool:
        """Whether who says so is the device: nobody else but us knows its secret."""
        return compare_digest(self.subscription.auth.encode(), auth.encode())


def called(endpoint: str) -> str:
    """What the device behind an endpoint is called."""
    return sha256(endpoint.encode()).hexdigest()[:32]


def with_device(devices: Iterable[Device], one: Device) -> tuple[Device, ...]:
    """The devices with this one, seen now; it keeps since when it is there. Of too many, and of

    those that were not seen for long, the oldest go.
    """
    others = [
        other
        for other in devices
        if other.device_id != one.device_id and one.seen_at - other.seen_at < DEVICE_LIFE
    ]
    others.sort(key=lambda other: other.seen_at, reverse=True)
    return tuple([one, *others][:DEVICES_LIMIT])


def accepts(endpoint: str, hosts: Iterable[str]) -> bool:
    """Whether we send to that address: it is a push service's, not one of our own network.

    `hosts` are names, each standing for itself and all under it by https at the usual port, or
    whole origins (`http://127.0.0.1:1234`), each for itself alone.
    """
    found = ENDPOINT.fullmatch(endpoint) if len(endpoint) <= LONGEST_ENDPOINT else None
    if found is None:
        return False
    usual = found["scheme"] == "https" and found["port"] in (None, ":443")
    return any(
        found["origin"] == one
        if "://" in one
        else usual and f".{found['host']}".endswith(f".{one}")
        for one in hosts
        if one
    )


def origin(endpoint: str) -> str:
    """Scheme, host and port of an endpoint, without the port that goes without saying."""
    found = ENDPOINT.fullmatch(endpoint)
    if found is None:
        raise ValueError("no endpoint")
    return found["origin"].removesuffix(":443") if found["scheme"] == "https" else found["origin"]
