"""Quick replies: one of each name, with a file in a place of its own."""

import pytest

from chalicelib.commands.quick_reply import add, remove, save
from chalicelib.domain import errors
from chalicelib.domain.media import LARGEST
from chalicelib.gateways.files import Facts
from chalicelib.queries import quick_replies
from chalicelib.stores import quick_replies as store
from chalicelib.stores.chats import Stale, commit_rows
from chalicelib.stores.tables import AuditRow, NameRow, audit_pk, name_pk
from tests.builders import NOON, agent

ANA = agent("ana")
PRICES = "uploads/ana/00000000000000aa.pdf"
MAP = "uploads/ana/00000000000000bb.png"


def wish(name="preços", text="Segue a tabela, {nome}!", file=None, **named):
    given = None if file is None else {"key": file, "name": "Tabela.pdf", "voice": False, **named}
    return {"name": name, "text": text, "file": given}


def shown(world):
    return [(one["name"], one["text"]) for one in quick_replies.every(world)["quick_replies"]]


def names():
    return [row.sk for row in NameRow.query(name_pk("quick_reply"))]


@pytest.fixture
def here(world):
    world.files.put(PRICES, b"pdf", "application/pdf")
    world.files.put(MAP, b"png", "image/png")
    return world


def test_they_are_listed_by_name_whatever_its_case_and_accents(world):
    """SEND-9"""
    for name in ("endereço", "Água", "zebra", "EMAIL"):
        add(world, ANA, wish(name))
    assert [name for name, _ in shown(world)] == ["Água", "EMAIL", "endereço", "zebra"]


def test_a_text_keeps_its_lines_and_variables(world):
    """SEND-9 INFO-9"""
    made = add(world, ANA, wish(text=" Oi, {nome}!\n{nada} {{1}} "))
    assert made["text"] == " Oi, {nome}!\n{nada} {{1}} "
    assert made["file"] is None


@pytest.mark.parametrize("name", ["precos", "PREÇOS", "Preços", "interna", "INTERNA"])
def test_no_two_are_called_the_same_nor_as_what_is_typed_before_internal_ones(world, name):
    """SEND-9 SEND-7"""
    add(world, ANA, wish())
    other = add(world, ANA, wish("outra"))
    with pytest.raises(errors.NameTaken):
        add(world, ANA, wish(name))
    with pytest.raises(errors.NameTaken):
        save(world, ANA, other["quick_reply_id"], wish(name))
    assert len(shown(world)) == 2


def test_a_name_that_was_let_go_of_is_free(world):
    first = add(world, ANA, wish())
    save(world, ANA, first["quick_reply_id"], wish("tabela"))
    add(world, ANA, wish())
    remove(world, ANA, first["quick_reply_id"])
    add(world, ANA, wish("tabela"))
    assert names() == ["precos", "tabela"]


@pytest.mark.parametrize("text", ["", " \n "])
def test_one_that_says_nothing_is_refused(here, text):
    with pytest.raises(errors.Invalid):
        add(here, ANA, wish(text=text))
    assert add(here, ANA, wish(text=text, file=PRICES))["file"]


def test_its_file_is_copied_to_a_place_of_its_own(here):
    """SEND-9"""
    made = add(here, ANA, wish(file=PRICES))
    file = made["file"]
    assert file["key"] == f"quick/{made['quick_reply_id']}/00000000000000aa.pdf"
    assert (file["name"], file["mime_type"], file["size"]) == ("Tabela.pdf", "application/pdf", 3)
    assert here.files.get(file["key"]) == b"pdf"
    assert file["key"] in file["url"]


def test_a_file_that_is_replaced_is_deleted_and_one_that_stays_stays(here):
    """SEND-9"""
    made = add(here, ANA, wish(file=PRICES))
    own, reply = made["file"]["key"], made["quick_reply_id"]
    kept = save(here, ANA, reply, wish(text="Outra", file=own))
    assert kept["file"]["key"] == own
    assert here.files.holds(own)
    other = save(here, ANA, reply, wish(file=MAP))["file"]["key"]
    assert (here.files.holds(own), here.files.holds(other)) == (False, True)
    assert save(here, ANA, reply, wish())["file"] is None
    assert not here.files.holds(other)
    assert here.files.holds(MAP)  # uploads go by themselves


@pytest.mark.parametrize(
    "key",
    [
        "uploads/davi/00000000000000aa.pdf",
        "uploads/ana/00000000000000cc.pdf",
        "quick/0000000000000001/00000000000000aa.pdf",
    ],
)
def test_a_file_that_is_not_there_or_not_ones_own_is_refused(here, key):
    """PERM-2"""
    here.files.put("uploads/davi/00000000000000aa.pdf", b"x", "application/pdf")
    with pytest.raises(errors.FileRefused) as caught:
        add(here, ANA, wish(file=key))
    assert caught.value.fields == {"reason": "missing"}


def test_a_file_of_more_than_a_hundred_megabytes_is_refused(here, monkeypatch):
    huge = Facts(LARGEST + 1, "application/pdf")
    monkeypatch.setattr(here.files, "facts", lambda key: huge)
    with pytest.raises(errors.FileRefused) as caught:
        add(here, ANA, wish(file=PRICES))
    assert caught.value.fields["reason"] == "too_large"


def test_one_that_is_removed_takes_its_file_along_and_twice_is_fine(here):
    made = add(here, ANA, wish(file=PRICES))
    for _ in range(2):
        assert remove(here, ANA, made["quick_reply_id"]) == {"done": True}
    assert (shown(here), names()) == ([], [])
    assert not here.files.holds(made["file"]["key"])
    with pytest.raises(errors.NotFound):
        save(here, ANA, made["quick_reply_id"], wish())


def test_saving_what_is_so_already_writes_nothing(world, stream):
    made = add(world, ANA, wish())
    stream.records()
    save(world, ANA, made["quick_reply_id"], wish())
    assert stream.records() == []


def test_of_two_who_save_at_once_none_is_lost_unseen(world, monkeypatch):
    made = add(world, ANA, wish())
    commit = store.saved
    late = []

    def overtaken(before, after):
        if not late:
            late.append(True)
            monkeypatch.setattr(store, "saved", commit)
            save(world, ANA, made["quick_reply_id"], wish(text="a dela"))
        return commit(before, after)

    monkeypatch.setattr(store, "saved", overtaken)
    save(world, ANA, made["quick_reply_id"], wish(text="a minha"))
    assert shown(world) == [("preços", "a minha")]
    assert store.one(made["quick_reply_id"]).version == 3


def test_there_are_a_thousand_at_most(world, monkeypatch):
    monkeypatch.setattr(store, "MOST", 1)
    add(world, ANA, wish())
    with pytest.raises(errors.TooMany) as caught:
        add(world, ANA, wish("outra"))
    assert caught.value.fields == {"limit": 1}


def test_who_changed_them_is_audited_and_not_what_they_say(world):
    made = add(world, ANA, wish())
    save(world, ANA, made["quick_reply_id"], wish(text="Outro"))
    remove(world, ANA, made["quick_reply_id"])
    rows = list(AuditRow.query(audit_pk(NOON)))
    assert sorted(row.what for row in rows) == [
        "quick_reply_removed",
        "quick_reply_saved",
        "quick_reply_saved",
    ]
    assert not any("tabela" in str(row.details) for row in rows)


def test_screens_fetch_them_anew(world, stream):
    """SEND-9: see test_triggers for all that is told."""
    add(world, ANA, wish())
    kinds = {record["dynamodb"]["NewImage"]["cls"]["S"] for record in stream.records()}
    assert "quick_reply" in kinds


def test_stale_is_told_for_a_row_that_moved_on(world):
    made = add(world, ANA, wish())
    before = store.one(made["quick_reply_id"])
    save(world, ANA, made["quick_reply_id"], wish(text="Outro"))
    with pytest.raises(Stale):
        commit_rows(*store.removed(before))
