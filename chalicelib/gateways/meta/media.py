"""Files at Meta: asked for by id, downloaded once their address is one of Meta's (META.md §5).

The token goes to Meta's hosts alone, and never along a redirect.
"""

from __future__ import annotations

import base64
import binascii
import time
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import IO, TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from chalicelib.domain.media import LARGEST

if TYPE_CHECKING:
    import httpx

    from chalicelib.domain.events import FileReason
    from chalicelib.gateways.meta.graph import Graph

HOSTS = ("facebook.com", "fbsbx.com", "fbcdn.net", "cdninstagram.com", "instagram.com")
WHOLE = timedelta(seconds=80)  # of all that is fetched at a time, within the function's life
SILENCE_SECONDS = 15.0
MOST_REDIRECTS = 3
USER_AGENT = "Atendente"


class NotFetched(Exception):
    """The file could not be had. `for_good`: trying again would change nothing.

    `token`: Meta did not take the token, so that a newer one may help.
    """

    def __init__(self, reason: FileReason, *, for_good: bool, token: bool = False) -> None:
        super().__init__(reason)
        self.reason: FileReason = reason
        self.for_good = for_good
        self.token = token


class Patience:
    """How long may still be waited: for everything that is fetched at a time, together."""

    def __init__(self, length: timedelta = WHOLE) -> None:
        self._ends = time.monotonic() + length.total_seconds()

    @property
    def over(self) -> bool:
        """Whether nothing more should begin or go on."""
        return time.monotonic() > self._ends


@dataclass(frozen=True)
class Taken:
    """What came: how many bytes, and what the server called them."""

    length: int
    mime_type: str | None


@dataclass(frozen=True)
class Found:
    """What Meta says of a file: where it is for five minutes, and what it should be."""

    url: str
    mime_type: str | None
    size: int | None
    digest: str | None


def resolve(graph: Graph, media_id: str, account: str) -> Found:
    """Ask for the address of a WhatsApp file. Raises what `Graph.request` raises."""
    told = graph.request("GET", quote(media_id, safe=""), query={"phone_number_id": account})
    url, mime_type = told.get("url"), told.get("mime_type")
    size, digest = told.get("file_size"), told.get("sha256")
    return Found(
        url=url if isinstance(url, str) else "",
        mime_type=mime_type if isinstance(mime_type, str) else None,
        size=int(size) if isinstance(size, (int, str)) and str(size).isdigit() else None,
        digest=digest if isinstance(digest, str) else None,
    )


def may_fetch(url: str, own: tuple[str, ...]) -> bool:
    """Whether an address is of Meta: https on one of its hosts, or an origin we are told of.

    `own` are the addresses of the Graph API as this stack has them.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None or not host:
        return False
    if any(_origin(url) == _origin(one) for one in own if one):
        return True
    return parts.scheme == "https" and any(host == one or host.endswith(f".{one}") for one in HOSTS)


def download(
    url: str,
    into: IO[bytes],
    *,
    own: tuple[str, ...],
    token: str | None,
    patience: Patience,
    size: int | None = None,
    digest: str | None = None,
    transport: httpx.BaseTransport | None = None,
) -> Taken:
    """Write the file to `into`, which is empty.

    `token` goes to the first address only. Checked are the length that was announced, `size` and
    `digest` where Meta told them, and the most that a contact may send. Raises NotFetched.
    """
    import httpx

    if size is not None and size > LARGEST:
        raise NotFetched("too_large", for_good=True)
    by_token = token is not None
    client = httpx.Client(
        transport=transport,
        follow_redirects=False,
        trust_env=False,
        timeout=httpx.Timeout(SILENCE_SECONDS, connect=5.0),
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
    )
    with client:
        for _ in range(MOST_REDIRECTS + 1):
            if not may_fetch(url, own):
                raise NotFetched("refused", for_good=True)
            headers = {} if token is None else {"Authorization": f"Bearer {token}"}
            try:
                with client.stream("GET", url, headers=headers) as answer:
                    if answer.status_code in (301, 302, 303, 307, 308):
                        url = urljoin(url, answer.headers.get("location", ""))
                        token = None
                        continue
                    _check_status(answer.status_code, by_token)
                    return _taken(answer, into, size, digest, patience)
            except httpx.HTTPError as error:
                raise NotFetched("unreachable", for_good=False) from error
            except (httpx.InvalidURL, ValueError) as error:  # urljoin's, of what is no address
                raise NotFetched("refused", for_good=True) from error
    raise NotFetched("refused", for_good=True)


def _check_status(status: int, by_token: bool) -> None:
    if status in (401, 403) and by_token:
        raise NotFetched("refused", for_good=False, token=True)
    if status in (401, 403, 404, 410):  # an address that is its own key, and has run out
        raise NotFetched("gone", for_good=False)
    if status != 200:
        raise NotFetched("unreachable", for_good=False)


def _taken(
    answer: httpx.Response,
    into: IO[bytes],
    size: int | None,
    digest: str | None,
    patience: Patience,
) -> Taken:
    announced = answer.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > LARGEST:
        raise NotFetched("too_large", for_good=True)
    seen, length = sha256(), 0
    for chunk in answer.iter_raw():
        length += len(chunk)
        if length > LARGEST:
            raise NotFetched("too_large", for_good=True)
        if patience.over:
            raise NotFetched("unreachable", for_good=False)
        seen.update(chunk)
        into.write(chunk)
    whole = not announced.isdigit() or int(announced) == length
    if length == 0 or not whole or (size is not None and size != length):
        raise NotFetched("mismatch", for_good=False)
    if digest is not None and not same_digest(digest, seen.digest()):
        raise NotFetched("mismatch", for_good=False)
    return Taken(length, answer.headers.get("content-type"))


def same_digest(told: str, found: bytes) -> bool:
    """Whether a digest is the one told, in hex, base64 or base64 for addresses (META.md §5).

    One in a form that nobody knows says nothing.
    """
    told = told.strip()
    if len(told) == 64:
        try:
            return bytes.fromhex(told) == found
        except ValueError:
            return True
    try:
        plain = told.replace("-", "+").replace("_", "/")
        decoded = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return True
    return len(decoded) != len(found) or decoded == found


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or default
