"""The code by which the reseller knows an agency on the telephone (CODE-1, CODE-2).

RFC 6238 over HMAC-SHA256, in steps of four hours that begin at midnight UTC.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from chalicelib.domain.instants import EPOCH

if TYPE_CHECKING:
    from datetime import datetime

STEP = timedelta(hours=4)
GRACE = timedelta(minutes=5)  # how long the previous code goes on being accepted
DIGITS = 6


def code(secret: str, now: datetime) -> str:
    """The agency's code at that instant: six digits."""
    return _digits(secret, _step(now))


def changes_at(now: datetime) -> datetime:
    """When the next code comes."""
    return EPOCH + (_step(now) + 1) * STEP


def accepted(given: str, secret: str, now: datetime) -> bool:
    """Whether it is the agency's code, or was until less than five minutes ago."""
    good = (code(secret, now), code(secret, now - GRACE))
    return any(hmac.compare_digest(given.encode(), one.encode()) for one in good)


def truncated(digest: bytes) -> int:
    """RFC 4226, section 5.3: 31 bits of the digest, from where its last four bits say."""
    offset = digest[-1] & 0x0F
    return int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF


def _step(now: datetime) -> int:
    return (now - EPOCH) // STEP


def _digits(secret: str, step: int) -> str:
    digest = hmac.digest(secret.encode(), step.to_bytes(8), sha256)
    return f"{truncated(digest) % 10**DIGITS:0{DIGITS}d}"
