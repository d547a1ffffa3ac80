"""What is known of a contact: who sees it, who changes it, and how it is exported."""

from dataclasses import replace
from datetime import timedelta

import pytest

import app
from chalicelib import triggers
from chalicelib.commands import edit_contact as editing
from chalicelib.commands.close import close
from chalicelib.commands.note import add as add_note
from chalicelib.commands.receive import receive
from chalicelib.domain import chat as chats
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.domain.chat import merge
from chalicelib.domain.inbound import Person
from chalicelib.domain.revision import revised
from chalicelib.queries import attendances
from chalicelib.queries import contact as panel
from chalicelib.stores import chats as store
from chalicelib.stores import labels, profiles
from chalicelib.stores.chats import Change
from chalicelib.stores.tables import AuditRow, MemberRow, Row, audit_pk
from tests.builders import NOON, TABS, agent, arrival, chat, client_key, message, put
from tests.fakes import sqs_event

EVERYTHING = TABS | {Permission.CONTACTS, Permission.NOTES, Permission.EXPORT}
ANA = agent("ana", permissions=EVERYTHING)
READER = agent("rita")  # the four tabs, and no more
CLERK = agent("caio", permissions=frozenset({Permission.CONTACTS}))  # contacts, and no chats
STRANGER = agent("bruno", permissions=frozenset({Permission.TAB_MINE}))
CPF = "52998224725"
FIELDS = (
    ("f-city", "text", []),
    ("f-size", "choice", ["P", "M", "G"]),
    ("f-likes", "choices", ["Café", "Chá", "Água"]),
    ("f-photo", "image", []),
    ("f-member", "yes_no", []),
)


@pytest.fixture(autouse=True)
def fields(desk):
    for field_id, kind, options in FIELDS:
        labels.save_field(
            {
                "field_id": field_id,
                "slug": field_id[2:],
                "name": field_id[2:].capitalize(),
                "kind": kind,
                "options": options,
                "at_closing": "no",
                "active": True,
            }
        )


def known(world, one=ANA, chat_id="c1"):
    return panel.contact(world, one, chat_id)


def edit(world, *, by=ANA, chat_id="c1", **changes):
    editing.edit(world, by, chat_id, changes)
    return known(world, by, chat_id)


def refusal(world, **changes):
    with pytest.raises(errors.Invalid) as refused:
        edit(world, **changes)
    return {one["path"]: one["reason"] for one in refused.value.fields["fields"]}


def members(pk):
    return [row.chat_id for row in MemberRow.query(pk)]


def image(world, name="a" * 32, chat_id="c1"):
    key = f"pictures/contact/{chat_id}/{name}.png"
    world.files.put(key, b"png")
    return key


# --- who sees what ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("viewer", "masked", "notes"),
    [(ANA, False, True), (READER, True, False), (CLERK, False, False)],
)
def test_a_contact_is_shown_as_far_as_the_viewer_may_see(world, viewer, masked, notes):
    """INFO-4 PERM-1 PERM-2"""
    put(chat())
    edit(world, system={"cpf": CPF, "rg": "12.345.678-X"})
    add_note(world, ANA, "c1", client_key(), text="liga à tarde", date=None, to_agent_id=None)
    shown = known(world, viewer)
    assert shown["masked"] is masked
    assert shown["system"]["cpf"] == ("•••.•••.•••-25" if masked else CPF)
    assert shown["system"]["rg"] == ("•••••••-X" if masked else "12.345.678-X")
    assert (shown["notes"] is not None) is notes


def test_who_may_neither_read_the_chat_nor_see_contacts_finds_nobody(world):
    """PERM-2"""
    put(chat())
    for act in (
        lambda: known(world, STRANGER),
        lambda: editing.edit(world, STRANGER, "c1", {"name": "X"}),
        lambda: editing.picture(world, STRANGER, "c1", "image/png", 10),
        lambda: panel.export(world, STRANGER, "c1", cursor=None),
        lambda: known(world, ANA, "nobody"),
    ):
        with pytest.raises(errors.NotFound):
            act()


def test_a_contact_of_whom_nothing_is_kept_has_empty_fields(world):
    """INFO-2"""
    put(chat(given_name="Bia S.", username="bia"))
    shown = known(world)
    assert shown["system"] == dict.fromkeys(
        ("birth_date", "cpf", "rg", "customer_code", "email"), None
    )
    assert (shown["fields"], shown["pictures"], shown["notes"]) == ({}, {}, [])
    assert (shown["name"], shown["given_name"], shown["broadcasts"]) == ("Bia", "Bia S.", True)


# --- the name ---------------------------------------------------------------------------------


def test_a_later_profile_name_changes_the_given_name_only(world):
    """INFO-1"""
    receive(world, arrival("oi"))
    (chat_id,) = {row.chat_id for row in MemberRow.query("WORD#b")}
    edit(world, chat_id=chat_id, name="Beatriz Souza")
    receive(
        world,
        arrival(
            "olá", at=NOON + timedelta(hours=1), person=Person(phone="5511987654321", name="Bibi")
        ),
    )
    # an older one that comes late teaches nothing either
    receive(
        world,
        arrival(
            "antes", at=NOON - timedelta(days=1), person=Person(phone="5511987654321", name="Be")
        ),
    )
    shown = known(world, chat_id=chat_id)
    assert (shown["name"], shown["given_name"]) == ("Beatriz Souza", "Bibi")
    found = {row.sk.partition("#")[0] for one in "bs" for row in MemberRow.query(f"WORD#{one}")}
    assert found == {"beatriz", "souza", "bibi"}


@pytest.mark.parametrize("edited", ["winner", "loser"])
def test_an_edited_name_outlives_a_merge(world, edited):
    """INFO-1 INB-7"""
    winner = chat("c1", name="Ana", given_name="Ana", learnt_at={"name": NOON})
    loser = chat("c2", name="Aline", given_name="Aline", learnt_at={"name": NOON})
    if edited == "winner":
        winner = chats.renamed(winner, "Zélia")
    else:
        loser = chats.renamed(loser, "Zélia")
    put(winner)
    put(loser)
    kept, _ = merge(store.load("c1"), store.load("c2"))
    assert kept.name == "Zélia"


def test_of_two_edited_names_the_elder_chat_keeps_its_own():
    """INFO-1 INB-7"""
    kept, _ = merge(chats.renamed(chat("c1"), "Zélia"), chats.renamed(chat("c2"), "Ana"))
    assert kept.name == "Zélia"


def test_a_name_of_three_hundred_letters_is_kept(world):
    """INFO-1"""
    put(chat())
    long = " ".join(["abcde"] * 50)
    assert edit(world, name=long)["name"] == long
    assert edit(world, name=" Bia\n da\tSilva ")["name"] == "Bia da Silva"
    assert edit(world, name=None)["name"] == "Bia da Silva"


def test_an_edited_name_of_someone_without_profile_is_still_edited_when_read_again(world):
    """INFO-1"""
    put(chat(given_name=None, last_inbound_at={}))
    edit(world, name="Dona Rosa")
    again = chats.know(store.load("c1"), arrival(), ())
    assert (again.name, again.given_name) == ("Dona Rosa", "Bia")


# --- fields -----------------------------------------------------------------------------------


def test_only_what_is_given_changes(world):
    """INFO-2 INFO-3"""
    put(chat())
    edit(
        world,
        system={"cpf": "529.982.247-25", "email": "bia@exemplo.com", "birth_date": "1990-12-31"},
        fields={"f-city": " São   Paulo ", "f-size": "M", "f-member": False},
        broadcasts=False,
    )
    shown = edit(world, system={"email": ""}, fields={"f-size": None, "f-likes": ["Chá", "Café"]})
    assert shown["system"]["cpf"] == CPF
    assert shown["system"]["birth_date"] == "1990-12-31"
    assert shown["system"]["email"] is None
    assert shown["fields"] == {
        "f-city": "São Paulo",
        "f-member": False,
        "f-likes": ["Café", "Chá"],
    }
    assert shown["broadcasts"] is False
    assert members("VALUE#f-city") == members("VALUE#f-likes") == ["c1"]
    assert members("VALUE#f-size") == []


def test_all_that_is_wrong_is_said_and_nothing_is_kept(world):
    """INFO-2"""
    before = put(chat())
    assert refusal(
        world,
        name="Outra",
        system={"cpf": "52998224724", "birth_date": "2030-01-01", "email": "bia@exemplo.com"},
        fields={"f-size": "GG", "f-gone": "x"},
    ) == {
        "system.cpf": "cpf_invalid",
        "system.birth_date": "in_the_future",
        "fields.f-size": "not_an_option",
        "fields.f-gone": "unknown",
    }
    assert store.load("c1") == before
    assert known(world)["system"]["email"] is None


def test_the_future_begins_at_midnight_of_the_agency(world, clock):
    """INFO-2: at 01:00 UTC it is still the day before in São Paulo."""
    put(chat())
    clock.at = NOON.replace(day=25, hour=1)
    assert refusal(world, system={"birth_date": "2026-11-25"}) == {
        "system.birth_date": "in_the_future"
    }
    assert edit(world, system={"birth_date": "2026-11-24"})["system"]["birth_date"] == "2026-11-24"


@pytest.mark.parametrize("name", ["cpf", "rg"])
def test_who_sees_documents_masked_does_not_change_them(world, name):
    """PERM-1"""
    before = put(chat())
    for given in (CPF, None):
        with pytest.raises(errors.Forbidden):
            edit(world, by=READER, system={name: given})
    assert store.load("c1") == before
    assert edit(world, by=READER, system={"email": "a@exemplo.com"})["system"]["email"]


def test_saying_what_is_so_already_writes_nothing(world):
    """INFO-2"""
    put(chat())
    given = {
        "name": "Beatriz",
        "system": {"cpf": "529.982.247-25"},
        "fields": {"f-city": "Santos", "f-member": True},
        "broadcasts": False,
    }
    edit(world, **given)
    before = store.load("c1")
    edit(world, **given)
    edit(world)
    assert store.load("c1") == before


def test_a_value_that_became_invalid_may_stay_as_it_is(world):
    """INFO-2: its option is gone, and its field is no longer used."""
    put(chat())
    edit(world, fields={"f-size": "M", "f-city": "Santos"})
    for field in labels.fields():
        if field["field_id"] == "f-size":
            labels.save_field({**field, "options": ["P"]})
        if field["field_id"] == "f-city":
            labels.save_field({**field, "active": False})
    shown = edit(world, fields={"f-size": "M", "f-city": "Santos", "f-member": True})
    assert shown["fields"] == {"f-size": "M", "f-city": "Santos", "f-member": True}
    assert refusal(world, fields={"f-city": "Rio"}) == {"fields.f-city": "inactive"}
    assert edit(world, fields={"f-city": None})["fields"] == {"f-size": "M", "f-member": True}


def test_open_panels_hear_of_every_change_and_lists_only_of_a_name(world):
    """LIVE-1 LIVE-4"""
    put(chat())
    edit(world, fields={"f-city": "Santos"})
    one = store.load("c1")
    assert (one.rev, one.profile_rev, one.row_rev) == (2, 2, 1)
    edit(world, name="Beatriz")
    one = store.load("c1")
    assert (one.rev, one.profile_rev, one.row_rev) == (3, 3, 3)


def test_a_new_given_name_reaches_open_panels(world):
    """INFO-1 LIVE-1"""
    receive(world, arrival("oi"))
    (chat_id,) = {row.chat_id for row in MemberRow.query("WORD#b")}
    receive(world, arrival("oi de novo", at=NOON + timedelta(minutes=1)))
    assert store.load(chat_id).profile_rev == 0
    person = Person(phone="5511987654321", name="Bibi")
    receive(world, arrival("olá", at=NOON + timedelta(minutes=2), person=person))
    assert store.load(chat_id).profile_rev == 3


def test_more_values_than_one_transaction_holds_are_refused(world):
    """INFO-2"""
    put(chat())
    for number in range(70):
        labels.save_field(
            {
                "field_id": f"n{number}",
                "slug": f"n{number}",
                "name": f"N{number}",
                "kind": "number",
                "options": [],
                "at_closing": "no",
                "active": True,
            }
        )
    with pytest.raises(errors.TooMany):
        edit(world, fields={f"n{number}": "1" for number in range(70)})
    edit(world, fields={f"n{number}": "1" for number in range(50)})


# --- pictures ---------------------------------------------------------------------------------


def test_a_picture_is_sent_to_an_address_of_its_own_and_then_saved(world):
    """INFO-2 SEND-4"""
    put(chat())
    upload = editing.picture(world, READER, "c1", "image/webp", 1000)
    assert upload["key"].startswith("pictures/contact/c1/")
    assert upload["key"].endswith(".webp")
    assert refusal(world, fields={"f-photo": upload["key"]}) == {"fields.f-photo": "image_missing"}
    world.files.put(upload["key"], b"webp")
    shown = edit(world, by=READER, fields={"f-photo": upload["key"]})
    assert shown["pictures"] == {upload["key"]: f"https://files.invalid/{upload['key']}"}


def test_a_picture_of_another_contact_cannot_be_taken(world):
    """PERM-2"""
    put(chat())
    theirs = image(world, chat_id="c2")
    assert refusal(world, fields={"f-photo": theirs}) == {"fields.f-photo": "image_missing"}
    # nor does a text that looks like one get an address
    assert edit(world, fields={"f-city": theirs})["pictures"] == {}


def follow(world, stream, monkeypatch):
    """What the stream and the queue `due` bring about."""
    monkeypatch.setattr(triggers, "world", lambda: world)
    event = stream.event()
    for _ in range(2):
        app.dispatch(event, None)
    entries = world.queues.entries.pop("due", [])
    assert app.run_due(sqs_event(*(one.body for one in entries)), None) == {"batchItemFailures": []}


def test_a_replaced_picture_is_deleted_and_the_new_one_stays(world, stream, monkeypatch):
    """INFO-2"""
    put(chat())
    old, new = image(world, "a" * 32), image(world, "b" * 32)
    edit(world, fields={"f-photo": old, "f-city": "Santos"})
    edit(world, fields={"f-photo": new})
    follow(world, stream, monkeypatch)
    assert set(world.files.stored) == {new}
    edit(world, fields={"f-city": "Rio"})
    follow(world, stream, monkeypatch)
    assert set(world.files.stored) == {new}
    edit(world, fields={"f-photo": None})
    follow(world, stream, monkeypatch)
    assert world.files.stored == {}


def test_a_picture_in_the_record_of_an_attendance_stays_with_it(world, stream, monkeypatch):
    """CLOSE-7"""
    photo = next(field for field in labels.fields() if field["field_id"] == "f-photo")
    labels.save_field({**photo, "at_closing": "optional"})
    put(chat())
    old, new = image(world, "a" * 32), image(world, "b" * 32)
    close(world, ANA, "c1", "100001", farewell="", fields={"f-photo": old})
    edit(world, fields={"f-photo": new})
    follow(world, stream, monkeypatch)
    assert set(world.files.stored) == {old, new}
    (one,) = attendances.of_chat(world, ANA, "c1", cursor=None)["attendances"]
    assert one["pictures"] == {old: f"https://files.invalid/{old}"}


def test_a_picture_that_came_back_before_it_was_deleted_stays(world, stream, monkeypatch):
    """INFO-2"""
    put(chat())
    old, new = image(world, "a" * 32), image(world, "b" * 32)
    for key in (old, new, old):
        edit(world, fields={"f-photo": key})
    follow(world, stream, monkeypatch)
    assert set(world.files.stored) == {old}


def test_the_picture_that_a_merge_brought_stays(world, stream, monkeypatch):
    """INB-7 INFO-2"""
    merged(world)
    edit(world, fields={"f-city": "Recife"})
    follow(world, stream, monkeypatch)
    (key,) = world.files.stored
    assert known(world)["pictures"] == {key: f"https://files.invalid/{key}"}


# --- merged contacts --------------------------------------------------------------------------


def merged(world):
    """c2 was merged into c1; both had been described."""
    put(chat("c1", created_at=NOON - timedelta(days=2)))
    put(chat("c2", phone="5511900000000"))
    edit(world, chat_id="c1", system={"cpf": CPF}, fields={"f-city": "Santos"})
    edit(
        world,
        chat_id="c2",
        system={"cpf": "11144477735", "email": "bia@exemplo.com"},
        fields={"f-city": "Rio", "f-size": "G", "f-photo": image(world, chat_id="c2")},
        broadcasts=False,
    )
    winner, loser = store.load("c1"), store.load("c2")
    kept, gone = merge(winner, loser)
    store.commit(
        Change(before=winner, after=revised(winner, kept), others=((loser, revised(loser, gone)),))
    )


def test_a_merged_contact_fills_what_the_other_lacked(world):
    """INB-7 INFO-2 INFO-3"""
    merged(world)
    for chat_id in ("c1", "c2"):
        shown = known(world, chat_id=chat_id)
        assert shown["chat_id"] == "c1"
        assert shown["system"]["cpf"] == CPF
        assert shown["system"]["email"] == "bia@exemplo.com"
        assert shown["fields"]["f-city"] == "Santos"
        assert shown["fields"]["f-size"] == "G"
        assert list(shown["pictures"]) == [shown["fields"]["f-photo"]]
        assert shown["broadcasts"] is False


def test_what_is_removed_after_a_merge_does_not_come_back(world):
    """INB-7 INFO-2"""
    merged(world)
    shown = edit(
        world, system={"email": None}, fields={"f-city": None, "f-size": None}, broadcasts=True
    )
    assert shown["system"]["email"] is None
    assert shown["fields"].keys() == {"f-photo"}
    assert shown["broadcasts"] is True
    assert profiles.load("c2").version == 0
    assert members("VALUE#f-city") == members("VALUE#f-size") == []
    assert members("VALUE#f-photo") == ["c1"]


# --- export -----------------------------------------------------------------------------------


def exported(world, one, chat_id="c1"):
    parts = [panel.export(world, one, chat_id, cursor=None)]
    while parts[-1]["cursor"] is not None:
        parts.append(panel.export(world, one, chat_id, cursor=parts[-1]["cursor"]))
    return parts


def audited(world):
    return [(row.what, row.by, row.subject) for row in AuditRow.query(audit_pk(world.now()))]


def test_everything_is_exported_part_by_part_and_audited_once(world, monkeypatch):
    """LGPD"""
    monkeypatch.setattr(panel, "MESSAGES_AT_ONCE", 3)
    texts = [f"m{number}" for number in range(8)]
    put(
        chat(),
        *(message(text, at=NOON + timedelta(seconds=number)) for number, text in enumerate(texts)),
    )
    edit(world, system={"cpf": CPF})
    parts = exported(world, ANA)
    assert parts[0]["contact"]["system"]["cpf"] == CPF
    assert [part["contact"] for part in parts[1:]] == [None] * (len(parts) - 1)
    assert [one["text"] for part in parts for one in part["messages"]] == texts
    assert all(len(part["messages"]) <= 3 for part in parts)
    assert audited(world) == [("contact_exported", "ana", "c1")]


def test_messages_are_exported_only_to_a_reader_and_documents_only_to_who_sees_them(world):
    """PERM-2 LGPD"""
    put(chat(), message("segredo"))
    edit(world, system={"cpf": CPF})
    (part,) = exported(world, replace(CLERK, permissions=CLERK.permissions | {Permission.EXPORT}))
    assert part["contact"]["system"]["cpf"] == CPF
    assert part["messages"] == []
    with pytest.raises(errors.Invalid):
        panel.export(world, CLERK, "c1", cursor="messages-")
    parts = exported(world, READER)
    assert parts[0]["contact"]["system"]["cpf"] == "•••.•••.•••-25"
    assert [one["text"] for part in parts for one in part["messages"]] == ["segredo"]


def test_the_audit_says_nothing_of_the_person(world):
    """LGPD"""
    put(chat(name="Beatriz"), message("segredo"))
    exported(world, ANA)
    (row,) = AuditRow.query(audit_pk(world.now()))
    written = str(Row.get(row.pk, row.sk).attribute_values)
    assert not {"Beatriz", "segredo", "5511987654321"} & set(written.split("'"))
