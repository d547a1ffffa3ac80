"""What `{name}` stands for: exactly what stands between braces, and only once."""

from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import errors, variables
from chalicelib.domain.profile import Profile
from chalicelib.domain.variables import Value, check, expanded, names, pieces, values
from tests.builders import chat

FOTO = "pictures/contact/c1/0123456789abcdef.png"


def field(slug, kind="text", **facts):
    return {
        "field_id": slug,
        "slug": slug,
        "name": slug.capitalize(),
        "kind": kind,
        "options": [],
        "at_closing": "no",
        "active": True,
        **facts,
    }


FIELDS = [
    field("foto", "image"),
    field("vip", "yes_no"),
    field("desde", "date"),
    field("saldo", "number"),
    field("cores", "choices"),
    field("fone2", "phone"),
    field("vazio"),
    field("antigo", active=False),
]
PROFILE = Profile(
    "c1",
    system=MappingProxyType(
        {"birth_date": "1990-12-31", "cpf": "52998224725", "rg": "123X", "email": "b@x.com"}
    ),
    values=MappingProxyType(
        {
            "foto": FOTO,
            "vip": False,
            "desde": "2026-01-02",
            "saldo": "-10.5",
            "cores": ["azul", "verde"],
            "fone2": "14155550100",
            "antigo": "x",
        }
    ),
)


def known(*, masked=False, profile=PROFILE, **facts):
    given = {"agent_name": "Ana", "department_name": "Vendas", "protocol": "100001"}
    return values(chat(**facts), profile, FIELDS, **given, masked=masked)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{nome}", ("nome",)),
        ("{nome} {nome} {a_1}", ("nome", "a_1")),
        ("{Nome} { nome } {} {é} {no-me} {{nome}}", ("nome",)),
        ("{nome", ()),
        ('{"json": 1}', ()),
    ],
)
def test_a_variable_is_exactly_that(text, found):
    """INFO-9"""
    assert names(text) == found


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nome", "Bia"),
        ("telefone", "(11) 98765-4321"),
        ("canal", "WhatsApp"),
        ("data_nascimento", "31/12/1990"),
        ("cpf", "529.982.247-25"),
        ("rg", "123X"),
        ("email", "b@x.com"),
        ("protocolo", "100001"),
        ("agente", "Ana"),
        ("departamento", "Vendas"),
        ("vip", "Não"),
        ("desde", "02/01/2026"),
        ("saldo", "-10,5"),
        ("cores", "azul, verde"),
        ("fone2", "+14155550100"),
    ],
)
def test_what_each_stands_for(name, told):
    """INFO-9"""
    assert expanded(f"<{{{name}}}>", known()) == f"<{told}>"


def test_they_are_offered_in_one_order():
    """INFO-9"""
    offered = list(known())
    assert offered[: len(variables.NAMES)] == list(variables.NAMES)
    assert offered[len(variables.NAMES) :] == [
        one["slug"] for one in FIELDS if one["slug"] != "antigo"
    ]


@pytest.mark.parametrize(
    ("text", "facts", "lacking"),
    [
        ("{nada}", {}, [("nada", "unknown")]),
        ("{antigo}", {}, [("antigo", "unknown")]),
        ("{codigo_cliente} e {vazio}", {}, [("codigo_cliente", "empty"), ("vazio", "empty")]),
        ("{nome}", {"name": "?"}, [("nome", "empty")]),
        ("{telefone}", {"phone": None}, [("telefone", "empty")]),
        ("{cpf} {rg}", {"masked": True}, [("cpf", "hidden"), ("rg", "hidden")]),
        ("{cpf}", {"masked": True, "profile": Profile("c1")}, [("cpf", "empty")]),
        ("{foto}", {}, [("foto", "not_here")]),
    ],
)
def test_what_cannot_be_filled_is_named_with_its_reason(text, facts, lacking):
    """SEND-3"""
    with pytest.raises(errors.VariablesEmpty) as refused:
        expanded(text, known(**facts))
    assert [(one["name"], one["reason"]) for one in refused.value.fields["variables"]] == lacking


def test_what_a_hidden_variable_holds_is_not_told():
    """INFO-2 SEND-3"""
    hidden = known(masked=True)["cpf"]
    assert (hidden.told, hidden.hidden) == (None, True)
    assert variables.view(hidden, None)["value"] is None


def test_a_value_is_no_text_with_variables():
    """INFO-9: nobody writes one into their own name."""
    assert expanded("{nome}", known(name="{cpf} {nada}")) == "{cpf} {nada}"


def test_a_text_is_cut_where_pictures_stand():
    """SEND-4"""
    told = pieces("Oi {nome}: {foto}{foto} até", known())
    foto = known()["foto"]
    assert told == ["Oi Bia: ", foto, foto, " até"]


@given(st.text(alphabet="{}ab_1 \n😀\u200d\u202e", max_size=40))
def test_whatever_is_no_variable_stays_as_it_is(text):
    """INFO-9"""
    told = {name: Value(name, told=f"<{name}>") for name in names(text)}
    check([text], told, pictures=False)
    rebuilt = expanded(text, told)
    for name in told:
        rebuilt = rebuilt.replace(f"<{name}>", f"{{{name}}}")
    assert rebuilt == text
    assert "".join(one for one in pieces(text, told) if isinstance(one, str)) == expanded(
        text, told
    )
