"""Reactions, edits and deletions reach their message, or wait for it, and are no message."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.commands.block import block
from chalicelib.commands.mark import mark as do_mark
from chalicelib.commands.receive import receive
from chalicelib.commands.settle import settle_receipts
from chalicelib.domain.access import Permission
from chalicelib.domain.delivery import Status, callback_data
from chalicelib.domain.inbound import Attachment, Person
from chalicelib.stores import chats as store
from chalicelib.stores.rows import to_chat, to_message
from chalicelib.stores.tables import AttendanceRow, ChatRow, MarkRow, MessageRow, Row
from tests.builders import (
    ACCOUNT,
    NOON,
    agent,
    arrival,
    client_key,
    join,
    mark,
    put,
    receipt,
    says,
)
from tests.builders import chat as build_chat
from tests.builders import message as build_message


def rows(kind):
    return [row for row in Row.scan() if isinstance(row, kind)]


def the_chat():
    (one,) = [to_chat(row) for row in rows(ChatRow) if row.merged_into is None]
    return one


def the_message():
    (one,) = [to_message(row) for row in rows(MessageRow)]
    return one


def minutes(number):
    return timedelta(minutes=number)


LATER = NOON + minutes(1)
REACTION = mark("reaction", "wamid.oi", at=LATER, emoji="👍")
EDIT = mark("edit", "wamid.oi", at=LATER, text="oi, tudo bem?")
DELETION = mark("deletion", "wamid.oi", at=LATER)


def test_a_reaction_is_on_its_message_and_is_no_message(world):
    """CHAT-7 SORT-1 SES-1"""
    receive(world, arrival("oi"))
    before = the_chat()
    do_mark(world, REACTION)
    (one,) = the_message().reactions
    assert (one.author, one.emoji, one.at) == ("contact", "👍", LATER)
    after = the_chat()
    assert (after.rev, after.row_rev, after.touched) == (2, 1, (the_message().key,))
    assert (after.unread, after.last_inbound_at) == (before.unread, before.last_inbound_at)
    assert (after.preview, after.last_activity_at) == (before.preview, before.last_activity_at)
    assert the_message().rev == 2


def test_the_row_shows_its_message_as_edited(world):
    """CHAT-7 ROW-1"""
    receive(world, arrival("oi"))
    do_mark(world, EDIT)
    assert (the_message().text, the_message().edited_at) == ("oi, tudo bem?", LATER)
    assert (the_chat().preview, the_chat().row_rev) == ("oi, tudo bem?", 2)


def test_an_older_messages_edit_leaves_the_row(world):
    """CHAT-7 ROW-1"""
    receive(world, arrival("oi"))
    receive(world, arrival("olá", at=NOON + minutes(2)))
    do_mark(world, EDIT)
    assert the_chat().preview == "olá"


def test_of_a_deleted_message_nothing_is_left(world):
    """CHAT-7"""
    receive(
        world,
        arrival("segredo", provider_id="wamid.oi", files=(Attachment("image", provider_id="1"),)),
    )
    assert the_message().to_do == "fetch"
    do_mark(world, DELETION)
    gone = the_message()
    assert (gone.text, gone.files, gone.deleted_at, gone.to_do) == ("", (), LATER, "forget")
    assert (the_chat().preview, the_chat().preview_kind) == ("", None)
    assert the_chat().preview_author == "contact"
    assert the_chat().unread == 1, "it is read when somebody enters the chat"


@pytest.mark.parametrize("done", [REACTION, EDIT, DELETION], ids=lambda one: one.what)
def test_a_mark_told_again_changes_nothing(world, done):
    """INB-3"""
    receive(world, arrival("oi"))
    do_mark(world, done)
    before, message = the_chat(), the_message()
    for _ in range(10):
        do_mark(world, done)
    assert (the_chat(), the_message()) == (before, message)


@pytest.mark.parametrize("done", [REACTION, EDIT, DELETION], ids=lambda one: one.what)
def test_a_mark_that_comes_first_is_there_when_its_message_comes(world, done):
    """INB-4 CHAT-7: a person's very first message, even."""
    receive(world, arrival("oi"))
    do_mark(world, done)
    expected = replace(the_message(), rev=0, version=0, to_forget=False, chat_id="")
    shown = the_chat().preview
    for row in Row.scan():
        row.delete()
    world.led_to.clear()
    do_mark(world, done)
    do_mark(world, done)
    waiting = the_chat()
    assert (waiting.attendance, waiting.unread, waiting.rev) == (None, 0, 1)
    assert len(waiting.awaited) == 1
    assert rows(AttendanceRow) == []
    receive(world, arrival("oi"))
    assert replace(the_message(), rev=0, version=0, chat_id="") == expected
    assert (the_chat().awaited, the_chat().preview, the_chat().unread) == ((), shown, 1)
    assert rows(MarkRow) == []


def test_of_marks_that_came_first_the_newest_stands(world):
    """INB-4"""
    receive(world, arrival("olá"))
    do_mark(world, mark("reaction", "wamid.oi", at=NOON + minutes(3), emoji="❤"))
    do_mark(world, mark("reaction", "wamid.oi", at=NOON + minutes(2), emoji="👍"))
    do_mark(world, mark("edit", "wamid.oi", at=NOON + minutes(2), text="oi!"))
    assert len(rows(MarkRow)) == 2
    receive(world, arrival("oi", at=NOON + minutes(1)))
    found = next(one for one in map(to_message, rows(MessageRow)) if one.provider_id == "wamid.oi")
    assert (found.text, [one.emoji for one in found.reactions]) == ("oi!", ["❤"])


def test_an_unsend_before_its_message(world):
    """CHAT-7 INB-4: what arrives deleted is kept as deleted, and nothing of it is fetched."""
    facts = {"channel": "instagram", "account": "IG1", "person": Person(user_id="U1")}
    do_mark(world, mark("deletion", "mZ", at=LATER, **facts))
    file = Attachment("image", url="https://lookaside.fbsbx.com/x")
    receive(world, arrival("oi", provider_id="mZ", files=(file,), **facts))
    gone = the_message()
    assert (gone.text, gone.files, gone.deleted_at, gone.to_do) == ("", (), LATER, None)
    assert (the_chat().preview, the_chat().preview_kind) == ("", None)


def test_a_message_that_the_index_does_not_know_yet_is_found(world, monkeypatch):
    """INB-4: the index may lag."""
    receive(world, arrival("oi"))
    monkeypatch.setattr(store, "find_by_provider_id", lambda provider_id: None)
    do_mark(world, REACTION)
    assert len(the_message().reactions) == 1
    assert the_chat().awaited == ()


def test_a_reaction_to_our_message_may_come_before_its_id_is_known(world):
    """INB-4 CHAT-7"""
    ours = build_message("olá", status=Status.SENDING)
    ids = (f"whatsapp#{ACCOUNT}#phone#5511987654321",)
    put(build_chat(identities=ids), ours)
    do_mark(world, mark("reaction", "wamid.ours", at=LATER, emoji="👍"))
    assert the_message().reactions == ()
    callback = callback_data("c1", ours.key)
    settle_receipts(world, [receipt("wamid.ours", "sent", callback=callback)])
    assert [one.emoji for one in the_message().reactions] == ["👍"]
    assert (the_message().status, the_chat().awaited) == (Status.SENT, ())
    assert rows(MarkRow) == []


def test_another_persons_message_is_not_touched(world):
    """INB-7"""
    receive(world, arrival("oi"))
    other = Person(phone="5521900000000", name="Caio")
    receive(world, arrival("olá", person=other))
    do_mark(world, mark("deletion", "wamid.oi", person=other))
    assert {to_message(row).text for row in rows(MessageRow)} == {"oi", "olá"}


def test_a_message_of_a_merged_chat_is_found(world):
    """INB-7 CHAT-7"""
    bsuid = Person(user_id="BR.1", name="Bia")
    receive(world, arrival("oi"))
    receive(world, arrival("por id", at=LATER, person=bsuid))
    both = Person(phone="5511987654321", user_id="BR.1", name="Bia")
    receive(world, arrival("pelos dois", at=LATER + minutes(1), person=both))
    for target in ("wamid.oi", "wamid.por id"):
        do_mark(world, mark("reaction", target, at=LATER + minutes(2), emoji="👍", person=both))
    reacted = {to_message(row).text for row in rows(MessageRow) if to_message(row).reactions}
    assert reacted == {"oi", "por id"}


def test_marks_of_a_blocked_contact_are_dropped(world):
    """BLOCK-2"""
    receive(world, arrival("oi"))
    ana = join(agent("ana", permissions=agent().permissions | {Permission.BLOCKING}))
    block(world, ana, the_chat().chat_id)
    rev = the_chat().rev
    do_mark(world, REACTION)
    do_mark(world, mark("edit", "wamid.unknown", text="x"))
    texts = [to_message(row) for row in rows(MessageRow)]
    assert all(one.reactions == () for one in texts)
    assert (the_chat().rev, rows(MarkRow)) == (rev, [])


def test_only_so_many_messages_are_waited_for(world):
    """INB-4: a row of more than 1 KB doubles what each of its writes costs."""
    receive(world, arrival("oi"))
    for number in range(60):
        do_mark(world, mark("reaction", f"wamid.{number}", emoji="👍"))
    assert len(the_chat().awaited) == 50
    receive(world, arrival("dez", provider_id="wamid.59", at=LATER))
    found = next(one for one in map(to_message, rows(MessageRow)) if one.text == "dez")
    assert len(found.reactions) == 1


def test_an_answer_that_quotes_shows_what_it_answers(world):
    """CHAT-7"""
    receive(world, arrival("Qual o horário?" * 20, provider_id="wamid.q"))
    ana = join(agent("ana"))
    ours = says(world, ana, the_chat().chat_id, client_key(), "Às oito")
    store.save_message(replace(ours, provider_id="wamid.ours", status=Status.SENT, version=1))
    came = receive(world, arrival("ótimo", at=LATER, quotes="wamid.ours"))
    assert came.quote is not None
    assert (came.quote.key, came.quote.author, came.quote.text) == (ours.key, "agent", "Às oito")
    assert came.quote.author_name == "Ana"
    own = receive(world, arrival("aliás", at=LATER, quotes="wamid.q", provider_id="wamid.al"))
    assert len(own.quote.text) == 200


def test_what_is_quoted_and_not_here_stays_unknown(world):
    """CHAT-7"""
    receive(world, arrival("de outra pessoa", person=Person(phone="5521900000000")))
    for number, quoted in enumerate(("wamid.nowhere", "wamid.de outra pessoa")):
        came = receive(world, arrival(f"m{number}", quotes=quoted))
        assert (came.quote.key, came.quote.text) == (None, "")
