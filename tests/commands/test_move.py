"""A person goes by another number or id from now on: one contact, whatever came first."""

from datetime import timedelta
from itertools import permutations

import pytest

from chalicelib.commands.move import move
from chalicelib.commands.receive import receive
from chalicelib.domain.inbound import Moved, Person
from chalicelib.queries import chats as queries
from chalicelib.stores.rows import to_chat, to_message
from chalicelib.stores.tables import ChatRow, IdentityRow, MessageRow, Row
from tests.builders import ACCOUNT, NOON, PORTFOLIO, agent, arrival
from tests.conftest import empty_tables, world_of_fakes
from tests.fakes import Clock

OLD = Person(phone="5511987654321", name="Bia")
OLD_WITHOUT_NINTH = Person(phone="551187654321", name="Bia")
NEW = Person(phone="5521900000000", name="Bia")


def minutes(number):
    return timedelta(minutes=number)


A_MINUTE_LATER = NOON + minutes(1)


def moved(before=OLD, after=NEW, at=A_MINUTE_LATER):
    return Moved("whatsapp", ACCOUNT, PORTFOLIO, before, after, at)


def rows(kind):
    return [row for row in Row.scan() if isinstance(row, kind)]


def chats():
    return [to_chat(row) for row in rows(ChatRow) if row.merged_into is None]


def the_chat():
    (one,) = chats()
    return one


def lines():
    found = [to_message(row) for row in rows(MessageRow)]
    return [(one.line["code"], one.line["subject_name"]) for one in found if one.line]


def test_the_chat_goes_on_under_the_new_number(world):
    """INB-7 CHAT-3"""
    receive(world, arrival("oi", person=OLD))
    before = the_chat()
    move(world, moved())
    after = the_chat()
    assert (after.chat_id, after.phone) == (before.chat_id, "5521900000000")
    assert lines() == [("number_changed", "5521900000000")]
    assert (after.unread, after.preview, after.last_inbound_at) == (1, "oi", before.last_inbound_at)
    receive(world, arrival("do novo", at=NOON + minutes(2), person=NEW))
    receive(world, arrival("do velho", at=NOON + minutes(-2), person=OLD_WITHOUT_NINTH))
    assert the_chat().unread == 3
    assert the_chat().phone == "5521900000000"


def test_two_known_numbers_are_one_contact_from_then_on(world):
    """INB-7"""
    receive(world, arrival("do velho", person=OLD))
    receive(world, arrival("do novo", at=NOON + minutes(2), person=NEW))
    assert len(chats()) == 2
    move(world, moved())
    one = the_chat()
    assert (one.unread, one.phone, len(one.also)) == (2, "5521900000000", 1)
    assert {row.chat_id for row in rows(IdentityRow)} == {one.chat_id}
    shown = queries.opened_chat(world, agent(), one.chat_id)["page"]["messages"]
    assert [message["text"] for message in shown if not message["line"]] == [
        "do velho",
        "do novo",
    ]
    assert lines() == [("number_changed", "5521900000000")]


@pytest.mark.parametrize(
    "news",
    [
        moved(),
        moved(Person(user_id="BR.1"), Person(user_id="BR.2")),
        moved(OLD, Person(user_id="BR.2")),
    ],
)
def test_told_again_it_changes_nothing(world, clock, news):
    """INB-3"""
    receive(world, arrival("oi", person=OLD))
    move(world, news)
    before = sorted(str(one) for one in chats()), lines()
    clock.forward(days=7)
    for _ in range(10):
        move(world, news)
    assert (sorted(str(one) for one in chats()), lines()) == before


EVENTS = [
    (receive, arrival("do velho", person=OLD)),
    (receive, arrival("do novo", at=NOON + minutes(2), person=NEW)),
    (move, moved()),
    (move, moved(Person(user_id="BR.1"), Person(user_id="BR.2"), NOON + minutes(1))),
    (
        receive,
        arrival(
            "com id",
            at=NOON + minutes(3),
            person=Person(phone=NEW.phone, user_id="BR.2", name="Bia"),
        ),
    ),
]


def test_any_order_ends_in_one_contact():
    """INB-4 INB-7"""
    ends = set()
    for order in list(permutations(EVENTS))[::4]:
        with empty_tables():
            world = world_of_fakes(Clock(NOON + minutes(5)))
            for command, news in order:
                command(world, news)
            one = the_chat()
            texts = {to_message(row).text for row in rows(MessageRow)}
            ends.add((one.phone, one.user_id, one.unread, one.preview, *lines(), *sorted(texts)))
    assert len(ends) == 1


def test_who_keeps_the_new_number_to_themselves_has_none(world):
    """INB-7: nobody is written to under a number that is somebody else's by now."""
    receive(world, arrival("oi", person=OLD))
    move(world, moved(OLD, Person(user_id="BR.2")))
    assert (the_chat().phone, the_chat().user_id) == (None, "BR.2")
    assert lines() == [("number_changed", "")]
    receive(world, arrival("antes", at=NOON - minutes(1), person=OLD))
    assert the_chat().phone is None
    receive(world, arrival("depois", at=NOON + minutes(2), person=Person(user_id="BR.2")))
    assert the_chat().unread == 3
    assert the_chat().phone is None


def test_an_id_that_changed_alone_is_no_news_for_people(world):
    """INB-7 CHAT-3"""
    receive(world, arrival("oi", person=Person(user_id="BR.1", name="Bia")))
    move(world, moved(Person(user_id="BR.1"), Person(user_id="BR.2")))
    assert (the_chat().user_id, lines()) == ("BR.2", [])
