"""What each event makes of a chat, in whatever order the events come."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import chat as chats
from chalicelib.domain.chat import merge, read
from chalicelib.domain.contact import identities
from chalicelib.domain.inbound import Person
from chalicelib.domain.instants import from_ms
from chalicelib.domain.message import arrival_key, from_arrival, key_of
from tests.builders import ACCOUNT, NOON, PORTFOLIO, arrival, chat


def minutes(number):
    return timedelta(minutes=number)


def after(*arrivals):
    """The chat that these arrivals make, taken in this order."""
    one = None
    for came in arrivals:
        ids = identities(came.channel, came.account, came.portfolio, came.person)
        one = chats.begin("c1", came, ids, NOON) if one is None else chats.know(one, came, ids)
        message = from_arrival(came, "c1", 0)
        if came.from_contact:
            one = chats.heard(one, message)
        elif came.echo:
            one = chats.exchanged(one, message)
    return one


PEOPLE = st.builds(
    Person,
    phone=st.sampled_from([None, "5511987654321", "551187654321", "5511900000000"]),
    user_id=st.just("BR.1"),
    username=st.sampled_from([None, "bia", "bia.souza"]),
    name=st.sampled_from([None, "Bia", "Beatriz", "B"]),
)
KINDS = st.sampled_from(
    [
        {"echo": False, "from_contact": True, "kind": "text"},
        {"echo": False, "from_contact": True, "kind": "unsupported"},
        {"echo": True, "from_contact": False, "kind": "text"},
        {"echo": False, "from_contact": False, "kind": "reaction"},
    ]
)


@st.composite
def conversations(draw):
    """What one person's chat receives, the first message being the contact's, in two orders."""
    arrivals = [
        arrival(
            f"m{number}",
            at=NOON + timedelta(seconds=draw(st.integers(0, 3))),
            account=draw(st.sampled_from([ACCOUNT, "another"])),
            person=draw(PEOPLE),
            **(draw(KINDS) if number else {}),
        )
        for number in range(draw(st.integers(2, 5)))
    ]
    return arrivals, draw(st.permutations(arrivals))


@given(conversations())
def test_any_order_of_arrival_ends_in_the_same_chat(orders):
    """INB-4"""
    as_sent, as_it_came = orders
    assert after(*as_it_came) == after(*as_sent)


def test_the_row_shows_the_latest_message_whatever_came_last():
    """INB-4 ROW-1 SORT-1"""
    early, late = arrival("cedo"), arrival("tarde", at=NOON + minutes(1))
    one = after(late, early)
    assert (one.preview, one.last_activity_at) == ("tarde", NOON + minutes(1))
    assert one.unread == 2
    assert one.unread_from == arrival_key(early)
    assert one.last_inbound == arrival_key(late)


def test_an_answer_leaves_by_the_account_last_written_to():
    """SES-1"""
    first = arrival("um", account="first")
    second = arrival("dois", account="second", at=NOON + minutes(1))
    one = after(second, first)
    assert one.account == "second"
    assert dict(one.last_inbound_at) == {"first": NOON, "second": NOON + minutes(1)}


def test_an_echo_is_exchanged_and_neither_unread_nor_a_session():
    """INB-8 SES-1"""
    echo = arrival("nossa", at=NOON + minutes(1), echo=True, from_contact=False)
    one = after(arrival("oi"), echo)
    assert (one.preview, one.preview_author, one.unread) == ("nossa", "device", 1)
    assert dict(one.last_inbound_at) == {ACCOUNT: NOON}


def test_a_reaction_changes_no_order_unread_mark_or_session():
    """INB-5 SORT-1"""
    reaction = arrival("👍", at=NOON + minutes(1), from_contact=False, kind="reaction")
    one = after(arrival("oi"), reaction)
    assert replace(one, learnt_at={}) == replace(after(arrival("oi")), learnt_at={})


def test_a_later_profile_name_changes_the_given_name_only():
    """INFO-1"""
    first = arrival("um", person=Person(phone="5511987654321", name="Bia"))
    later = arrival("dois", at=NOON + minutes(1), person=replace(first.person, name="Beatriz"))
    for one in (after(first, later), after(later, first)):
        assert (one.name, one.given_name) == ("Bia", "Beatriz")


def test_the_profile_names_who_was_only_a_number():
    """INFO-1"""
    nameless = arrival("um", person=Person(phone="5511987654321"))
    named = arrival("dois", at=NOON + minutes(1))
    assert after(nameless).name == "+5511987654321"
    assert after(nameless, named).name == "Bia"


def test_a_person_is_known_by_more_ids_as_they_come():
    """INB-7"""
    by_id = arrival("um", person=Person(user_id="BR.1"))
    by_both = arrival("dois", person=Person(user_id="BR.1", phone="5511987654321"))
    one = after(by_id, by_both, by_id)
    assert (one.phone, one.user_id) == ("5511987654321", "BR.1")
    assert set(one.identities) == {
        f"whatsapp#{PORTFOLIO}#user_id#BR.1",
        f"whatsapp#{ACCOUNT}#phone#5511987654321",
    }


FIRST, SECOND = (key_of(NOON + minutes(n), "m") for n in (0, 1))


@pytest.mark.parametrize(
    ("up_to", "unread"),
    [
        (SECOND, 0),
        (key_of(NOON + minutes(2), "an answer"), 0),
        (FIRST, 2),  # a message came that the reader has not seen
        ("0000000000000-0000000000000000", 2),
    ],
)
def test_a_chat_is_read_unless_a_message_came_that_the_reader_has_not_seen(up_to, unread):
    """READ-1"""
    before = chat(unread=2, unread_from=FIRST, last_inbound=SECOND)
    one = read(before, up_to)
    assert one.unread == unread
    assert one.unread_from == (FIRST if unread else None)


def test_reading_a_read_chat_changes_nothing():
    """READ-1"""
    before = chat(last_inbound=FIRST)
    assert read(before, SECOND) is before


# --- two chats found to be one ----------------------------------------------------------------


def two_chats():
    early = after(arrival("cedo", person=Person(phone="5511987654321", name="Bia")))
    late = after(
        arrival("tarde", at=NOON + minutes(1), account="second", person=Person(user_id="BR.1"))
    )
    return replace(early, chat_id="c1"), replace(late, chat_id="c2", also=("c3",))


def test_the_winner_of_a_merge_knows_all_that_either_knew():
    """INB-7"""
    kept, gone = merge(*two_chats())
    assert (kept.phone, kept.user_id, kept.name) == ("5511987654321", "BR.1", "Bia")
    assert (kept.unread, kept.preview, kept.account) == (2, "tarde", "second")
    assert kept.unread_from == arrival_key(arrival("cedo"))
    assert set(kept.last_inbound_at) == {ACCOUNT, "second"}
    assert len(kept.identities) == 2
    assert kept.partitions == ("c1", "c2", "c3")
    assert (gone.merged_into, gone.unread, gone.also) == ("c1", 0, ())


@pytest.mark.parametrize(
    ("winner", "loser", "held_by"),
    [
        ({"agent_id": "ana"}, {"agent_id": "bruno"}, ("ana", None, True)),
        ({}, {"agent_id": "bruno", "department_id": "sales"}, (None, None, True)),
        (
            {"open_": False},
            {"agent_id": "bruno", "department_id": "sales"},
            ("bruno", "sales", True),
        ),
        ({"open_": False}, {"open_": False}, (None, None, False)),
        ({"department_id": "sales"}, {"open_": False}, (None, "sales", True)),
    ],
)
def test_a_merge_keeps_one_attendance_and_its_holders(winner, loser, held_by):
    """INB-7 TAB-5"""
    kept, gone = merge(chat("c1", **winner), chat("c2", **loser))
    assert (kept.agent_id, kept.department_id, kept.attendance is not None) == held_by
    assert (gone.agent_id, gone.department_id, gone.attendance) == (None, None, None)


@given(
    st.lists(st.integers(0, 5), max_size=3),
    st.lists(st.integers(0, 5), max_size=3),
)
def test_merging_ends_in_what_one_chat_would_have_been(of_one, of_other):
    """INB-4 INB-7: unread marks, order and sessions do not depend on when the two met."""

    def told(seconds, person):
        called = person.phone or person.user_id
        return [
            arrival(f"{called}{number}", at=from_ms(1000 * at), person=person)
            for number, at in enumerate(seconds)
        ]

    phone, user_id = Person(phone="5511987654321"), Person(user_id="BR.1", name="Bia")
    first = told([0, *of_one], phone)
    second = told([0, *of_other], user_id)
    kept, _ = merge(after(*first), replace(after(*second), chat_id="c2"))
    whole = after(*first, *second)
    for fact in (
        "unread",
        "unread_from",
        "last_inbound",
        "last_inbound_at",
        "last_activity_at",
        "preview_key",
        "preview",
        "name",
        "given_name",
        "phone",
        "user_id",
        "learnt_at",
        "identities",
    ):
        assert getattr(kept, fact) == getattr(whole, fact), fact
