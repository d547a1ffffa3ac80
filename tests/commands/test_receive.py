"""A message arrives: once, in the one chat of whoever wrote it, in any order."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from chalicelib.commands.receive import receive
from chalicelib.domain.delivery import Status
from chalicelib.domain.inbound import Person
from chalicelib.domain.listing import Placement, placement
from chalicelib.domain.revision import revised
from chalicelib.queries import chats as queries
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change
from chalicelib.stores.rows import to_chat, to_message
from chalicelib.stores.tables import AttendanceRow, ChatRow, IdentityRow, MessageRow, Row
from tests.builders import ACCOUNT, NOON, agent, arrival, chat, client_key, join, put, says
from tests.conftest import empty_tables, world_of_fakes
from tests.fakes import Clock

PHONE = Person(phone="5511987654321", name="Bia")
PHONE_WITHOUT_NINTH = Person(phone="551187654321", name="Bia")
BSUID = Person(user_id="BR.1", name="Bia")
BOTH = Person(phone="5511987654321", user_id="BR.1", name="Bia")


def rows(kind):
    return [row for row in Row.scan() if isinstance(row, kind)]


def chats():
    return [to_chat(row) for row in rows(ChatRow) if row.merged_into is None]


def the_chat():
    (one,) = chats()
    return one


def messages():
    return sorted((to_message(row) for row in rows(MessageRow)), key=lambda one: one.key)


def minutes(number):
    return timedelta(minutes=number)


def test_a_new_contact_has_a_chat_open_with_nobody(world):
    """TAB-5 INB-5 SES-1"""
    message = receive(world, arrival("oi"))
    one = the_chat()
    assert (one.name, one.phone, one.preview, one.unread) == ("Bia", "5511987654321", "oi", 1)
    assert placement(one) is Placement.NOBODY
    assert one.opened_at == NOON
    assert dict(one.last_inbound_at) == {ACCOUNT: NOON}
    assert (one.rev, one.touched) == (1, (message.key,))
    (kept,) = messages()
    assert kept == message
    (attendance,) = rows(AttendanceRow)
    assert attendance.protocol == one.attendance.protocol == "100001"


def test_a_known_contacts_message_joins_their_chat(world):
    """INB-3 LIVE-4"""
    receive(world, arrival("um"))
    second = receive(world, arrival("dois", at=NOON + minutes(1)))
    one = the_chat()
    assert (one.preview, one.unread, one.rev, one.touched) == ("dois", 2, 2, (second.key,))
    assert [message.text for message in messages()] == ["um", "dois"]
    assert len(rows(AttendanceRow)) == 1


def test_a_message_in_an_open_chat_changes_no_holder(world):
    """TAB-5"""
    receive(world, arrival("um"))
    ana = join(agent("ana"))
    says(world, ana, the_chat().chat_id, client_key(), "olá")
    receive(world, arrival("dois", at=NOON + minutes(1)))
    assert (the_chat().agent_id, the_chat().attendance.protocol) == ("ana", "100001")


def test_a_message_in_a_closed_chat_opens_an_attendance_with_nobody(world):
    """TAB-5 FLOW-13: the chatbot is off while it has no main flow."""
    put(chat(open_=False, identities=(f"whatsapp#{ACCOUNT}#phone#5511987654321",)))
    receive(world, arrival("oi"))
    one = the_chat()
    assert (one.chat_id, one.opened_at, one.attendance.opened_by) == ("c1", NOON, None)
    assert placement(one) is Placement.NOBODY


def test_fifty_deliveries_of_one_message_are_one_message(world):
    """INB-3"""
    once = receive(world, arrival("oi"))
    after = the_chat()
    assert once is not None
    for _ in range(50):
        assert receive(world, arrival("oi")) is None
    receive(world, arrival("dois", at=NOON + minutes(1)))
    assert receive(world, arrival("oi")) is None, "and again after everything else"
    assert the_chat().unread == 2
    assert the_chat().rev == after.rev + 1
    assert len(messages()) == 2


def test_a_message_without_a_believable_time_is_still_one(world, clock):
    """INB-3"""
    receive(world, arrival("oi", dated=False))
    clock.forward(hours=1)
    assert receive(world, arrival("oi", at=clock(), dated=False)) is None
    assert len(messages()) == 1


BATCH = [
    arrival("um"),
    arrival("dois", at=NOON + minutes(1), person=PHONE_WITHOUT_NINTH),
    arrival("👍", at=NOON + minutes(2), kind="reaction", from_contact=False),
    arrival("nossa", at=NOON + minutes(3), echo=True, from_contact=False),
]


def test_any_order_of_a_batch_ends_in_the_same_chat_and_messages():
    """INB-4"""
    ends = []
    for order in list(permutations(BATCH))[::3]:
        with empty_tables():
            world = world_of_fakes(Clock(NOON + minutes(5)))
            for came in order:
                receive(world, came)
            one = the_chat()
            found = [replace(message, rev=0) for message in messages()]
            counted = {"row_rev": 0, "profile_rev": 0, "holding": 0, "touched": (), "occasions": ()}
            ends.append((replace(one, arming=False, **counted), found))
    assert all(end == ends[0] for end in ends)


@pytest.mark.parametrize(
    "written",
    [
        [PHONE, PHONE_WITHOUT_NINTH],
        [PHONE_WITHOUT_NINTH, PHONE],
        [BSUID, BOTH, PHONE],
        [BOTH, PHONE, BSUID],
        [PHONE, BOTH, BSUID],
        [BSUID, BOTH, PHONE_WITHOUT_NINTH],
    ],
)
def test_all_ids_of_one_person_are_one_contact(world, written):
    """INB-7"""
    for number, person in enumerate(written):
        receive(world, arrival(f"m{number}", at=NOON + minutes(number), person=person))
    one = the_chat()
    assert one.unread == len(written)
    assert len(messages()) == len(written)
    assert {message.chat_id for message in messages()} == {one.chat_id}


def test_two_chats_of_one_person_become_one(world):
    """INB-7"""
    receive(world, arrival("por número", person=PHONE))
    receive(world, arrival("por id", at=NOON + minutes(1), person=BSUID))
    first, second = sorted(chats(), key=lambda one: one.chat_id)
    receive(world, arrival("pelos dois", at=NOON + minutes(2), person=BOTH))
    winner = the_chat()
    assert winner.chat_id == first.chat_id
    assert winner.also == (second.chat_id,)
    assert (winner.unread, winner.phone, winner.user_id) == (3, "5511987654321", "BR.1")
    assert store.resolve(second.chat_id) == winner
    shown = queries.opened_chat(world, agent(), second.chat_id)
    assert shown["chat"]["row"]["chat_id"] == winner.chat_id
    texts = [message["text"] for message in shown["page"]["messages"]]
    assert texts == ["por número", "por id", "pelos dois"]


def test_after_a_merge_every_id_leads_to_the_winner(world):
    """INB-7"""
    for number, person in enumerate((PHONE, BSUID, BOTH)):
        receive(world, arrival(f"m{number}", at=NOON + minutes(number), person=person))
    winner = the_chat()
    ids = [one for one in rows(Row) if one.pk.startswith("IDENT#")]
    assert len(ids) == 2
    assert {row.chat_id for row in ids} == {winner.chat_id}
    for number, person in enumerate((PHONE, BSUID), 3):
        receive(world, arrival(f"m{number}", at=NOON + minutes(number), person=person))
    assert the_chat().unread == 5


def test_an_old_message_of_a_merged_chat_comes_again_and_is_still_one(world):
    """INB-3 INB-7"""
    came = [
        arrival("por número", person=PHONE),
        arrival("por id", at=NOON + minutes(1), person=BSUID),
        arrival("pelos dois", at=NOON + minutes(2), person=BOTH),
    ]
    for one in came:
        receive(world, one)
    for one in came:
        assert receive(world, one) is None
    assert the_chat().unread == 3
    assert len(messages()) == 3


def test_a_merge_leaves_one_open_attendance(world):
    """INB-7 CLOSE-7"""
    receive(world, arrival("por número", person=PHONE))
    receive(world, arrival("por id", at=NOON + minutes(1), person=BSUID))
    receive(world, arrival("pelos dois", at=NOON + minutes(2), person=BOTH))
    closed = {row.protocol: row.closed_by for row in rows(AttendanceRow)}
    assert closed == {"100001": None, "100002": "merge"}
    assert the_chat().attendance.protocol == "100001"


def test_strangers_are_never_merged(world):
    """INB-7"""
    receive(world, arrival("um", person=PHONE))
    receive(world, arrival("dois", person=Person(phone="5511900000000", name="Bia")))
    receive(world, arrival("três", person=Person(user_id="BR.2", name="Bia")))
    assert len(chats()) == 3


def test_what_nobody_understands_is_kept_as_a_placeholder(world):
    """INB-5"""
    receive(world, arrival("", kind="unsupported", raw_kind="hologram", provider_id="wamid.x"))
    (kept,) = messages()
    assert (kept.kind, kept.raw_kind) == ("unsupported", "hologram")
    assert (the_chat().unread, the_chat().preview_kind) == (1, "unsupported")


def test_a_reaction_is_kept_and_not_unread(world):
    """INB-5"""
    receive(world, arrival("oi"))
    receive(world, arrival("👍", at=NOON + minutes(1), kind="reaction", from_contact=False))
    assert [message.kind for message in messages()] == ["text", "reaction"]
    assert (the_chat().unread, the_chat().preview) == (1, "oi")


def test_an_echo_appears_once_as_ours_and_opens_nothing(world):
    """INB-8"""
    echo = arrival("do celular", echo=True, from_contact=False)
    receive(world, echo)
    assert receive(world, echo) is None
    one = the_chat()
    assert (one.attendance, one.opened_at, one.unread) == (None, None, 0)
    assert (one.preview, one.preview_author) == ("do celular", "device")
    (kept,) = messages()
    assert (kept.author, kept.status) == ("device", "sent")


def test_an_echo_of_what_we_sent_ourselves_is_nothing_new(world):
    """INB-8"""
    receive(world, arrival("oi"))
    ana = join(agent("ana"))
    ours = says(world, ana, the_chat().chat_id, client_key(), "olá")
    store.save_message(replace(ours, provider_id="wamid.ours", status=Status.SENT, version=1))
    echo = arrival("olá", provider_id="wamid.ours", echo=True, from_contact=False)
    assert receive(world, echo) is None
    assert [one.text for one in messages() if one.line is None] == ["oi", "olá"]


def test_hostile_text_is_kept_as_it_came(world):
    """INB-5"""
    hostile = "<script>alert(1)</script>\u202eoi\u0000 ' OR 1=1 --"
    name = "<img src=x onerror=alert(1)>"
    receive(world, arrival(hostile, provider_id="wamid.h", person=replace(PHONE, name=name)))
    assert (messages()[0].text, the_chat().name) == (hostile, name)


def test_the_chat_appears_to_those_who_may_read_it(world):
    """TAB-7"""
    receive(world, arrival("oi"))
    assert queries.counts(agent("ana"))["counts"] == {
        "all": 1,
        "open": 1,
        "mine": 0,
        "in_service": 0,
    }
    assert queries.counts(agent("ana", permissions=frozenset()))["counts"] == {}


def test_an_id_that_moved_on_is_not_taken_from_memory(world):
    """INB-7: what a process remembers of an id holds only while the chat's row says so."""
    receive(world, arrival("oi"))
    mine = the_chat()
    store.commit(Change(mine, revised(mine, replace(mine, identities=()))))
    (row,) = rows(IdentityRow)
    row.delete()
    receive(world, arrival("outra pessoa", at=NOON + minutes(1)))
    assert len(chats()) == 2
