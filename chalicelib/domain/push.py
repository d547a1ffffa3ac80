"""A device that takes pushes, and where the page may have us send them (NOTIF-4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

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
