"""Flows as things that are written, published and put away."""

import json
from pathlib import Path

import pytest

from chalicelib.commands import department, flow, label, settings
from chalicelib.domain import errors
from chalicelib.queries import flows as queries
from chalicelib.stores import flows, people
from tests.builders import agent, join
from tests.commands.flow_fixtures import document, publish

ANA = agent("ana")
BRUNO = agent("bruno")
HELLO = {"oi": {"type": "text", "text": "Olá, {nome}!", "next": None}}
EXAMPLES = sorted((Path(__file__).parents[2] / "local" / "flows").glob("*.json"))


@pytest.fixture(autouse=True)
def _people(world):
    join(ANA, BRUNO)


def adds(world, name="Boas-vindas", *, by=ANA, told=None, folder=None):
    return flow.add(world, by, {"name": name, "category_id": folder, "document": told})


def saves(world, made, *, by=ANA, version=None, **wanted):
    asked = {"name": made["flow"]["name"], "category_id": None, "document": None, **wanted}
    asked["version"] = version or made["version"]
    return flow.save(world, by, made["flow"]["flow_id"], asked)


def publishes(world, made):
    return flow.publish(world, ANA, made["flow"]["flow_id"], made["version"])


def names():
    return [one["name"] for one in queries.flows()["flows"]]


def test_a_new_flow_is_a_draft_until_it_is_published(world):
    """FLOW-9 FLOW-11"""
    made = adds(world, told=document(HELLO))
    assert (made["flow"]["published"], made["flow"]["changed"]) == (None, True)
    assert flows.published(made["flow"]["flow_id"]) is None
    done = publishes(world, made)
    assert (done["flow"]["published"], done["flow"]["changed"]) == (1, False)
    assert flows.published(made["flow"]["flow_id"]).flow.start == "oi"


def test_asked_twice_it_is_made_once(world):
    """FLOW-9"""
    one, other = (adds(world, told=document(HELLO)) for _ in range(2))
    assert one == other
    assert names() == ["Boas-vindas"]


def test_an_edited_draft_leaves_what_runs_alone(world):
    """FLOW-11: until it is published, as the next version."""
    made = publishes(world, adds(world, told=document(HELLO)))
    nodes = {"tchau": {"type": "text", "text": "Tchau", "next": None}}
    edited = saves(world, made, document=document(nodes))
    flow_id = made["flow"]["flow_id"]
    assert (edited["flow"]["changed"], flows.published(flow_id).flow.start) == (True, "oi")
    publishes(world, edited)
    assert (flows.published(flow_id).version, flows.published(flow_id).flow.start) == (2, "tchau")
    assert flows.version(flow_id, 1).flow.start == "oi"


def test_a_draft_as_it_runs_is_not_changed(world):
    """FLOW-11"""
    told = document(HELLO, name="Boas-vindas")
    made = publishes(world, adds(world, told=told))
    nodes = {"tchau": {"type": "text", "text": "Tchau", "next": None}}
    edited = saves(world, made, document=document(nodes))
    back = saves(world, edited, document=told)
    assert back["flow"]["changed"] is False


def test_a_file_with_faults_is_refused_with_each_and_its_place(world):
    """FLOW-9"""
    wrong = document({"oi": {"type": "text", "text": "", "next": "nada"}})
    with pytest.raises(errors.Invalid) as refusal:
        adds(world, told=wrong)
    found = {(one["path"], one["reason"]) for one in refusal.value.fields["fields"]}
    assert found == {("document.nodes.oi.text", "empty"), ("document.nodes.oi.next", "unknown")}
    assert names() == []


def test_what_the_agency_does_not_have_is_told_and_stops_only_publishing(world):
    """FLOW-9: a file of another agency is imported, and says what is missing."""
    nodes = {"tag": {"type": "add_tag", "tag_id": "vip", "next": None}}
    made = adds(world, told=document(nodes))
    assert [(one["path"], one["reason"]) for one in made["faults"]] == [
        ("nodes.tag.tag_id", "unknown")
    ]
    with pytest.raises(errors.Invalid):
        publishes(world, made)
    label.add_tag(world, ANA, "VIP", "blue")


@pytest.mark.parametrize("path", EXAMPLES, ids=[one.stem for one in EXAMPLES])
def test_what_is_exported_is_imported_as_it_was(world, path):
    """FLOW-9: the document of a flow is its file."""
    told = json.loads(path.read_text(encoding="utf-8"))
    made = adds(world, told["name"], told=told)
    assert made["document"] == told
    again = adds(world, "Cópia", told=made["document"])
    assert {**again["document"], "name": told["name"]} == told


def test_who_saves_over_somebody_elses_work_is_told_whose(world):
    """FLOW-9: nothing is lost."""
    made = adds(world, told=document(HELLO))
    nodes = {"tchau": {"type": "text", "text": "Tchau", "next": None}}
    saves(world, made, by=BRUNO, document=document(nodes))
    with pytest.raises(errors.EditedMeanwhile) as refusal:
        saves(world, made, name="Outro nome")
    assert refusal.value.fields == {"by": "Bruno"}
    with pytest.raises(errors.EditedMeanwhile):
        publishes(world, made)


def test_a_draft_with_faults_is_kept(world):
    """FLOW-9: work is saved before it is right."""
    made = adds(world)
    edited = saves(world, made, document={"nodes": "?"})
    assert edited["flow"]["faults"] == len(edited["faults"]) > 0
    assert edited["document"]["nodes"] == "?"


def test_no_two_flows_have_one_name(world):
    """FLOW-9"""
    adds(world, "Olá")
    other = adds(world, "Outro")
    with pytest.raises(errors.NameTaken):
        adds(world, "ola", by=BRUNO)
    with pytest.raises(errors.NameTaken):
        saves(world, other, name="OLÁ")


def test_a_flow_in_use_is_not_deleted(world):
    """FLOW-9 FLOW-13"""
    publish("f1", HELLO, name="Principal")
    settings.save(world, ANA, {"chatbot": True, "main_flow_id": "f1"})
    with pytest.raises(errors.InUse) as refusal:
        flow.remove(world, ANA, "f1")
    assert refusal.value.fields == {"by": [{"kind": "main_flow_id"}]}
    settings.save(world, ANA, {"main_flow_id": ""})
    publish("f2", {"vai": {"type": "start_flow", "flow_id": "f1"}}, name="Outro")
    with pytest.raises(errors.InUse) as refusal:
        flow.remove(world, ANA, "f1")
    assert refusal.value.fields == {"by": [{"kind": "flow", "name": "Outro"}]}
    flow.remove(world, ANA, "f2")
    for _ in range(2):
        assert flow.remove(world, ANA, "f1") == {"done": True}
    assert names() == []
    assert flows.version("f1", 1) is not None, "who is inside finishes"


def test_what_a_flow_names_is_not_deleted(world):
    """FLOW-12"""
    tag = label.add_tag(world, ANA, "VIP", "blue")
    people.save_department("sales", "Vendas", active=True)
    nodes = {
        "tag": {"type": "add_tag", "tag_id": tag["tag_id"], "next": "abrir"},
        "abrir": {"type": "open_chat", "department_id": "sales", "agent": "none", "next": None},
    }
    publish("f1", nodes, name="Principal")
    with pytest.raises(errors.InUse):
        label.remove_tag(world, ANA, tag["tag_id"])
    with pytest.raises(errors.InUse):
        department.remove(world, ANA, "sales")


def test_settings_take_only_flows_that_run(world):
    """FLOW-13 CLOSE-5"""
    made = adds(world, told=document(HELLO))
    for told, reason in (("nada", "unknown"), (made["flow"]["flow_id"], "unpublished")):
        with pytest.raises(errors.Invalid) as refusal:
            settings.save(world, ANA, {"main_flow_id": told})
        assert refusal.value.fields["fields"] == [{"path": "main_flow_id", "reason": reason}]


def test_the_chatbot_is_on_since_it_has_both_switch_and_flow(world, clock):
    """FLOW-13: no main flow is off."""
    publish("f1", HELLO)
    assert settings.save(world, ANA, {"chatbot": True})["chatbot_since"] is None
    since = settings.save(world, ANA, {"main_flow_id": "f1"})["chatbot_since"]
    clock.forward(hours=1)
    assert settings.save(world, ANA, {"read_receipts": True})["chatbot_since"] == since
    assert settings.save(world, ANA, {"chatbot": False})["chatbot_since"] is None


def test_folders_hold_flows(world):
    """FLOW-9"""
    folder = flow.add_category(world, "Vendas")
    assert flow.add_category(world, "vendas") == folder
    adds(world, folder=folder["category_id"])
    with pytest.raises(errors.InUse):
        flow.remove_category(world, folder["category_id"])
    other = flow.add_category(world, "Suporte")
    with pytest.raises(errors.NameTaken):
        flow.save_category(world, other["category_id"], "VENDAS")
    assert flow.save_category(world, other["category_id"], "Ajuda")["name"] == "Ajuda"
    assert flow.remove_category(world, other["category_id"]) == {"done": True}
    with pytest.raises(errors.Invalid):
        adds(world, "Outro", folder="nada")
