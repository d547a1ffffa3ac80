"""One running simulator and the product that it talks to, for tests."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from local.simulator.clock import utc_now

SECRET = "0123456789abcdef"
TOKEN = "EAATESTTOKEN"
NUMBER = "106540352242922"
ACCOUNT = "102290129340398"
PATIENCE = 5.0


@dataclass
class Product:
    """What the product saw. `answers` are the next HTTP statuses (0: no connection), then 200."""

    bodies: list[bytes] = field(default_factory=list)
    headers: list[httpx.Headers] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def forget(self) -> None:
        """Start anew."""
        self.bodies.clear()
        self.headers.clear()
        self.answers.clear()

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            asked = request.url.params
            if asked.get("hub.verify_token") != "verify":
                return httpx.Response(403)
            return httpx.Response(200, text=asked["hub.challenge"])
        status = self.answers.pop(0) if self.answers else 200
        if status == 0:
            raise httpx.ConnectError("refused", request=request)
        signed = hmac.new(SECRET.encode(), request.content, hashlib.sha256).hexdigest()
        if request.headers.get("x-hub-signature-256") != f"sha256={signed}":
            return httpx.Response(401)
        self.bodies.append(request.content)
        self.headers.append(request.headers)
        return httpx.Response(status)

    def values(self) -> list[dict[str, Any]]:
        """Every `value` of every webhook, in order of arrival."""
        return [
            change["value"]
            for body in self.bodies
            for entry in json.loads(body)["entry"]
            for change in entry["changes"]
        ]

    def messages(self) -> list[dict[str, Any]]:
        return [one for value in self.values() for one in value.get("messages", [])]

    def texts(self) -> list[str]:
        return [message["text"]["body"] for message in self.messages()]

    def statuses(self, message_id: str | None = None) -> list[str]:
        return [
            status["status"]
            for value in self.values()
            for status in value.get("statuses", [])
            if message_id in (None, status["id"])
        ]


class Clock:
    """The real time, plus what a test lets pass."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return utc_now() + self.ahead

    def pass_time(self, **length: float) -> None:
        self.ahead += timedelta(**length)


@dataclass
class Simulator:
    """Calls to one running simulator."""

    http: httpx.Client
    product: Product
    clock: Clock
    stop: Callable[[], None]

    def ask(self, method: str, path: str, **given: Any) -> Any:
        answer = self.http.request(method, path, **given)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def graph(self, method: str, path: str, **given: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {TOKEN}"}
        return self.http.request(method, f"/v25.0/{path}", headers=headers, **given)

    def write(self, address: str = "5511987654321", text: str = "oi", **more: Any) -> Any:
        return self.ask("POST", f"/contacts/{address}/messages", json={"text": text, **more})

    def send(self, to: str = "+5511987654321", text: str = "olá", **more: Any) -> httpx.Response:
        body = {"to": to, "type": "text", "text": {"body": text}, **more}
        return self.graph(
            "POST", f"{NUMBER}/messages", json={"messaging_product": "whatsapp", **body}
        )

    def misbehave(self, **wishes: Any) -> Any:
        return self.ask("POST", "/misbehave", json=wishes)

    def thread(self, address: str = "5511987654321") -> Any:
        return self.ask("GET", f"/contacts/{address}/messages")

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until it holds; fail after 5 seconds."""
        limit = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < limit, "it never happened"
            time.sleep(0.01)
