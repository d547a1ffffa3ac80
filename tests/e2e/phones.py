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
    """A person with a phone, new to the desk."""

    def __init__(self, phones: "Phones", name: str, wa_id: str) -> None:
        self.phones = phones
        self.name = name
        self.wa_id = wa_id
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

    def thread(self) -> list[Json]:
        """What the phone shows."""
        shown: list[Json] = self.phones.ask("GET", f"/contacts/{self.wa_id}/messages")
        return shown

    def received(self) -> list[str]:
        """The texts of the business that the phone shows, in the order in which they came."""
        return [one["message"]["text"]["body"] for one in self.thread() if one["from_business"]]

    def reads(self) -> int:
        """Open the conversation; how many messages are read by that."""
        return int(self.phones.ask("POST", f"/contacts/{self.wa_id}/read")["read"])

    def attempts(self) -> list[Json]:
        """Every send to this person that Meta saw, refused ones too, in order."""
        found: list[Json] = self.phones.ask("GET", "/sent", params={"contact": self.wa_id})
        return found

    def sent(self) -> list[str]:
        """The texts that Meta accepted for this person, in order."""
        return [one["body"]["text"]["body"] for one in self.attempts() if one["accepted"]]


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

    def post(self, body: Any, *, sign: str | None = "", **headers: str) -> httpx.Response:
        """A webhook. `sign` is another secret to sign with, or None for no signature at all.

        Bytes go as they are; anything else as Meta writes JSON.
        """
        raw = body if isinstance(body, bytes) else serialise(body)
        given = {"content-type": "application/json", **headers}
        if sign is not None:
            given.setdefault("x-hub-signature-256", signature(raw, sign or self.app_secret))
        return self.webhook.post("", content=raw, headers=given)


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
