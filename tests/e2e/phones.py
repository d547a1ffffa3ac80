"""The people on the other side, and Meta between them and the desk (docs/simulator.md)."""

import itertools
import secrets
import time
from typing import Any

import httpx

from local.simulator.wire import serialise, signature
from tests.e2e.waiting import until

Json = dict[str, Any]
numbers = itertools.count(1)


class Contact:
    """A person with a phone, new to the desk.

    `wa_id` is how the simulator calls them: outside WhatsApp the id that the account knows them by.
    """

    def __init__(self, phones: "Phones", name: str, wa_id: str, channel: str = "whatsapp") -> None:
        self.phones = phones
        self.name = name
        self.wa_id = wa_id
        self.channel = channel
        self.wrote_at = 0

    def writes(self, *texts: str) -> None:
        """Write a message each, no two in the same second: Meta's time of a message has no
        fractions, and what has the same time has no order."""
        for text in texts:
            time.sleep(max(0.0, self.wrote_at + 1 - time.time()))
            self.wrote_at = int(time.time())
            self.phones.ask("POST", f"/contacts/{self.wa_id}/messages", json={"text": text})

    def wrote(self, *texts: str) -> None:
        """Have written a message each, a second apart, the last one now."""
        self.wrote_at = int(time.time())
        first = self.wrote_at - len(texts) + 1
        several = [{"text": text, "timestamp": first + at} for at, text in enumerate(texts)]
        self.phones.ask("POST", f"/contacts/{self.wa_id}/messages", json=several)

    def sends(self, kind: str, **more: Any) -> Json:
        """Send one message of any kind of the channel: the kind alone is enough, see
        docs/simulator.md. What the simulator answers: `id` among it."""
        asked = {"type": kind, **more}
        answer: Json = self.phones.ask("POST", f"/contacts/{self.wa_id}/messages", json=asked)
        return answer

    def sends_file(
        self, name: str, content: bytes, mime_type: str, *, kind: str = "", **more: str
    ) -> Json:
        """Send a file of one's own; `caption` and `fault` are understood beside it."""
        fields = {**({"type": kind} if kind else {}), **more}
        answer: Json = self.phones.ask(
            "POST",
            f"/contacts/{self.wa_id}/media",
            data=fields,
            files={"file": (name, content, mime_type)},
        )
        return answer

    def does(self, what: str, **more: Any) -> Json:
        """Something else than writing: reaction, edit, deletion, read, echo, number, postback…"""
        asked = {"what": what, **more}
        answer: Json = self.phones.ask("POST", f"/contacts/{self.wa_id}/events", json=asked)
        return answer

    def reacts(self, message_id: str, emoji: str = "") -> None:
        """Put an emoji on a message, or take it back."""
        self.does("reaction", message_id=message_id, emoji=emoji)

    def thread(self) -> list[Json]:
        """What the phone shows; `shown` of each has the same shape on every channel."""
        shown: list[Json] = self.phones.ask("GET", f"/contacts/{self.wa_id}/messages")
        return shown

    def shown(self) -> list[Json]:
        """What the phone draws of what the business sent, reactions apart, in order."""
        return [
            one["shown"]
            for one in self.thread()
            if one["from_business"] and one["type"] != "reaction"
        ]

    def received(self) -> list[str]:
        """The texts of the business that the phone shows, in the order in which they came."""
        return [one["text"] for one in self.shown() if one["text"]]

    def reads(self) -> int:
        """Open the conversation; how many messages are read by that."""
        return int(self.phones.ask("POST", f"/contacts/{self.wa_id}/read")["read"])

    def attempts(self) -> list[Json]:
        """Every send to this person that Meta saw, refused ones too, in order."""
        found: list[Json] = self.phones.ask("GET", "/sent", params={"contact": self.wa_id})
        return found

    def sent(self) -> list[str]:
        """The texts that Meta accepted for this person, in order."""
        return [text for one in self.attempts() if one["accepted"] and (text := _text(one["body"]))]


def _text(body: Json) -> str:
    """The text of a send, on any channel."""
    text = body.get("text")
    if isinstance(text, dict):
        return str(text["body"])
    return str((body.get("message") or {}).get("text") or "")


class Phones:
    """The simulator's own doors, and webhooks signed as Meta signs them."""

    def __init__(self, simulator: str, webhook: str, app_secret: str, account: Json) -> None:
        self.http = httpx.Client(base_url=simulator, timeout=60)
        self.webhook = httpx.Client(base_url=webhook, timeout=60)
        self.app_secret = app_secret
        self.account = account

    def ask(self, method: str, path: str, **given: Any) -> Any:
        """What the simulator answers."""
        answer = self.http.request(method, path, **given)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def somebody(self, name: str = "", wa_id: str = "", **more: Any) -> Contact:
        """A new contact with a number that nobody else has."""
        number = next(numbers)
        name = name or f"Contato {number} {secrets.token_hex(2)}"
        wa_id = wa_id or f"5511{secrets.randbelow(10**4):04d}{number:05d}".replace("55110", "55119")
        self.ask("POST", "/contacts", json={"wa_id": wa_id, "name": name, **more})
        return Contact(self, name, wa_id)

    def somebody_on(self, channel: str, name: str = "", **more: Any) -> Contact:
        """A new contact on `instagram` or `facebook`, under an id that nobody else has."""
        number = next(numbers)
        name = name or f"Contato {number} {secrets.token_hex(2)}"
        user_id = f"{secrets.randbelow(9 * 10**10) + 10**10}{number:05d}"
        if channel == "instagram":
            more.setdefault("username", f"contato{number}.{secrets.token_hex(2)}")
        self.ask("POST", "/contacts", json={
            "channel": channel, "user_id": user_id, "name": name, **more,
        })  # fmt: skip
        return Contact(self, name, user_id, channel)

    def sent(self, **filters: str) -> list[Json]:
        """Every send that Meta saw, of all channels; `contact`, `channel`, `type` narrow it."""
        found: list[Json] = self.ask("GET", "/sent", params=filters)
        return found

    def notices(self, field: str, **value: Any) -> None:
        """Meta tells of the business itself: quality, account, templates."""
        self.ask("POST", "/notices", json={"field": field, "value": value})

    def misbehave(self, **wishes: Any) -> None:
        """Let Meta do something wrong."""
        self.ask("POST", "/misbehave", json=wishes)

    def error(self, contact: Contact, code: int, times: int | None = None) -> None:
        """Refuse sends to this person with a code, all or so many times."""
        self.misbehave(error={"contact": contact.wa_id, "code": code, "times": times})

    def quiet(self, seconds: float = 30) -> None:
        """Wait until Meta has nothing left to tell the desk."""

        def look() -> bool:
            health = self.ask("GET", "/health")
            left = ("waiting", "in_flight", "retrying", "pending_statuses")
            assert not any(health[name] for name in left), health
            return True

        until(look, "Meta has told everything", seconds)

    def envelope(self, *changes: Json) -> Json:
        """A webhook body with these `value` parts, each in a change of its own."""
        metadata = {
            "display_phone_number": "551140001234",
            "phone_number_id": self.account["account"],
        }
        parts = [
            {
                "field": "messages",
                "value": {"messaging_product": "whatsapp", "metadata": metadata, **change},
            }
            for change in changes
        ]
        return {
            "object": "whatsapp_business_account",
            "entry": [{"id": self.account["waba_id"], "changes": parts}],
        }

    def post(
        self, body: Any, *, sign: str | None = "", channel: str = "", **headers: str
    ) -> httpx.Response:
        """A webhook. `sign` is another secret to sign with, or None for no signature at all.

        `channel` is another than WhatsApp.
        Bytes go as they are; anything else as Meta writes JSON.
        """
        raw = body if isinstance(body, bytes) else serialise(body)
        given = {"content-type": "application/json", **headers}
        if sign is not None:
            given.setdefault("x-hub-signature-256", signature(raw, sign or self.app_secret))
        address = str(self.webhook.base_url).rstrip("/")
        if channel:
            address = f"{address.rpartition('/')[0]}/{channel}"
        return self.webhook.post(address, content=raw, headers=given)


def text_message(
    wa_id: str | None, text: str, *, at: int, name: str, user_id: str | None = None, **more: Any
) -> Json:
    """A `value` part with one text message, from a number, a business-scoped id, or both.

    `at` is in seconds since 1970.
    """
    message: Json = {
        "id": f"wamid.{secrets.token_hex(16)}",
        "timestamp": str(at),
        "type": "text",
        "text": {"body": text},
        **({"from": wa_id} if wa_id else {}),
        **({"from_user_id": user_id} if user_id else {}),
        **more,
    }
    contact: Json = {
        "profile": {"name": name},
        **({"wa_id": wa_id} if wa_id else {}),
        **({"user_id": user_id} if user_id else {}),
    }
    return {"contacts": [contact], "messages": [message]}
