"""Incoming webhooks are set up (FLOW-10)."""

import pytest

from chalicelib.commands import flow, hook, label
from chalicelib.domain import errors
from chalicelib.queries import hooks as queries
from chalicelib.stores import flows
from tests.commands.flow_fixtures import chatbot
from tests.commands.hook_fixtures import ANA, MAPPING, WANTED, made, shop_is_ready


@pytest.fixture(autouse=True)
def _desk(world):
    shop_is_ready(world)


def test_addresses_are_unguessable_and_the_same_wish_makes_one(world):
    """FLOW-10"""
    one, again = made(world), made(world)
    assert one == again
    assert len(one["webhook_id"]) == 32
    assert one["url"] == f"/api/hooks/{one['webhook_id']}"
    with pytest.raises(errors.NameTaken):
        made(world, name=" LOJA ", flow_id=None)
    assert made(world, name="Outra")["webhook_id"] != one["webhook_id"]


@pytest.mark.parametrize(
    ("wanted", "path", "reason"),
    [
        ({"flow_id": "nothing"}, "flow_id", "unknown"),
        ({"mapping": []}, "mapping", "phone_missing"),
        ({"mapping": [*MAPPING, {"path": "a", "field": "nada"}]}, "mapping.4.field", "unknown"),
    ],
)
def test_what_cannot_work_is_not_saved(world, wanted, path, reason):
    """FLOW-10"""
    with pytest.raises(errors.Invalid) as refused:
        made(world, **wanted)
    assert refused.value.fields["fields"] == [{"path": path, "reason": reason}]


def test_what_somebody_else_changed_meanwhile_is_said(world):
    """FLOW-10"""
    one = made(world)
    changed = {**WANTED, "name": "Loja nova", "version": one["version"]}
    after = hook.save(world, ANA, one["webhook_id"], changed)
    assert (after["name"], after["url"], after["version"]) == ("Loja nova", one["url"], 2)
    assert hook.save(world, ANA, one["webhook_id"], changed) == after
    with pytest.raises(errors.EditedMeanwhile):
        hook.save(world, ANA, one["webhook_id"], {**changed, "flow_id": None})
    with pytest.raises(errors.NotFound):
        hook.save(world, ANA, "nothing", changed)


def test_what_a_webhook_needs_is_not_deleted(world):
    """FLOW-10"""
    one = made(world, name="Pedidos")
    chatbot(world, chatbot=False, main_flow_id="")
    for remove in (
        lambda: flow.remove(world, ANA, "f1"),
        lambda: label.remove_field(world, ANA, "plan"),
    ):
        with pytest.raises(errors.InUse) as refused:
            remove()
        assert refused.value.fields["by"] == [{"kind": "webhook", "name": "Pedidos"}]
    for _ in range(2):
        hook.remove(world, ANA, one["webhook_id"])
    flow.remove(world, ANA, "f1")
    assert queries.hooks() == {"webhooks": []}


def test_a_number_that_is_none_of_the_agencys_is_said(world):
    """FLOW-10"""
    with pytest.raises(errors.NotFound):
        made(world, account="nothing")


def test_a_flow_that_runs_nowhere_yet_is_not_fired(world):
    """FLOW-10 FLOW-11: only what was published."""
    draft = flow.add(world, ANA, {"name": "Rascunho", "category_id": None, "document": None})
    with pytest.raises(errors.Invalid) as refused:
        made(world, flow_id=draft["flow"]["flow_id"])
    assert refused.value.fields["fields"] == [{"path": "flow_id", "reason": "unpublished"}]
    assert flows.one(draft["flow"]["flow_id"]).published is None


def test_there_are_at_most_so_many(world, monkeypatch):
    """FLOW-10"""
    monkeypatch.setattr(hook, "MOST", 2)
    made(world, name="Um")
    made(world, name="Dois")
    with pytest.raises(errors.TooMany) as refused:
        made(world, name="Três")
    assert refused.value.fields == {"limit": 2}
    assert len(queries.hooks()["webhooks"]) == 2
