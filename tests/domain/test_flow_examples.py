"""The three examples, played with a contact from beginning to end."""

import json
from pathlib import Path

import pytest

from chalicelib.domain import flow as effects
from chalicelib.domain.access import Agent
from chalicelib.domain.flow import Department
from chalicelib.domain.flow_format import read
from chalicelib.domain.ids import AgentId
from chalicelib.domain.profile import Profile
from local import marks, seed
from tests.domain.flows import begun, done, facts, replied, said

FLOWS = Path(seed.__file__).parent / "flows"
AGENT = Agent(AgentId("ana"), "Ana", "ana@example.com", True, frozenset(), frozenset({"vendas"}))


def example(name):
    return read(json.loads((FLOWS / f"{name}.json").read_text()), name, 1)


def known(name, **more):
    found = {
        ("fields", ""): marks.FIELDS,
        ("tags", ""): frozenset(one["tag_id"] for one in marks.TAGS),
        ("departments", ""): [Department(one[0], one[1], one[2]) for one in seed.DEPARTMENTS],
        ("agents", ""): [AGENT],
        ("profile", ""): Profile("c1"),
        **{("turn", f"{name}/{node}"): 0 for node in example(name).nodes},
    }
    return facts(found=found | more.pop("found", {}), **more)


@pytest.mark.parametrize(
    ("answers", "department", "agent", "tags"),
    [
        (["1"], "vendas", "ana", []),
        (["Meu pedido", "está atrasado"], "pos-venda", None, ["pedido-atrasado"]),
        (["2", "2"], "pos-venda", None, ["troca"]),
        (["pagamento"], "financeiro", None, ["pagamento"]),
        (["hein?", "o quê?", "não sei"], None, None, []),
    ],
)
def test_the_welcome_leads_to_the_departments(answers, department, agent, tags):
    """FLOW-4, FLOW-5, FLOW-7"""
    flow, asked = example("boas-vindas"), known("boas-vindas")
    at = begun(flow, asked)
    assert said(at)[0].startswith("Olá, Bia!")
    happened = []
    for answer in answers:
        at = replied(flow, at, answer, asked)
        happened += done(at)
    added = [one.tag_id for one in happened if isinstance(one, effects.AddTag)]
    assert added == tags
    assert happened[-1] == effects.Open(agent, department, "200001")
    assert "protocolo é 200001" in said(at)[-1]
    assert at.outcome == "ended"


def test_out_of_hours_the_welcome_says_so():
    """FLOW-6"""
    asked = known("boas-vindas", found={("business_hours", ""): False})
    assert "segunda a sexta" in said(begun(example("boas-vindas"), asked))[1]


def test_the_lead_is_asked_and_kept():
    """FLOW-4, FLOW-5, INFO-8"""
    flow, asked = example("orcamento"), known("orcamento")
    at = begun(flow, asked)
    assert done(at) == [effects.AddTag("orcamento")]
    happened = []
    for answer in ("canecas", "duzentas", "200", "sim", "compras@", "compras@empresa.com.br"):
        at = replied(flow, at, answer, asked)
        happened += done(at)
    kept = [(one.field_id, one.value) for one in happened if isinstance(one, effects.SetField)]
    assert kept == [
        ("interesses", ["Canecas"]),
        ("email-da-empresa", "compras@empresa.com.br"),
        ("resumo", "Pediu orçamento pelo chatbot (WhatsApp)"),
    ]
    assert effects.AddTag("atacado") in happened
    assert [one.title for one in happened if isinstance(one, effects.Book)] == [
        "Enviar proposta a Bia"
    ]
    assert happened[-1] == effects.Open("ana", "vendas", "200001")
    assert said(at) == [
        "Obrigado, Bia! Enviaremos a proposta para compras@empresa.com.br até amanhã às 10h."
    ]


@pytest.mark.parametrize(
    ("answers", "happens"),
    [
        (["ótimo"], [effects.AddTag("elogio")]),
        (["2"], []),
        (
            ["Ruim", "Demorou muito", "sim"],
            [
                effects.AddTag("reclamacao"),
                effects.SetField("Demorou muito", field_id="preferencias"),
                effects.Open(None, "pos-venda", "200001"),
            ],
        ),
        (["regular", "Demorou", "2"], [effects.SetField("Demorou", field_id="preferencias")]),
    ],
)
def test_the_survey_hears_what_was_wrong(answers, happens):
    """CLOSE-5, FLOW-6"""
    name = "pesquisa-de-satisfacao"
    flow, asked = example(name), known(name)
    at, happened = begun(flow, asked), []
    for answer in answers:
        at = replied(flow, at, answer, asked)
        happened += done(at)
    assert happened == happens
    assert at.outcome == "ended"


def test_the_survey_is_silent_where_the_session_has_ended():
    """CLOSE-5, SCH-2"""
    name = "pesquisa-de-satisfacao"
    after = begun(example(name), known(name, last_inbound_at={}))
    assert (after.outcome, after.effects) == ("ended", ())
