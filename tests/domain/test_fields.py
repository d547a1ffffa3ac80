"""What may stand in a field of a contact, kind by kind."""

from datetime import date

import pytest

from chalicelib.domain import fields
from chalicelib.domain.errors import Invalid

TODAY = date(2026, 11, 25)
CHAT = "0123456789abcdef"
PICTURE = f"pictures/contact/{CHAT}/{'a' * 32}.png"


def field(kind, **changes):
    return {
        "field_id": "f1",
        "slug": "f1",
        "name": "Campo",
        "kind": kind,
        "options": ["Verde", "Azul", "Rosa"] if kind in ("choice", "choices") else [],
        "at_closing": "no",
        "active": True,
        **changes,
    }


def reason(kind, given, **changes):
    with pytest.raises(Invalid) as refused:
        fields.value(field(kind, **changes), given, path="fields.f1")
    (one,) = refused.value.fields["fields"]
    assert one["path"] == "fields.f1"
    assert one["reason"] in fields.REASONS
    return one["reason"]


KEPT = [
    ("text", "  Rua   das\nFlores, 12 ", "Rua das Flores, 12"),
    ("text", "x" * 300, "x" * 300),
    ("long_text", "uma\n\nduas ", "uma\n\nduas"),
    ("long_text", "x" * 4000, "x" * 4000),
    ("number", "12", "12"),
    ("number", "-007,50", "-7.5"),
    ("number", "1.5", "1.5"),
    ("number", "1.234,56", "1234.56"),
    ("number", "1.234.567", "1234567"),
    ("number", "-0,00", "0"),
    ("number", "+3", "3"),
    ("yes_no", True, True),
    ("yes_no", False, False),
    ("date", "2028-02-29", "2028-02-29"),
    ("date", "1850-01-01", "1850-01-01"),
    ("choice", "Azul", "Azul"),
    ("choices", ["Rosa", "Verde", "Rosa"], ["Verde", "Rosa"]),
    ("phone", "(11) 98765-4321", "5511987654321"),
    ("phone", "11 8765-4321", "5511987654321"),
    ("phone", "5511987654321", "5511987654321"),
    ("phone", "+1 415 555 2671", "14155552671"),
    ("phone", "00 351 912 345 678", "351912345678"),
    ("email", " Ana.Souza@exemplo.com.br ", "Ana.Souza@exemplo.com.br"),
    ("url", "https://exemplo.com.br/a?b=1#c", "https://exemplo.com.br/a?b=1#c"),
    ("url", "exemplo.com.br/loja", "https://exemplo.com.br/loja"),
    ("url", "http://exemplo.com:8080/", "http://exemplo.com:8080/"),
    ("image", PICTURE, PICTURE),
]


@pytest.mark.parametrize(("kind", "given", "kept"), KEPT)
def test_a_value_is_kept_in_one_form(kind, given, kept):
    """INFO-2"""
    assert fields.value(field(kind), given, path="fields.f1") == kept


@pytest.mark.parametrize(("kind", "kept"), [(kind, kept) for kind, _, kept in KEPT])
def test_what_is_kept_may_be_given_again(kind, kept):
    """INFO-2"""
    if kind == "phone" and not kept.startswith("55"):
        kept = f"+{kept}"
    again = fields.value(field(kind), kept, path="fields.f1")
    assert again == (kept.removeprefix("+") if kind == "phone" else kept)


@pytest.mark.parametrize(
    ("kind", "given", "why"),
    [
        ("text", " \n ", "empty"),
        ("text", "x" * 301, "too_long"),
        ("text", True, "wrong_kind"),
        ("text", ["a"], "wrong_kind"),
        ("long_text", "x" * 4001, "too_long"),
        ("number", "doze", "not_a_number"),
        ("number", "1e9", "not_a_number"),
        ("number", "١٢", "not_a_number"),
        ("number", "1,2,3", "not_a_number"),
        ("number", "1.23.456", "not_a_number"),
        ("number", "NaN", "not_a_number"),
        ("number", "1" * 41, "too_long"),
        ("yes_no", "sim", "wrong_kind"),
        ("date", "2027-02-29", "not_a_date"),
        ("date", "20261124", "not_a_date"),
        ("date", "24/11/2026", "not_a_date"),
        ("date", "0000-01-01", "not_a_date"),
        ("choice", "Roxo", "not_an_option"),
        ("choice", ["Azul"], "wrong_kind"),
        ("choices", [], "empty"),
        ("choices", ["Azul", "Roxo"], "not_an_option"),
        ("choices", "Azul", "wrong_kind"),
        ("phone", "12345", "phone_invalid"),
        ("phone", "(11) 1234", "phone_invalid"),
        ("phone", "+999 123", "phone_invalid"),
        ("email", "ana@", "email_invalid"),
        ("email", "ana souza@exemplo.com", "email_invalid"),
        ("email", "ana@exemplo", "email_invalid"),
        ("email", ".ana@exemplo.com", "email_invalid"),
        ("email", "a..na@exemplo.com", "email_invalid"),
        ("email", "ana@-exemplo.com", "email_invalid"),
        ("email", f"{'a' * 60}@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 20}.com", "email_invalid"),
        ("url", "javascript:alert(1)", "url_invalid"),
        ("url", "ftp://exemplo.com", "url_invalid"),
        ("url", "https://exemplo.com@mal.com", "url_invalid"),
        ("url", "https://exemplo.com\\@mal.com", "url_invalid"),
        ("url", "https://", "url_invalid"),
        ("url", "https://exemplo.com/a b", "url_invalid"),
        ("url", "https://exemplo.com:99999999/", "url_invalid"),
        ("url", "https://exemplo.com/\u202egpj", "url_invalid"),
        ("url", "https://exemplo.com/" + "x" * 2000, "too_long"),
        ("image", "pictures/user/a/b.png", "image_missing"),
        ("image", f"pictures/contact/{CHAT}/../x.png", "image_missing"),
        ("image", f"pictures/contact/{CHAT}/{'a' * 32}.svg", "image_missing"),
    ],
)
def test_what_cannot_stand_is_refused_with_its_reason(kind, given, why):
    """INFO-2"""
    assert reason(kind, given) == why


def test_a_field_that_is_no_longer_used_takes_no_value():
    """INFO-2"""
    assert reason("text", "x", active=False) == "inactive"


def test_all_that_is_wrong_is_said_at_once():
    """INFO-2"""
    known = [field("number"), field("date", field_id="f2"), field("text", field_id="f3")]
    with pytest.raises(Invalid) as refused:
        fields.values(known, {"f1": "x", "f2": "y", "f3": "z", "f9": "w"})
    assert refused.value.fields["fields"] == [
        {"path": "fields.f1", "reason": "not_a_number"},
        {"path": "fields.f2", "reason": "not_a_date"},
        {"path": "fields.f9", "reason": "unknown"},
    ]


def test_blanks_remove_and_no_is_a_value():
    """INFO-2"""
    known = [
        field("text"),
        field("choices", field_id="f2"),
        field("yes_no", field_id="f3"),
        field("text", field_id="f4", active=False),
    ]
    given = {"f1": "  ", "f2": [], "f3": False, "f4": None}
    assert fields.values(known, given) == {"f1": None, "f2": None, "f3": False, "f4": None}


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("cpf", "529.982.247-25", "52998224725"),
        ("cpf", "52998224725", "52998224725"),
        ("cpf", "111.444.777-35", "11144477735"),
        ("cpf", "000.000.001-91", "00000000191"),
        ("rg", "mg-12.345.678", "MG-12.345.678"),
        ("rg", "12.345.678-x ", "12.345.678-X"),
        ("birth_date", "2026-11-25", "2026-11-25"),
        ("birth_date", "1900-01-01", "1900-01-01"),
        ("customer_code", "  A  12 ", "A 12"),
        ("email", " ana@exemplo.com ", "ana@exemplo.com"),
    ],
)
def test_a_system_field_is_kept_in_one_form(name, given, kept):
    """INFO-2"""
    assert fields.system_value(name, given, path=f"system.{name}", today=TODAY) == kept


@pytest.mark.parametrize(
    ("name", "given", "why"),
    [
        ("cpf", "529.982.247-26", "cpf_invalid"),
        ("cpf", "529.982.247-15", "cpf_invalid"),
        ("cpf", "111.111.111-11", "cpf_invalid"),
        ("cpf", "5299822472", "cpf_invalid"),
        ("cpf", "529982247255", "cpf_invalid"),
        ("cpf", "5299822472٥", "cpf_invalid"),
        ("cpf", "", "cpf_invalid"),
        ("rg", "MG", "rg_invalid"),
        ("rg", "abc", "rg_invalid"),
        ("rg", "12<345>", "rg_invalid"),
        ("birth_date", "2026-11-26", "in_the_future"),
        ("birth_date", "1899-12-31", "too_long_ago"),
        ("birth_date", "1990-02-30", "not_a_date"),
        ("birth_date", "31/12/1990", "not_a_date"),
        ("customer_code", "x" * 61, "too_long"),
        ("email", "ana", "email_invalid"),
    ],
)
def test_a_system_field_refuses_what_cannot_be(name, given, why):
    """INFO-2"""
    with pytest.raises(Invalid) as refused:
        fields.system_value(name, given, path=f"system.{name}", today=TODAY)
    assert refused.value.fields["fields"] == [{"path": f"system.{name}", "reason": why}]


def test_documents_are_masked_but_for_their_end():
    """PERM-2"""
    assert fields.masked_cpf("52998224725") == "•••.•••.•••-25"
    assert fields.masked_rg("12.345.678-X") == "•••••••-X"
    assert fields.masked_rg("12345") == "•••••••••"


def test_a_picture_belongs_to_the_contact_that_it_was_uploaded_for():
    """PERM-2"""
    assert fields.is_picture_of(PICTURE, (CHAT,))
    assert fields.is_picture_of(PICTURE, ("another", CHAT))
    assert not fields.is_picture_of(PICTURE, ("another",))
    assert not fields.is_picture_of(f"kept/{CHAT}", (CHAT,))
