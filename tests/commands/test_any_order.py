"""Whatever comes twice, late, in any order: the same chat and the same messages (INB-3, INB-4)."""

from dataclasses import fields
from datetime import timedelta
from functools import cache
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.commands.mark import mark as do_mark
from chalicelib.commands.move import move
from chalicelib.commands.prefer import prefer
from chalicelib.commands.receive import receive
from chalicelib.commands.settle import settle_receipts
from chalicelib.domain.delivery import Status, callback_data
from chalicelib.domain.inbound import Attachment, Moved, Person, Preference
from chalicelib.stores import chats as store
from chalicelib.stores.rows import to_chat, to_message
from chalicelib.stores.tables import ChatRow, MarkRow, MessageRow, Row
from tests.builders import ACCOUNT, NOON, PORTFOLIO, arrival, chat, mark, message, put, receipt
from tests.conftest import empty_tables, world_of_fakes
from tests.fakes import Clock

BIA = Person(phone="5511987654321", name="Bia")
BSUID = Person(phone="5511987654321", user_id="BR.1", name="Bia")
PICTURE = (Attachment("image", provider_id="1", mime_type="image/jpeg"),)
OURS = message("olá", status=Status.SENDING)
CALLBACK = callback_data("c1", OURS.key)
COUNTED = (
    "rev",
    "row_rev",
    "arming",
    "profile_rev",
    "version",
    "touched",
    "to_forget",
    "doomed",
    "quote",
    "holding",
    "occasions",
)


def at(minutes):
    return NOON + timedelta(minutes=minutes)


def settles(world, one):
    settle_receipts(world, [one])


EVENTS = [
    (receive, arrival("um", at=at(1))),
    (receive, arrival("dois", at=at(2), person=BSUID, kind="image", files=PICTURE)),
    (receive, arrival("três", at=at(3), quotes="wamid.um")),
    (receive, arrival("nossa", at=at(4), echo=True, from_contact=False)),
    (do_mark, mark("reaction", "wamid.um", at=at(2), emoji="👍")),
    (do_mark, mark("reaction", "wamid.um", at=at(3), emoji="")),
    (do_mark, mark("reaction", "wamid.ours", at=at(3), emoji="❤")),
    (do_mark, mark("reaction", "wamid.nossa", at=at(5), emoji="❤")),
    (do_mark, mark("edit", "wamid.três", at=at(4), text="3")),
    (do_mark, mark("edit", "wamid.três", at=at(5), text="III")),
    (do_mark, mark("edit", "wamid.nossa", at=at(5), text="nossa!", echo=True)),
    (do_mark, mark("deletion", "wamid.dois", at=at(6))),
    (do_mark, mark("edit", "wamid.dois", at=at(5), text="2")),
    (settles, receipt("wamid.ours", "delivered", callback=CALLBACK, at=at(1))),
    (settles, receipt("wamid.ours", "read", callback=CALLBACK, at=at(2))),
    (prefer, Preference("whatsapp", ACCOUNT, PORTFOLIO, BSUID, False, at(3))),
    (move, Moved("whatsapp", ACCOUNT, PORTFOLIO, BIA, Person(phone="5511900000000"), at(7))),
]


def ending(order, *, known):
    """The chat, its messages, and what still waits, after these events in this order."""
    with empty_tables():
        world = world_of_fakes(Clock(at(10)))
        if known:
            ids = (f"whatsapp#{ACCOUNT}#phone#5511987654321",)
            put(chat(identities=ids), OURS)
        for number in order:
            command, news = EVENTS[number]
            command(world, news)
        rows = list(Row.scan())
        (one,) = [to_chat(row) for row in rows if isinstance(row, ChatRow) and not row.merged_into]
        found = sorted((to_message(row) for row in rows if isinstance(row, MessageRow)), key=key)
        waiting = sorted((row.sk, row.at_ms) for row in rows if isinstance(row, MarkRow))
        assert store.resolve(one.chat_id) == one
        return plain(one), [plain(message) for message in found], waiting


def key(message):
    return message.key


def plain(one):
    """All of it but what counts the changes, and what a quote that came too early cannot know."""
    told = {part.name: getattr(one, part.name) for part in fields(one) if part.name not in COUNTED}
    return {
        name: dict(value) if isinstance(value, MappingProxyType) else value
        for name, value in told.items()
    }


@cache
def expected(*, known):
    return ending(range(len(EVENTS)), known=known)


def test_what_it_ends_in():
    """CHAT-7 INB-4"""
    one, messages, waiting = expected(known=True)
    assert [(each["text"], each["status"]) for each in messages if not each["line"]] == [
        ("olá", "read"),
        ("um", None),
        ("", None),
        ("III", None),
        ("nossa!", "sent"),
    ]
    assert len([each for each in messages if each["line"]]) == 2
    assert (one["preview"], one["unread"], one["phone"]) == ("nossa!", 3, "5511900000000")
    assert (one["marketing_stopped"], one["awaited"], waiting) == (True, (), [])


@pytest.mark.parametrize("known", [True, False], ids=["known", "a stranger"])
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(order=st.permutations(range(len(EVENTS))), again=st.lists(st.integers(0, len(EVENTS) - 1)))
def test_any_order_and_repetition_ends_the_same(known, order, again):
    """INB-3 INB-4 INB-7 CHAT-4 CHAT-7"""
    assert ending([*order, *again], known=known) == expected(known=known)
