"""The Graph API, called: one pooled connection per process, and three ways in which a call fails.

Neither the token nor what is written to people ever gets into an exception or a log line.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from chalicelib.domain.delivery import AnswerLost, NotSent, Refused
from chalicelib.domain.inbound import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from chalicelib.domain.inbound import Person
    from chalicelib.domain.template import Filled

TIMEOUT = timedelta(seconds=12)  # within the life of the function that delivers
READING = timedelta(seconds=20)  # within the life of a door
CONNECT_SECONDS = 3.0
LONGEST_ANSWER = 1_000_000
LONGEST_TITLE = 300
LONGEST_PAUSE = timedelta(days=1)
TEMPLATE_FIELDS = "name,language,category,status,parameter_format,components"
JSON_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}
TOKEN = re.compile(r"[!-~]+")
LOOKS_LIKE_A_TOKEN = re.compile(r"EAA[0-9A-Za-z]{8,}")
TOKEN_INVALID = Failure(190, "Error validating access token")
NO_ADDRESS = Failure(131009, "Parameter value is not valid", "No phone number and no user id")
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

    def send_text(
        self, account: str, person: Person, text: str, callback: str, quotes: str | None = None
    ) -> Sent:
        """Send a text to a WhatsApp user, by number if it is known, else by business-scoped id.

        `callback` comes back with every status; `quotes` is the provider id of the message
        answered. Raises Refused, NotSent or AnswerLost (META.md §4).
        """
        content = {"type": "text", "text": {"body": text, "preview_url": True}}
        if quotes is not None:
            content["context"] = {"message_id": quotes}
        return self._send(account, person, content, callback)

    def send_template(self, account: str, person: Person, template: Filled, callback: str) -> Sent:
        """Send a filled template to a WhatsApp user, as `send_text` does (META.md §4)."""
        content = {
            "type": "template",
            "template": {
                "name": template.name,
                "language": {"code": template.language},
                "components": template.components(),
            },
        }
        return self._send(account, person, content, callback)

    def templates(self, portfolio: str, name: str | None = None) -> list[dict[str, Any]]:
        """The approved templates of a portfolio as Meta tells them, or those with that name.

        Follows the pages by their cursors, within 20 seconds in all. Raises Refused, NotSent or
        AnswerLost; reading may be asked again after any of them (META.md §6).
        """
        query = {"fields": TEMPLATE_FIELDS, "limit": "50", "status": "APPROVED"}
        if name is not None:
            query["name"] = name
        found: list[dict[str, Any]] = []
        deadline = time.monotonic() + READING.total_seconds()
        while True:
            path = f"{quote(portfolio, safe='')}/message_templates"
            answer = self.request("GET", path, query=query)
            match answer:
                case {"data": list(told)}:
                    found += [one for one in told if isinstance(one, dict)]
            cursor = _next_page(answer)
            if cursor in (None, query.get("after")):
                return found
            if time.monotonic() > deadline:
                raise AnswerLost("too many pages")
            query["after"] = str(cursor)

    def _send(
        self, account: str, person: Person, content: Mapping[str, Any], callback: str
    ) -> Sent:
        message = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **_address(person),
            **content,
            "biz_opaque_callback_data": callback,
        }
        answer = self.request("POST", f"{quote(account, safe='')}/messages", content=message)
        provider_id = _sent_id(answer)
        if provider_id is None:
            raise AnswerLost("no message id in the answer")
        return Sent(provider_id)

    def block_user(self, account: str, person: Person, *, blocked: bool) -> None:
        """Block a WhatsApp user at this number, or no longer; twice is as good as once.

        A part of the users is refused by an error that has, in its body, those who were not:
        whoever is among them is done, the others' own reason is the one that counts (META.md §7).
        Raises Refused, NotSent or AnswerLost.
        """
        content = {"messaging_product": "whatsapp", "block_users": [_blocked_as(person)]}
        path = f"{quote(account, safe='')}/block_users"
        answer = self._call("POST" if blocked else "DELETE", path, content)
        told = (_object(answer.body) or {}).get("block_users")
        outcome: dict[str, Any] = told if isinstance(told, dict) else {}
        if outcome.get("added_users") or outcome.get("removed_users"):
            return
        match outcome.get("failed_users"):
            case [{"errors": [{"code": int(code)} as error, *_]}, *_]:
                raise Refused(self._failure(code, error))
        self._read(answer)

    def mark_read(self, account: str, provider_id: str) -> None:
        """Tell a WhatsApp user that this message, and all before it, were read (META.md §4).

        Raises Refused, NotSent or AnswerLost; twice is as good as once.
        """
        self.request(
            "POST",
            f"{quote(account, safe='')}/messages",
            content={
                "messaging_product": "whatsapp",
                "status": "read",
                "message_id": provider_id,
            },
        )

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
        return self._read(self._call(method, path, content, query))

    def _call(
        self,
        method: str,
        path: str,
        content: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> _Answer:
        if TOKEN.fullmatch(self._token) is None:
            raise Refused(TOKEN_INVALID)
        answer = self._exchange(method, path, content, query)
        if isinstance(answer, Exception):
            raise answer  # here, so that it does not carry httpx's, which holds token and text
        return answer

    def _exchange(
        self,
        method: str,
        path: str,
        content: Mapping[str, Any] | None,
        query: Mapping[str, str] | None,
    ) -> _Answer | NotSent | AnswerLost:
        import httpx

        client = _client() if self._transport is None else _new_client(self._transport)
        total = self._timeout.total_seconds()
        deadline = time.monotonic() + total
        try:
            with client.stream(
                method,
                f"{self._base}/{path}",
                headers={"Authorization": f"Bearer {self._token}"} | JSON_HEADERS,
                content=None if content is None else _written(content),
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
        )

    def _told(self, words: object) -> str | None:
        if not isinstance(words, str) or not words:
            return None
        words = words.replace(self._token, "…").encode("utf-8", "replace").decode()
        return LOOKS_LIKE_A_TOKEN.sub("…", words)[:LONGEST_TITLE]


@dataclass(frozen=True)
class _Answer:
    status: int
    body: bytes
    retry_after: str | None


def _written(content: Mapping[str, Any]) -> bytes:
    """JSON that always goes out: half a character, which no encoding knows, becomes «?»."""
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def _address(person: Person) -> dict[str, str]:
    if person.phone:
        return {"to": f"+{person.phone.lstrip('+')}"}
    if person.user_id:
        return {"recipient": person.user_id}
    raise Refused(NO_ADDRESS)


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
