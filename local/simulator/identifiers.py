"""Ids shaped like Meta's: wamid, mid, BSUID, scoped id, media id, fbtrace id."""

import base64
import secrets
import string

from .numbers import country

_ALPHANUMERIC = string.ascii_letters + string.digits


def new_wamid(number: str, *, from_business: bool) -> str:
    """A message id with the structure of a real one: the contact's number inside, then a token."""
    direction = b"\x11" if from_business else b"\x12"
    peer = number.encode()
    token = secrets.token_hex(10).upper().encode()
    raw = (
        b"\x1c\x18" + bytes([len(peer)]) + peer + b"\x15\x02\x00" + direction
        + b"\x18" + bytes([len(token)]) + token + b"\x00"
    )  # fmt: skip
    return "wamid." + base64.b64encode(raw).decode()


def new_bsuid(number: str | None) -> str:
    """A business-scoped user id: country, dot, digits."""
    return f"{country(number)}.{secrets.randbelow(10**20):020d}"


def new_media_id() -> str:
    """A numeric media id."""
    return str(10**15 + secrets.randbelow(9 * 10**15))


def new_trace_id() -> str:
    """What Graph errors carry as fbtrace_id."""
    return "A" + "".join(secrets.choice(_ALPHANUMERIC) for _ in range(22))


def new_mid() -> str:
    """The id of a Messenger or Instagram message."""
    return "m_" + "".join(secrets.choice(_ALPHANUMERIC + "-_") for _ in range(64))


def new_scoped_id() -> str:
    """What a person is called by one page (PSID) or one Instagram account (IGSID)."""
    return str(10**15 + secrets.randbelow(9 * 10**15))
