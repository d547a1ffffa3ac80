"""A contact is erased: at once for everybody, and then to the last row and file (LGPD)."""

import json
from datetime import timedelta

import pytest

import app
from chalicelib import triggers
from chalicelib.commands import edit_contact as editing
from chalicelib.commands import erase_contact as erasing
from chalicelib.commands import run_due, settle
from chalicelib.commands.deliver import deliver
from chalicelib.commands.note import add as add_note
from chalicelib.commands.receive import receive
from chalicelib.commands.start_chat import start
from chalicelib.commands.sync_templates import sync
from chalicelib.commands.tag import add as add_tag
from chalicelib.domain import chat as chats
from chalicelib.domain import errors
from chalicelib.domain.access import Permission, may_read
from chalicelib.domain.chat import merge
from chalicelib.domain.delivery import callback_data
from chalicelib.domain.listing import Order, Tab
from chalicelib.domain.live import ChatChanged, Viewer, told
from chalicelib.domain.revision import revised
from chalicelib.queries import chats as queries
from chalicelib.queries import contact as panel
from chalicelib.queries import contacts, search
from chalicelib.queries.attendances import page as attendances_page
from chalicelib.stores import channels, erasures, labels
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change
from chalicelib.stores.tables import AuditRow, audit_pk
from tests.builders import (
    ACCOUNT,
    NOON,
    TABS,
    agent,
    arrival,
    chat,
    client_key,
    join,
    message,
    put,
    receipt,
    says,
)
from tests.fakes import aws, sqs_event

ANA = agent("ana", permissions=TABS | {Permission.CONTACTS, Permission.NOTES})
PHONE = f"whatsapp#{ACCOUNT}#phone#5511987654321"
TEMPLATE = {
    "name": "retomar",
    "language": "pt_BR",
    "category": "UTILITY",
    "status": "APPROVED",
    "components": [{"type": "BODY", "text": "Olá!"}],
}
NOBODYS = ("TAG", "FIELD", "AGENT", "CHANNEL", "COUNTER", "AUDIT")


@pytest.fixture(autouse=True)
def here(world, monkeypatch):
    """The functions find this world; steps are small, so that there are several."""
    monkeypatch.setattr(triggers, "world", lambda: world)
    monkeypatch.setattr(erasures, "ROWS_AT_ONCE", 4)
    join(ANA)
    labels.save_tag({"tag_id": "vip", "name": "VIP", "color": "blue"})
    labels.save_field(
        {
            "field_id": "f1",
            "slug": "foto",
            "name": "Foto",
            "kind": "image",
            "options": [],
            "at_closing": "no",
            "active": True,
        }
    )
    return world


def described(world, number=1, phone="5511987654321"):
    """A contact of whom there is something of everything; their chat's id."""
    came = arrival(f"oi {number}", at=NOON + timedelta(seconds=number))
    chat_id = receive(world, came).chat_id
    says(world, ANA, chat_id, client_key(world.now(), number), "olá")
    key = f"pictures/contact/{chat_id}/{'a' * 32}.png"
    world.files.put(key, b"png")
    editing.edit(
        world,
        ANA,
        chat_id,
        {"name": "Beatriz Souza", "system": {"cpf": "52998224725"}, "fields": {"f1": key}},
    )
    add_note(
        world, ANA, chat_id, client_key(world.now(), 50), text="x", date=None, to_agent_id=None
    )
    add_tag(world, ANA, chat_id, "vip")
    world.files.put(f"media/{chat_id}/{number:032x}", b"what she sent")
    world.files.put(f"media/{chat_id}/{number:032x}.webp", b"a small one of it")
    return chat_id


def rows():
    """The whole table, as it lies there."""
    return sorted(aws("dynamodb").scan(TableName="Desk")["Items"], key=str)


def left(*but):
    """Where rows lie that are of somebody, but of these chats."""
    return [
        (row["pk"]["S"], row["sk"]["S"])
        for row in rows()
        if row["pk"]["S"].partition("#")[0] not in NOBODYS
        and not any(one in str(row) for one in but)
    ]


def run_steps(world, stream, *, most=100):
    """What the stream and the queue `due` bring about; how many steps it took."""
    app.dispatch(stream.event(), None)
    entries, steps = world.queues.entries["due"], 0
    while entries and steps < most:
        steps += 1
        body = entries.pop(0).body
        assert app.run_due(sqs_event(body), None) == {"batchItemFailures": []}
    return steps


def test_at_once_the_contact_is_in_no_list_search_or_count(world):
    """LGPD TAB-8 FIND-1 PERM-2"""
    chat_id = described(world)
    assert erasing.erase(world, ANA, chat_id) == {"done": True}
    assert not may_read(store.load(chat_id), ANA)
    for tab in Tab:
        for order in Order:
            assert listed(world, tab, order) == []
    assert set(queries.counts(ANA)["counts"].values()) == {0}
    assert search.search(ANA, "beatriz")["hits"] == []
    assert search.search(ANA, "11987654321")["hits"] == []
    assert search.search(ANA, "1")["hits"] == []
    assert contacts.page(ANA, "", blocked=False, cursor=None)["contacts"] == []
    assert attendances_page(world, {})["attendances"] == []
    for look in (
        lambda: queries.opened_chat(world, ANA, chat_id),
        lambda: panel.contact(world, ANA, chat_id),
        lambda: panel.export(world, ANA, chat_id, cursor=None),
        lambda: says(world, ANA, chat_id, client_key(world.now(), 9), "oi"),
        lambda: editing.edit(world, ANA, chat_id, {"name": "X"}),
    ):
        with pytest.raises(errors.NotFound):
            look()


def listed(world, tab, order):
    return queries.list_page(world, ANA, tab, order, limit=30)["chats"]


def test_what_is_left_at_once_says_nothing_of_the_person(world):
    """LGPD"""
    chat_id = described(world)
    erasing.erase(world, ANA, chat_id)
    (row,) = [row for row in rows() if row["sk"]["S"] == "CHAT"]
    written = json.dumps(row, ensure_ascii=False)
    for told_before in ("Beatriz", "Souza", "Bia", "987654321", "olá"):
        assert told_before not in written
    outside = [pk for pk, sk in left() if pk != f"CHAT#{chat_id}"]
    assert all(pk.startswith(("TAG#", "PROTO#", "VALUE#")) for pk in outside)


def test_step_by_step_nothing_stays(world, stream):
    """LGPD"""
    chat_id = described(world)
    erasing.erase(world, ANA, chat_id)
    assert run_steps(world, stream) > 2
    assert left() == []
    assert world.files.stored == {}
    with pytest.raises(errors.NotFound):
        erasing.erase(world, ANA, chat_id)


def test_the_audit_says_who_erased_which_id_and_no_more(world, stream):
    """LGPD"""
    chat_id = described(world)
    erasing.erase(world, ANA, chat_id)
    erasing.erase(world, ANA, chat_id)
    run_steps(world, stream)
    (row,) = [row for row in AuditRow.query(audit_pk(world.now())) if row.what == "contact_erased"]
    assert (row.by, row.subject, row.details) == ("ana", chat_id, None)


@pytest.mark.parametrize(
    "facts",
    [{"blocked": True}, {"meta_block": "pending"}, {"meta_block": "failed"}],
    ids=["here", "at Meta, for a moment", "at Meta, who could not be told"],
)
def test_a_blocked_contact_is_not_erased(world, facts):
    """BLOCK-2: nobody could unblock at Meta whom the desk no longer knows."""
    before = put(chat(**facts))
    with pytest.raises(errors.ContactBlocked):
        erasing.erase(world, ANA, "c1")
    assert store.load("c1") == before


def test_who_is_not_there_cannot_be_erased(world):
    """PERM-2"""
    with pytest.raises(errors.NotFound):
        erasing.erase(world, ANA, "nobody")


def test_open_screens_go_back_to_the_list(world):
    """TAB-7 LIVE-1"""
    chat_id = described(world)
    before = store.load(chat_id)
    erasing.erase(world, ANA, chat_id)
    change = ChatChanged(before, store.load(chat_id))
    events = {one["type"]: one for one in told(Viewer(ANA, Tab.ALL, chat_id), [change], NOON)}
    assert events["row"]["row"] is None
    assert events["chat"]["chat"] is None
    assert events["counts"]["after"] == []


def test_who_writes_meanwhile_is_a_new_contact_and_stays_one(world, stream):
    """LGPD INB-7"""
    chat_id = described(world)
    erasing.erase(world, ANA, chat_id)
    again = receive(world, arrival("voltei", at=NOON + timedelta(minutes=5))).chat_id
    assert again != chat_id
    run_steps(world, stream)
    assert left(again) == []
    assert panel.contact(world, ANA, again)["name"] == "Bia"
    assert store.load(chat_id) is None
    later = receive(world, arrival("de novo", at=NOON + timedelta(minutes=9)))
    assert later.chat_id == again


def test_an_old_webhook_that_comes_again_does_not_bring_the_contact_back(world, stream):
    """LGPD INB-3"""
    chat_id = described(world)
    erasing.erase(world, ANA, chat_id)
    run_steps(world, stream)
    came = receive(world, arrival("oi 1", at=NOON + timedelta(seconds=1)))
    assert came.chat_id != chat_id
    assert [one["text"] for one in queries.opened_chat(world, ANA, came.chat_id)["page"]["messages"]
            if one["author"] == "contact"] == ["oi 1"]  # fmt: skip
    assert panel.contact(world, ANA, came.chat_id)["system"]["cpf"] is None


@pytest.mark.parametrize("when", ["at once", "in the end"])
def test_receipts_and_sends_of_an_erased_chat_are_dropped_quietly(world, stream, when):
    """LGPD BLOCK-2"""
    chat_id = described(world)
    (key,) = [
        one["key"]
        for one in queries.opened_chat(world, ANA, chat_id)["page"]["messages"]
        if one["author"] == "agent"
    ]
    erasing.erase(world, ANA, chat_id)
    if when == "in the end":
        run_steps(world, stream)
    before = rows()
    news = receipt("wamid.out1", "delivered", callback=callback_data(chat_id, key))
    assert settle.settle_receipts(world, [news]) == []
    assert deliver(world, chat_id, key) is None
    assert world.graph("token").sent == []
    assert rows() == before


def test_a_step_for_a_chat_that_is_not_erased_touches_nothing(world):
    """LGPD"""
    put(chat(), message("oi"))
    before = rows()
    run_due.run(world, {"what": "erase_contact", "chat_id": "c1"})
    run_due.run(world, {"what": "erase_contact", "chat_id": "nobody"})
    assert rows() == before
    assert world.queues.entries["due"] == []


def test_what_is_due_and_not_known_comes_again(world):
    """OPS-4"""
    answer = app.run_due(sqs_event('{"what": "tea"}'), None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_a_picture_that_comes_when_all_is_gone_is_looked_for_once_more(world, stream):
    """LGPD: the address to which it went was good for some minutes."""
    chat_id = described(world)
    erasing.erase(world, ANA, chat_id)
    app.dispatch(stream.event(), None)
    entries = world.queues.entries["due"]
    while json.loads(entries[0].body)["what"] == "erase_contact":
        run_due.run(world, json.loads(entries.pop(0).body))
    (last,) = entries
    assert last.delay > timedelta(minutes=5)
    world.files.put(f"pictures/contact/{chat_id}/{'b' * 32}.png", b"late")
    run_due.run(world, json.loads(last.body))
    assert world.files.stored == {}


def test_a_file_that_was_being_fetched_is_looked_for_once_more(world, stream):
    """LGPD INB-6: the worker that fetches lives for two minutes."""
    chat_id = described(world)
    erasing.erase(world, ANA, chat_id)
    app.dispatch(stream.event(), None)
    entries = world.queues.entries["due"]
    while json.loads(entries[0].body)["what"] == "erase_contact":
        run_due.run(world, json.loads(entries.pop(0).body))
    assert world.files.stored == {}
    world.files.put(f"media/{chat_id}/late", b"late")
    run_due.run(world, json.loads(entries[0].body))
    assert world.files.stored == {}


def test_a_merged_contact_is_erased_whole(world, stream):
    """LGPD INB-7"""
    put(chat("c1", created_at=NOON - timedelta(days=2), identities=(PHONE,)), message("um"))
    other = f"whatsapp#{ACCOUNT}#user_id#BR.1"
    two = message("dois", chat_id="c2")
    put(chat("c2", identities=(other,), phone="5511900000000"), two)
    add_note(world, ANA, "c2", client_key(), text="x", date=None, to_agent_id=None)
    for partition in ("c1", "c2", "c10"):
        world.files.put(f"media/{partition}/x", b"a file of a message")
    winner, loser = store.load("c1"), store.load("c2")
    kept, gone = merge(winner, loser)
    store.commit(
        Change(
            before=winner,
            after=revised(winner, kept),
            others=((loser, revised(loser, gone)),),
            identities=((other, "c2", "c1"),),
        )
    )
    erasing.erase(world, ANA, "c2")
    assert store.resolve("c1") is store.resolve("c2") is None
    run_steps(world, stream)
    assert left() == []
    assert list(world.files.stored) == ["media/c10/x"]


def test_whoever_decided_before_the_erasure_commits_nothing_after_it(world):
    """LGPD"""
    chat_id = described(world)
    before = store.load(chat_id)
    erasing.erase(world, ANA, chat_id)
    with pytest.raises(store.Stale):
        store.commit(
            Change(before=before, after=revised(before, chats.renamed(before, "Tarde demais")))
        )


def test_a_thousand_messages_go_in_bounded_steps(world, stream, monkeypatch):
    """LGPD"""
    monkeypatch.setattr(erasures, "ROWS_AT_ONCE", 50)
    messages = [message(f"m{number}", at=NOON + timedelta(seconds=number)) for number in range(300)]
    put(chat(identities=(PHONE,)))
    for first in range(0, 300, 50):
        one = store.load("c1")
        store.commit(
            Change(before=one, after=revised(one, one), new=tuple(messages[first : first + 50]))
        )
    erasing.erase(world, ANA, "c1")
    assert 6 <= run_steps(world, stream) <= 9
    assert left() == []


def counters():
    return [row for row in rows() if row["pk"]["S"] == "COUNTER"]


def test_counters_are_nobodys(world, stream):
    """CLOSE-7: numbers are not drawn again because a contact is gone."""
    chat_id = described(world)
    before = counters()
    erasing.erase(world, ANA, chat_id)
    run_steps(world, stream)
    assert counters() == before


def test_a_new_chat_that_is_erased_is_not_begun_again_by_a_late_click(world):
    """LGPD NEW-1"""
    world.graph("token").told = [TEMPLATE]
    channels.save("whatsapp", ACCOUNT, display="+55 11 4000-1234", portfolio="p1")
    sync(world, "p1", 1)
    wish = {
        "client_key": client_key(),
        "name": "Bia",
        "phone": "11 98765-4321",
        "foreign": False,
        "open": False,
        "template": {"name": "retomar", "language": "pt_BR", "values": {}},
        "account": None,
    }
    started = start(world, ANA, wish)
    erasing.erase(world, ANA, started["chat_id"])
    with pytest.raises(errors.NotFound):
        start(world, ANA, wish)
