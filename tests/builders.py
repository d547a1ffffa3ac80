"""Chats, agents and arrivals for tests: say what matters, the rest is ordinary."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chalicelib.commands.send import send
from chalicelib.domain.access import Agent, Permission
from chalicelib.domain.chat import Chat, OpenAttendance
from chalicelib.domain.delivery import Status
from chalicelib.domain.ids import AgentId, ChatId, DepartmentId
from chalicelib.domain.inbound import Arrival, Mark, Person, Receipt
from chalicelib.domain.message import Message, key_of
from chalicelib.domain.notification import Presence
from chalicelib.domain.revision import revised
from chalicelib.stores import chats as store
from chalicelib.stores import people
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from chalicelib.world import World

NOON = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
ACCOUNT = "106540352242922"
PORTFOLIO = "102290129340398"
TABS = frozenset(
    {
        Permission.TAB_ALL,
        Permission.TAB_OPEN,
        Permission.TAB_MINE,
        Permission.TAB_IN_SERVICE,
    }
)


AT_CHAT = Presence("chat", visible=True, device="browser", seen_at=NOON)


def agent(agent_id: str = "ana", **facts: Any) -> Agent:
    """An active agent with all four tabs."""
    given = {
        "agent_id": AgentId(agent_id),
        "name": agent_id.capitalize(),
        "email": f"{agent_id}@example.com",
        "active": True,
        "permissions": TABS,
        "department_ids": frozenset(),
    }
    given.update(facts)
    given["department_ids"] = frozenset(DepartmentId(one) for one in given["department_ids"])
    return Agent(**given)


def chat(chat_id: str = "c1", *, open_: bool = True, **facts: Any) -> Chat:
    """A chat whose contact wrote an hour before noon, with an open attendance held by nobody."""
    heard = NOON - timedelta(hours=1)
    given: dict[str, Any] = {
        "chat_id": ChatId(chat_id),
        "channel": "whatsapp",
        "account": ACCOUNT,
        "portfolio": PORTFOLIO,
        "name": "Bia",
        "created_at": heard,
        "phone": "5511987654321",
        "last_activity_at": heard,
        "last_inbound_at": MappingProxyType({ACCOUNT: heard}),
        "attendance": OpenAttendance("100001", heard) if open_ else None,
        "opened_at": heard if open_ else None,
    }
    given.update(facts)
    return Chat(**given)


def message(text: str = "oi", *, chat_id: str = "c1", **facts: Any) -> Message:
    """What Ana answered at noon, on its way."""
    given: dict[str, Any] = {
        "chat_id": chat_id,
        "key": key_of(facts.get("at", NOON), text),
        "rev": 1,
        "kind": "text",
        "author": "agent",
        "agent_id": "ana",
        "author_name": "Ana",
        "text": text,
        "at": NOON,
        "account": ACCOUNT,
        "status": Status.QUEUED,
        "version": 0,
    }
    given.update(facts)
    return Message(**given)


def arrival(text: str = "oi", *, at: datetime = NOON, **facts: Any) -> Arrival:
    """A text of Bia's, at noon."""
    given: dict[str, Any] = {
        "channel": "whatsapp",
        "account": ACCOUNT,
        "portfolio": PORTFOLIO,
        "provider_id": f"wamid.{text}",
        "at": at,
        "person": Person(phone="5511987654321", name="Bia"),
        "kind": "text",
        "raw_kind": None,
        "text": text,
        "echo": False,
        "from_contact": True,
        "quotes": None,
    }
    given.update(facts)
    return Arrival(**given)


def mark(what: str, target: str, *, at: datetime = NOON, **facts: Any) -> Mark:
    """What Bia did at noon to an earlier message."""
    given: dict[str, Any] = {
        "channel": "whatsapp",
        "account": ACCOUNT,
        "portfolio": PORTFOLIO,
        "person": Person(phone="5511987654321", name="Bia"),
        "what": what,
        "target": target,
        "at": at,
    }
    given.update(facts)
    return Mark(**given)


def receipt(provider_id: str, status: str, **facts: Any) -> Receipt:
    """What Meta says of a message we sent."""
    given: dict[str, Any] = {
        "channel": "whatsapp",
        "account": ACCOUNT,
        "provider_id": provider_id,
        "status": status,
        "at": NOON,
        "callback": None,
    }
    given.update(facts)
    return Receipt(**given)


def client_key(at: datetime = NOON, number: int = 1) -> str:
    """A browser's idempotency key."""
    return f"{int(at.timestamp() * 1000):013d}-{number:016x}"


def put(one: Chat, *messages: Message) -> Chat:
    """Write a chat, its ids and messages as the first revision; the chat as it then stands."""
    written = revised(None, one, [message.key for message in messages])
    new = tuple(replace(message, rev=written.rev) for message in messages)
    ids = tuple((identity, None, written.chat_id) for identity in one.identities)
    store.commit(Change(before=None, after=written, new=new, identities=ids))
    return written


def says(
    world: World, one: Agent, chat_id: str, key: str, text: str = "olá", **more: Any
) -> Message:
    """An agent's answer in that chat: the first of the messages that it becomes."""
    return send(world, one, chat_id, {"client_key": key, "text": text, **more})[0]


def join(*agents: Agent) -> Agent:
    """Give these agents a login; the first of them."""
    for one in agents:
        people.save_agent(one)
    return agents[0]
