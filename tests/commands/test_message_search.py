"""Words in one chat: found in whatever reads as words, newest first, in bounded parts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.domain.media import File
from chalicelib.domain.message import key_of, line, system_line
from chalicelib.queries import message_search
from chalicelib.queries.chats import messages
from chalicelib.queries.message_search import search
from chalicelib.stores import chats as store
from tests.builders import NOON, agent, chat, message, put

ANA = agent("ana")


def said(text, number, *, chat_id="c1", **facts):
    at = NOON + timedelta(seconds=number)
    key = key_of(at, chat_id, str(number))
    return message(text, chat_id=chat_id, at=at, key=key, **facts)


def found(words, chat_id="c1", cursor=None):
    return [hit["text"] for hit in search(ANA, chat_id, words, cursor)["hits"]]


def all_of(words, chat_id="c1"):
    """Every hit, over as many requests as it takes, and how many those were."""
    hits, cursor, requests = [], None, 0
    while True:
        page = search(ANA, chat_id, words, cursor)
        hits += page["hits"]
        cursor, requests = page["cursor"], requests + 1
        if cursor is None:
            return hits, requests


@pytest.mark.parametrize(
    "words", ["orçamento", "ORCAMENTO", "orcam", "orçamento novo", "Orcamento   NOVO", "o orç"]
)
def test_words_are_found_without_case_accents_and_gaps(world, words):
    """FIND-2"""
    put(chat(), said("Segue o Orçamento\nnovo", 1), said("Nada aqui", 2))
    assert found(words) == ["Segue o Orçamento novo"]


@pytest.mark.parametrize("words", ["novo orçamento", "amento", "orçamentos", "o  novo x"])
def test_other_words_and_another_order_are_not(world, words):
    """FIND-2"""
    put(chat(), said("Segue o Orçamento novo", 1))
    assert found(words) == []


def test_a_number_is_found_within_another(world):
    put(chat(), said("Pedido 20268812-7", 1))
    assert found("8812") == ["Pedido 20268812-7"]


def test_signs_are_only_signs(world):
    put(chat(), said("Custa R$ 10 (.*) [a]", 1), said("😀😀 oi", 2))
    assert found("(.*)") == ["Custa R$ 10 (.*) [a]"]
    assert found("r$ 10") == ["Custa R$ 10 (.*) [a]"]
    assert found("😀😀") == ["😀😀 oi"]
    assert found("\u0301\u0301") == []


def test_whatever_reads_as_words_is_looked_at(world):
    """FIND-2: texts, captions, template texts, cards, places, internal messages."""
    card = {"name": "Zoraide Lima", "phones": [], "emails": ["z@example.com"], "company": None}
    place = {"latitude": 1.0, "longitude": 2.0, "name": "Zoológico", "address": "Rua Zulmira, 1"}
    template = {"name": "x", "header": "", "body": "Zangado", "footer": "", "buttons": ["Zarpar"]}
    put(
        chat(),
        said("", 1, kind="contact", details={"cards": [card]}),
        said("", 2, kind="location", details={"location": place}),
        said("Zangado", 3, kind="template", details={"template": template}),
        said("zero", 4, internal=True, status=None),
        said("zebra na legenda", 5, kind="image", files=(File("image", "ready", name="a.png"),)),
        said("", 6, kind="document", files=(File("document", "ready", name="Zona.pdf"),)),
    )
    assert found("z") == [
        "Zona.pdf",
        "zebra na legenda",
        "zero",
        "Zangado",
        "Zoológico",
        "Zoraide Lima",
    ]
    assert found("zulmira") == ["Rua Zulmira, 1"]
    assert found("zarpar") == ["Zarpar"]


def test_a_menus_options_are_found_and_what_only_machines_read_is_not(world):
    """FIND-2 FLOW-4"""
    option = {"payload": "zrun/zmenu/zopt", "title": "Zona Sul", "description": "Zero a dez"}
    choice = {"payload": "zrun/zmenu/zopt", "title": "Zona Sul", "description": None}
    menu = {"button": "Zonas", "options": [option]}
    put(
        chat(),
        said("Onde?", 1, kind="menu", source="flow", details={"menu": menu}),
        said("", 2, kind="choice", details={"choice": choice}),
    )
    assert found("zrun") == found("zopt") == []
    assert found("zona sul") == ["Zona Sul", "Zona Sul"]
    assert found("zero") == ["Zero a dez"]
    hits = search(ANA, "c1", "zona", None)["hits"]
    assert [(one["kind"], one["source"]) for one in hits] == [("choice", None), ("menu", "flow")]


def test_what_was_deleted_is_found_by_nobody_nor_are_lines_of_the_desk(world):
    """FIND-2 CHAT-7"""
    one = put(chat(), said("segredo", 1, deleted_at=NOON))
    told = line("took", ANA, "ana", "segredo")
    store.commit(
        store.Change(
            before=one,
            after=replace(one, rev=one.rev + 1),
            new=(system_line(one, told, NOON, "1"),),
        )
    )
    assert found("segredo") == []


def test_a_hit_says_what_a_list_of_hits_shows(world):
    """FIND-2"""
    kept = said("Bom dia", 1, author="contact", agent_id=None, author_name="Bia", status=None)
    put(chat(), kept, said("interna: bom", 2, internal=True, status=None))
    hits = search(ANA, "c1", "bom", None)
    assert hits["hits"][1] == {
        "key": kept.key,
        "at": "2026-11-24T12:00:01.000Z",
        "author": "contact",
        "author_name": "Bia",
        "kind": "text",
        "text": "Bom dia",
        "internal": False,
        "source": None,
    }
    assert hits["hits"][0]["internal"] is True
    assert (hits["cursor"], hits["looked_at"]) == (None, 2)
    assert hits["reached_at"] == "2026-11-24T12:00:01.000Z"


@pytest.mark.parametrize("accents", ["", "ã é í "])
def test_an_excerpt_is_short_and_holds_the_words(world, accents):
    """FIND-2"""
    text = f"{accents * 30}{'x' * 300} agulha {'y' * 300}"
    put(chat(), said(text, 1))
    [shown] = found("agulha")
    assert "agulha" in shown
    assert len(shown) <= 160
    assert (shown[0], shown[-1]) == ("…", "…")


def test_many_messages_are_looked_at_in_parts_and_none_twice(world, monkeypatch):
    """FIND-2: bounded reads"""
    monkeypatch.setattr(message_search, "LOOKED_AT", 7)
    put(
        chat(),
        *[
            said(f"{'agulha' if number % 10 == 3 else 'palha'} {number}", number)
            for number in range(40)
        ],
    )
    first = search(ANA, "c1", "palha", None)
    assert (first["looked_at"], len(first["hits"])) == (7, 6)
    hits, requests = all_of("agulha")
    assert [hit["text"] for hit in hits] == ["agulha 33", "agulha 23", "agulha 13", "agulha 3"]
    assert requests == 6


def test_one_request_gives_at_most_a_hundred_hits_and_the_next_goes_on(world, monkeypatch):
    """FIND-2"""
    monkeypatch.setattr(message_search, "HITS", 3)
    put(chat(), *[said(f"oi {number}", number) for number in range(7)])
    first = search(ANA, "c1", "oi", None)
    assert (len(first["hits"]), first["looked_at"]) == (3, 3)
    hits, _ = all_of("oi")
    assert [hit["text"] for hit in hits] == [f"oi {number}" for number in reversed(range(7))]


def test_merged_chats_are_one_in_order(world, monkeypatch):
    """FIND-2 INB-7"""
    monkeypatch.setattr(message_search, "LOOKED_AT", 4)
    put(
        chat("loser", open_=False, merged_into="c1"),
        *[said(f"oi {number}", number, chat_id="loser") for number in range(0, 20, 2)],
    )
    put(chat("c1", also=("loser",)), *[said(f"oi {number}", number) for number in range(1, 20, 2)])
    hits, _ = all_of("oi")
    assert [hit["text"] for hit in hits] == [f"oi {number}" for number in reversed(range(20))]
    assert all_of("oi", "loser")[0] == hits


def test_only_readers_search(world):
    """PERM-2 TAB-7"""
    put(chat(), said("segredo", 1))
    for one, chat_id in ((agent("davi", permissions=frozenset()), "c1"), (ANA, "nobody-knows")):
        with pytest.raises(errors.NotFound):
            search(one, chat_id, "segredo", None)
    assert agent("davi", permissions=frozenset({Permission.TAB_ALL}))


# --- the surroundings of a hit ----------------------------------------------------------------


def around(key, limit=6, chat_id="c1"):
    page = messages(ANA, chat_id, before=None, after=None, around=key, limit=limit)
    return [one["text"] for one in page["messages"]], page


def test_a_hit_is_opened_with_its_surroundings(world):
    """FIND-2 CHAT-1"""
    several = [said(f"m{number}", number) for number in range(20)]
    put(chat(), *several)
    texts, page = around(several[10].key)
    assert texts == ["m7", "m8", "m9", "m10", "m11", "m12"]
    assert (page["before"], page["after"]) == (several[7].key, several[12].key)
    earlier = messages(ANA, "c1", before=page["before"], after=None, around=None, limit=3)
    later = messages(ANA, "c1", before=None, after=page["after"], around=None, limit=3)
    assert [one["text"] for one in earlier["messages"]] == ["m4", "m5", "m6"]
    assert [one["text"] for one in later["messages"]] == ["m13", "m14", "m15"]


@pytest.mark.parametrize(
    ("number", "texts", "ends"),
    [
        (0, ["m0", "m1", "m2", "m3", "m4", "m5"], (None, "m5")),
        (9, ["m6", "m7", "m8", "m9"], ("m6", None)),
    ],
)
def test_at_an_end_of_the_chat_there_is_no_more_that_way(world, number, texts, ends):
    """FIND-2"""
    several = [said(f"m{number}", number) for number in range(10)]
    put(chat(), *several)
    shown, page = around(several[number].key)
    keys = {one.key: one.text for one in several}
    assert shown == texts
    assert (keys.get(page["before"]), keys.get(page["after"])) == ends


def test_the_surroundings_of_a_merged_chat_are_of_both(world):
    """FIND-2 INB-7"""
    old = [said(f"m{number}", number, chat_id="loser") for number in range(0, 10, 2)]
    put(chat("loser", open_=False, merged_into="c1"), *old)
    put(chat("c1", also=("loser",)), *[said(f"m{number}", number) for number in range(1, 10, 2)])
    assert around(old[2].key, 4)[0] == ["m2", "m3", "m4", "m5"]


def test_a_message_that_is_not_there_leads_to_its_time(world):
    several = [said(f"m{number}", number) for number in range(10)]
    put(chat(), *several)
    gone = key_of(several[5].at, "gone")
    assert len(around(gone)[0]) == 6
