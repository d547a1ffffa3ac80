"""Tags and custom fields are made, changed and deleted (ADM-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.commands import flow as flowing
from chalicelib.commands import hook as hooking
from chalicelib.commands.attempts import until_settled
from chalicelib.domain import errors
from chalicelib.domain import labels as rules
from chalicelib.domain.instants import sortable
from chalicelib.stores import labels as store
from chalicelib.stores.chats import commit_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def add_tag(world: World, agent: Agent, name: str, color: str) -> events.Tag:
    """A new tag. Raises Invalid for a colour, NameTaken, or TooMany beyond ten thousand."""
    rules.check_color(color)
    made: events.Tag = {"tag_id": world.new_id(), "name": name, "color": color}

    def decide() -> events.Tag:
        tags = store.tags(consistent=True)
        if made in tags:
            return made  # only its answer was lost
        if len(tags) >= rules.MOST_TAGS:
            raise errors.TooMany(limit=rules.MOST_TAGS)
        _check_name(tags, made)
        commit_rows(*store.tag_saved(None, made))
        return made

    return until_settled(world, decide)


def save_tag(world: World, agent: Agent, tag_id: str, name: str, color: str) -> events.Tag:
    """The tag as it should be. Raises NotFound, Invalid for a colour, or NameTaken."""
    rules.check_color(color)
    after: events.Tag = {"tag_id": tag_id, "name": name, "color": color}

    def decide() -> events.Tag:
        tags = store.tags(consistent=True)
        before = next((one for one in tags if one["tag_id"] == tag_id), None)
        if before is None:
            raise errors.NotFound()
        _check_name(tags, after)
        if after != before:
            commit_rows(*store.tag_saved(before, after))
        return after

    return until_settled(world, decide)


def remove_tag(world: World, agent: Agent, tag_id: str) -> events.Done:
    """The tag is gone; saying it twice is fine. Raises InUse while contacts carry it, or a
    flow that runs names it."""

    def decide() -> events.Done:
        before = store.tag(tag_id)
        if before is not None:
            if count := store.carriers(tag_id):
                raise errors.InUse(by=[{"kind": "contacts", "count": count}])
            flowing.unused("tag", tag_id)
            commit_rows(*store.tag_removed(before))
        return {"done": True}

    return until_settled(world, decide)


def add_field(world: World, agent: Agent, wanted: Mapping[str, Any]) -> events.Field:
    """A new custom field, whose slug and kind are fixed from now on (INFO-9).

    Raises Invalid for options that do not fit the kind or a system variable's name, NameTaken when
    the slug is another's, or TooMany beyond two hundred.
    """
    rules.check_slug(wanted["slug"])
    rules.check_options(wanted["kind"], wanted["options"])
    made: events.Field = {
        # By the time first: they are listed in the order in which they were made.
        "field_id": f"{sortable(world.now())}-{world.new_id()}",
        "slug": wanted["slug"],
        "name": wanted["name"],
        "kind": wanted["kind"],
        "options": list(wanted["options"]),
        "at_closing": wanted["at_closing"],
        "active": True,
    }

    def decide() -> events.Field:
        fields = store.fields(consistent=True)
        if made in fields:
            return made  # only its answer was lost
        if len(fields) >= rules.MOST_FIELDS:
            raise errors.TooMany(limit=rules.MOST_FIELDS)
        if any(one["slug"] == made["slug"] for one in fields):
            raise errors.NameTaken()
        commit_rows(*store.field_saved(None, made))
        return made

    return until_settled(world, decide)


def save_field(
    world: World, agent: Agent, field_id: str, wanted: Mapping[str, Any]
) -> events.Field:
    """What may change of a field: its name, options, whether closing asks for it, being active.

    An option that goes stays in the contacts who have it. Raises NotFound or Invalid.
    """

    def decide() -> events.Field:
        before = store.field(field_id)
        if before is None:
            raise errors.NotFound()
        rules.check_options(before["kind"], wanted["options"])
        after: events.Field = {
            **before,
            "name": wanted["name"],
            "options": list(wanted["options"]),
            "at_closing": wanted["at_closing"],
            "active": wanted["active"],
        }
        if after != before:
            commit_rows(*store.field_saved(before, after))
        return after

    return until_settled(world, decide)


def remove_field(world: World, agent: Agent, field_id: str) -> events.Done:
    """The field is gone; saying it twice is fine. Raises InUse while contacts have values in it."""

    def decide() -> events.Done:
        before = store.field(field_id)
        if before is not None:
            if count := store.valued(field_id):
                raise errors.InUse(by=[{"kind": "contacts", "count": count}])
            flowing.unused("field", before["slug"])
            hooking.unused(before["slug"])
            commit_rows(*store.field_removed(before))
        return {"done": True}

    return until_settled(world, decide)


def _check_name(tags: list[events.Tag], wanted: events.Tag) -> None:
    name = rules.same_name(wanted["name"])
    for one in tags:
        if one["tag_id"] != wanted["tag_id"] and rules.same_name(one["name"]) == name:
            raise errors.NameTaken()
