"""Drafts: what an agent typed follows them to another device; the later one stands."""

from datetime import timedelta

import pytest

from chalicelib.commands.draft import save
from chalicelib.commands.erase_contact import erase, go_on
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.domain.instants import iso
from chalicelib.queries.drafts import of_agent
from chalicelib.stores import drafts as store
from chalicelib.stores.tables import ChatRow, DraftRow, chat_pk, draft_pk
from tests.builders import NOON, agent, chat, client_key, join, put

ANA = agent("ana", permissions=frozenset(Permission))
DAVI = agent("davi", permissions=frozenset({Permission.TAB_MINE}))


def typed(text="Bom d", after=0, **facts):
    at = iso(NOON - timedelta(minutes=5) + timedelta(seconds=after))
    return {"text": text, "internal": False, "quotes": None, "at": at, **facts}


def texts(one=ANA):
    return [(draft["chat_id"], draft["text"]) for draft in of_agent(one)["drafts"]]


@pytest.fixture
def here(world):
    put(chat("c1"))
    put(chat("c2"))
    return world


def test_what_was_typed_is_there_on_another_device(here):
    key = client_key()
    save(here, ANA, "c1", typed("Bom dia", internal=True, quotes=key))
    [draft] = of_agent(ANA)["drafts"]
    assert draft == {
        "chat_id": "c1",
        "text": "Bom dia",
        "internal": True,
        "quotes": key,
        "at": typed()["at"],
    }
    assert texts(DAVI) == []


def test_the_later_one_stands_whichever_comes_first(here):
    save(here, ANA, "c1", typed("b", after=2))
    save(here, ANA, "c1", typed("a", after=1))
    assert texts() == [("c1", "b")]
    save(here, ANA, "c1", typed("c", after=3))
    assert texts() == [("c1", "c")]


@pytest.mark.parametrize("empty", ["", "  \n"])
def test_an_empty_one_removes_it_and_none_that_was_typed_before_comes_back(here, empty):
    save(here, ANA, "c1", typed("a", after=1))
    save(here, ANA, "c1", typed(empty, after=3))
    save(here, ANA, "c1", typed("ab", after=2))
    assert texts() == []
    save(here, ANA, "c1", typed("de novo", after=4))
    assert texts() == [("c1", "de novo")]


def test_twice_is_as_good_as_once(here, stream):
    save(here, ANA, "c1", typed("a"))
    stream.records()
    save(here, ANA, "c1", typed("a"))
    assert (texts(), stream.records()) == ([("c1", "a")], [])


def test_a_clock_that_runs_ahead_does_not_hold_the_draft_for_ever(here):
    save(here, ANA, "c1", typed("do futuro", after=86_400))
    here.now.forward(seconds=1)
    later = iso(NOON + timedelta(seconds=1))
    save(here, ANA, "c1", {**typed("de agora"), "at": later})
    assert texts() == [("c1", "de agora")]


@pytest.mark.parametrize("at", ["2026-13-01T00:00:00.000Z", "2026-02-30T10:00:00.000Z"])
def test_what_is_no_time_is_refused(here, at):
    with pytest.raises(errors.Invalid):
        save(here, ANA, "c1", {**typed(), "at": at})


def test_only_chats_that_may_be_read_have_drafts(here):
    """TAB-7 PERM-2"""
    for chat_id in ("c1", "nobody-knows"):
        with pytest.raises(errors.NotFound):
            save(here, DAVI, chat_id, typed())
    put(chat("c3", agent_id="davi"))
    save(here, DAVI, "c3", typed())
    assert texts(DAVI) == [("c3", "Bom d")]
    lost = agent("davi", permissions=frozenset())
    assert texts(lost) == []


def test_the_latest_are_told_first(here):
    save(here, ANA, "c2", typed("a", after=2))
    save(here, ANA, "c1", typed("b", after=1))
    assert texts() == [("c2", "a"), ("c1", "b")]


def test_two_hundred_are_kept_the_oldest_make_room(here, monkeypatch):
    monkeypatch.setattr(store, "MOST", 3)
    for number in range(5):
        put(chat(f"d{number}"))
        save(here, ANA, f"d{number}", typed(str(number), after=number))
    assert [chat_id for chat_id, _ in texts()] == ["d4", "d3", "d2"]
    save(here, ANA, "d3", typed("mais", after=9))
    assert len(texts()) == 3


def test_a_draft_follows_its_chat_into_another(here):
    """INB-7"""
    put(chat("winner", also=("loser",)))
    put(chat("loser", open_=False))
    save(here, ANA, "loser", typed("a"))
    ChatRow(chat_pk("loser"), "CHAT").update(actions=[ChatRow.merged_into.set("winner")])
    assert texts() == [("winner", "a")]
    save(here, ANA, "loser", typed("b", after=1))
    assert texts() == [("winner", "b")]


def test_what_was_typed_to_an_erased_contact_is_erased(here):
    """LGPD"""
    join(ANA)
    save(here, ANA, "c1", typed("CPF 123"))
    erase(here, ANA, "c1")
    assert texts() == []
    for _ in range(5):
        go_on(here, "c1")
    assert list(DraftRow.query(draft_pk("ana"))) == []


def test_it_is_not_kept_for_ever(here):
    save(here, ANA, "c1", typed())
    [row] = DraftRow.query(draft_pk("ana"))
    left = row.expires_at - (NOON - timedelta(minutes=5)).timestamp()
    assert left == timedelta(days=60).total_seconds()
