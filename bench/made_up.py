"""A desk's answers made up for the page, in the shapes that the doors promise."""

from __future__ import annotations

import io
import json
import math
import struct
import time
import wave
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from PIL import Image
from playwright.sync_api import Route

from chalicelib.domain import events

EPOCH = 1_790_000_000
NOBODY_READS: events.Session = {
    "state": "open",
    "ends_at": "2099-01-01T00:00:00.000Z",
    "human_until": None,
}
MESSAGES_A_PAGE = 50
LOOKED_AT = 2_000  # messages, by one request of a search
FILES = "/bench-files/"  # of the page's own origin: its policy lets them in


def row(number: int) -> events.ChatRow:
    """A row as any other, with what varies between rows."""
    at = instant(EPOCH - 60 * number)
    return {
        "chat_id": f"{number:016x}",
        "row_rev": 1,
        "channel": ("whatsapp", "instagram", "facebook")[number % 3],
        "account": "106540352242922",
        "name": f"Contato de número {number}",
        "phone": f"55119{80000000 + number}",
        "username": None,
        "preview": "Bom dia! Gostaria de saber se o meu pedido já saiu para entrega. 🙂",
        "preview_kind": "text",
        "preview_author": ("contact", "agent")[number % 2],
        "last_activity_at": at,
        "opened_at": at,
        "closed": number % 5 == 0,
        "agent_id": None,
        "department_id": ("vendas", None)[number % 2],
        "unread": number % 4,
        "blocked": False,
        "tags": [],
        "campaigns": [],
        "session_ends_at": ("2026-01-01T00:00:00.000Z", None)[number % 2],
        "waiting_since": None,
    }


def chat(number: int) -> events.Chat:
    """The chat of a row, read by everyone."""
    return {
        "row": {**row(number), "unread": 0},
        "rev": 1,
        "protocol": "100001",
        "session": NOBODY_READS,
        "unread_from": None,
        "profile_rev": 0,
        "blockable_until": None,
        "meta_block": None,
        "closing": None,
        "opened_by_template": None,
    }


def message(number: int) -> events.Message:
    """A text of the contact."""
    seconds = EPOCH + 60 * number
    return {
        "key": key(number),
        "rev": 1,
        "kind": "text",
        "raw_kind": None,
        "author": "contact",
        "agent_id": None,
        "author_name": "Contato",
        "text": f"Mensagem de número {number}: o pedido já saiu para entrega?",
        "at": instant(seconds),
        "status": None,
        "failure": None,
        "retry_of": None,
        "retried_by": None,
        "client_key": None,
        "line": None,
        "files": [],
        "details": None,
        "quote": None,
        "reactions": [],
        "internal": False,
        "forwarded": False,
        "edited_at": None,
        "deleted_at": None,
        "source": None,
    }


def any_message(number: int) -> events.Message:
    """A message of a chat as chats are: of ten, four short texts, and every other kind once."""
    made = message(number)
    if number % 2:
        made |= {"author": "agent", "author_name": "Ana", "status": "read"}
    match number % 10:
        case 2:
            made |= {"kind": "image", "files": [picture(number)], "text": ""}
        case 4:
            made |= {"kind": "audio", "files": [voice()], "text": ""}
        case 5:
            made |= {"kind": "document", "files": [document(number)], "text": ""}
        case 6:
            made["quote"] = quote(max(number - 3, 0))
        case 7:
            made["reactions"] = [reaction(made["at"])]
        case 8:
            made["text"] = f"{number} " + "O pedido saiu ontem, e o que falta vai na segunda. " * 6
    return made


def picture(number: int) -> events.File:
    """Upright, wide or square."""
    width, height = ((600, 800), (1280, 720), (900, 900))[number // 10 % 3]
    return {**file("image", "image/jpeg", 240_000), "width": width, "height": height}


def voice() -> events.File:
    """A voice note of two seconds."""
    return {**file("audio", "audio/wav", 32_044), "voice": True}


def document(number: int) -> events.File:
    """A document with a name."""
    return {**file("document", "application/pdf", 88_000), "name": f"Pedido {number}.pdf"}


def file(kind: events.FileKind, mime_type: str, size: int) -> events.File:
    """A stored file."""
    return {
        "kind": kind,
        "state": "ready",
        "reason": None,
        "name": None,
        "mime_type": mime_type,
        "size": size,
        "voice": False,
        "width": None,
        "height": None,
    }


def quote(number: int) -> events.Quote:
    """What the message of that number says."""
    quoted = message(number)
    return {
        "key": quoted["key"],
        "author": "contact",
        "author_name": "Contato",
        "kind": "text",
        "text": quoted["text"],
        "internal": False,
        "source": None,
    }


def reaction(at: str) -> events.Reaction:
    """A thumb of the contact."""
    return {
        "author": "contact",
        "agent_id": None,
        "emoji": "👍",
        "at": at,
        "state": None,
        "failure": None,
    }


def key(number: int) -> str:
    """Orders the messages by their numbers."""
    return f"{1000 * (EPOCH + 60 * number):013d}-{number:016x}"


def number_of(key: str) -> int:
    """The number of a message."""
    return int(key.rpartition("-")[2], 16)


def instant(seconds: float) -> str:
    """As the doors write it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(seconds))


class LongChat:
    """The doors of one chat of so many messages, of every kind."""

    def __init__(self, messages: int) -> None:
        self.messages = messages
        self.pages = 0
        self.searched = 0

    def answer(self, route: Route) -> None:
        """Whatever the page asks of a chat."""
        address = urlsplit(route.request.url)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        parts = address.path.split("/")
        if route.request.method != "GET":
            fulfil(route, {"unread": 0, "rev": 2, "done": True})
        elif parts[-2] == "chats":
            fulfil(route, {"chat": chat(int(parts[-1], 16)), "page": self.before(self.messages)})
        elif parts[-1] == "messages":
            self.pages += 1
            fulfil(route, self.page(asked))
        elif parts[-1] == "files":
            fulfil(route, addresses(asked["keys"].split(",")))
        elif parts[-1] == "variables":
            fulfil(route, {"variables": []})
        elif parts[-1] == "message-search":
            self.searched += 1
            fulfil(route, self.hits(int(asked.get("cursor", self.messages))))
        else:
            route.continue_()

    def page(self, asked: dict[str, str]) -> events.MessagePage:
        """Before, after or around a message."""
        if "before" in asked:
            return self.before(number_of(asked["before"]))
        if "after" in asked:
            return self.stretch(number_of(asked["after"]) + 1)
        return self.stretch(number_of(asked["around"]) - MESSAGES_A_PAGE // 2)

    def before(self, end: int) -> events.MessagePage:
        """The messages that come before that number."""
        return self.stretch(end - MESSAGES_A_PAGE)

    def stretch(self, first: int) -> events.MessagePage:
        """A page from that number on."""
        last = min(first + MESSAGES_A_PAGE, self.messages)
        first = max(first, 0)
        return {
            "messages": [any_message(number) for number in range(first, last)],
            "before": key(first) if first > 0 else None,
            "after": key(last - 1) if last < self.messages else None,
        }

    def hits(self, end: int) -> events.MessageHits:
        """Every fortieth message of those that one request looks at; later parts take longer."""
        first = max(end - LOOKED_AT, 0)
        if end < self.messages:
            time.sleep(0.3)
        return {
            "hits": [hit(number) for number in range(end - 1, first - 1, -40)],
            "cursor": str(first) if first > 0 else None,
            "looked_at": end - first,
            "reached_at": message(first)["at"],
        }


def hit(number: int) -> events.MessageHit:
    """A place where the words stand."""
    found = message(number)
    return {
        "key": found["key"],
        "at": found["at"],
        "author": "contact",
        "author_name": "Contato",
        "kind": "text",
        "text": found["text"],
        "internal": False,
        "source": None,
    }


def addresses(keys: list[str]) -> events.FileAddresses:
    """Where the bench answers the files of these messages."""
    return {"files": [address(one) for one in keys], "expires_at": "2099-01-01T00:00:00.000Z"}


def address(key: str) -> events.FileAddress:
    """The address of a message's only file."""
    number = number_of(key)
    ending = "jpg" if number % 10 == 2 else "wav"
    url = f"{FILES}{number}.{ending}"
    thumbnail = url if ending == "jpg" else None
    return {"key": key, "index": 0, "url": url, "thumbnail": thumbnail, "download": url}


def answer_file(route: Route) -> None:
    """A thumbnail, or a sound."""
    if route.request.url.endswith(".jpg"):
        route.fulfill(body=thumbnail(), content_type="image/jpeg")
    else:
        route.fulfill(body=sound(), content_type="audio/wav")


@cache
def thumbnail() -> bytes:
    """A picture as large as thumbnails are, with something in it."""
    made = Image.linear_gradient("L").resize((480, 480)).convert("RGB")
    written = io.BytesIO()
    made.save(written, "JPEG", quality=80)
    return written.getvalue()


@cache
def sound() -> bytes:
    """Two seconds of a tone that swells."""
    written = io.BytesIO()
    with wave.open(written, "wb") as tone:
        tone.setparams((1, 2, 8_000, 0, "NONE", ""))
        for at in range(16_000):
            tone.writeframesraw(struct.pack("<h", int(at * math.sin(at / 8))))
    return written.getvalue()


def fulfil(route: Route, body: Any) -> None:
    """The door's answer."""
    route.fulfill(body=json.dumps(body), content_type="application/json")
