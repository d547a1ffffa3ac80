"""An agent without a page: the doors and the socket, as the page uses them."""

import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.e2e.waiting import until

Json = dict[str, Any]


def client_key() -> str:
    """A new key, as the page makes one for every message it sends (SEND-12)."""
    return f"{int(time.time() * 1000)}-{secrets.token_hex(8)}"


class Agent:
    """Somebody signed in. Doors answer JSON; a refusal fails the test unless it is expected."""

    def __init__(self, api: str, origin: str, token: str, name: str = "") -> None:
        self.origin = origin
        self.name = name
        self.http = httpx.Client(
            base_url=api, headers={"authorization": f"Bearer {token}"}, timeout=180
        )

    def ask(self, method: str, path: str, *, expect: int = 200, **given: Any) -> Any:
        """What a door answers, which must be of status `expect`."""
        answer = self.http.request(method, path, **given)
        assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def get(self, path: str, **query: Any) -> Any:
        """What a reading door answers."""
        return self.ask("GET", path, params=query)

    def put_back_settings(self, before: Json) -> None:
        """The general settings as they were read once; what follows from others is not given."""
        given = {name: "" if told is None else told for name, told in before.items()}
        given.pop("chatbot_since")
        self.ask("PUT", "/settings", json=given)

    def agent_id(self) -> str:
        """Whose doors these are."""
        return str(self.get("/me")["agent"]["agent_id"])

    def rows(self, tab: str = "all", pages: int = 100, **query: Any) -> list[Json]:
        """The rows of a tab, so many pages of them."""
        found: list[Json] = []
        cursor: str | None = None
        for _ in range(pages):
            page = self.get(
                "/chats", tab=tab, limit=50, **query, **({"cursor": cursor} if cursor else {})
            )
            found += page["chats"]
            cursor = page["cursor"]
            if cursor is None:
                break
        return found

    def chats_of(self, name: str) -> list[Json]:
        """The rows of every contact with that name among the newest fifty chats."""
        return [row for row in self.rows(pages=1) if row["name"] == name]

    def chat_of(self, name: str, seconds: float = 30) -> str:
        """The id of the one chat of that contact, waiting for it to appear."""
        found = until(lambda: self.chats_of(name), f"a chat of {name}", seconds)
        assert len(found) == 1, found
        return str(found[0]["chat_id"])

    def opened(self, chat_id: str) -> Json:
        """The chat and its newest messages."""
        answer: Json = self.get(f"/chats/{chat_id}")
        return answer

    def row(self, chat_id: str) -> Json:
        """The chat's row."""
        row: Json = self.opened(chat_id)["chat"]["row"]
        return row

    def messages(self, chat_id: str) -> list[Json]:
        """Every message of a chat, oldest first."""
        page = self.opened(chat_id)["page"]
        found: list[Json] = page["messages"]
        while page["before"] is not None:
            page = self.get(f"/chats/{chat_id}/messages", before=page["before"], limit=100)
            found = page["messages"] + found
        return found

    def texts(self, chat_id: str) -> list[str]:
        """The texts of every message of a chat, oldest first."""
        return [message["text"] for message in self.messages(chat_id)]

    def answer(self, chat_id: str, text: str, key: str | None = None) -> Json:
        """Send a text; the message as it was queued."""
        body = {"client_key": key or client_key(), "text": text}
        message: Json = self.ask("POST", f"/chats/{chat_id}/messages", json=body)["messages"][0]
        return message

    def message(self, chat_id: str, key: str) -> Json:
        """One message, as it stands."""
        return next(one for one in self.messages(chat_id) if one["key"] == key)

    def until_status(self, chat_id: str, key: str, *wanted: str, seconds: float = 30) -> Json:
        """The message once its status is one of those."""

        def look() -> Json:
            message = self.message(chat_id, key)
            assert message["status"] in wanted, message
            return message

        return until(look, f"message {key} becomes {' or '.join(wanted)}", seconds)

    def read(self, chat_id: str, up_to: str) -> Json:
        """Mark the chat read."""
        answer: Json = self.ask("PUT", f"/chats/{chat_id}/read", json={"up_to": up_to})
        return answer

    def ticket(self) -> Json:
        """A ticket for one socket."""
        answer: Json = self.ask("POST", "/live/ticket", json={})
        return answer

    @contextmanager
    def socket(
        self, tab: str | None = "all", chat_id: str | None = None, **more: Any
    ) -> Iterator["Socket"]:
        """A socket that has said hello and is ready."""
        ticket = self.ticket()
        with knock(f"{ticket['url']}?ticket={ticket['ticket']}", self.origin) as connection:
            socket = Socket(connection)
            socket.hello(tab, chat_id, **more)
            yield socket


def knock(url: str, origin: str | None) -> ClientConnection:
    """Open a socket. Raises websockets' InvalidStatus when it is refused."""
    return connect(url, origin=origin, open_timeout=20, proxy=None)  # type: ignore[arg-type]


class Socket:
    """The frames that one open page hears."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.events: list[Json] = []

    def say(self, action: str, **more: Any) -> None:
        """Say something to the desk."""
        self.connection.send(json.dumps({"action": action, **more}))

    def hello(self, tab: str | None, chat_id: str | None = None, **more: Any) -> None:
        """Say what is on screen, and wait for `ready`."""
        self.say("hello", tab=tab, chat_id=chat_id, **more)
        self.hear(lambda frame: frame == {"type": "ready", "tab": tab, "chat_id": chat_id})

    def hear(self, wanted: Callable[[Json], bool], seconds: float = 20) -> Json:
        """The first frame that is wanted; what comes before it is kept with the events."""
        limit = time.monotonic() + seconds
        while (left := limit - time.monotonic()) > 0:
            try:
                frame = json.loads(self.connection.recv(timeout=left))
            except TimeoutError:
                break
            if frame["type"] == "events":
                self.events += frame["events"]
            if wanted(frame):
                found: Json = frame
                return found
        raise AssertionError(f"no such frame in {seconds:.0f} s; heard: {self.events}")

    def event(self, wanted: Callable[[Json], bool], seconds: float = 20) -> Json:
        """The first event that is wanted, of those heard already and those to come."""
        found = next(filter(wanted, self.events), None)
        if found is None:
            self.hear(lambda _: any(map(wanted, self.events)), seconds)
            found = next(filter(wanted, self.events))
        return found

    def listen(self, seconds: float) -> list[Json]:
        """Everything heard so far and in the next so many seconds."""
        limit = time.monotonic() + seconds
        while (left := limit - time.monotonic()) > 0:
            try:
                frame = json.loads(self.connection.recv(timeout=left))
            except TimeoutError:
                break
            self.events += frame.get("events", [])
        return self.events

    def until_closed(self, seconds: float = 20) -> None:
        """Wait until the desk has cut the socket."""
        limit = time.monotonic() + seconds
        while (left := limit - time.monotonic()) > 0:
            try:
                self.connection.recv(timeout=left)
            except ConnectionClosed:
                return
            except TimeoutError:
                break
        raise AssertionError(f"the socket is open after {seconds:.0f} s")
