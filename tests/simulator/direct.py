"""Calls of Messenger and Instagram to one running simulator, for tests."""

import json
from typing import Any

import httpx

from .running import TOKEN, Simulator

PAGE = "110200300400500"
INSTAGRAM = "17841400000000001"
PERSON = "7000000000000001"
JSON = dict[str, Any]


class Direct:
    """One person on Messenger (`facebook`) or `instagram`, and the business that answers."""

    def __init__(self, simulator: Simulator, channel: str) -> None:
        self.simulator = simulator
        self.channel = channel
        self.address = PERSON if channel == "facebook" else "8000000000000002"
        self.account = PAGE if channel == "facebook" else INSTAGRAM
        simulator.ask("POST", "/contacts", json={
            "channel": channel, "user_id": self.address, "name": "Lia Souza", "username": "lia",
        })  # fmt: skip

    def write(self, **asked: Any) -> JSON:
        """The person writes."""
        asked = asked or {"text": "oi"}
        return self.simulator.ask("POST", f"/contacts/{self.address}/messages", json=asked)

    def does(self, what: str, **asked: Any) -> JSON:
        """The person does something else."""
        path = f"/contacts/{self.address}/events"
        return self.simulator.ask("POST", path, json={"what": what, **asked})

    def body(self, **changes: Any) -> JSON:
        """A send of Meta's shape."""
        whole: JSON = {"recipient": {"id": self.address}, "message": {"text": "olá"}}
        if self.channel == "facebook":
            whole["messaging_type"] = "RESPONSE"
        whole |= changes
        return {key: value for key, value in whole.items() if value is not None}

    def send(self, *, by: str = PAGE, token: str = TOKEN, **changes: Any) -> httpx.Response:
        """The business sends, by the page unless told otherwise."""
        return self.simulator.http.post(
            f"/v25.0/{by}/messages",
            json=self.body(**changes),
            headers={"authorization": f"Bearer {token}"},
        )

    def attach(self, kind: str, url: str, **changes: Any) -> httpx.Response:
        """The business sends a file by its address."""
        attachment = {"type": kind, "payload": {"url": url}}
        return self.send(message={"attachment": attachment}, **changes)

    def thread(self) -> list[JSON]:
        """What the phone shows."""
        return self.simulator.thread(self.address)

    def events(self) -> list[JSON]:
        """Every event that the product was told, in order, out of whatever envelope."""
        found: list[JSON] = []
        for body in self.simulator.product.bodies:
            whole = json.loads(body)
            if whole.get("object") == "whatsapp_business_account":
                continue
            if "entry" not in whole:
                found.append(whole["value"])
            for entry in whole.get("entry", []):
                found += entry.get("messaging", []) + entry.get("standby", [])
                found += [change["value"] for change in entry.get("changes", [])]
                found += [entry["value"]] if "value" in entry else []
        return found

    def until(self, name: str, count: int = 1) -> list[JSON]:
        """Wait until so many events hold that part; all of them."""

        def seen() -> list[JSON]:
            return [one for one in self.events() if name in one]

        self.simulator.until(lambda: len(seen()) >= count)
        return seen()
