"""The Graph API, called: one pooled connection per process, and three ways in which a call fails.

Neither the token nor what is written to people ever gets into an exception or a log line.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from itertools import chain
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote

from chalicelib.domain.delivery import AnswerLost, NotSent, Refused
from chalicelib.domain.inbound import Failure
from chalicelib.gateways.meta.whatsapp import NO_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import httpx

    from chalicelib.domain.inbound import Person

TIMEOUT = timedelta(seconds=12)  # within the life of the function that delivers
READING = timedelta(seconds=20)  # within the life of a door
UPLOADING = timedelta(seconds=35)  # before the lease, within the life of the function
PIECE = 256 * 1024
CONNECT_SECONDS = 3.0
LONGEST_ANSWER = 1_000_000
LONGEST_TITLE = 300
LONGEST_PAUSE = timedelta(days=1)
TEMPLATE_FIELDS = (
    "id,name,language,category,status,parameter_format,components,quality_score,rejected_reason"
)
JSON_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}
TOKEN = re.compile(r"[!-~]+")
LOOKS_LIKE_A_TOKEN = re.compile(r"EAA[0-9A-Za-z]{8,}")
TOKEN_INVALID = Failure(190, "Error validating access token")
TOO_MANY = Failure(4, "Too many calls")


@dataclass(frozen=True)
class Sent:
    """Meta took it; what becomes of it is told by webhook."""

    provider_id: str


class Graph:
    """Graph as one token sees it."""

    def __init__(
        self,
        url: str,
        version: str,
        token: str,
        timeout: timedelta = TIMEOUT,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`version` like «v25.0»; `timeout` for a whole call; `transport` for tests."""
        self._base = f"{url.rstrip('/')}/{version}"
        self._token = token
        self._timeout = timeout
        self._transport = transport

    def __repr__(self) -> str:
        return f"Graph({self._base})"

    def send(self, account: str, content: Mapping[str, Any]) -> Sent:
        """Send what `whatsapp` or `messenger` made of a message, from that number, page or account.

        Raises Refused, NotSent or AnswerLost (META.md §4, §8).
        """
        answer = self.request("POST", f"{quote(account, safe='')}/messages", content=content)
        provider_id = _sent_id(answer)
        if provider_id is None:
            raise AnswerLost("no message id in the answer")
        return Sent(provider_id)

    def tell(self, account: str, content: Mapping[str, Any]) -> None:
        """Send what is no message and is answered by none: that something was read, a reaction.

        Raises Refused, NotSent or AnswerLost; twice is as good as once.
        """
        self.request("POST", f"{quote(account, safe='')}/messages", content=content)

    def upload(self, account: str, content: IO[bytes], *, size: int, mime_type: str) -> str:
        """Give WhatsApp a file, piece by piece; Meta's name for it, good for 30 days (META.md §5).

        `size` is what `content` holds. Raises Refused, NotSent or AnswerLost; to upload it again
        after any of them costs nothing but time.
        """
        boundary = f"atendente-{secrets.token_hex(16)}"  # which no file can hold
        head, tail = _around_file(mime_type, boundary)
        body = chain((head,), iter(lambda: content.read(PIECE), b""), (tail,))
        headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Content-Length": str(len(head) + size + len(tail)),
        }
        path = f"{quote(account, safe='')}/media"
        answer = self._read(
            self._call("POST", path, sending=_Sending(body, headers), within=UPLOADING)
        )
        match answer:
            case {"id": str(media_id)} if media_id:
                return media_id
        raise AnswerLost("no media id in the answer")

    def templates(self, portfolio: str) -> list[dict[str, Any]]:
        """Every template of a portfolio as Meta tells them, whatever its status.

        Follows the pages by their cursors, within 20 seconds in all. The list is whole or it is not
        given: who mirrors it takes what is missing for deleted. Raises Refused, NotSent or
        AnswerLost; reading may be asked again after any of them (META.md §6).
        """
        query = {"fields": TEMPLATE_FIELDS, "limit": "100"}
        path = f"{quote(portfolio, safe='')}/message_templates"
        found: list[dict[str, Any]] = []
        cursors: set[str] = set()
        deadline = time.monotonic() + READING.total_seconds()
        while True:
            answer = self.request("GET", path, query=query)
            match answer:
                case {"data": list(told)}:
                    found += [one for one in told if isinstance(one, dict)]
                case _:
                    raise AnswerLost("a list without its entries")
            cursor = _next_page(answer)
            if cursor is None:
                return found
            if cursor in cursors or time.monotonic() > deadline:
                raise AnswerLost("too many pages")
            cursors.add(cursor)
            query["after"] = cursor

    def block_user(self, account: str, person: Person, *, blocked: bool) -> None:
        """Block a WhatsApp user at this number, or no longer; twice is as good as once.

        A part of the users is refused by an error that has, in its body, those who were not:
        whoever is among them is done, the others' own reason is the one that counts (META.md §7).
        Raises Refused, NotSent or AnswerLost.
        """
        content = {"messaging_product": "whatsapp", "block_users": [_blocked_as(person)]}
        path = f"{quote(account, safe='')}/block_users"
        sending = _Sending(_written(content))
        answer = self._call("POST" if blocked else "DELETE", path, sending=sending)
        told = (_object(answer.body) or {}).get("block_users")
        outcome: dict[str, Any] = told if isinstance(told, dict) else {}
        if outcome.get("added_users") or outcome.get("removed_users"):
            return
        match outcome.get("failed_users"):
            case [{"errors": [{"code": int(code)} as error, *_]}, *_]:
                raise Refused(self._failure(code, error))
        self._read(answer)

    def request(
        self,
        method: str,
        path: str,
        *,
        content: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Call `/{version}/{path}` and return the object that Meta answers.

        Raises Refused when Meta answered with an error, NotSent when the request certainly never
        left, and AnswerLost for everything between: a cut, a silence, somebody else's page.
        """
        sending = None if content is None else _Sending(_written(content))
        return self._read(self._call(method, path, sending=sending, query=query))

    def _call(
        self,
        method: str,
        path: str,
        *,
        sending: _Sending | None = None,
        query: Mapping[str, str] | None = None,
        within: timedelta | None = None,
    ) -> _Answer:
        if TOKEN.fullmatch(self._token) is None:
            raise Refused(TOKEN_INVALID)
        answer = self._exchange(method, path, sending, query, within or self._timeout)
        if isinstance(answer, Exception):
            raise answer  # here, so that it does not carry httpx's, which holds token and text
        return answer

    def _exchange(
        self,
        method: str,
        path: str,
        sending: _Sending | None,
        query: Mapping[str, str] | None,
        within: timedelta,
    ) -> _Answer | NotSent | AnswerLost:
        import httpx

        client = _client() if self._transport is None else _new_client(self._transport)
        total = within.total_seconds()
        deadline = time.monotonic() + total
        try:
            with client.stream(
                method,
                f"{self._base}/{path}",
                headers={"Authorization": f"Bearer {self._token}"}
                | JSON_HEADERS
                | (sending.headers if sending else {}),
                content=sending.body if sending else None,
                params=query,
                timeout=httpx.Timeout(
                    max(total - CONNECT_SECONDS, CONNECT_SECONDS),
                    connect=min(CONNECT_SECONDS, total),
                    pool=CONNECT_SECONDS,
                ),
            ) as response:
                body = b""
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > LONGEST_ANSWER or time.monotonic() > deadline:
                        return AnswerLost("the answer is too long or too slow")
                return _Answer(response.status_code, body, response.headers.get("retry-after"))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return NotSent(type(error).__name__)
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            return NotSent(type(error).__name__)
        except httpx.HTTPError as error:
            return AnswerLost(type(error).__name__)

    def _read(self, answer: _Answer) -> dict[str, Any]:
        found = _object(answer.body)
        refusal = self._refusal(answer, found)
        if refusal is not None:
            raise refusal
        if found is None or not 200 <= answer.status < 300:
            raise AnswerLost(f"HTTP {answer.status} without an answer of Graph")
        return found

    def _refusal(self, answer: _Answer, found: dict[str, Any] | None) -> Refused | None:
        error = found.get("error") if found else None
        code = _code(error.get("code")) if isinstance(error, dict) else None
        busy = answer.status == 429
        retry_after = _pause(answer.retry_after)
        if isinstance(error, dict) and code is not None:
            transient = busy or answer.status >= 500 or error.get("is_transient") is True
            return Refused(self._failure(code, error), retry_after, transient=transient)
        return Refused(TOO_MANY, retry_after, transient=True) if busy else None

    def _failure(self, code: int, error: dict[str, Any]) -> Failure:
        if code == TOKEN_INVALID.code:
            return TOKEN_INVALID  # Meta's own words may quote the token
        more = error.get("error_data")
        details = more.get("details") if isinstance(more, dict) else None
        return Failure(
            code,
            self._told(error.get("message")) or f"(#{code})",
            self._told(details or error.get("error_user_msg")),
            _code(error.get("error_subcode")),
        )

    def _told(self, words: object) -> str | None:
        if not isinstance(words, str) or not words:
            return None
        words = words.replace(self._token, "…").encode("utf-8", "replace").decode()
        return LOOKS_LIKE_A_TOKEN.sub("…", words)[:LONGEST_TITLE]


@dataclass(frozen=True)
class _Sending:
    """The body of a request, whole or in pieces, and what is said of it."""

    body: bytes | Iterator[bytes]
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Answer:
    status: int
    body: bytes
    retry_after: str | None


def _written(content: Mapping[str, Any]) -> bytes:
    """JSON that always goes out: half a character, which no encoding knows, becomes «?»."""
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def _around_file(mime_type: str, boundary: str) -> tuple[bytes, bytes]:
    """What stands before and after a file in a form (RFC 7578)."""
    fields = {"messaging_product": "whatsapp", "type": mime_type}
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n'
        f"Content-Type: {mime_type}\r\n\r\n"
    )
    return "".join(parts).encode(), f"\r\n--{boundary}--\r\n".encode()


def _blocked_as(person: Person) -> dict[str, str]:
    if person.phone:
        return {"user": f"+{person.phone.lstrip('+')}"}
    if person.user_id:
        return {"user_id": person.user_id}
    raise Refused(NO_ADDRESS)


def _sent_id(answer: dict[str, Any]) -> str | None:
    match answer:
        case {"messages": [{"id": str(provider_id)}, *_]} if provider_id:
            return provider_id
        case {"message_id": str(provider_id)} if provider_id:
            return provider_id
    return None


def _next_page(answer: dict[str, Any]) -> str | None:
    """The cursor of the next page. Its address is not followed: the token goes to ours only."""
    match answer:
        case {"paging": {"next": str(), "cursors": {"after": str(cursor)}}} if cursor:
            return cursor
    return None


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _code(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _pause(header: str | None) -> timedelta | None:
    """Seconds; the other form, a date, is not used by Meta."""
    if header is None or re.fullmatch(r"[0-9]{1,9}", header.strip()) is None:
        return None
    return min(timedelta(seconds=int(header)), LONGEST_PAUSE)


@cache
def _client() -> httpx.Client:
    return _new_client(None)


def _new_client(transport: httpx.BaseTransport | None) -> httpx.Client:
    import httpx

    return httpx.Client(
        transport=transport,
        follow_redirects=False,  # the token goes nowhere else
        trust_env=False,
        headers={"User-Agent": "Atendente", "Accept-Encoding": "identity"},
        limits=httpx.Limits(max_connections=20, keepalive_expiry=4),
    )
