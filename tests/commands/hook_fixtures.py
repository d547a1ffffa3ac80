"""A webhook of a shop, for tests of commands, and what it fires."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.commands import hook
from chalicelib.domain.access import Permission
from chalicelib.stores import channels, labels
from tests.builders import ACCOUNT, PORTFOLIO, TABS, agent, join
from tests.commands.flow_fixtures import chatbot, publish

if TYPE_CHECKING:
    from chalicelib.world import World

ANA = agent("ana", permissions=TABS | {Permission.BLOCKING})
HELLO = {"oi": {"type": "text", "text": "Pedido de {nome} recebido.", "next": None}}
MAPPING = [
    {"path": "cliente.telefone", "field": "telefone"},
    {"path": "cliente.nome", "field": "nome"},
    {"path": "cliente.email", "field": "email"},
    {"path": "plano", "field": "plano"},
]
WANTED = {
    "version": 0,
    "name": "Loja",
    "production": True,
    "account": None,
    "foreign": False,
    "event_path": "",
    "mapping": MAPPING,
    "flow_id": "f1",
}
PLAN: Any = {
    "field_id": "plan",
    "slug": "plano",
    "name": "Plano",
    "kind": "choice",
    "options": ["Ouro", "Prata"],
    "at_closing": "no",
    "active": True,
}


def shop_is_ready(world: World) -> None:
    """A number, a field, a flow that greets, and the chatbot is on."""
    join(ANA)
    channels.save("whatsapp", ACCOUNT, display="+55 11 4000-1234", portfolio=PORTFOLIO)
    labels.save_field(PLAN)
    publish("f1", HELLO)
    chatbot(world)


def made(world: World, **wanted: Any) -> Any:
    """The webhook, as its page shows it."""
    return hook.add(world, ANA, {**WANTED, **wanted})
