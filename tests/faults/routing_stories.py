"""A chat is passed on, closed, blocked and read, by people whose processes may end at any point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.commands import assign, block, close
from chalicelib.domain.delivery import AnswerLost, Refused
from chalicelib.domain.inbound import Failure
from chalicelib.domain.listing import Tab
from chalicelib.stores import chats as store
from chalicelib.stores import labels, people, preferences
from chalicelib.stores.chats import commit_rows
from tests.faults.stories import (
    ANA,
    BETO,
    CAIO,
    TOLD_ONE,
    TOLD_TWO,
    Story,
    ana_answered,
    bia_was_closed,
    bia_wrote,
    text,
    webhook,
)

if TYPE_CHECKING:
    from chalicelib.domain.access import Agent
    from tests.faults.desk import Desk


# --- what was before --------------------------------------------------------------------------


def sales_are_open(desk: Desk) -> str:
    """There is a department, and Bia wrote; Caio has her chat open."""
    people.save_department("sales", "Vendas", active=True)
    chat_id = bia_wrote(desk)
    desk.opens(CAIO, Tab.ALL, chat_id)
    return chat_id


def fields_are_asked(desk: Desk) -> str:
    """The closing window asks why, and Ana has answered Bia; Caio has her chat open."""
    labels.save_field(
        {
            "field_id": "why",
            "slug": "why",
            "name": "Motivo",
            "kind": "text",
            "options": [],
            "at_closing": "required",
            "active": True,
        }
    )
    chat_id = ana_answered(desk)
    desk.opens(CAIO, Tab.ALL, chat_id)
    return chat_id


def bia_is_blocked(desk: Desk) -> str:
    """Here and at Meta."""
    chat_id = bia_wrote(desk)
    desk.do(lambda world: block.block(world, ANA, chat_id))
    desk.until_quiet()
    return chat_id


def contacts_are_told(desk: Desk) -> str:
    """The agency sends read receipts, and Bia wrote."""
    before = preferences.load()
    commit_rows(preferences.changed(before, {**before, "read_receipts": True}))
    return bia_wrote(desk)


# --- what then happens ------------------------------------------------------------------------


def seen(chat_id: str) -> dict[str, str | None]:
    """What everybody's screen shows."""
    chat = store.resolve(chat_id)
    assert chat is not None
    return {
        "agent_id": chat.agent_id,
        "department_id": chat.department_id,
        "protocol": chat.attendance.protocol if chat.attendance else None,
    }


def to_beto(desk: Desk, chat_id: str, by: Agent = ANA) -> None:
    """The chat goes to Beto, and out of Ana's sight."""
    shown = seen(chat_id)
    desk.do(lambda world: assign.to_agent(world, by, chat_id, BETO.agent_id, shown))


def caio_to_beto(desk: Desk, chat_id: str) -> None:
    """By somebody who still sees it afterwards."""
    to_beto(desk, chat_id, CAIO)


def to_sales(desk: Desk, chat_id: str) -> None:
    """The chat goes to a department."""
    shown = seen(chat_id)
    desk.do(lambda world: assign.to_department(world, ANA, chat_id, "sales", shown))


def closes(desk: Desk, chat_id: str) -> None:
    """Ana says goodbye, and why."""
    protocol = str(seen(chat_id)["protocol"])
    told = {"farewell": "até logo", "fields": {"why": "resolvido"}}
    desk.do(lambda world: close.close(world, ANA, chat_id, protocol, **told))


def closes_without_a_word(desk: Desk, chat_id: str) -> None:
    """And Bia writes again."""
    protocol = str(seen(chat_id)["protocol"])
    desk.do(lambda world: close.close(world, ANA, chat_id, protocol, farewell="", fields={}))
    desk.until_quiet()
    desk.meta_posts(webhook(text("mais uma coisa", 400)))


def blocks(desk: Desk, chat_id: str) -> None:
    """Bia goes on writing, in vain."""
    desk.do(lambda world: block.block(world, ANA, chat_id))
    desk.until_quiet()
    desk.meta_posts(webhook(text("alô?", 400)))


def blocks_at_a_bad_moment(desk: Desk, chat_id: str) -> None:
    """Meta's answer gets lost, and then it refuses."""
    full = Refused(Failure(139101, "full"))
    desk.graph.outcomes += [AnswerLost("cut"), full, full]
    desk.do(lambda world: block.block(world, ANA, chat_id))


def unblocks(desk: Desk, chat_id: str) -> None:
    """Bia may write again, and does."""
    desk.do(lambda world: block.unblock(world, ANA, chat_id))
    desk.until_quiet()
    desk.meta_posts(webhook(text("voltei", 400)))


def reads(desk: Desk, chat_id: str) -> None:
    """Ana has read it."""
    message = desk.screens[0].state()["messages"][-1]
    desk.reads(ANA, chat_id, message["key"])


ASSIGNED = "GetItem GetItem TransactWriteItems"
TOLD_ALONE = "GetItem GetParametersByPath BatchGetItem graph GetItem PutItem"

STORIES = [
    Story("to_agent", {"do": ASSIGNED}, sales_are_open, to_beto),
    Story(
        "to_agent_of_a_closed_chat",
        {"do": "GetItem GetItem UpdateItem TransactWriteItems"},
        bia_was_closed,
        caio_to_beto,
    ),
    Story(
        "to_department",
        {"do": ASSIGNED, "publish": f"Query Query {TOLD_TWO}"},
        sales_are_open,
        to_sales,
    ),
    Story(
        "close",
        {
            "do": "GetItem Query BatchGetItem GetItem TransactWriteItems",
            "dispatch": "SendMessageBatch",
            "publish": f"Query Query {TOLD_TWO} {TOLD_ONE} Query {TOLD_ONE}",
        },
        fields_are_asked,
        closes,
    ),
    Story(
        "close_and_open_again",
        {
            "do": "GetItem Query GetItem TransactWriteItems",
            "receive": "BatchGetItem GetItem UpdateItem TransactWriteItems",
        },
        ana_answered,
        closes_without_a_word,
    ),
    Story(
        "block",
        {
            "do": "GetItem TransactWriteItems",
            "dispatch": "SendMessageBatch",
            "deliver": TOLD_ALONE,
            "receive": "BatchGetItem GetItem BatchGetItem",
        },
        bia_wrote,
        blocks,
    ),
    Story(
        "block_fails",
        {
            "deliver": "GetItem GetParametersByPath BatchGetItem graph ChangeMessageVisibility"
            " GetItem graph GetItem PutItem"
        },
        bia_wrote,
        blocks_at_a_bad_moment,
    ),
    Story(
        "unblock",
        {"do": "GetItem Query TransactWriteItems", "deliver": TOLD_ALONE},
        bia_is_blocked,
        unblocks,
    ),
    Story(
        "read_receipt",
        {
            "mark_read": "GetItem GetItem PutItem",
            "dispatch": "SendMessageBatch",
            "deliver": "GetItem GetItem GetParametersByPath BatchGetItem graph",
        },
        contacts_are_told,
        reads,
    ),
]
