"""Tags and custom fields are made, changed and deleted."""

import pytest

from chalicelib.commands import label
from chalicelib.domain import errors
from chalicelib.domain import labels as rules
from chalicelib.queries import labels
from chalicelib.stores import labels as store
from chalicelib.stores.members import value_place
from chalicelib.stores.tables import MemberRow, NameRow
from tests.builders import agent, chat, put

ANA = agent("ana")
PLAN = {
    "name": "Plano",
    "slug": "plano",
    "kind": "choice",
    "options": ["Ouro", "Prata"],
    "at_closing": "required",
}


def shown(**facts):
    """What may change of the plan."""
    kept = {name: PLAN[name] for name in ("name", "options", "at_closing")}
    return {**kept, "active": True, **facts}


def test_tags_are_made_changed_and_listed_by_name(world):
    """ADM-1"""
    vip = label.add_tag(world, ANA, "vip", "red")
    label.add_tag(world, ANA, "Água", "blue")
    assert label.save_tag(world, ANA, vip["tag_id"], "VIP", "violet") == {
        "tag_id": vip["tag_id"],
        "name": "VIP",
        "color": "violet",
    }
    assert [one["name"] for one in labels.labels()["tags"]] == ["Água", "VIP"]


def test_two_tags_have_two_names(world):
    """ADM-1"""
    label.add_tag(world, ANA, "Água", "blue")
    other = label.add_tag(world, ANA, "Terra", "red")["tag_id"]
    for act in (
        lambda: label.add_tag(world, ANA, "AGUA", "red"),
        lambda: label.save_tag(world, ANA, other, " agua", "red"),
    ):
        with pytest.raises(errors.NameTaken):
            act()


def test_two_who_take_one_name_at_the_same_instant(world, monkeypatch):
    """ADM-1"""
    commit = label.commit_rows

    def commit_after_the_other(*writes):
        monkeypatch.setattr(label, "commit_rows", commit)
        label.add_tag(world, ANA, "vip", "red")
        commit(*writes)

    monkeypatch.setattr(label, "commit_rows", commit_after_the_other)
    with pytest.raises(errors.NameTaken):
        label.add_tag(world, ANA, "VIP", "blue")
    assert [one["color"] for one in store.tags()] == ["red"]


def test_ten_thousand_tags_are_enough(world, monkeypatch):
    """ADM-1"""
    assert rules.MOST_TAGS == 10_000
    monkeypatch.setattr(rules, "MOST_TAGS", 1)
    label.add_tag(world, ANA, "a", "red")
    with pytest.raises(errors.TooMany):
        label.add_tag(world, ANA, "b", "red")


def test_a_colour_that_no_screen_has_is_refused(world):
    """INFO-5"""
    with pytest.raises(errors.Invalid):
        label.add_tag(world, ANA, "a", "pink")
    with pytest.raises(errors.Invalid):
        label.save_tag(world, ANA, "a", "a", "pink")
    with pytest.raises(errors.NotFound):
        label.save_tag(world, ANA, "a", "a", "red")


def test_a_tag_that_contacts_carry_stays(world):
    """ADM-1"""
    tag_id = label.add_tag(world, ANA, "vip", "red")["tag_id"]
    put(chat("c1", tags=(tag_id,)))
    with pytest.raises(errors.InUse) as refused:
        label.remove_tag(world, ANA, tag_id)
    assert refused.value.fields == {"by": [{"kind": "contacts", "count": 1}]}


def test_an_unused_tag_goes_and_its_name_is_free(world):
    """ADM-1"""
    tag_id = label.add_tag(world, ANA, "vip", "red")["tag_id"]
    for _ in range(2):
        assert label.remove_tag(world, ANA, tag_id) == {"done": True}
    assert store.tags() == []
    label.add_tag(world, ANA, "vip", "red")


def test_fields_are_listed_in_the_order_in_which_they_were_made(world, clock):
    """ADM-1"""
    for slug in ("zebra", "plano", "antigo"):
        label.add_field(world, ANA, {**PLAN, "slug": slug})
        clock.forward(seconds=1)
    assert [one["slug"] for one in labels.labels()["fields"]] == ["zebra", "plano", "antigo"]


@pytest.mark.parametrize("kind", ["image", "long_text", "text", "yes_no", "date"])
def test_every_kind_may_be_asked_at_closing(world, kind):
    """CLOSE-6"""
    made = label.add_field(world, ANA, {**PLAN, "kind": kind, "options": []})
    assert (made["kind"], made["at_closing"], made["active"]) == (kind, "required", True)


def test_slug_and_kind_stay_whatever_else_changes(world):
    """INFO-9"""
    made = label.add_field(world, ANA, PLAN)
    saved = label.save_field(
        world,
        ANA,
        made["field_id"],
        shown(name="Plano atual", options=["Ouro"], at_closing="no", active=False),
    )
    assert saved == {
        **made,
        "name": "Plano atual",
        "options": ["Ouro"],
        "at_closing": "no",
        "active": False,
    }
    assert store.fields() == [saved]


def test_a_slug_is_one_fields(world, monkeypatch):
    """INFO-9: also at the same instant."""
    label.add_field(world, ANA, PLAN)
    with pytest.raises(errors.NameTaken):
        label.add_field(world, ANA, {**PLAN, "name": "Outro"})
    commit = label.commit_rows

    def commit_after_the_other(*writes):
        monkeypatch.setattr(label, "commit_rows", commit)
        label.add_field(world, ANA, {**PLAN, "slug": "foto"})
        commit(*writes)

    monkeypatch.setattr(label, "commit_rows", commit_after_the_other)
    with pytest.raises(errors.NameTaken):
        label.add_field(world, ANA, {**PLAN, "slug": "foto"})


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"slug": "cpf"}, "slug"),
        ({"options": []}, "options"),
        ({"kind": "text"}, "options"),
    ],
)
def test_a_field_that_cannot_be_is_refused(world, facts, path):
    """ADM-1 INFO-9"""
    with pytest.raises(errors.Invalid) as refused:
        label.add_field(world, ANA, {**PLAN, **facts})
    assert refused.value.fields["fields"][0]["path"] == path


def test_options_are_checked_by_the_kind_that_the_field_has(world):
    """ADM-1"""
    made = label.add_field(world, ANA, PLAN)
    with pytest.raises(errors.Invalid):
        label.save_field(world, ANA, made["field_id"], shown(options=[]))
    with pytest.raises(errors.NotFound):
        label.save_field(world, ANA, "nothing", shown())


def test_two_hundred_fields_are_enough(world, monkeypatch):
    """ADM-1"""
    assert rules.MOST_FIELDS == 200
    monkeypatch.setattr(rules, "MOST_FIELDS", 1)
    label.add_field(world, ANA, PLAN)
    with pytest.raises(errors.TooMany):
        label.add_field(world, ANA, {**PLAN, "slug": "outro"})


def test_a_field_with_values_stays(world):
    """ADM-1"""
    field_id = label.add_field(world, ANA, PLAN)["field_id"]
    MemberRow(*value_place(field_id, "c1"), chat_id="c1").save()
    with pytest.raises(errors.InUse) as refused:
        label.remove_field(world, ANA, field_id)
    assert refused.value.fields == {"by": [{"kind": "contacts", "count": 1}]}
    MemberRow(*value_place(field_id, "c1"), chat_id="c1").delete()
    for _ in range(2):
        assert label.remove_field(world, ANA, field_id) == {"done": True}
    assert store.fields() == []
    assert list(NameRow.query("NAME#field")) == []
