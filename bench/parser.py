"""How many events of a webhook one core takes apart and reads in a second (INB-2)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bench.figures import Figure
from chalicelib.domain.instants import from_ms
from chalicelib.gateways.meta import parse, webhook

if TYPE_CHECKING:
    from chalicelib.domain.events import ChannelName

EVENTS = 1000  # the most that Meta puts into one body (META.md §1.3)
ROUNDS = 7
LEAST = 5000  # events per second and core
NOW = from_ms(1_795_521_600_000)
SECONDS = 1_795_521_000
PHONE_OF_ACCOUNT = {"display_phone_number": "15550783881", "phone_number_id": "106540352242922"}


def measure() -> list[Figure]:
    """Bodies of a thousand events: the best of some rounds, since other work only slows it."""
    return [
        figure("WhatsApp messages", "whatsapp", whatsapp({"messages": messages()})),
        figure("WhatsApp statuses", "whatsapp", whatsapp({"statuses": statuses()})),
        figure("Messenger events", "facebook", messaging("page")),
        figure("Instagram events", "instagram", messaging("instagram")),
    ]


def figure(name: str, channel: ChannelName, body: bytes) -> Figure:
    """Events per second, from the raw body to what is read of each queue's items."""
    taken = min(timed(lambda: read(channel, body)) for _ in range(ROUNDS))
    return Figure(name, EVENTS / taken, "per second", budget=LEAST, at_least=True)


def timed(work: Callable[[], int]) -> float:
    """Seconds of this core, while as many events were read as there are."""
    began = time.process_time()
    found = work()
    taken = time.process_time() - began
    if found != EVENTS:
        raise AssertionError(f"{found} of {EVENTS} events were read")
    return taken


def read(channel: ChannelName, body: bytes) -> int:
    """Everything that a webhook and its two queues do before anything is decided."""
    split = webhook.split(channel, body)
    inbound = sum(len(parse.inbound(item.body, NOW)) for item in split.messages)
    return inbound + sum(len(parse.receipts(item.body, NOW)) for item in split.statuses)


# --- bodies -----------------------------------------------------------------------------------


def whatsapp(value: dict[str, Any]) -> bytes:
    """As Meta writes it: one account, each person's contact object beside."""
    contacts = [
        {
            "profile": {"name": f"Contato Nº {number}"},
            "wa_id": f"551190000{number:04}",
            "user_id": f"BR.{number}",
        }
        for number in range(EVENTS)
    ]
    whole = {"messaging_product": "whatsapp", "metadata": PHONE_OF_ACCOUNT, "contacts": contacts}
    change = {"field": "messages", "value": {**whole, **value}}
    entry = {"id": "102290129340398", "changes": [change]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def messages() -> list[dict[str, Any]]:
    """Texts, pictures, answers and reactions of as many people."""
    contents: list[dict[str, Any]] = [
        {"type": "text", "text": {"body": "Olá! Ainda têm aquele horário de amanhã? 😀"}},
        {
            "type": "image",
            "image": {
                "id": "9",
                "mime_type": "image/jpeg",
                "sha256": "q83vEjRWeJA=",
                "caption": "é",
            },
        },
        {
            "type": "button",
            "button": {"text": "Quero", "payload": "Q"},
            "context": {"id": "wamid.0"},
        },
        {"type": "reaction", "reaction": {"message_id": "wamid.0", "emoji": "👍"}},
    ]
    return [
        {
            "from": f"551190000{number:04}",
            "from_user_id": f"BR.{number}",
            "id": f"wamid.HBgNNTUxMTk5OTk5OTk5ORUCABIYFDNB{number:04}",
            "timestamp": str(SECONDS + number),
            **contents[number % len(contents)],
        }
        for number in range(EVENTS)
    ]


def statuses() -> list[dict[str, Any]]:
    """Ticks with what Meta tells of their price."""
    return [
        {
            "id": f"wamid.HBgNNTUxMTk5OTk5OTk5ORUCABEYEjNB{number:04}",
            "status": ("sent", "delivered", "read")[number % 3],
            "timestamp": str(SECONDS + number),
            "recipient_id": f"551190000{number:04}",
            "recipient_user_id": f"BR.{number}",
            "biz_opaque_callback_data": f"0123456789abcdef/1795521000000-0123456789abcdef/{number}",
            "pricing": {"billable": True, "pricing_model": "PMP", "category": "service"},
        }
        for number in range(EVENTS)
    ]


def messaging(named: str) -> bytes:
    """Texts, pictures, echoes and reactions of one page's or account's people."""
    url = "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=17&signature=" + "Ab1" * 60
    contents: list[dict[str, Any]] = [
        {"message": {"text": "Olá! Ainda têm aquele horário de amanhã? 😀"}},
        {"message": {"attachments": [{"type": "image", "payload": {"url": url}}]}},
        {"message": {"text": "Temos sim", "is_echo": True}},
        {"reaction": {"reaction": "love", "emoji": "❤", "action": "react"}},
    ]
    events = []
    for number in range(EVENTS):
        ((key, content),) = contents[number % len(contents)].items()
        sides = ({"id": f"7{number:015}"}, {"id": "17841400000000000"})
        sender, recipient = reversed(sides) if content.get("is_echo") else sides
        events.append(
            {
                "sender": sender,
                "recipient": recipient,
                "timestamp": (SECONDS + number) * 1000,
                key: {"mid": f"aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlEOjE3ODQx{number:04}", **content},
            }
        )
    entry = {"id": "17841400000000000", "time": SECONDS * 1000, "messaging": events}
    return json.dumps({"object": named, "entry": [entry]}).encode()
