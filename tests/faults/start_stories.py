"""Somebody who is not registered gets a template, or is added by hand and from a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.commands import add_contact, start_chat
from chalicelib.commands.sync_templates import sync
from chalicelib.domain import errors
from chalicelib.domain.listing import Tab
from tests.builders import PORTFOLIO
from tests.faults.desk import AGENTS
from tests.faults.stories import (
    PHONE,
    Story,
    lists_are_open,
    text,
    webhook,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.desk import Desk

ANA, BETO, CAIO = AGENTS
TEMPLATE = {
    "name": "retomar",
    "language": "pt_BR",
    "category": "UTILITY",
    "status": "APPROVED",
    "components": [{"type": "BODY", "text": "Olá, {{1}}!"}],
}


def template_is_listed(desk: Desk) -> None:
    """Nobody has written yet; there is a template to begin with."""
    desk.graph.told = [TEMPLATE]
    sync(desk.world, PORTFOLIO, 1)
    lists_are_open(desk)
    desk.opens(ANA, Tab.MINE)


def _wish(key: str, *, opened: bool) -> dict[str, Any]:
    return {
        "client_key": key,
        "name": "Bia da Silva",
        "phone": "(11) 8765-4321",
        "foreign": False,
        "open": opened,
        "template": {"name": "retomar", "language": "pt_BR", "values": {"body.1": "Bia"}},
        "account": None,
    }


def _starts(*, opened: bool) -> Callable[[Desk, None], None]:
    def then(desk: Desk, known: None) -> None:
        wish = _wish(desk.key(), opened=opened)
        desk.do(lambda world: start_chat.start(world, ANA, wish), function="start")

    return then


def _starts_twice(desk: Desk, known: None) -> None:
    """A double click; Caio is late, and learns that somebody has the number."""
    wish, late = _wish(desk.key(), opened=True), _wish(desk.key(), opened=False)
    for _ in range(2):
        desk.do(lambda world: start_chat.start(world, ANA, wish), function="start")

    def is_late(world: Any) -> None:
        try:
            start_chat.start(world, CAIO, late)
        except errors.ChatExists:
            return
        raise AssertionError("the same number twice")

    desk.do(is_late, function="start_late")


def _is_answered(desk: Desk, known: None) -> None:
    """The contact answers as soon as the template is there."""
    _starts(opened=True)(desk, known)
    desk.until_quiet()
    desk.meta_posts(webhook(text("oi", 595)))


def _adds(desk: Desk, known: None) -> None:
    """Whoever was killed after it was done learns on asking again that it was."""

    def act(world: Any) -> None:
        try:
            add_contact.add(world, CAIO, "Bia", PHONE, foreign=False, account=None)
        except errors.ChatExists:
            return

    desk.do(act, function="add")


def _imports(desk: Desk, known: None) -> None:
    """The third line is the first one's number, the second is nobody's."""
    lines = [(1, "Bia", PHONE), (2, "Caio", "?"), (3, "Bia", f"+{PHONE}"), (4, "Zé", "1140001234")]
    desk.do(lambda world: add_contact.add_all(world, CAIO, lines, account=None), function="import")


LOOKED_FOR = "GetItem Query Query BatchGetItem"  # the wish, the accounts, the number, its ids
CHECKED = "GetItem"  # the template
REGISTERED = "Query BatchGetItem TransactWriteItems"

STORIES = [
    Story(
        "start_open",
        {
            "start": f"{LOOKED_FOR} {CHECKED} UpdateItem TransactWriteItems",
            "dispatch": "SendMessageBatch",
        },
        template_is_listed,
        _starts(opened=True),
    ),
    Story(
        "start_closed",
        {"start": f"{LOOKED_FOR} {CHECKED} TransactWriteItems"},
        template_is_listed,
        _starts(opened=False),
    ),
    Story(
        "start_twice",
        {"start_late": "GetItem Query Query BatchGetItem GetItem"},
        template_is_listed,
        _starts_twice,
    ),
    Story(
        "start_answered",
        {"receive": "BatchGetItem GetItem TransactWriteItems"},
        template_is_listed,
        _is_answered,
    ),
    Story("add_contact", {"add": f"Query {REGISTERED}"}, lists_are_open, _adds),
    Story(
        "import_contacts",
        {"import": f"Query {REGISTERED} {REGISTERED}"},
        lists_are_open,
        _imports,
    ),
]
