"""Flows run in a chat, and whoever makes them go on is killed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.commands import assign_flow
from chalicelib.domain.listing import Tab
from chalicelib.stores import chats as store
from chalicelib.stores import people, profiles
from tests.commands.flow_fixtures import chatbot, publish
from tests.faults.desk import AGENTS
from tests.faults.stories import Story, bia_was_closed, bia_wrote, text, webhook

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.desk import Desk

ANA, BETO, CAIO = AGENTS
MENU = {
    "menu": {
        "type": "menu",
        "text": "Com quem quer falar?",
        "options": [
            {"id": "vendas", "title": "Vendas", "next": "vendas"},
            {"id": "email", "title": "Deixar e-mail", "next": "email"},
        ],
        "fallback": {"text": "Não entendi.", "tries": 2, "exit": None},
        "limit": {"minutes": 30, "exit": None},
    },
    "vendas": {"type": "open_chat", "department_id": "sales", "agent": "none", "next": "aguarde"},
    "aguarde": {"type": "text", "text": "Já vamos atender.", "next": None},
    "email": {
        "type": "question",
        "text": "Qual o seu e-mail?",
        "answer": {"kind": "email"},
        "save": {"field": "email"},
        "next": "salvo",
    },
    "salvo": {"type": "text", "text": "Anotado: {email}", "next": None},
}


def the_chatbot_is_on(desk: Desk) -> str:
    """Bia's chat is closed; Caio has the list of all chats open."""
    chat_id = bia_was_closed(desk)
    people.save_department("sales", "Vendas", active=True)
    publish("f1", MENU)
    chatbot(desk.world)
    desk.opens(CAIO, Tab.ALL)
    return chat_id


def bia_has_the_menu(desk: Desk) -> str:
    """The main flow has asked her."""
    chat_id = the_chatbot_is_on(desk)
    desk.meta_posts(webhook(text("oi", 1)))
    desk.until_quiet()
    return chat_id


def bia_is_asked_for_her_address(desk: Desk) -> str:
    """The flow waits for an answer that it keeps."""
    chat_id = bia_has_the_menu(desk)
    desk.meta_posts(webhook(text("Deixar e-mail", 2)))
    desk.until_quiet()
    return chat_id


def bia_is_attended(desk: Desk) -> str:
    """She wrote before there was a chatbot."""
    chat_id = bia_wrote(desk)
    people.save_department("sales", "Vendas", active=True)
    publish("f1", MENU)
    chatbot(desk.world)
    desk.until_quiet()
    return chat_id


def _sent(desk: Desk) -> int:
    return len(desk.graph.sent)


def _writes(*said: str, sent: int, opened: bool) -> Callable[[Desk, Any], None]:
    def then(desk: Desk, known: Any) -> None:
        bodies = [text(one, number) for number, one in enumerate(said, 5)]
        desk.meta_posts(webhook(*bodies))
        desk.until_quiet()
        chat = store.load(known)
        assert chat is not None
        assert (chat.attendance is not None) is opened
        assert _sent(desk) == sent

    return then


def _leaves_her_address(desk: Desk, chat_id: str) -> None:
    _writes("bia@exemplo.com.br", sent=3, opened=False)(desk, chat_id)
    assert profiles.load(chat_id).system == {"email": "bia@exemplo.com.br"}


def _agent_answers(desk: Desk, chat_id: str) -> None:
    """What Caio writes opens the chat, and the flow is over."""
    desk.answers(CAIO, chat_id, "um")
    desk.until_quiet()
    chat = store.load(chat_id)
    assert chat is not None
    assert chat.flow is None
    assert chat.attendance is not None


def _is_forwarded(desk: Desk, chat_id: str) -> None:
    """Caio puts her into the flow: her attendance is closed, and the menu goes out once."""
    chat = store.load(chat_id)
    assert chat is not None
    assert chat.attendance is not None
    seen = {"agent_id": None, "department_id": None, "protocol": chat.attendance.protocol}
    asked = {"flow_id": "f1", "client_key": desk.key(), "seen": seen}
    desk.do(lambda world: assign_flow.to_flow(world, CAIO, chat_id, asked), function="to_flow")
    desk.until_quiet()
    after = store.load(chat_id)
    assert after is not None
    assert after.attendance is None
    assert after.flow is not None
    assert _sent(desk) == 1


STORIES = [
    Story(
        "main_flow",
        {"receive": "BatchGetItem GetItem GetItem GetItem GetItem TransactWriteItems"},
        the_chatbot_is_on,
        _writes("oi", sent=1, opened=False),
    ),
    Story(
        "flow_opens_chat",
        {"receive": "BatchGetItem GetItem GetItem GetItem Query UpdateItem TransactWriteItems"},
        bia_has_the_menu,
        _writes("Vendas", sent=2, opened=True),
    ),
    Story(
        "flow_keeps_answer",
        {"receive": "BatchGetItem GetItem GetItem GetItem BatchGetItem TransactWriteItems"},
        bia_is_asked_for_her_address,
        _leaves_her_address,
    ),
    Story(
        "agent_ends_flow",
        {"send": "GetItem BatchGetItem UpdateItem TransactWriteItems"},
        bia_has_the_menu,
        _agent_answers,
    ),
    Story(
        "forwarded_to_flow",
        {"to_flow": "GetItem BatchGetItem GetItem GetItem GetItem TransactWriteItems"},
        bia_is_attended,
        _is_forwarded,
    ),
]
