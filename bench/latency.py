"""How long a contact's message takes to be acknowledged and to reach a socket, beside the floor."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from bench import floor
from bench.figures import Figure, percentile
from local.stack import CHANNEL, Stack

WARM_UP = 15
MESSAGES = 100
PAUSE_SECONDS = (0.15, 0.4)  # uneven, so that no poll of the emulator keeps step with us
PATIENCE_SECONDS = 60
SETTLED_SECONDS = 3

AGENT = "ana@example.com"
CONTACT = {"wa_id": "5511912340001", "name": "Medida", "user_id": "BR.9000000000000001"}


@dataclass
class Lane:
    """One of the two pipelines: how to write into it, and how to know its message on the socket."""

    url: str
    socket: ClientConnection
    body: Callable[[str], bytes]
    headers: Callable[[bytes], dict[str, str]]
    heard: Callable[[dict[str, Any]], list[str]]
    acknowledged: list[float] = field(default_factory=list)
    arrived: list[float] = field(default_factory=list)

    async def once(self, client: httpx.AsyncClient) -> tuple[float, float]:
        """Send one message; seconds until it is acknowledged, and until the socket has it."""
        mark = f"bench-{secrets.token_hex(8)}"
        body = self.body(mark)
        began = time.perf_counter()
        waiting = asyncio.create_task(self.wait_for(mark))
        answer = await client.post(self.url, content=body, headers=self.headers(body))
        acknowledged = time.perf_counter() - began
        answer.raise_for_status()
        return acknowledged, await asyncio.wait_for(waiting, PATIENCE_SECONDS) - began

    async def wait_for(self, mark: str) -> float:
        """When the socket has the message."""
        while True:
            frame = await self.socket.recv()
            at = time.perf_counter()
            if mark in self.heard(json.loads(frame)):
                return at


def measure(stack: Stack, say: Callable[[str], None]) -> list[Figure]:
    """Both pipelines in turns, message by message, on one emulator; every figure from warm ones."""
    return asyncio.run(_measure(stack, floor.deployed(stack, say), say))


async def _measure(stack: Stack, bare: dict[str, str], say: Callable[[str], None]) -> list[Figure]:
    async with (
        httpx.AsyncClient(timeout=30) as client,
        _product_lane(stack, client) as product,
        _floor_lane(stack, bare) as below,
    ):
        for _ in range(WARM_UP):
            for lane in (product, below):
                await lane.once(client)
        say(f"latency: {MESSAGES} messages each way, in turns")
        for _ in range(MESSAGES):
            for lane in (product, below):
                await asyncio.sleep(random.uniform(*PAUSE_SECONDS))
                acknowledged, arrived = await lane.once(client)
                lane.acknowledged.append(acknowledged * 1000)
                lane.arrived.append(arrived * 1000)
    return [
        Figure(
            f"{name} p{percent}",
            percentile(above, percent),
            "ms",
            budget,
            percentile(base, percent),
        )
        for name, above, base, budgets in (
            ("webhook acknowledged", product.acknowledged, below.acknowledged, (1.3, 1.3)),
            ("message on the socket", product.arrived, below.arrived, (1.5, 2)),
        )
        for percent, budget in zip((50, 95), budgets, strict=True)
    ]


@asynccontextmanager
async def _product_lane(stack: Stack, client: httpx.AsyncClient) -> AsyncIterator[Lane]:
    """A contact whose chat an agent holds and has open, as in the middle of a conversation."""
    doors = execute(stack, stack.outputs["RestAPIId"])
    await client.post(
        f"{stack.simulator}/contacts", json={**CONTACT, "last_inbound_at": instant(time.time())}
    )
    login = {"Authorization": f"Bearer {stack.token(AGENT)}"}
    first = f"bench-{secrets.token_hex(8)}"
    body = webhook(first)
    url = f"{doors}/webhooks/whatsapp"
    (await client.post(url, content=body, headers=signed(stack, body))).raise_for_status()
    chat_id = await _chat_of(client, doors, login, first)
    answer = {"client_key": f"{int(time.time() * 1000)}-{secrets.token_hex(8)}", "text": "Olá!"}
    answered = await client.post(f"{doors}/chats/{chat_id}/messages", json=answer, headers=login)
    answered.raise_for_status()
    await asyncio.sleep(SETTLED_SECONDS)  # until its receipts have passed
    ticket = (await client.post(f"{doors}/live/ticket", headers=login)).raise_for_status().json()
    async with connect(
        f"{ticket['url']}?ticket={ticket['ticket']}", origin=Origin(stack.web), open_timeout=None
    ) as socket:
        hello = {"action": "hello", "tab": "all", "chat_id": chat_id}
        await socket.send(json.dumps(hello))
        while (
            json.loads(await asyncio.wait_for(socket.recv(), PATIENCE_SECONDS))["type"] != "ready"
        ):
            pass
        yield Lane(url, socket, webhook, partial(signed, stack), texts)


@asynccontextmanager
async def _floor_lane(stack: Stack, outputs: dict[str, str]) -> AsyncIterator[Lane]:
    """The one socket of the floor."""
    address = execute(stack, outputs["WebsocketAPIId"]).replace("http", "ws", 1)
    async with connect(address, open_timeout=None) as socket:

        def body(mark: str) -> bytes:
            return json.dumps({"id": mark, "as": webhook(mark).decode()}).encode()

        yield Lane(
            f"{execute(stack, outputs['RestAPIId'])}/webhook",
            socket,
            body,
            lambda _: {"Content-Type": "application/json"},
            lambda frame: frame["ids"],
        )


async def _chat_of(
    client: httpx.AsyncClient, doors: str, login: dict[str, str], preview: str
) -> str:
    """The chat whose last message is this one, once it is there."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        page = await client.get(f"{doors}/chats", params={"tab": "all"}, headers=login)
        for row in page.raise_for_status().json()["chats"]:
            if row["preview"] == preview:
                return str(row["chat_id"])
        await asyncio.sleep(0.2)
    raise TimeoutError("the first message never reached the list")


def execute(stack: Stack, api: str) -> str:
    """The emulator's address of a gateway: both pipelines are asked there, past the web server."""
    return f"{stack.emulator}/_aws/execute-api/{api}/api"


def signed(stack: Stack, body: bytes) -> dict[str, str]:
    """Meta's signature over these bytes."""
    digest = hmac.new(stack.app_secret.encode(), body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={digest}"}


def webhook(text: str, contact: Mapping[str, str] = CONTACT) -> bytes:
    """What Meta posts for one text of that contact."""
    person = {"wa_id": contact["wa_id"], "user_id": contact["user_id"]}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": "551140001234",
            "phone_number_id": CHANNEL["account"],
        },
        "contacts": [{"profile": {"name": contact["name"]}, **person}],
        "messages": [
            {
                "from": contact["wa_id"],
                "from_user_id": contact["user_id"],
                "id": f"wamid.{text}",
                "timestamp": str(int(time.time())),
                "type": "text",
                "text": {"body": text},
            }
        ],
    }
    change = {"field": "messages", "value": value}
    entry = {"id": CHANNEL["waba_id"], "changes": [change]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def texts(frame: dict[str, Any]) -> list[str]:
    """The texts of the messages in a frame."""
    return [
        event["message"]["text"] for event in frame.get("events", ()) if event["type"] == "message"
    ]


def instant(seconds: float) -> str:
    """ISO 8601, in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(seconds))
