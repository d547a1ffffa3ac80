"""Meta's webhooks: is it Meta, and which pieces does the body hold. Pure, and it never raises."""

from __future__ import annotations

import base64
import hmac
import json
from hashlib import sha256
from typing import TYPE_CHECKING

from chalicelib.gateways.meta import split_messaging, split_whatsapp
from chalicelib.gateways.meta.pieces import Item, Pieces, Split
from chalicelib.gateways.meta.wire import DECODER, flattened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.events import ChannelName

__all__ = ["Item", "Split", "handshake", "signed", "split"]


def signed(body: bytes, header: str | None, secrets: Iterable[str]) -> bool:
    """Whether `X-Hub-Signature-256` is that of these raw bytes under one of the app secrets.

    In constant time; False without a header or without a secret (INB-1, META.md §1.2).
    """
    given = (header or "").encode("utf-8", "replace")
    fits = False
    for secret in secrets:
        if secret:
            digest = hmac.new(secret.encode("utf-8", "replace"), body, sha256).hexdigest()
            fits |= hmac.compare_digest(f"sha256={digest}".encode(), given)
    return fits


def handshake(mode: str | None, token: str | None, verify_tokens: Iterable[str]) -> bool:
    """Whether the one who subscribes knows a verify token; in constant time (INB-11)."""
    given = (token or "").encode("utf-8", "replace")
    fits = False
    for known in verify_tokens:
        if known:
            fits |= hmac.compare_digest(known.encode("utf-8", "replace"), given)
    return fits and mode == "subscribe"


def split(channel: ChannelName, body: bytes) -> Split:
    """Take a body apart, whatever it is: nothing is lost, and no piece spoils another (INB-2).

    Every message, echo, mark, event and notice becomes one item; statuses, deliveries and reads
    up to ten of one person together.
    """
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    try:
        try:
            return _split(channel, text)
        except RecursionError:
            return _split(channel, flattened(text))
    except json.JSONDecodeError:
        return Split([], [], [{"unparsed": base64.b64encode(body).decode()}])


def _split(channel: ChannelName, text: str) -> Split:
    pieces = Pieces()
    document = DECODER.decode(text)
    if channel == "whatsapp":
        split_whatsapp.document(pieces, document)
    else:
        split_messaging.document(pieces, channel, document)
    return pieces.split()
