"""Another system calls a webhook, and whoever takes the call is killed: the caller calls again.

What arrived is kept once more each time that it arrives, so the table's end leaves those rows out;
each story looks at them itself.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chalicelib.commands import hook, take_call
from chalicelib.commands.sync_templates import sync
from chalicelib.domain.listing import Tab
from chalicelib.stores import chats as store
from chalicelib.stores import hooks, labels, profiles
from tests.builders import PORTFOLIO
from tests.commands.flow_fixtures import chatbot, publish
from tests.faults.desk import AGENTS
from tests.faults.start_stories import TEMPLATE
from tests.faults.stories import PHONE, Story, bia_was_closed, bia_wrote

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.desk import Desk

ANA, BETO, CAIO = AGENTS
HELLO = {
    "modelo": {
        "type": "send_template",
        "name": "retomar",
        "language": "pt_BR",
        "values": {"body.1": "{nome}"},
        "next": "aberto",
    },
    "aberto": {"type": "text", "text": "Seu plano: {plano}", "next": None},
}
PLAN: Any = {
    "field_id": "plan",
    "slug": "plano",
    "name": "Plano",
    "kind": "text",
    "options": [],
    "at_closing": "no",
    "active": True,
}
WANTED = {
    "version": 0,
    "name": "Loja",
    "production": True,
    "account": None,
    "foreign": False,
    "event_path": "pedido",
    "mapping": [
        {"path": "fone", "field": "telefone"},
        {"path": "nome", "field": "nome"},
        {"path": "plano", "field": "plano"},
        {"path": "email", "field": "email"},
    ],
    "flow_id": "f1",
}
TOLD = {"pedido": 7, "fone": "11 98765-4321", "nome": "Bia", "plano": "Ouro", "email": "b@e.com"}


def the_shop_may_call(desk: Desk, **wanted: Any) -> str:
    """A webhook in production; Caio has the list of all chats open."""
    desk.graph.told = [TEMPLATE]
    sync(desk.world, PORTFOLIO, 1)
    labels.save_field(PLAN)
    publish("f1", HELLO)
    chatbot(desk.world)
    made = hook.add(desk.world, CAIO, {**WANTED, **wanted})
    desk.opens(CAIO, Tab.ALL)
    return made["webhook_id"]


def the_shop_brings_contacts(desk: Desk) -> str:
    """No flow is to fire: what it says would be named after a contact who is drawn anew."""
    return the_shop_may_call(desk, flow_id=None)


def bia_is_known(desk: Desk) -> str:
    """Her chat is closed, and her session open."""
    bia_was_closed(desk)
    return the_shop_may_call(desk)


def bia_is_attended(desk: Desk) -> str:
    """She wrote before the shop called; no flow is to fire."""
    bia_wrote(desk)
    return the_shop_may_call(desk, flow_id=None)


def bia_is_served(desk: Desk) -> str:
    """She wrote before the shop called."""
    bia_wrote(desk)
    return the_shop_may_call(desk)


def the_shop_tries(desk: Desk) -> str:
    """The webhook is a test."""
    return the_shop_may_call(desk, production=False)


def _calls(*outcomes: str, sent: int, **told: Any) -> Callable[[Desk, Any], None]:
    """The shop calls as often as there are outcomes, each time until it is answered.

    A call that is answered by nothing comes again, and is then kept as `repeated` at most.
    """

    def then(desk: Desk, webhook_id: str) -> None:
        body = json.dumps({**TOLD, **told}).encode()
        for _ in outcomes:
            desk.do(lambda world: take_call.take(world, webhook_id, body), function="take")
            desk.until_quiet()
        kept = sorted(one.outcome for one in hooks.calls(webhook_id))
        if "test" in outcomes:
            assert set(kept) == {"test"}
            return
        more = len(kept) - len(outcomes)
        assert more in (0, 1)
        assert kept == sorted([*outcomes, *["repeated"] * more])
        assert len(desk.graph.sent) == sent
        chat = store.load(desk.chat_of(PHONE))
        assert chat is not None
        profile = profiles.load(*chat.partitions)
        assert (profile.system, profile.values) == ({"email": "b@e.com"}, {"plan": "Ouro"})

    return then


FOUND = "GetItem Query Query BatchGetItem"  # the webhook, the accounts, the number, its ids
KNOWN = f"{FOUND} GetItem"  # and the chat, whose values and state are read next
DECIDED = "GetItem GetItem Query BatchGetItem"  # the event, the chat, the fields, the profile
FIRES = "GetItem GetItem GetItem GetItem"  # the settings, the flow, its version, the template
REPEATED = f"{KNOWN} GetItem PutItem"

STORIES = [
    Story(
        "hook_stranger",
        {"take": f"{FOUND} TransactWriteItems {DECIDED} TransactWriteItems"},
        the_shop_brings_contacts,
        _calls("saved", sent=0),
    ),
    Story(
        "hook_known",
        {"take": f"{KNOWN} {DECIDED} {FIRES} Query TransactWriteItems {REPEATED}"},
        bia_is_known,
        _calls("fired", "repeated", sent=2),
    ),
    Story(
        "hook_attended",
        {
            "take": f"{KNOWN} {DECIDED} {FIRES} Query TransactWriteItems",
            "dispatch": "SendMessageBatch",
        },
        bia_is_served,
        _calls("fired", sent=2),
    ),
    Story(
        "hook_values",
        {"take": f"{KNOWN} {DECIDED} TransactWriteItems {REPEATED}"},
        bia_is_attended,
        _calls("saved", "repeated", sent=0),
    ),
    Story("hook_test", {"take": "GetItem PutItem"}, the_shop_tries, _calls("test", sent=0)),
]
