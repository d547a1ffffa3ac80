"""People on Instagram, Messenger and WhatsApp who sent every kind of message, on both screens.

They write on their phones, in the simulator, which tells the desk nothing of it: what it would have
told is read by the product's own parser, so that the seeded rows are those of real webhooks.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.domain import media
from chalicelib.domain.inbound import Arrival, Person
from chalicelib.domain.message import Message, Reaction, from_arrival
from chalicelib.gateways.meta import parse, webhook
from local.simulator.wire import serialise
from local.stories import DIRECT_PEOPLE, DIRECT_TEXTS, REPLIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalicelib.domain.events import ChannelName

    Json = dict[str, Any]
    Put = Callable[[str, io.BytesIO, str], object]

PACE = timedelta(minutes=4)
REACTED, DELETED = 1, 3  # places in what the first person sends

# What the first person of each channel sends; the others write a little.
KINDS: dict[ChannelName, list[Json]] = {
    "whatsapp": [
        {"text": "Oi! Vi o anúncio das canecas", "referral": True},
        {"type": "image", "caption": "Queria uma estampa assim"},
        {"type": "audio", "voice": True},
        {"type": "video", "caption": "Olha como ficou a da minha irmã"},
        {"type": "document"},
        {"type": "audio"},
        {"type": "sticker"},
        {"type": "sticker", "animated": True},
        {"type": "location"},
        {"type": "contacts"},
        {"type": "order"},
        {"type": "interactive"},
        {"type": "button"},
        {"text": "Repassando o que me mandaram", "forwarded": True},
        {"type": "unsupported"},
        {"type": "video", "too_large": True},
    ],
    "instagram": [
        {"type": "ice_breaker", "title": "Qual o prazo de entrega?", "payload": "PRAZO"},
        {"type": "story_reply", "text": "Amei essa caneca do story!"},
        {"type": "story_mention"},
        {"type": "image", "count": 3},
        {"type": "voice"},
        {"type": "video"},
        {"type": "like_heart"},
        {"type": "ig_post"},
        {"type": "ig_reel"},
        {"type": "ephemeral"},
        {"type": "quick_reply", "text": "Sim", "quick_reply": "SIM"},
        {"type": "postback"},
        {"type": "referral"},
        {"type": "unsupported"},
    ],
    "facebook": [
        {"type": "referral"},
        {"type": "postback", "title": "Começar", "payload": "COMECAR"},
        {"type": "image"},
        {"type": "voice"},
        {"type": "video"},
        {"type": "file"},
        {"type": "sticker"},
        {"type": "location"},
        {"type": "fallback"},
        {"type": "quick_reply", "text": "Entrega", "quick_reply": "ENTREGA"},
        {"type": "unsupported"},
    ],
}


class Simulator(Protocol):
    """The simulator's doors; httpx.Client is one."""

    def post(self, url: str, *, json: Any) -> Any:
        """Ask something of it."""

    def get(self, url: str) -> Any:
        """Fetch something of it."""


@dataclass(frozen=True)
class Conversation:
    """A person, what they wrote and were answered, oldest first."""

    number: int
    person: Person
    turns: list[tuple[Arrival, Message] | str]  # a text: what the desk answered
    times: list[datetime]


def conversations(
    simulator: Simulator, put: Put, now: datetime, chance: random.Random
) -> Iterator[tuple[ChannelName, Conversation]]:
    """A dozen people on Instagram and on Messenger, three more on WhatsApp.

    `put` stores a file for the desk; what Instagram sends is only linked (INB-6).
    """
    for channel, names in DIRECT_PEOPLE.items():
        for number, name in enumerate(names):
            person = _person(channel, number, name)
            _introduce(simulator, channel, person)
            yield channel, _told(simulator, put, channel, number, person, now, chance)


def chat_name(channel: ChannelName, number: int) -> str:
    """The chat's id: beside those of the other three hundred."""
    place = ["whatsapp", "instagram", "facebook"].index(channel)
    return f"{0xD0000 + place * 0x1000 + number:016x}"


def _person(channel: ChannelName, number: int, name: str) -> Person:
    if channel == "whatsapp":
        return Person(
            phone=f"55119700000{number:02}", user_id=f"BR.{7 * 10**15 + number}", name=name
        )
    first = 8 if channel == "instagram" else 7
    username = None
    if channel == "instagram":
        username = ".".join(name.lower().split()[:2]).replace("é", "e").replace("í", "i")
    return Person(user_id=f"{first * 10**15 + 1000 + number}", username=username, name=name)


def _introduce(simulator: Simulator, channel: ChannelName, person: Person) -> None:
    known = {
        "channel": channel, "user_id": person.user_id, "name": person.name,
        "username": person.username, "wa_id": person.phone,
    }  # fmt: skip
    given = {name: value for name, value in known.items() if value is not None}
    simulator.post("/contacts", json=given).raise_for_status()


def _told(
    simulator: Simulator,
    put: Put,
    channel: ChannelName,
    number: int,
    person: Person,
    now: datetime,
    chance: random.Random,
) -> Conversation:
    wishes = _everything(channel) if number == 0 else _little(channel, chance)
    silence = timedelta(minutes=chance.choice([2, 7, 30, 90, 300, 900, 1425, 2880]))
    begins = now - (silence if number else timedelta(minutes=3)) - PACE * 2 * len(wishes)
    address = person.phone or person.user_id
    chat_id = chat_name(channel, number)
    turns: list[tuple[Arrival, Message] | str] = []
    times = []
    for turn, wish in enumerate(wishes):
        at = (begins + PACE * 2 * turn).replace(microsecond=0)
        provider_id = f"{'wamid' if channel == 'whatsapp' else 'm'}_seed.{channel}.{number}.{turn}"
        asked = wish | {"id": provider_id, "timestamp": int(at.timestamp()), "told": False}
        answer = simulator.post(f"/contacts/{address}/messages", json=asked)
        answer.raise_for_status()
        arrival = _read(channel, answer.json()["wire"], now)
        arrival = replace(arrival, person=replace(arrival.person, name=person.name,
                          username=person.username))  # fmt: skip
        message = _kept(simulator, put, from_arrival(arrival, chat_id, 1))
        if number == 0 and turn in (REACTED, DELETED):
            message = _marked(simulator, str(address), message, deleted=turn == DELETED)
        turns.append((arrival, message))
        times.append(at)
        if turn % 3 == 1:
            text, at = chance.choice(REPLIES), at + PACE
            echo = {
                "what": "echo", "text": text, "id": f"{provider_id}.out",
                "timestamp": int(at.timestamp()), "told": False,
            }  # fmt: skip
            simulator.post(f"/contacts/{address}/events", json=echo).raise_for_status()
            turns.append(text)
            times.append(at)
    return Conversation(number, person, turns, times)


def _everything(channel: ChannelName) -> list[Json]:
    return [*KINDS[channel][:DELETED], {"text": "Ops, mandei errado"}, *KINDS[channel][DELETED:]]


def _little(channel: ChannelName, chance: random.Random) -> list[Json]:
    wishes = [{"text": chance.choice(DIRECT_TEXTS)} for _ in range(chance.choice([1, 2, 3, 5]))]
    if chance.random() < 0.5:
        kinds = [one for one in KINDS[channel] if one.get("type") in ("image", "audio", "voice")]
        wishes.append(chance.choice(kinds))
    return wishes


def _read(channel: ChannelName, wire: Json, now: datetime) -> Arrival:
    found = webhook.split(channel, serialise(wire))
    told = [one for item in found.messages for one in parse.inbound(item.body, now)]
    (arrival,) = told
    assert isinstance(arrival, Arrival), wire
    return arrival


def _marked(simulator: Simulator, address: str, message: Message, *, deleted: bool) -> Message:
    """The contact liked one message of their own, and took another back."""
    what = {"what": "deletion"} if deleted else {"what": "reaction", "emoji": "❤️"}
    done = what | {"message_id": message.provider_id, "told": False}
    simulator.post(f"/contacts/{address}/events", json=done).raise_for_status()
    if deleted:
        return replace(
            message, text="", files=(), details=None, deleted_at=message.at + timedelta(minutes=1)
        )
    reaction = Reaction("contact", "❤️", message.at + timedelta(minutes=1))
    return replace(message, reactions=(reaction,))


def _kept(simulator: Simulator, put: Put, message: Message) -> Message:
    """The message with its files where the desk keeps them, as the worker would have left them."""
    files = []
    for place, file in enumerate(message.files):
        if file.state != "pending":
            files.append(file)
            continue
        address = f"/media/{file.provider_id}" if file.provider_id else str(file.url)
        answer = simulator.get(address)
        answer.raise_for_status()
        content = bytes(answer.content)
        mime_type = str(file.mime_type or answer.headers["content-type"])
        key = media.kept_key(message.chat_id, f"{message.key[-16:]}-{place}")
        put(key, io.BytesIO(content), mime_type)
        width, height = (640, 420) if file.kind == "image" else (None, None)
        files.append(
            replace(
                file, state="ready", key=key, mime_type=mime_type, size=len(content),
                width=width, height=height, provider_id=None, url=None,
            )
        )  # fmt: skip
    return replace(message, files=tuple(files))
