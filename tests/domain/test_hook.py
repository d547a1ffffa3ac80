"""What another system's JSON says of a contact (FLOW-10)."""

from datetime import date

import pytest

from chalicelib.domain import hook as rules
from chalicelib.domain.hook import Hook, Told
from tests.domain.flows import FIELDS

TODAY = date(2026, 11, 24)
DOCUMENT = {
    "cliente": {"nome": " Bia ", "telefone": "11 98765-4321", "vip": True, "nada": None},
    "itens": [{"nome": "Bolo", "total": "12.50"}, {"nome": "Café"}],
    "tags": ["a", 'b"', False, {"c": 1}],
    "id": "900719925474099312345",
    "": "sem nome",
}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("cliente.nome", "Bia"),
        ("cliente.telefone", "11 98765-4321"),
        ("cliente.vip", "Sim"),
        ("cliente.nada", None),
        ("cliente.cpf", None),
        ("cliente", None),
        ("cliente.nome.mais", None),
        ("itens.0.nome", "Bolo"),
        ("itens.1.nome", "Café"),
        ("itens.2.nome", None),
        ("itens.-1.nome", None),
        ("itens.9999999.nome", None),
        ("itens.²", None),
        ("itens.nome", None),
        ("tags", 'a, b", Não'),
        ("id", "900719925474099312345"),
    ],
)
def test_a_path_leads_to_a_text_or_to_nothing(path, text):
    """FLOW-10"""
    assert rules.text_at(DOCUMENT, path) == text


@pytest.mark.parametrize("document", [None, "oi", "7", [], {}, [[[]]]])
def test_what_has_no_such_place_says_nothing(document):
    """FLOW-10"""
    assert rules.text_at(document, "cliente.nome") is None


def test_numbers_stay_as_they_were_written():
    """FLOW-10: what is a number for its sender is a text here, to the last digit."""
    told = rules.parsed(b'{"id": 12345678901234567890, "total": 12.50, "e": 1e3}')
    assert told == {"id": "12345678901234567890", "total": "12.50", "e": "1e3"}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"a": "um", "a": "dois"}', "dois"),
        (b'\xef\xbb\xbf{"a": "com marca"}', "com marca"),
        ('{"a": "dezesseis"}'.encode("utf-16"), "dezesseis"),
        (b'{"a": 1%s}' % (b"0" * 4000), None),
        (b'{"a": "1%s"}' % (b"0" * 5000), None),
        ('{"a": "😀 Zoë"}'.encode(), "😀 Zoë"),
        (b'{"a": "\\u0000b"}', "\0b"),
        (b'{"a": {"b": 1}}', None),
        (b'{"a": []}', None),
        (b'{"a": "  "}', None),
    ],
)
def test_odd_json_is_a_text_or_nothing(body, text):
    """FLOW-10: the last of two keys counts, as everywhere; what no field could keep is nothing."""
    assert rules.text_at(rules.parsed(body), "a") == text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"oi",
        b"nome=Bia",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"\xff\xfe",
        b"[" * 50_000,
        b'"' + b"x" * rules.LARGEST + b'"',
    ],
)
def test_what_is_no_json_or_too_large_is_refused(body):
    """FLOW-10"""
    with pytest.raises(rules.NotJson):
        rules.parsed(body)


def test_half_a_letter_is_told_as_a_mark():
    """FLOW-10: a lone surrogate is no text, and spoils nothing else."""
    assert rules.text_at(rules.parsed(rb'{"a": "Bia \ud83d"}'), "a") == "Bia ?"


def test_the_first_path_that_finds_something_fills_a_field():
    """FLOW-10"""
    hook = Hook(
        "w1",
        "Loja",
        event_path="id",
        mapping=(("fone", "telefone"), ("cliente.telefone", "telefone"), ("cliente.nome", "nome")),
    )
    told = rules.told(hook, DOCUMENT)
    assert (told.phone, told.name, told.event, dict(told.values)) == (
        "11 98765-4321",
        "Bia",
        "900719925474099312345",
        {},
    )


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("11987654321", "11987654321"),
        ("11987654321.0", "11987654321"),
        ('"1187654321.00"', "1187654321"),
        ("11987654321.5", "11987654321.5"),
        ('"+55 11 98765-4321"', "+55 11 98765-4321"),
        ("true", "Sim"),
        ("null", None),
    ],
)
def test_a_number_kept_as_a_number_gains_no_digit(written, phone):
    """FLOW-10"""
    hook = Hook("w1", "Loja", mapping=(("fone", "telefone"),))
    assert rules.told(hook, rules.parsed(f'{{"fone": {written}}}'.encode())).phone == phone


def test_values_are_kept_as_their_fields_keep_them_and_the_rest_is_named():
    """FLOW-10 FLOW-4"""
    told = {"email": "bia@exemplo.com", "cpf": "111", "nada": "x", "data_nascimento": "24/12/1990"}
    system, custom, skipped = rules.kept_values(told, FIELDS, TODAY)
    assert system == {"email": "bia@exemplo.com", "birth_date": "1990-12-24"}
    assert (custom, skipped) == ({}, ("cpf", "nada"))


@pytest.mark.parametrize(
    ("mapping", "production", "reasons"),
    [
        ((), False, []),
        ((), True, [("mapping", "phone_missing")]),
        ((("a", "telefone"),), True, []),
        ((("a", "telefone"), ("b", "telefone")), True, [("mapping.1.field", "repeated")]),
        ((("a", "nada"),), False, [("mapping.0.field", "unknown")]),
        ((("a", "email"), ("b", "nome")), False, []),
    ],
)
def test_what_stands_in_the_way_of_saving(mapping, production, reasons):
    """FLOW-10"""
    hook = Hook("w1", "Loja", production=production, mapping=mapping)
    assert [(one["path"], one["reason"]) for one in rules.faults(hook, FIELDS)] == reasons


def test_without_a_name_for_the_event_the_same_bytes_are_the_same_call_for_a_while():
    """FLOW-10 INB-3"""
    named = rules.event_of(Told(event="7"), b"one")
    assert named == rules.event_of(Told(event="7"), b"two")
    assert named[1] == rules.ONE_EVENT
    assert rules.event_of(Told(), b"one") != rules.event_of(Told(), b"two")
    assert rules.event_of(Told(), b"one")[1] == rules.ONE_CALL


def test_who_makes_use_of_a_flow_or_a_field():
    """FLOW-10"""
    shop = Hook("w1", "Loja", mapping=(("a", "telefone"), ("b", "plano")), flow_id="f1")
    bare = Hook("w2", "Nada")
    assert rules.naming([shop, bare], flow_id="f1") == ["Loja"]
    assert rules.naming([shop, bare], slug="plano") == ["Loja"]
    assert rules.naming([shop, bare], flow_id="f2") == []
    assert rules.naming([shop, bare], slug="telefone") == []
