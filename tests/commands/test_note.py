"""Notes about a contact: once for each key, in any partition, and never for a stranger."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.commands import note as noting
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.domain.chat import merge
from chalicelib.domain.note import NOTES_LIMIT, Note
from chalicelib.domain.revision import revised
from chalicelib.queries import contact as panel
from chalicelib.stores import chats as store
from chalicelib.stores import notes
from chalicelib.stores.chats import Change
from tests.builders import NOON, TABS, agent, chat, client_key, join, put

ANA = agent("ana", permissions=TABS | {Permission.NOTES})
STRANGER = agent("bruno", permissions=frozenset({Permission.TAB_MINE, Permission.NOTES}))
CLERK = agent("caio", permissions=frozenset({Permission.CONTACTS, Permission.NOTES}))


def add(world, text="liga à tarde", *, by=ANA, number=1, chat_id="c1", date=None, to=None):
    return noting.add(
        world,
        by,
        chat_id,
        client_key(world.now(), number),
        text=text,
        date=date,
        to_agent_id=to,
    )


def edit(world, note_id, text, *, by=ANA, chat_id="c1", date=None, to=None):
    return noting.edit(world, by, chat_id, note_id, text=text, date=date, to_agent_id=to)


def shown(world, by=ANA):
    return [note["text"] for note in panel.contact(world, by, "c1")["notes"]]


def test_a_note_is_kept_with_its_writer_its_day_and_for_whom_it_is(world, clock):
    """INFO-4"""
    put(chat())
    join(agent("rita"))
    add(world, "primeira")
    clock.forward(minutes=1)
    note = add(world, "segunda", number=2, date="2026-12-01", to="rita")
    assert shown(world) == ["segunda", "primeira"]
    assert note == panel.contact(world, ANA, "c1")["notes"][0]
    assert (note["by"], note["by_name"], note["edited_at"]) == ("ana", "Ana", None)
    assert (note["date"], note["to_agent_id"]) == ("2026-12-01", "rita")


def test_the_same_key_is_the_same_note(world):
    """INFO-4"""
    put(chat())
    first = add(world)
    rev = store.load("c1").rev
    assert add(world) == first
    assert store.load("c1").rev == rev
    for other in ({"text": "outra"}, {"date": "2026-12-01"}):
        with pytest.raises(errors.ClientKeyReused):
            add(world, **other)
    assert shown(world) == ["liga à tarde"]


def test_a_note_that_waited_for_more_than_a_day_is_not_added(world, clock):
    """INFO-4: it may have been added and deleted meanwhile."""
    put(chat())
    key = client_key(world.now())
    clock.forward(hours=25)
    with pytest.raises(errors.ClientKeyExpired):
        noting.add(world, ANA, "c1", key, text="x", date=None, to_agent_id=None)


def test_a_note_is_changed_and_says_when(world, clock):
    """INFO-7"""
    put(chat())
    note = add(world)
    clock.forward(minutes=5)
    after = edit(world, note["note_id"], "liga de manhã", date="2026-12-01")
    assert (after["text"], after["date"]) == ("liga de manhã", "2026-12-01")
    assert after["created_at"] == note["created_at"]
    assert after["edited_at"] == "2026-11-24T12:05:00.000Z"
    rev = store.load("c1").rev
    clock.forward(minutes=5)
    assert edit(world, note["note_id"], "liga de manhã", date="2026-12-01") == after
    assert store.load("c1").rev == rev


def test_a_note_is_deleted_and_deleting_it_again_is_fine(world):
    """INFO-4"""
    put(chat())
    note = add(world)
    assert noting.remove(world, ANA, "c1", note["note_id"]) == {"done": True}
    rev = store.load("c1").rev
    assert noting.remove(world, ANA, "c1", note["note_id"]) == {"done": True}
    assert (shown(world), store.load("c1").rev) == ([], rev)
    with pytest.raises(errors.NotFound):
        edit(world, note["note_id"], "x")


def test_open_panels_hear_of_it_and_lists_do_not(world):
    """LIVE-1"""
    put(chat())
    note = add(world)
    assert (store.load("c1").profile_rev, store.load("c1").row_rev) == (2, 1)
    edit(world, note["note_id"], "x")
    assert store.load("c1").profile_rev == 3
    noting.remove(world, ANA, "c1", note["note_id"])
    assert (store.load("c1").profile_rev, store.load("c1").row_rev) == (4, 1)


@pytest.mark.parametrize("date", ["2026-02-30", "2026-13-01", "0000-01-01"])
def test_a_day_that_does_not_exist_is_refused(world, date):
    """INFO-4"""
    put(chat())
    note = add(world)
    for act in (
        lambda: add(world, number=2, date=date),
        lambda: edit(world, note["note_id"], "x", date=date),
    ):
        with pytest.raises(errors.Invalid) as refused:
            act()
        assert refused.value.fields["fields"] == [{"path": "date", "reason": "not_a_date"}]


def test_a_note_goes_to_no_agent_who_is_not_there(world):
    """INFO-4 PERM-3"""
    put(chat())
    rita = join(agent("rita"))
    note = add(world, to="rita")
    join(replace(rita, active=False))
    for to in ("rita", "nobody"):
        with pytest.raises(errors.AgentUnavailable):
            add(world, number=2, to=to)
    # one that was for them before may be corrected
    assert edit(world, note["note_id"], "corrigida", to="rita")["text"] == "corrigida"
    with pytest.raises(errors.AgentUnavailable):
        edit(world, note["note_id"], "corrigida", to="nobody")


def test_a_contact_has_two_hundred_notes_and_no_more(world):
    """INFO-4"""
    put(chat())
    for number in range(NOTES_LIMIT):
        note = Note("c1", f"{number:013d}-{number:016x}", "x", None, None, "ana", "Ana", NOON)
        notes.write(None, note).row.save()
    with pytest.raises(errors.TooMany):
        add(world)


def test_who_may_not_see_the_contact_may_not_note_anything(world):
    """PERM-2"""
    put(chat())
    note = add(world)
    for act in (
        lambda: add(world, by=STRANGER, number=2),
        lambda: edit(world, note["note_id"], "x", by=STRANGER),
        lambda: noting.remove(world, STRANGER, "c1", note["note_id"]),
    ):
        with pytest.raises(errors.NotFound):
            act()
    assert shown(world) == ["liga à tarde"]


def test_notes_are_added_on_the_contacts_page_as_well(world):
    """INFO-7 ADM-3"""
    put(chat())
    add(world, by=CLERK)
    assert shown(world, CLERK) == ["liga à tarde"]


def test_after_a_merge_the_notes_of_both_are_one_list(world, clock):
    """INFO-4 INB-7"""
    put(chat("c1", created_at=NOON - timedelta(days=2)))
    put(chat("c2", phone="5511900000000"))
    add(world, "de uma", chat_id="c1")
    clock.forward(minutes=1)
    other = add(world, "de outra", number=2, chat_id="c2")
    winner, loser = store.load("c1"), store.load("c2")
    kept, gone = merge(winner, loser)
    store.commit(
        Change(before=winner, after=revised(winner, kept), others=((loser, revised(loser, gone)),))
    )
    assert shown(world) == ["de outra", "de uma"]
    edit(world, other["note_id"], "corrigida")
    assert shown(world) == ["corrigida", "de uma"]
    noting.remove(world, ANA, "c2", other["note_id"])
    assert shown(world) == ["de uma"]
