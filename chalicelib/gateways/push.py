"""Web Push out: encrypted for one device (RFC 8291), signed by us (RFC 8292), given to its service.

Neither an endpoint, which is as good as a key, nor what is written gets into a log line.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from chalicelib.domain import push
from chalicelib.logs import logger

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import httpx

    from chalicelib.domain.push import Subscription

LONGEST_PAYLOAD = 3_000  # bytes: services take 4,096, encrypted
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
SIGNED_FOR = timedelta(hours=12)  # RFC 8292 allows a day, by the service's clock
CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
LONGEST_ANSWER = 4_000
LONGEST_PAUSE = timedelta(days=1)
RECORD_BYTES = 4096
AUTH_BYTES = 16
WORD = re.compile(r"[A-Z][A-Za-z]{1,39}")


class State(StrEnum):
    """What became of a push."""

    SENT = "sent"  # the service took it
    GONE = "gone"  # there is no such device any more: forget it
    REFUSED = "refused"  # as we sent it, it will never be taken
    LATER = "later"  # the service is busy, or cannot be reached


@dataclass(frozen=True)
class Outcome:
    """What became of a push, and after how long to try again if the service said so."""

    state: State
    after: timedelta | None = None


class Push:
    """The push services of the browsers."""

    def __init__(
        self,
        key: Callable[[], str],
        subject: str,
        hosts: str,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`key` gives the agency's private one, as `infra.deploy.push_key` makes it; `subject` is
        who answers for what we send, as an address (`https:` or `mailto:`, Apple takes no other);
        `hosts` who is sent to, separated by spaces (`domain.push.accepts`); `transport` for tests.
        """
        self._key = key
        self._subject = subject
        self._hosts = hosts.split()
        self._transport = transport
        self._signer: Any = None
        self._client: httpx.Client | None = None

    def __repr__(self) -> str:
        return f"Push({' '.join(self._hosts)})"

    def accepts(self, endpoint: str) -> bool:
        """Whether pushes may be sent to that address."""
        return push.accepts(endpoint, self._hosts)

    def public_key(self) -> str:
        """What browsers subscribe with: an uncompressed point of P-256, in base64url."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
        from py_vapid.utils import b64urlencode

        point = self._signed_by().public_key.public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        return str(b64urlencode(point))

    def send(
        self,
        subscription: Subscription,
        payload: bytes,
        *,
        topic: str,
        ttl: timedelta,
        now: datetime,
    ) -> Outcome:
        """Hand the payload to the device's service, audible at once.

        It takes the place of one of the same topic that has not arrived, and is dropped when it has
        not arrived after `ttl`. Raises ValueError for a payload that is empty or has more than
        3,000 bytes, and for a topic that is not of 1 to 32 characters of base64url.
        """
        if not 0 < len(payload) <= LONGEST_PAYLOAD:
            raise ValueError("the payload is empty or too long")
        if TOPIC.fullmatch(topic) is None:
            raise ValueError("no topic")
        if not self.accepts(subscription.endpoint):
            return _refused("", "NoPushService")
        service = push.origin(subscription.endpoint)
        body = _encrypted(subscription, payload)
        if body is None:
            return _refused(service, "NoKeysOfABrowser")
        claims = {
            "aud": service,
            "exp": int((now + SIGNED_FOR).timestamp()),
            "sub": self._subject,
        }
        headers = {
            **self._signed_by().sign(claims),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(max(0, int(ttl.total_seconds()))),
            "Topic": topic,
            "Urgency": "high",
        }
        answer = self._exchange(subscription.endpoint, headers, body)
        if answer is None:
            return Outcome(State.LATER)
        if 200 <= answer.status < 300:
            return Outcome(State.SENT)
        if answer.status in (404, 410):
            return Outcome(State.GONE)
        if answer.status == 429 or answer.status >= 500:
            return Outcome(State.LATER, _pause(answer.retry_after, now))
        return _refused(service, _reason(answer.body), answer.status)

    def _signed_by(self) -> Any:
        if self._signer is None:
            from py_vapid import Vapid02

            key = Vapid02.from_raw(self._key().encode()).private_key
            # Else the page's origin on the embedded stack, which is http:, would be no subject.
            self._signer = Vapid02(key, conf={"no-strict": True})
        return self._signer

    def _exchange(self, endpoint: str, headers: dict[str, str], body: bytes) -> _Answer | None:
        """What the service answered; None when it did not, or in time."""
        import httpx

        if self._client is None:
            self._client = _new_client(self._transport)
        try:
            with self._client.stream("POST", endpoint, headers=headers, content=body) as response:
                return _Answer(
                    response.status_code,
                    _beginning(response),
                    response.headers.get("retry-after"),
                )
        except httpx.HTTPError:
            return None


@dataclass(frozen=True)
class _Answer:
    status: int
    body: bytes
    retry_after: str | None


def _new_client(transport: httpx.BaseTransport | None) -> httpx.Client:
    import logging

    import httpx

    # It tells every address that it calls, and these are nobody's business.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    return httpx.Client(
        transport=transport,
        follow_redirects=False,  # what it is signed for is one service
        trust_env=False,
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS),
        headers={"User-Agent": "Atendente", "Accept-Encoding": "identity"},
        limits=httpx.Limits(max_connections=20, keepalive_expiry=4),
    )


def _beginning(response: httpx.Response) -> bytes:
    """As much of an answer as is worth reading; the status counts even if the rest is cut."""
    import httpx

    deadline = time.monotonic() + READ_SECONDS
    body = b""
    try:
        for chunk in response.iter_bytes():
            body += chunk[:LONGEST_ANSWER]
            if len(body) > LONGEST_ANSWER or time.monotonic() > deadline:
                break
    except httpx.HTTPError:
        return b""
    return body


def _encrypted(subscription: Subscription, payload: bytes) -> bytes | None:
    """What only that device can read; None when its keys are none."""
    import http_ece
    from cryptography.hazmat.primitives.asymmetric import ec
    from py_vapid.utils import b64urldecode

    try:
        auth = b64urldecode(subscription.auth.encode())
        theirs = b64urldecode(subscription.p256dh.encode())
        if len(auth) != AUTH_BYTES:
            return None
        return bytes(
            http_ece.encrypt(
                payload,
                private_key=ec.generate_private_key(ec.SECP256R1()),  # for this push alone
                dh=theirs,
                auth_secret=auth,
                rs=RECORD_BYTES,
                version="aes128gcm",
            )
        )
    except (ValueError, http_ece.ECEException):
        return None


def _refused(service: str, reason: str | None, status: int | None = None) -> Outcome:
    logger().warning(
        "a push was refused", extra={"host": service, "status": status, "reason": reason}
    )
    return Outcome(State.REFUSED)


def _reason(body: bytes) -> str | None:
    """What the service calls it, if that is one word: a sentence may quote what we sent."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    told = answer.get("reason", answer.get("error")) if isinstance(answer, dict) else None
    return told if isinstance(told, str) and WORD.fullmatch(told) else None


def _pause(header: str | None, now: datetime) -> timedelta | None:
    """Seconds, or a date (RFC 9110 §10.2.3); None for what is neither."""
    from email.utils import parsedate_to_datetime

    if header is None:
        return None
    try:
        if re.fullmatch(r"[0-9]{1,9}", header.strip()):
            after = timedelta(seconds=int(header))
        else:
            after = parsedate_to_datetime(header) - now
    except (TypeError, ValueError):
        return None
    return min(max(after, timedelta(0)), LONGEST_PAUSE)
