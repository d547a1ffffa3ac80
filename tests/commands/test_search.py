"""Chats found by name, phone or protocol, among all that a viewer may read."""

from dataclasses import replace
from random import Random
from unittest import mock

import pytest

from chalicelib.commands.receive import receive
from chalicelib.domain import attendance, words
from chalicelib.domain.access import Permission, may_read
from chalicelib.domain.inbound import Person
from chalicelib.domain.revision import revised
from chalicelib.queries import search as queries
from chalicelib.stores import chats as store
from chalicelib.stores import members
from chalicelib.stores.chats import Change
from tests.builders import NOON, agent, arrival, chat, put
from tests.commands.test_lists import asked

ANA = agent()
ONLY_MINE = agent("bruno", permissions=frozenset({Permission.TAB_MINE}))


def ids(q, who=ANA):
    return [hit["row"]["chat_id"] for hit in queries.search(who, q)["hits"]]


def changed(before, after, **more):
    after = revised(before, after)
    store.commit(Change(before=before, after=after, **more))
    return after


@pytest.fixture
def people(desk):
    """Some who are called alike, and some who are not."""
    names = {
        "a1": ("João da Silva", "5511987654321", {}),
        "a2": ("Joana Silveira", "5521976543210", {}),
        "a3": ("Maria João", "551133334444", {"given_name": "Mariazinha"}),
        "a4": ("Bia", None, {"username": "bia.souza"}),
        "a5": ("Condomínio apartamento 1204", "442079460958", {}),
    }
    return {
        chat_id: put(chat(chat_id, name=name, phone=phone, **facts))
        for chat_id, (name, phone, facts) in names.items()
    }


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("joão", {"a1", "a3"}),
        ("JOAO", {"a1", "a3"}),
        ("joa", {"a1", "a2", "a3"}),
        ("silva joão", {"a1"}),
        ("sil joa", {"a1", "a2"}),
        ("mariazinha", {"a3"}),
        ("maria", {"a3"}),
        ("@bia", {"a4"}),
        ("souza", {"a4"}),
        ("oão", set()),
        ("joão souza", set()),
        ("1204", {"a5"}),
        ("12", {"a5"}),
        ("💜", set()),
        ("4321", {"a1"}),
        ("+55 (11) 8765-4321", {"a1"}),
        ("21 97654-3210", {"a2"}),
        ("3333 4444", {"a3"}),
        ("+44 20 7946 0958", {"a5"}),
        ("321", set()),
    ],
)
def test_who_is_found(people, q, found):
    """FIND-1"""
    assert set(ids(q)) == found


def test_what_was_found_is_said(people):
    """FIND-1"""
    by_phone = queries.search(ANA, "4321")["hits"][0]
    by_name = queries.search(ANA, "silva joão")["hits"][0]
    assert (by_phone["matched"], by_phone["protocol"]) == ("phone", None)
    assert (by_name["matched"], by_name["protocol"]) == ("name", None)


def test_whole_words_come_before_beginnings_and_the_latest_first(desk):
    """FIND-1"""
    put(chat("a1", name="Anabela", last_activity_at=NOON))
    put(chat("a2", name="Ana", last_activity_at=NOON.replace(hour=8)))
    put(chat("a3", name="Ana", last_activity_at=NOON.replace(hour=9)))
    put(chat("a4", name="Ana", last_activity_at=None))
    assert ids("ana") == ["a3", "a2", "a4", "a1"]


def test_a_protocol_is_found_whole_open_or_closed(world):
    """FIND-1 CHAT-8"""
    receive(world, arrival("oi"))
    (hit,) = queries.search(ANA, "bia")["hits"]
    protocol = store.load(hit["row"]["chat_id"]).attendance.protocol
    (found,) = queries.search(ANA, protocol)["hits"]
    assert (found["matched"], found["protocol"]) == ("protocol", protocol)
    assert ids(protocol[:-1]) == []
    before = store.load(hit["row"]["chat_id"])
    changed(before, replace(before, attendance=None, agent_id=None, department_id=None))
    assert ids(protocol) == [hit["row"]["chat_id"]]


def test_a_renamed_contact_is_found_by_the_new_name_alone(people):
    """FIND-1"""
    changed(people["a1"], replace(people["a1"], name="Carlos da Silva"))
    assert set(ids("joao")) == {"a3"}
    assert ids("carlos silva") == ["a1"]
    assert ids("4321") == ["a1"]


def test_a_new_number_takes_the_place_of_the_old(people):
    """FIND-1 INB-7"""
    changed(people["a1"], replace(people["a1"], phone="5511911112222"))
    assert ids("4321") == []
    assert ids("1111-2222") == ["a1"]


def test_two_chats_that_became_one_are_found_as_one(world):
    """FIND-1 INB-7: by either name, number and protocol."""
    receive(world, arrival("um", person=Person(phone="5511987654321", name="Bia")))
    receive(world, arrival("dois", person=Person(user_id="BR.1", name="Beatriz", username="bea")))
    (by_phone,), (by_name,) = ids("4321"), ids("beatriz")
    protocols = [store.load(one).attendance.protocol for one in (by_phone, by_name)]
    both = Person(phone="5511987654321", user_id="BR.1", name="Bia")
    receive(world, arrival("três", person=both))
    winners = {*ids("4321"), *ids("bia"), *ids("bea")}
    assert len(winners) == 1
    for protocol in protocols:
        assert set(ids(protocol)) == winners


def test_an_erased_contact_is_found_by_nothing(people):
    """FIND-1 (LGPD)"""
    changed(people["a1"], replace(people["a1"], erasing=True))
    for q in ("joao silva", "4321"):
        assert "a1" not in ids(q)


def test_a_row_that_outlived_its_name_leads_nowhere(people):
    """FIND-1: what is read a moment late is checked against the chat as it stands."""
    members.MemberRow(*members.word_place("zulmira", "a1"), chat_id="a1").save()
    members.MemberRow(*members.word_place("zulmira", "gone"), chat_id="gone").save()
    assert ids("zulmira") == []


def test_only_what_one_may_read_is_found(desk):
    """FIND-1 PERM-2 TAB-7: whatever tab is active."""
    put(chat("a1", name="Ana", phone="5511987654321"))
    mine = put(attendance.answered(chat("a2", name="Ana", phone="5511987654321"), "bruno"))
    put(chat("a3", name="Ana", open_=False, phone="5511987654321"))
    for q in ("ana", "4321"):
        assert set(ids(q)) == {"a1", "a2", "a3"}
        assert ids(q, ONLY_MINE) == [mine.chat_id]
    assert ids("ana", agent("eva", permissions=frozenset())) == []


def test_search_is_what_the_rule_says(desk):
    """FIND-1, against every chat asked one by one."""
    chance = Random(5)
    first = ["Ana", "Ána", "Anabela", "João", "Joana", "Bea", "Ítalo"]
    last = ["Silva", "Silveira", "Souza", "Sá", "Lima"]
    known = [
        put(
            chat(
                f"{number:04x}",
                name=f"{chance.choice(first)} {chance.choice(last)} {chance.choice(last)}",
                phone=f"55119{chance.randrange(80000000, 80000400)}",
                agent_id=chance.choice([None, "bruno"]),
            )
        )
        for number in range(60)
    ]
    for q in ("a", "an", "ana", "ana s", "silv joa", "SA ana", "lima", "8000", "80000", "x"):
        wanted = words.words(q)
        digits = words.digits_of(q)
        for who in (ANA, ONLY_MINE):
            expected = {
                one.chat_id
                for one in known
                if may_read(one, who)
                and (
                    words.all_in(wanted, words.words(one.name))
                    or (digits is not None and one.phone.endswith(digits))
                )
            }
            page = queries.search(who, q)
            found = {hit["row"]["chat_id"] for hit in page["hits"]}
            assert found <= expected
            assert len(found) == min(len(expected), queries.SHOWN)
            assert page["more"] is (len(expected) > queries.SHOWN)


# --- what a search reads ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("q", "calls"),
    [
        ("joao", "Query BatchGetItem"),
        ("joao silva", "Query BatchGetItem"),
        ("nobody", "Query"),
        ("+55 11 98765-4321", "GetItem Query BatchGetItem"),
        ("4321", "GetItem Query Query BatchGetItem"),
        ("💜", ""),
    ],
)
def test_a_search_is_two_look_ups_and_the_chats(people, q, calls):
    """FIND-1"""
    with asked() as made:
        queries.search(ANA, q)
    assert made == calls.split()


def test_of_too_many_that_are_called_so_some_are_shown_and_it_is_said(desk):
    """FIND-1: reading is bounded also for whoever may read few of them."""
    for number in range(12):
        put(chat(f"{number:04x}", name="Maria Lima", agent_id="bruno" if number == 11 else None))
    with mock.patch.object(queries, "FETCHED", 5), mock.patch.object(queries, "MATCHED", 8):
        page = queries.search(ANA, "maria")
        assert (len(page["hits"]), page["more"]) == (5, True)
        assert queries.search(ONLY_MINE, "maria") == {"hits": [], "more": True}
        assert queries.search(ANA, "maria lima")["more"] is True
        put(chat("ffff", name="Maria Quitéria", agent_id="bruno"))
        found = queries.search(ONLY_MINE, "maria quit")
        assert [hit["row"]["chat_id"] for hit in found["hits"]] == ["ffff"]
        assert found["more"] is False


def test_words_that_many_have_are_intersected(desk):
    """FIND-1"""
    for number in range(30):
        put(chat(f"{number:04x}", name="Ana Ferreira" if number % 6 == 0 else "Ana Teixeira"))
    for number in range(30, 60):
        put(chat(f"{number:04x}", name="Caio Ferreira"))
    with mock.patch.object(queries, "FETCHED", 6), mock.patch.object(queries, "MATCHED", 20):
        page = queries.search(ANA, "ana ferreira")
        assert {hit["row"]["name"] for hit in page["hits"]} == {"Ana Ferreira"}
        assert len(page["hits"]) == 4
        assert page["more"] is True


def test_candidates_are_chats_narrowed_by_whoever_asks(people):
    """ADM-3"""
    changed(people["a3"], replace(people["a3"], blocked=True))
    found, more = queries.candidates("joao", keep=lambda one: one.blocked, limit=5)
    assert [one.chat_id for one in found] == ["a3"]
    assert more is False
    found, more = queries.candidates("joa", keep=lambda one: True, limit=2)
    assert (len(found), more) == (2, True)


def test_a_long_name_is_found_by_any_of_its_words(desk):
    """FIND-1"""
    name = " ".join(f"palavra{number}" for number in range(35))
    before = put(chat("a1", name=name))
    assert ids("palavra34") == ["a1"]
    changed(before, replace(before, name=name.replace("palavra", "outra")))
    assert ids("palavra34") == []
    assert ids("outra34") == ["a1"]
