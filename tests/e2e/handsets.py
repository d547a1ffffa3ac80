"""Phones that take pushes, played by the stand-in for push services (docs/simulator.md)."""

import json
from typing import Any

import httpx

from tests.e2e.agent import Agent
from tests.e2e.waiting import until

Json = dict[str, Any]


class Handset:
    """A phone of an agent's on which the page was installed. What it gets is decrypted as by a
    browser that subscribed with the desk's public key."""

    def __init__(self, push: str, agent: Agent, label: str | None = "Chrome no Android") -> None:
        """`label` None: the page will subscribe by itself."""
        self.http = httpx.Client(base_url=push, timeout=30)
        self.agent = agent
        self.key = str(agent.get("/me/push")["public_key"])
        asked = {"application_server_key": self.key}
        self.device: Json = self.http.post("/devices", json=asked).json()
        if label is not None:
            body = {name: self.device[name] for name in ("endpoint", "p256dh", "auth")}
            answer = agent.ask("PUT", "/me/push", json={**body, "label": label})
            self.device_id = str(answer["device_id"])

    def shown(self) -> list[Json]:
        """Every notification that came, in order, as the service worker reads it."""
        came = self.http.get(f"/devices/{self.device['id']}/messages", params={"deliver": "true"})
        assert all(one["error"] is None for one in came.json()), came.json()
        return [json.loads(one["payload"]) for one in came.json()]

    def until_shown(self, *previews: str, seconds: float = 30) -> list[Json]:
        """The notifications, once they are these and no others."""

        def look() -> list[Json]:
            came = self.shown()
            assert [one["preview"] for one in came] == list(previews), came
            return came

        return until(look, f"the phone shows {previews}", seconds)

    def service(self, state: str, times: int | None = None) -> None:
        """Let its service misbehave."""
        wish = {"state": state, **({} if times is None else {"times": times})}
        self.http.post(f"/devices/{self.device['id']}/state", json=wish)

    def answers(self, chat_id: str, *, expect: int = 200, **wrong: str) -> None:
        """A notification is clicked or dismissed: the service worker says so, without a login."""
        body = {name: self.device[name] for name in ("endpoint", "auth")}
        url = f"{self.agent.http.base_url}push/seen"
        answer = httpx.post(url, json={**body, "chat_id": chat_id, **wrong}, timeout=60)
        assert answer.status_code == expect, answer.text
