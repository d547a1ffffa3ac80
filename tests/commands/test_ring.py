"""What an agent finds at their bell, and does with it."""

import pytest

from chalicelib import triggers
from chalicelib.commands import note as noting
from chalicelib.commands import ring
from chalicelib.commands.receive import receive
from chalicelib.domain.access import Permission
from chalicelib.queries import notifications
from chalicelib.stores import people
from chalicelib.stores.tables import BellRow, Row
from tests.builders import ACCOUNT, TABS, agent, arrival, chat, client_key, join, mark, put
from tests.commands.alerting import Alerting

ANA = agent("ana", permissions=TABS | {Permission.NOTES})
BRUNO = agent("bruno")
IDENTITY = f"whatsapp#{ACCOUNT}#phone#5511987654321"


@pytest.fixture
def here(world, stream, monkeypatch):
    monkeypatch.setattr(triggers, "world", lambda: world)
    join(ANA, BRUNO)
    put(chat(identities=(IDENTITY,), agent_id="ana", name="Bia"))
    stream.records()
    return Alerting(world, stream)


def writes(here, *texts, **facts):
    for text in texts:
        here.world.now.forward(seconds=1)
        receive(here.world, arrival(text, at=here.world.now(), **facts))
    here.follow()


def entries(here, who=ANA):
    return notifications.at_bell(here.world, who)["entries"]


def texts(here, who=ANA):
    return [one["text"] for one in entries(here, who)]


def test_an_entry_says_who_what_and_when(here):
    """NOTIF-2"""
    writes(here, "oi")
    (one,) = entries(here)
    assert one == {
        "id": one["id"],
        "kind": "message",
        "chat_id": "c1",
        "name": "Bia",
        "channel": "whatsapp",
        "text": "oi",
        "text_kind": "text",
        "department_id": None,
        "at": "2026-11-24T12:00:01.000Z",
        "seen": False,
    }


def test_the_newest_stands_first_and_a_hundred_of_them(here):
    """NOTIF-2"""
    writes(here, *(f"m{number}" for number in range(5)))
    writes(here, *(f"m{number}" for number in range(5, 105)))
    assert texts(here) == [f"m{number}" for number in range(104, 4, -1)]


def test_what_was_deleted_by_its_contact_is_not_read_at_the_bell(here):
    """CHAT-7"""
    writes(here, "segredo")
    triggers._heed(here.world, mark("deletion", "wamid.segredo", at=here.world.now()))
    (one,) = entries(here)
    assert (one["text"], one["text_kind"]) == ("", None)


def test_what_was_edited_is_read_as_it_is(here):
    """CHAT-7"""
    writes(here, "oi")
    triggers._heed(here.world, mark("edit", "wamid.oi", at=here.world.now(), text="olá"))
    assert texts(here) == ["olá"]


def test_one_is_removed_and_the_others_stay(here):
    """NOTIF-2"""
    writes(here, "um", "dois", "três")
    bell_id = entries(here)[1]["id"]
    for _ in range(2):
        assert ring.remove(here.world, ANA, bell_id) == {"done": True}
    assert texts(here) == ["três", "um"]


def test_all_are_removed_but_those_that_came_meanwhile(here):
    """NOTIF-2: the «x» removes what was on the screen."""
    writes(here, "um", "dois")
    newest = notifications.at_bell(here.world, ANA)["newest"]
    writes(here, "três")
    removed = ring.clear(here.world, ANA, newest)["ids"]
    assert (texts(here), len(removed)) == (["três"], 2)


def test_what_was_removed_comes_back(here):
    """NOTIF-2"""
    writes(here, "um", "dois")
    newest = notifications.at_bell(here.world, ANA)["newest"]
    removed = ring.clear(here.world, ANA, newest)["ids"]
    ring.bring_back(here.world, ANA, [*removed, "1" * 13 + "-" + "a" * 16])
    assert texts(here) == ["dois", "um"]
    kept = [row.expires_at for row in Row.scan() if isinstance(row, BellRow)]
    assert all(one > here.world.now().timestamp() + 29 * 86_400 for one in kept)


def test_what_was_removed_goes_for_good_within_the_hour(here):
    """NOTIF-2"""
    writes(here, "um")
    ring.remove(here.world, ANA, entries(here)[0]["id"])
    (row,) = [row for row in Row.scan() if isinstance(row, BellRow)]
    assert row.expires_at == here.world.now().timestamp() + 3600


def test_nobody_touches_the_bell_of_another(here):
    """PERM-2"""
    writes(here, "um")
    bell_id = entries(here)[0]["id"]
    ring.remove(here.world, BRUNO, bell_id)
    assert ring.clear(here.world, BRUNO, bell_id) == {"ids": []}
    assert (texts(here), texts(here, BRUNO)) == (["um"], [])


def test_looking_takes_the_dot_away_until_the_next(here):
    """NOTIF-2"""
    writes(here, "um", "dois")
    oldest, newest = sorted(one["id"] for one in entries(here))
    ring.look(here.world, ANA, newest)
    ring.look(here.world, ANA, oldest)  # of a tab that is behind
    writes(here, "três")
    assert [one["seen"] for one in entries(here)] == [False, True, True]


def test_the_sound_is_off_wherever_the_agent_sits(here):
    """NOTIF-1"""
    ring.mute(here.world, ANA, muted=True)
    assert notifications.at_bell(here.world, ANA)["muted"] is True
    assert notifications.at_bell(here.world, BRUNO)["muted"] is False
    here.sits("ana", "other")
    writes(here, "um")
    (one,) = notifications.why(here.world, ANA, None)["decisions"]
    assert one["sound"] == {"told": False, "because": "muted"}
    ring.mute(here.world, ANA, muted=False)
    writes(here, "dois")
    assert notifications.why(here.world, ANA, None)["decisions"][0]["sound"]["told"] is True


def test_of_a_chat_that_is_not_theirs_to_read_any_more_nothing_stands_there(here):
    """PERM-2 TAB-7"""
    writes(here, "um")
    people.save_agent(agent("ana", permissions=frozenset()))
    blind = people.agent("ana")
    assert entries(here, blind) == []
    assert notifications.why(here.world, blind, None)["decisions"] == []


def test_a_forwarded_note_stands_there_for_who_may_see_notes(here):
    """INFO-4"""
    join(agent("bruno", permissions=TABS | {Permission.NOTES}))
    key = client_key()
    noting.add(here.world, ANA, "c1", key, text="Ligar para a Bia", date=None, to_agent_id="bruno")
    (one,) = entries(here, people.agent("bruno"))
    assert (one["kind"], one["text"], one["text_kind"]) == ("note", "Ligar para a Bia", None)
    assert entries(here, BRUNO) == []


def test_the_reasons_are_read_in_pages(here):
    """NOTIF-7"""
    writes(here, *(f"m{number}" for number in range(65)))
    found, cursor, pages = [], None, []
    while True:
        page = notifications.why(here.world, ANA, cursor)
        found += page["decisions"]
        pages.append(len(page["decisions"]))
        cursor = page["cursor"]
        if cursor is None:
            break
    assert pages == [30, 30, 5]
    assert len({one["id"] for one in found}) == 65
    assert found == sorted(found, key=lambda one: one["id"], reverse=True)
    assert found[0] == {
        "id": found[0]["id"],
        "kind": "message",
        "chat_id": "c1",
        "name": "Bia",
        "channel": "whatsapp",
        "department_id": None,
        "at": "2026-11-24T12:01:05.000Z",
        "bell": {"told": True, "because": "told"},
        "sound": {"told": False, "because": "no_page_open"},
        "push": {"told": False, "because": "no_device", "outcome": None},
    }
