"""Bia writes, and those who are to hear of it do: whoever tells them may be killed at any point."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.commands import assign, push, ring
from chalicelib.domain.ids import DepartmentId
from chalicelib.domain.push import called
from chalicelib.gateways.push import Outcome, State
from chalicelib.queries import notifications
from chalicelib.stores import people
from tests.faults.routing_stories import seen
from tests.faults.stories import ANA, BETO, CAIO, Story, ana_answered, bia_wrote, text, webhook

if TYPE_CHECKING:
    from chalicelib.domain.access import Agent
    from tests.faults.desk import Desk

SALES = frozenset({DepartmentId("sales")})
CAIO_OF_SALES = replace(CAIO, department_ids=SALES)


def phone(desk: Desk, one: Agent, name: str) -> str:
    """A phone of theirs; its endpoint."""
    endpoint = f"https://push.example/{name}"
    push.subscribe(desk.world, one, endpoint, "B" * 87, "a" * 22, name)
    return endpoint


# --- what was before --------------------------------------------------------------------------


def ana_has_two_phones(desk: Desk) -> str:
    """And answered Bia, whose chat is hers."""
    chat_id = ana_answered(desk)
    phone(desk, ANA, "one")
    phone(desk, ANA, "two")
    return chat_id


def sales_have_bia(desk: Desk) -> str:
    """Caio is of the department, with a phone and without a page."""
    people.save_department("sales", "Vendas", active=True)
    people.save_agent(CAIO_OF_SALES)
    chat_id = bia_wrote(desk)
    shown = seen(chat_id)
    assign.to_department(desk.world, ANA, chat_id, "sales", shown)
    phone(desk, CAIO, "one")
    return chat_id


def caio_was_pushed_to(desk: Desk) -> str:
    """And Bia is his."""
    chat_id = bia_wrote(desk)
    assign.to_agent(desk.world, CAIO, chat_id, CAIO.agent_id, seen(chat_id))
    phone(desk, CAIO, "one")
    desk.meta_posts(webhook(text("um", 300)))
    desk.until_quiet()
    assert [told["preview"] for _, told in desk.phones.sent] == ["um"]
    return chat_id


def his_service_is_down(desk: Desk) -> str:
    """Caio has a chat, and a phone that cannot be reached for a while."""
    chat_id = bia_wrote(desk)
    assign.to_agent(desk.world, CAIO, chat_id, CAIO.agent_id, seen(chat_id))
    desk.phones.outcomes[phone(desk, CAIO, "one")] = [Outcome(State.LATER)] * 2
    return chat_id


def his_phone_is_dead(desk: Desk) -> str:
    """Caio has a chat, and a phone that is no more."""
    chat_id = bia_wrote(desk)
    assign.to_agent(desk.world, CAIO, chat_id, CAIO.agent_id, seen(chat_id))
    desk.phones.outcomes[phone(desk, CAIO, "one")] = [Outcome(State.GONE)] * 9
    return chat_id


# --- what then happens ------------------------------------------------------------------------


def bia_writes(desk: Desk, _: str) -> None:
    """One message."""
    desk.meta_posts(webhook(text("oi de novo", 400)))


def bia_writes_twice(desk: Desk, _: str) -> None:
    """Two messages, of which a phone tells the first."""
    desk.meta_posts(webhook(text("um", 400), text("dois", 401)))


def ana_gives_it_to_beto(desk: Desk, chat_id: str) -> None:
    """To somebody with a page."""
    shown = seen(chat_id)
    desk.do(lambda world: assign.to_agent(world, ANA, chat_id, BETO.agent_id, shown))


def caio_answers_the_notification(desk: Desk, chat_id: str) -> None:
    """And Bia writes again."""
    endpoint = "https://push.example/one"
    desk.do(lambda world: push.seen(world, endpoint, "a" * 22, chat_id))
    desk.meta_posts(webhook(text("dois", 401)))


def caio_clears_his_bell(desk: Desk, _: str) -> None:
    """And brings it back."""
    newest = str(notifications.at_bell(desk.world, CAIO)["newest"])
    gone = desk.do(lambda world: ring.clear(world, CAIO, newest), function="clear")["ids"]
    desk.do(lambda world: ring.bring_back(world, CAIO, gone or [newest]), function="bring_back")
    desk.do(lambda world: ring.look(world, CAIO, newest), function="look")


def ana_takes_over_the_phone(desk: Desk, _: str) -> None:
    """She logs in where Caio did, and out again."""
    endpoint = "https://push.example/one"
    desk.do(
        lambda world: push.subscribe(world, ANA, endpoint, "B" * 87, "a" * 22, "one"),
        function="subscribe",
    )
    desk.do(lambda world: push.unsubscribe(world, ANA, called(endpoint)), function="unsubscribe")


DECIDES = "GetItem Query BatchGetItem BatchGetItem GetItem"
ASKS = "GetItem BatchGetItem GetItem GetItem"

STORIES = [
    Story(
        "two_phones_are_pushed_to",
        {
            "notify": f"{DECIDES} TransactWriteItems",
            "push": f"{ASKS} SendMessageBatch {ASKS} push UpdateItem {ASKS} push UpdateItem",
        },
        ana_has_two_phones,
        bia_writes,
    ),
    Story(
        "a_department_is_told",
        {
            "dispatch": "SendMessageBatch SendMessageBatch",
            "notify": f"{DECIDES} TransactWriteItems {DECIDES} TransactWriteItems",
            "push": f"{ASKS} push UpdateItem",
        },
        sales_have_bia,
        bia_writes_twice,
    ),
    Story(
        "an_assignment_is_told",
        {"notify": f"{DECIDES} PutItem"},
        ana_has_two_phones,
        ana_gives_it_to_beto,
    ),
    Story(
        "a_notification_is_answered",
        {
            "do": "GetItem GetItem GetItem PutItem",
            "notify": f"{DECIDES} TransactWriteItems",
            "push": f"{ASKS} push UpdateItem",
        },
        caio_was_pushed_to,
        caio_answers_the_notification,
    ),
    Story(
        "a_bell_is_cleared",
        {
            "clear": "Query UpdateItem",
            "bring_back": "GetItem UpdateItem",
            "look": "GetItem PutItem",
        },
        caio_was_pushed_to,
        caio_clears_his_bell,
    ),
    Story(
        "a_push_service_is_down",
        {
            "push": f"{ASKS} push ChangeMessageVisibility "
            f"{ASKS} push ChangeMessageVisibility {ASKS} push UpdateItem",
        },
        his_service_is_down,
        bia_writes,
    ),
    Story(
        "a_phone_is_dead",
        {
            "push": f"{ASKS} push GetItem GetItem TransactWriteItems "
            "GetItem GetItem GetItem UpdateItem DeleteItem",
        },
        his_phone_is_dead,
        bia_writes,
    ),
    Story(
        "a_phone_changes_hands",
        {
            "subscribe": "GetItem Query GetItem GetItem GetItem TransactWriteItems",
            "unsubscribe": "GetItem GetItem TransactWriteItems",
        },
        caio_was_pushed_to,
        ana_takes_over_the_phone,
    ),
]
