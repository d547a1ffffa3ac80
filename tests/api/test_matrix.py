"""Every door, every live event and every counter, for every kind of agent (PERM-2).

What is expected stands in `DOORS_OPEN`, in SPEC's words, and in `tests/reference.py`. A door or an
event that is not in here fails the first tests.
"""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal, get_args, get_type_hints

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.model_instances import reset_model_data
from moto.dynamodb.models import dynamodb_backends

import app
from chalicelib.api import blueprint
from chalicelib.api.blueprint import DOORS
from chalicelib.commands.sync_templates import sync
from chalicelib.domain import bell, events
from chalicelib.domain import chat as chats
from chalicelib.domain.access import Agent, Permission
from chalicelib.domain.appointment import Appointment
from chalicelib.domain.chat import OpenAttendance
from chalicelib.domain.delivery import Status
from chalicelib.domain.hook import Hook
from chalicelib.domain.listing import Tab
from chalicelib.domain.live import (
    AgentChanged,
    BellChanged,
    ChannelChanged,
    ChatChanged,
    DirectoryChanged,
    MessageChanged,
    Rang,
    Viewer,
    told,
)
from chalicelib.domain.media import File
from chalicelib.domain.message import key_of
from chalicelib.domain.notification import Decision
from chalicelib.domain.schedule import Schedule
from chalicelib.stores import (
    alerts,
    appointments,
    bells,
    channels,
    flows,
    hooks,
    labels,
    people,
    quick_replies,
    schedules,
)
from chalicelib.stores.chats import commit_rows
from chalicelib.stores.quick_replies import QuickReply
from chalicelib.stores.tables import NoteRow, chat_pk
from chalicelib.stores.templates import template_id
from tests.api.gateway import ask
from tests.builders import ACCOUNT, NOON, PORTFOLIO, agent, chat, client_key, join, message, put
from tests.commands.flow_fixtures import chatbot, publish
from tests.conftest import empty_tables, world_of_fakes
from tests.fakes import REGION, Clock
from tests.reference import TAB_OF, readable, tabs_with

assert app.app, "the doors are listed once app.py is loaded"

# --- who there is -----------------------------------------------------------------------------

NUMBERS = "123456"
GENERAL = [permission.value for permission in Permission if permission.value not in NUMBERS]
EVERYTHING = frozenset(permission.value for permission in Permission)


@dataclass(frozen=True)
class Visitor:
    """A kind of agent. Every one of them is «me», who holds what «me» holds."""

    name: str
    permissions: frozenset[str] = frozenset()
    departments: tuple[str, ...] = ()
    active: bool = True

    def __str__(self) -> str:
        return self.name

    @property
    def agent(self) -> Agent:
        """As the desk knows them."""
        return agent(
            "me",
            permissions=frozenset(map(Permission, self.permissions)),
            department_ids=self.departments,
            active=self.active,
        )


def of(name: str, *permissions: str, sales: bool = False) -> Visitor:
    """Somebody with these."""
    return Visitor(name, frozenset(permissions), ("sales",) if sales else ())


# Those between whom chats make a difference: each meets every chat.
READERS = [
    Visitor("everything", EVERYTHING),
    of("nothing"),
    of("every general one", *GENERAL, sales=True),
    *(of(f"{number} alone", number) for number in NUMBERS),
    *(of(f"{number}, in sales", number, sales=True) for number in "26"),
    of("2 and 6", "2", "6"),
    of("3 and 5", "3", "5"),
    of("4 and 5", "4", "5"),
    of("contacts and 2", "contacts", "2"),
]
# These meet one chat each, and every door.
OTHERS = [
    *(of(f"{general} alone", general) for general in GENERAL),
    *(of(f"{general} and 1", general, "1") for general in GENERAL),
    *(Visitor(f"all but {one}", EVERYTHING - {one}) for one in sorted(EVERYTHING)),
    Visitor("cut off", EVERYTHING, ("sales",), active=False),
]
VISITORS = READERS + OTHERS

# --- what there is to see ---------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A chat, by who has it. `number` makes its phone and protocol."""

    name: str
    number: int
    holder: str | None = None
    department: str | None = None
    is_open: bool = True

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> tuple[str | None, str | None, bool]:
        """What the reference asks."""
        return self.holder, self.department, self.is_open

    @property
    def secret(self) -> str:
        """What only its readers may ever get to see."""
        return f"segredo-{self.name}"

    @property
    def phone(self) -> str:
        """Its contact's number."""
        return f"551198765432{self.number}"

    @property
    def protocol(self) -> str:
        """Of its open attendance."""
        return f"10000{self.number}"

    @property
    def seen(self) -> dict[str, Any]:
        """How a page that is up to date shows it."""
        return {
            "agent_id": self.holder,
            "department_id": self.department,
            "protocol": self.protocol if self.is_open else None,
        }

    @property
    def identity(self) -> str:
        """By which its contact is known."""
        return f"whatsapp#{ACCOUNT}#phone#{self.phone}"

    def chat(self, **facts: Any) -> chats.Chat:
        """As the desk knows it."""
        attendance = OpenAttendance(self.protocol, NOON) if self.is_open else None
        given = {
            "name": f"Cliente {self.name}",
            "phone": self.phone,
            "agent_id": self.holder,
            "department_id": self.department,
            "attendance": attendance,
            "opened_at": NOON,
            "identities": (self.identity,),
            "preview": self.secret,
            "last_inbound_at": {ACCOUNT: NOON},
        }
        return chat(self.name, **{**given, **facts})


PLACES = [
    Place("mine", 1, holder="me"),
    Place("another", 2, holder="other"),
    Place("both", 3, holder="other", department="sales"),
    Place("sales", 4, department="sales"),
    Place("help", 5, department="help"),
    Place("nobody", 6),
    Place("closed", 7, is_open=False),
]
FAILED = message("olá").key
RECEIVED = key_of(NOON, "received")  # a picture that could not be fetched
NOTE = "1795521600000-0000000000000001"
PICTURE = {"content_type": "image/png", "size": 100}
UPLOADED = {"key": "uploads/me/0123456789abcdef.png", "name": "a.png"}
SEND = {"client_key": client_key(), "text": "olá"}


def may_see(visitor: Visitor, place: Place) -> bool:
    """TAB-7, PERM-3."""
    return visitor.active and readable(visitor.permissions, "me", visitor.departments, *place.state)


# --- the doors, in SPEC's words ---------------------------------------------------------------


@dataclass(frozen=True)
class Opens:
    """Who a door opens for: anyone signed in, narrowed by a permission and by what they may see.

    `sees`: a chat (TAB-7), or a contact's record (of a chat that they may read, or of any, with
    the permission «contacts»: PERM-1). `changes_agent`: also number 5, for what another holds.
    """

    url: str
    body: Any = None  # or what makes it of the place
    permission: str | None = None
    sees: Literal["chat", "record"] | None = None
    changes_agent: bool = False


def routed(name: str, value: str) -> Any:
    """A forwarding, by a page that is up to date."""
    return lambda place: {name: value, "seen": place.seen}


TEMPLATE = {
    "name": "ola",
    "language": "pt_BR",
    "category": "UTILITY",
    "status": "APPROVED",
    "components": [{"type": "BODY", "text": "Olá, {{1}}!"}],
}
TEMPLATE_SENT = {"name": "ola", "language": "pt_BR", "values": {"body.1": "Bia"}}
SCHEDULE = {
    "client_key": client_key(),
    "due_at": "2026-11-24T13:00:00Z",
    "template": TEMPLATE_SENT,
}
APPOINTMENT = {"at": "2026-11-25T13:00:00Z", "title": "Visita"}
DEPARTMENT = {"name": "Novo", "active": True, "to_last_agent": False}
FIELD = {"name": "Campo", "options": [], "at_closing": "no"}
QUICK_REPLY = {"name": "tchau", "text": "Até logo, {nome}"}
CHANNEL = {"display": "+55", "portfolio": PORTFOLIO, "token": "EAAhidden"}
SETTINGS = {
    "read_receipts": True,
    "audio_confirmation": False,
    "name_prefix": False,
    "human_agent": False,
}
DRAFT = {"text": "Bom d", "at": "2026-11-24T11:59:00.000Z"}
USER = {"name": "Beto", "permissions": ["1"], "department_ids": []}

BELL = f"1795521600000-{'a' * 16}"
DEVICE = {
    "endpoint": "https://push.example/one",
    "p256dh": "B" + "A" * 86,
    "auth": "a" * 22,
    "label": "Celular",
}

DOORS_OPEN = {
    # Everybody, about themselves and the names of things.
    "GET /me": Opens("/me"),
    "PUT /me": Opens("/me", {"name": "Eu", "farewell": ""}),
    "POST /me/picture": Opens("/me/picture", PICTURE),
    "PUT /me/picture": Opens("/me/picture", {"key": None}),
    "POST /live/ticket": Opens("/live/ticket", {}),
    # NOTIF: their own, narrowed to what they may read.
    "GET /me/notifications": Opens("/me/notifications"),
    "DELETE /me/notifications/{bell_id}": Opens(f"/me/notifications/{BELL}"),
    "POST /me/notifications/clear": Opens("/me/notifications/clear", {"through": BELL}),
    "POST /me/notifications/restore": Opens("/me/notifications/restore", {"ids": [BELL]}),
    "PUT /me/notifications/seen": Opens("/me/notifications/seen", {"through": BELL}),
    "PUT /me/sound": Opens("/me/sound", {"muted": True}),
    "GET /me/decisions": Opens("/me/decisions"),
    "GET /me/push": Opens("/me/push"),
    "PUT /me/push": Opens("/me/push", DEVICE),
    "POST /me/push/remove": Opens("/me/push/remove", {"device_id": "a" * 32}),
    "GET /labels": Opens("/labels"),
    "GET /templates": Opens("/templates"),
    "GET /quick-replies": Opens("/quick-replies"),
    "GET /drafts": Opens("/drafts"),
    "POST /uploads": Opens("/uploads", {**PICTURE, "name": "a.png"}),
    # Everybody, narrowed to what they may read (below: lists, counts, search, look-up, new chat).
    "GET /counts": Opens("/counts"),
    "GET /search": Opens("/search?q=cliente"),
    "GET /lookup": Opens("/lookup?phone=11987654321"),
    # TAB-7: one chat.
    "GET /chats/{chat_id}": Opens("/chats/{chat}", sees="chat"),
    "GET /chats/{chat_id}/messages": Opens("/chats/{chat}/messages", sees="chat"),
    "POST /chats/{chat_id}/messages": Opens("/chats/{chat}/messages", SEND, sees="chat"),
    "POST /chats/{chat_id}/messages/{key}/retry": Opens(
        f"/chats/{{chat}}/messages/{FAILED}/retry", {"client_key": client_key()}, sees="chat"
    ),
    # FIND-2, CHAT-7, INB-6, INFO-9, and what was typed and not sent.
    "GET /chats/{chat_id}/message-search": Opens(
        "/chats/{chat}/message-search?q=segredo", sees="chat"
    ),
    "PUT /chats/{chat_id}/messages/{key}/reaction": Opens(
        f"/chats/{{chat}}/messages/{RECEIVED}/reaction", {"emoji": "👍"}, sees="chat"
    ),
    "POST /chats/{chat_id}/messages/{key}/fetch": Opens(
        f"/chats/{{chat}}/messages/{RECEIVED}/fetch", {}, sees="chat"
    ),
    "GET /chats/{chat_id}/files": Opens(f"/chats/{{chat}}/files?keys={RECEIVED}", sees="chat"),
    "GET /chats/{chat_id}/variables": Opens("/chats/{chat}/variables", sees="chat"),
    "PUT /chats/{chat_id}/draft": Opens("/chats/{chat}/draft", DRAFT, sees="chat"),
    "PUT /chats/{chat_id}/read": Opens("/chats/{chat}/read", {"up_to": FAILED}, sees="chat"),
    "PUT /chats/{chat_id}/unread": Opens("/chats/{chat}/unread", {}, sees="chat"),
    "GET /chats/{chat_id}/attendances": Opens("/chats/{chat}/attendances", sees="chat"),
    "POST /chats/{chat_id}/close": Opens(
        "/chats/{chat}/close", lambda place: {"protocol": place.protocol}, sees="chat"
    ),
    "DELETE /chats/{chat_id}/closings/{protocol}": Opens(
        "/chats/{chat}/closings/{protocol}", sees="chat"
    ),
    # PERM-1: 5 changes the agent of a chat that somebody else holds.
    "PUT /chats/{chat_id}/agent": Opens(
        "/chats/{chat}/agent", routed("agent_id", "third"), sees="chat", changes_agent=True
    ),
    "PUT /chats/{chat_id}/flow": Opens(
        "/chats/{chat}/flow",
        lambda place: {"client_key": client_key(), "flow_id": "welcome", "seen": place.seen},
        sees="chat",
        changes_agent=True,
    ),
    "PUT /chats/{chat_id}/department": Opens(
        "/chats/{chat}/department",
        routed("department_id", "finance"),
        sees="chat",
        changes_agent=True,
    ),
    "PUT /chats/{chat_id}/block": Opens(
        "/chats/{chat}/block", {}, permission="blocking", sees="chat"
    ),
    "DELETE /chats/{chat_id}/block": Opens(
        "/chats/{chat}/block", permission="blocking", sees="chat"
    ),
    # SCH, INFO-6, INFO-8.
    "GET /chats/{chat_id}/schedules": Opens("/chats/{chat}/schedules", sees="chat"),
    "POST /chats/{chat_id}/schedules": Opens(
        "/chats/{chat}/schedules", SCHEDULE, permission="schedules", sees="chat"
    ),
    "PUT /chats/{chat_id}/schedules/{schedule_id}": Opens(
        f"/chats/{{chat}}/schedules/{NOTE}",
        {"version": 1, "due_at": "2026-11-24T14:00:00Z", "template": TEMPLATE_SENT},
        permission="schedules",
        sees="chat",
    ),
    "DELETE /chats/{chat_id}/schedules/{schedule_id}": Opens(
        f"/chats/{{chat}}/schedules/{NOTE}", permission="schedules", sees="chat"
    ),
    "DELETE /chats/{chat_id}/scheduled-flows": Opens(
        "/chats/{chat}/scheduled-flows", permission="schedules", sees="chat"
    ),
    "POST /chats/{chat_id}/scheduled-flows": Opens(
        "/chats/{chat}/scheduled-flows",
        {"schedule_ids": ["f1"]},
        permission="schedules",
        sees="chat",
    ),
    "GET /chats/{chat_id}/appointments": Opens("/chats/{chat}/appointments", sees="record"),
    "POST /chats/{chat_id}/appointments": Opens(
        "/chats/{chat}/appointments", {"client_key": client_key(), **APPOINTMENT}, sees="record"
    ),
    "PUT /chats/{chat_id}/appointments/{appointment_id}": Opens(
        f"/chats/{{chat}}/appointments/{NOTE}", {"version": 1, **APPOINTMENT}, sees="record"
    ),
    "DELETE /chats/{chat_id}/appointments/{appointment_id}": Opens(
        f"/chats/{{chat}}/appointments/{NOTE}", sees="record"
    ),
    "GET /schedules": Opens("/schedules", permission="schedules"),
    "GET /appointments": Opens(
        "/appointments?since=2026-11-24&until=2026-11-30", permission="schedules"
    ),
    # The record of a contact.
    "GET /contacts/{chat_id}": Opens("/contacts/{chat}", sees="record"),
    "PUT /contacts/{chat_id}": Opens("/contacts/{chat}", {"name": "Bia"}, sees="record"),
    "POST /contacts/{chat_id}/pictures": Opens("/contacts/{chat}/pictures", PICTURE, sees="record"),
    "PUT /contacts/{chat_id}/tags/{tag_id}": Opens("/contacts/{chat}/tags/vip", {}, sees="record"),
    "DELETE /contacts/{chat_id}/tags/{tag_id}": Opens("/contacts/{chat}/tags/vip", sees="record"),
    "GET /contacts/{chat_id}/export": Opens(
        "/contacts/{chat}/export", permission="export", sees="record"
    ),
    "POST /contacts/{chat_id}/notes": Opens(
        "/contacts/{chat}/notes",
        {"client_key": client_key(), "text": "nota"},
        permission="notes",
        sees="record",
    ),
    "PUT /contacts/{chat_id}/notes/{note_id}": Opens(
        f"/contacts/{{chat}}/notes/{NOTE}", {"text": "nota"}, permission="notes", sees="record"
    ),
    "DELETE /contacts/{chat_id}/notes/{note_id}": Opens(
        f"/contacts/{{chat}}/notes/{NOTE}", permission="notes", sees="record"
    ),
    "DELETE /contacts/{chat_id}": Opens("/contacts/{chat}", permission="contacts", sees="record"),
    # The pages of one permission each.
    "GET /contacts": Opens("/contacts", permission="contacts"),
    "POST /contacts": Opens(
        "/contacts", {"name": "Nova", "phone": "11912345678"}, permission="contacts"
    ),
    "POST /contact-imports": Opens(
        "/contact-imports",
        {"lines": [{"line": 1, "name": "Nova", "phone": "11912345678"}]},
        permission="contacts",
    ),
    "GET /attendances": Opens("/attendances", permission="reports"),
    "GET /attendance-exports": Opens("/attendance-exports", permission="export"),
    "GET /users": Opens("/users", permission="users"),
    "POST /users": Opens("/users", {**USER, "email": "b@example.com"}, permission="users"),
    "PUT /users/{agent_id}": Opens("/users/other", USER, permission="users"),
    "POST /users/{agent_id}/invitation": Opens("/users/invited/invitation", {}, permission="users"),
    "GET /departments": Opens("/departments", permission="settings"),
    "POST /departments": Opens("/departments", DEPARTMENT, permission="settings"),
    "PUT /departments/{department_id}": Opens(
        "/departments/sales", DEPARTMENT, permission="settings"
    ),
    "DELETE /departments/{department_id}": Opens("/departments/empty", permission="settings"),
    "POST /tags": Opens("/tags", {"name": "Ouro", "color": "red"}, permission="settings"),
    "PUT /tags/{tag_id}": Opens(
        "/tags/vip", {"name": "Ouro", "color": "red"}, permission="settings"
    ),
    "DELETE /tags/{tag_id}": Opens("/tags/vip", permission="settings"),
    "POST /fields": Opens("/fields", {**FIELD, "slug": "x", "kind": "text"}, permission="settings"),
    "PUT /fields/{field_id}": Opens(
        "/fields/plan", {**FIELD, "active": True}, permission="settings"
    ),
    "DELETE /fields/{field_id}": Opens("/fields/plan", permission="settings"),
    "GET /settings": Opens("/settings", permission="settings"),
    "PUT /settings": Opens("/settings", SETTINGS, permission="settings"),
    "POST /quick-replies": Opens("/quick-replies", QUICK_REPLY, permission="settings"),
    "PUT /quick-replies/{quick_reply_id}": Opens(
        "/quick-replies/hello", QUICK_REPLY, permission="settings"
    ),
    "DELETE /quick-replies/{quick_reply_id}": Opens("/quick-replies/hello", permission="settings"),
    "GET /flows": Opens("/flows"),
    "GET /flows/{flow_id}": Opens("/flows/welcome", permission="flows"),
    "POST /flows": Opens("/flows", {"name": "Novo"}, permission="flows"),
    "PUT /flows/{flow_id}": Opens(
        "/flows/welcome", {"name": "Menu", "version": 9}, permission="flows"
    ),
    "POST /flows/{flow_id}/publication": Opens(
        "/flows/welcome/publication", {"version": 2}, permission="flows"
    ),
    "DELETE /flows/{flow_id}": Opens("/flows/nothing", permission="flows"),
    "POST /flow-checks": Opens("/flow-checks", {"document": {}}, permission="flows"),
    "POST /flow-files": Opens("/flow-files", {"file": UPLOADED}, permission="flows"),
    "POST /flow-categories": Opens("/flow-categories", {"name": "Vendas"}, permission="flows"),
    "PUT /flow-categories/{category_id}": Opens(
        "/flow-categories/sales", {"name": "Vendas"}, permission="flows"
    ),
    "DELETE /flow-categories/{category_id}": Opens("/flow-categories/sales", permission="flows"),
    "GET /incoming-webhooks": Opens("/incoming-webhooks", permission="flows"),
    "POST /incoming-webhooks": Opens("/incoming-webhooks", {"name": "Pedidos"}, permission="flows"),
    "PUT /incoming-webhooks/{webhook_id}": Opens(
        "/incoming-webhooks/shop", {"name": "Loja", "version": 1}, permission="flows"
    ),
    "DELETE /incoming-webhooks/{webhook_id}": Opens("/incoming-webhooks/shop", permission="flows"),
    "GET /business-hours": Opens("/business-hours", permission="settings"),
    "PUT /business-hours": Opens(
        "/business-hours", {"version": 0, "days": [[]] * 7}, permission="settings"
    ),
    "GET /channels": Opens("/channels", permission="settings"),
    "POST /channels": Opens(
        "/channels", {**CHANNEL, "channel": "facebook", "account": "1"}, permission="settings"
    ),
    "PUT /channels/{channel_id}": Opens(
        f"/channels/whatsapp-{ACCOUNT}", CHANNEL, permission="settings"
    ),
    "POST /channels/{channel_id}/test": Opens(
        f"/channels/whatsapp-{ACCOUNT}/test", {}, permission="settings"
    ),
    "DELETE /channels/{channel_id}": Opens("/channels/instagram-1", permission="settings"),
    "GET /template-list": Opens("/template-list", permission="templates"),
    "POST /template-syncs": Opens("/template-syncs", {}, permission="templates"),
    "PUT /template-list/{template_id}/bindings": Opens(
        f"/template-list/{template_id(PORTFOLIO, 'ola', 'pt_BR')}/bindings",
        {"bindings": {"body.1": "{nome}"}},
        permission="templates",
    ),
    "GET /support-code": Opens("/support-code", permission="support_code"),
}
# Doors whose opening depends on more than who asks, each with a test of its own.
APART = {"GET /chats", "POST /chats"}
# Not for agents: they know other people's servers by their signature, or by a secret address.
HOOKS = {
    *("GET /webhooks/{channel}", "POST /webhooks/{channel}", "POST /hooks/{webhook_id}"),
    # A phone's service worker has no login; the secret of its subscription proves it.
    *("POST /push/seen", "POST /push/renewed"),
}

# PERM-1: who may see a contact's name without reading their chat.
NAMES_FOR = {"contacts", "reports", "export"}


def expected(rule: Opens, visitor: Visitor, place: Place | None) -> int | None:
    """The status of the refusal; None: the door opens."""
    if not visitor.active:
        return 403
    if rule.permission is not None and rule.permission not in visitor.permissions:
        return 403
    if place is None or rule.sees is None:
        return None
    known = may_see(visitor, place)
    if rule.sees == "record":
        known = known or "contacts" in visitor.permissions
    if not known:
        return 404
    held_by_another = place.holder not in (None, "me")
    if rule.changes_agent and held_by_another and "5" not in visitor.permissions:
        return 403
    return None


# --- the desk ---------------------------------------------------------------------------------


class Desk:
    """All of it, to be had again as it was."""

    def __init__(self) -> None:
        self.world = world_of_fakes(Clock())
        channels.save("whatsapp", ACCOUNT, display="+55", portfolio=PORTFOLIO)
        join(agent("other"), agent("third"), agent("invited"))
        # Without «me», there is somebody who manages users.
        join(agent("chief", permissions=frozenset({Permission.USERS})))
        for department in ("sales", "help", "finance", "empty"):
            people.save_department(department, department, active=True)
        labels.save_tag({"tag_id": "vip", "name": "VIP", "color": "red"})
        labels.save_field(
            {
                "field_id": "plan",
                "slug": "plan",
                "name": "Plano",
                "kind": "text",
                "options": [],
                "at_closing": "no",
                "active": True,
            }
        )
        publish("welcome", {"oi": {"type": "text", "text": "oi", "next": None}})
        chatbot(self.world, main_flow_id="welcome")
        folder = {"category_id": "sales", "name": "Outras"}
        commit_rows(*flows.category_saved(None, folder))
        commit_rows(*hooks.saved(None, Hook("shop", "Loja antiga")))
        self.world.graph("token").told = [TEMPLATE]  # type: ignore[attr-defined]
        sync(self.world, PORTFOLIO, 1)
        hello = QuickReply("hello", "olá", "Oi", None)
        commit_rows(*quick_replies.saved(None, hello))
        for place in PLACES:
            failed = message(place.secret, chat_id=place.name, status=Status.FAILED, key=FAILED)
            received = message(
                f"legenda {place.secret}",
                chat_id=place.name,
                key=RECEIVED,
                kind="image",
                author="contact",
                status=None,
                provider_id=f"wamid.{place.name}",
                files=(File("image", "failed", reason="unreachable", provider_id="m1"),),
            )
            put(place.chat(), failed, received)
            NoteRow(
                chat_pk(place.name),
                f"NOTE#{NOTE}",
                version=1,
                text="nota",
                by="other",
                by_name="Other",
                created_ms=1795521600000,
            ).save()
            later = NOON + timedelta(days=1)
            scheduled = Schedule(
                chat_id=place.name,
                schedule_id=NOTE,
                kind="message",
                due_at=later,
                name="ola",
                by="other",
                by_name="Other",
                created_at=NOON,
                language="pt_BR",
                values={"body.1": place.secret},
                look_at=later,
            )
            booked = Appointment(
                place.name, NOTE, f"Com Cliente {place.name}", later, NOON, "third", "other"
            )
            commit_rows(schedules.write(None, scheduled), appointments.write(None, booked))
            decided = Decision(
                *("me", "message", place.name, RECEIVED, NOON, NOON, "sales"),
                bell="told",
                sound="told",
                push="no_device",
            )
            commit_rows(alerts.decided(decided), bells.write(bell.told(decided)))
        self._tables = deepcopy(_moto().tables)

    def again(self, visitor: Visitor) -> None:
        """As it was, with this visitor."""
        reset_model_data()  # moto keeps hold of every copy that is ever made
        _moto().tables = deepcopy(self._tables)
        self.enter(visitor)

    def enter(self, visitor: Visitor) -> None:
        """«me» is this one from now on."""
        people.save_agent(visitor.agent)
        self.world.logins.logins.clear()  # type: ignore[attr-defined]
        self.world.logins.invite("invited@example.com", "Invited")

    def rows(self) -> list[Any]:
        """Everything that is kept but who «me» is."""
        kept = [one.to_json() for one in _moto().tables["Desk"].all_items()]
        return [row for row in kept if row["Attributes"]["sk"] != {"S": "me"}]


def _moto() -> Any:
    return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION]


@pytest.fixture(scope="module")
def whole_desk():
    """One desk for all tests of this file."""
    with empty_tables():
        yield Desk()


@pytest.fixture
def desk(whole_desk, monkeypatch):
    """The desk, with its doors open."""
    monkeypatch.setattr(blueprint, "world", lambda: whole_desk.world)
    whole_desk.again(VISITORS[0])
    return whole_desk


def knock(name: str, rule: Opens, place: Place | None, **visitor: Any) -> Any:
    """Ask at the door."""
    method = name.partition(" ")[0]
    url = rule.url
    if place is not None:
        url = url.replace("{chat}", place.name).replace("{protocol}", place.protocol or "1")
    body = rule.body(place) if callable(rule.body) else rule.body
    return ask(method, url, **visitor, **({} if body is None else {"body": body}))


def check_nothing_leaks(answer: Any, visitor: Visitor) -> None:
    """TAB-7: whatever the door, no word of a chat to who may not read it."""
    for place in PLACES:
        if may_see(visitor, place):
            continue
        assert place.secret not in answer.text, (str(visitor), place.name)
        if not visitor.active or not NAMES_FOR & visitor.permissions:
            assert f"Cliente {place.name}" not in answer.text, (str(visitor), place.name)


# --- tests ------------------------------------------------------------------------------------

of_doors = pytest.mark.parametrize("name", sorted(DOORS_OPEN))


def test_every_door_is_in_the_matrix():
    """PERM-2"""
    inside = {f"{door.method} {door.path}" for door in DOORS if door.may is not None}
    apart = {f"{door.method} {door.path}" for door in DOORS if door.may is None}
    assert inside == DOORS_OPEN.keys() | APART
    assert apart == HOOKS


@pytest.mark.parametrize("permission", sorted(EVERYTHING))
def test_every_permission_is_somebodys_alone_and_somebodys_lack(permission):
    """PERM-1"""
    assert any(visitor.permissions == {permission} for visitor in VISITORS)
    assert any(visitor.permissions == EVERYTHING - {permission} for visitor in VISITORS)


@of_doors
@pytest.mark.parametrize(
    ("claims", "status", "code"),
    [
        (None, 401, "unauthenticated"),
        ({"sub": "me", "token_use": "access"}, 401, "unauthenticated"),
        ({"sub": "nobody", "token_use": "id"}, 403, "agent_inactive"),
    ],
)
def test_without_a_login_no_door_opens(desk, name, claims, status, code):
    """PERM-3"""
    answer = knock(name, DOORS_OPEN[name], PLACES[0], claims=claims)
    assert (answer.status, answer.body) == (status, {"code": code})


@of_doors
def test_a_door_opens_for_whom_it_should_and_changes_nothing_for_others(desk, name):
    """PERM-1 PERM-2 TAB-7"""
    rule = DOORS_OPEN[name]
    visits: list[tuple[Visitor, Place | None]] = [
        (visitor, place)
        for visitor in VISITORS
        for place in (PLACES if rule.sees and visitor in READERS else PLACES[1:2])
    ]
    before = desk.rows()
    for visitor, place in visits:
        status = expected(rule, visitor, place)
        if status is None:
            continue
        desk.enter(visitor)
        answer = knock(name, rule, place, agent="me")
        assert answer.status == status, (str(visitor), str(place), answer.text)
        code = {404: "not_found", 403: "forbidden" if visitor.active else "agent_inactive"}[status]
        assert answer.body == {"code": code}
    assert desk.rows() == before
    for visitor, place in visits:
        if expected(rule, visitor, place) is not None:
            continue
        if name.startswith("GET "):
            desk.enter(visitor)
        else:
            desk.again(visitor)
        answer = knock(name, rule, place, agent="me")
        assert answer.status in (200, 409), (str(visitor), str(place), answer.text)
        check_nothing_leaks(answer, visitor)


@pytest.mark.parametrize("visitor", [*READERS, OTHERS[-1]], ids=str)
def test_lists_and_counts_hold_what_the_visitor_may_read(desk, visitor):
    """TAB-1 TAB-5 TAB-6 TAB-7 TAB-8"""
    desk.enter(visitor)
    shown = {
        place.name: tabs_with(visitor.permissions, "me", visitor.departments, *place.state)
        for place in PLACES
    }
    counted: dict[str, int] = {}
    for number, tab in TAB_OF.items():
        for order in ("newest", "opened_oldest"):
            answer = ask("GET", f"/chats?tab={tab}&order={order}", agent="me")
            if not visitor.active:
                assert answer.status == 403
                continue
            if number not in visitor.permissions:
                assert (answer.status, answer.body) == (404, {"code": "not_found"})
                continue
            counted[tab] = sum(tab in tabs for tabs in shown.values())
            listed = {row["chat_id"] for row in answer.body["chats"]}
            assert listed == {name for name, tabs in shown.items() if tab in tabs}
            check_nothing_leaks(answer, visitor)
    counts = ask("GET", "/counts", agent="me")
    assert counts.body == ({"counts": counted} if visitor.active else {"code": "agent_inactive"})


@pytest.mark.parametrize("visitor", READERS, ids=str)
def test_what_is_found_is_what_may_be_read(desk, visitor):
    """FIND-1 NEW-2 NEW-4 PERM-2"""
    desk.enter(visitor)
    readable_ones = {place.name for place in PLACES if may_see(visitor, place)}
    found = ask("GET", "/search?q=cliente", agent="me")
    assert {hit["row"]["chat_id"] for hit in found.body["hits"]} == readable_ones
    for place in PLACES:
        may = place.name in readable_ones
        for q in (place.phone, place.name, place.protocol):
            hits = ask("GET", f"/search?q={q}", agent="me").body["hits"]
            assert place.name in readable_ones or not hits, (place.name, q)
        looked_up = ask("GET", f"/lookup?phone={place.phone[2:]}", agent="me")
        assert looked_up.body["found"] == ("readable" if may else "hidden")
        assert looked_up.body["chat_id"] == (place.name if may else None)
        check_nothing_leaks(looked_up, visitor)
        begun = ask(
            "POST",
            "/chats",
            agent="me",
            body={
                "client_key": client_key(number=place.number),
                "name": "Outra",
                "phone": place.phone[2:],
                "foreign": False,
                "open": True,
                "template": {"name": "ola", "language": "pt_BR"},
            },
        )
        assert (begun.status, begun.code) == (409, "chat_exists")
        name = f"Cliente {place.name}" if may else None
        assert (begun.body["chat_id"], begun.body["name"]) == (place.name if may else None, name)


@pytest.mark.parametrize("visitor", [*READERS, of("notes, 1", "notes", "1")], ids=str)
def test_a_record_shows_what_its_reader_may_see(desk, visitor):
    """PERM-1 INFO-4: notes by their permission, documents by «contacts», messages by the chat."""
    desk.enter(visitor)
    for place in PLACES:
        record = ask("GET", f"/contacts/{place.name}", agent="me")
        if record.status != 200:
            continue
        assert (record.body["notes"] is not None) is ("notes" in visitor.permissions)
        assert record.body["masked"] is ("contacts" not in visitor.permissions)
        assert place.secret not in record.text
    listed = ask("GET", "/contacts", agent="me")
    for one in listed.body.get("contacts", []):
        place = next(place for place in PLACES if place.name == one["chat_id"])
        assert one["readable"] is may_see(visitor, place)
        assert place.secret not in listed.text


# --- live events ------------------------------------------------------------------------------

OTHER = agent("other")
BEFORE_AND_AFTER = [(before, after) for before in PLACES for after in PLACES]


def moves(before: Place, after: Place) -> ChatChanged:
    """One chat goes from the one place to the other."""
    return ChatChanged(
        replace(before.chat(rev=1, row_rev=1), chat_id="c1"),
        replace(after.chat(rev=2, row_rev=2), chat_id="c1"),
    )


def heard(visitor: Visitor, change: Any, *, tab: str = "all", opened: bool = False) -> list[Any]:
    """What that visitor's socket is told."""
    viewer = Viewer(visitor.agent, Tab(tab), "c1" if opened else None)
    return list(told(viewer, [change], NOON))


def shown(visitor: Visitor, place: Place) -> set[str]:
    """The visitor's tabs that show it."""
    if not visitor.active:
        return set()
    return tabs_with(visitor.permissions, "me", visitor.departments, *place.state)


def of_type(said: list[Any], kind: str) -> list[Any]:
    """Those events."""
    return [event for event in said if event["type"] == kind]


def rows_are_told(visitor: Visitor) -> None:
    """To who lists it, or did, or has it open; without what it says, once they may not read it."""
    for before, after in BEFORE_AND_AFTER:
        had, has = shown(visitor, before), shown(visitor, after)
        for tab in TAB_OF.values():
            for opened in (False, True):
                said = of_type(heard(visitor, moves(before, after), tab=tab, opened=opened), "row")
                due = bool(had | has) and (opened or tab in had | has)
                assert len(said) == due
                for event in said:
                    assert set(event["tabs"]) == has
                    assert (event["row"] is not None) is bool(has)


def counts_are_told(visitor: Visitor) -> None:
    """TAB-8: to whose tabs it enters or leaves, and of no other tab."""
    for before, after in BEFORE_AND_AFTER:
        had, has = shown(visitor, before), shown(visitor, after)
        said = of_type(heard(visitor, moves(before, after)), "counts")
        assert len(said) == (had != has)
        for event in said:
            assert (set(event["before"]), set(event["after"])) == (had, has)


def chats_are_told(visitor: Visitor) -> None:
    """To who has it open; null once it is no longer theirs."""
    for before, after in BEFORE_AND_AFTER:
        had, has = shown(visitor, before), shown(visitor, after)
        assert of_type(heard(visitor, moves(before, after)), "chat") == []
        said = of_type(heard(visitor, moves(before, after), opened=True), "chat")
        assert len(said) == bool(had | has)
        for event in said:
            assert (event["chat"] is not None) is bool(has)
            assert has or after.secret not in json.dumps(said)


def messages_are_told(visitor: Visitor) -> None:
    """To who has the chat open and may read it."""
    for place in PLACES:
        change = MessageChanged(message(place.secret), replace(place.chat(), chat_id="c1"))
        assert heard(visitor, change) == []
        assert len(heard(visitor, change, opened=True)) == bool(shown(visitor, place))


def merges_are_told(visitor: Visitor) -> None:
    """A merge's readers fetch."""
    for place in PLACES:
        change = moves(place, place)
        merged = replace(change, after=replace(change.after, also=("c9",)))
        said = of_type(heard(visitor, merged, opened=True), "refetch")
        assert len(said) == bool(shown(visitor, place))


def channels_are_told(visitor: Visitor) -> None:
    """INB-10: to everybody."""
    channel: Any = {"channel": "whatsapp", "account": "1", "display": "+55", "problem": None}
    assert len(heard(visitor, ChannelChanged(channel))) == visitor.active


def names_are_told(visitor: Visitor) -> None:
    """PERM-2: rights to their owner alone, names to everybody."""

    def parts(change: Any) -> list[str]:
        return [event["part"] for event in heard(visitor, change)]

    everybody = visitor.active
    assert parts(DirectoryChanged("people")) == ["people"] * everybody
    for part in ("labels", "quick_replies", "templates"):
        assert parts(DirectoryChanged(part)) == [part] * everybody
    me = visitor.agent
    for rights in ({"permissions": frozenset()}, {"department_ids": frozenset({"help"})}):
        change = AgentChanged(agent("me", permissions=frozenset(Permission)), replace(me, **rights))
        assert parts(change) == ["me"] * everybody
        others = AgentChanged(OTHER, replace(OTHER, **rights))
        assert parts(others) == []
    assert parts(AgentChanged(OTHER, replace(OTHER, name="Outra"))) == ["people"] * everybody
    assert parts(AgentChanged(OTHER, replace(OTHER, picture="x"))) == ["people"] * everybody
    assert parts(AgentChanged(OTHER, replace(OTHER, active=False))) == ["people"] * everybody
    assert parts(AgentChanged(None, OTHER)) == ["people"] * everybody
    assert parts(AgentChanged(OTHER, replace(OTHER, farewell="tchau"))) == []
    assert parts(AgentChanged(me, replace(me, farewell="tchau"))) == ["people"] * everybody
    assert parts(AgentChanged(OTHER, replace(OTHER, version=9))) == []


def bells_are_told(visitor: Visitor) -> None:
    """NOTIF-2: to their owner; and to who held a chat that is out of their sight."""
    assert len(heard(visitor, BellChanged("me"))) == visitor.active
    assert heard(visitor, BellChanged("other")) == []
    for before, after in BEFORE_AND_AFTER:
        held = before.holder == "me" or before.department in visitor.departments
        due = held and bool(shown(visitor, before)) and not shown(visitor, after)
        assert len(of_type(heard(visitor, moves(before, after)), "bell")) == due


def sounds_are_told(visitor: Visitor) -> None:
    """NOTIF-1: to who is to hear it."""
    assert len(heard(visitor, Rang("me", "1", NOON))) == visitor.active
    assert heard(visitor, Rang("other", "1", NOON)) == []


EVENTS_REACH = {
    "bell": bells_are_told,
    "sound": sounds_are_told,
    "row": rows_are_told,
    "counts": counts_are_told,
    "chat": chats_are_told,
    "message": messages_are_told,
    "refetch": merges_are_told,
    "channel": channels_are_told,
    "directory": names_are_told,
}


def test_every_event_is_in_the_matrix():
    """PERM-2"""
    kinds = {get_args(get_type_hints(one)["type"])[0] for one in get_args(events.Event)}
    assert kinds == EVENTS_REACH.keys()


@pytest.mark.parametrize("kind", sorted(EVENTS_REACH))
@pytest.mark.parametrize("visitor", VISITORS, ids=str)
def test_an_event_reaches_whom_it_should(visitor, kind):
    """LIVE-1 TAB-7 TAB-8 PERM-2 PERM-3"""
    EVENTS_REACH[kind](visitor)
