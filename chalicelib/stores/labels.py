"""Tags and custom fields: what contacts are marked and described by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from chalicelib.stores.tables import CAMPAIGNS, FIELDS, TAGS, CampaignRow, FieldRow, TagRow

if TYPE_CHECKING:
    from chalicelib.domain import events


def tags() -> list[events.Tag]:
    """All tags: one partition, read whole."""
    return [to_tag(row) for row in TagRow.query(TAGS)]


def save_tag(tag: events.Tag) -> None:
    """Write the tag as given."""
    TagRow(TAGS, tag["tag_id"], name=tag["name"], color=tag["color"]).save()


def to_tag(row: TagRow) -> events.Tag:
    """The tag as screens see it."""
    return {"tag_id": row.sk, "name": row.name, "color": row.color}


def fields() -> list[events.Field]:
    """All custom fields, in the order of their creation: one partition, read whole."""
    return [to_field(row) for row in FieldRow.query(FIELDS)]


def save_field(field: events.Field) -> None:
    """Write the field as given."""
    FieldRow(
        FIELDS,
        field["field_id"],
        slug=field["slug"],
        name=field["name"],
        kind=field["kind"],
        options=list(field["options"]),
        at_closing=field["at_closing"],
        active=field["active"],
    ).save()


def to_field(row: FieldRow) -> events.Field:
    """The field as screens see it."""
    return {
        "field_id": row.sk,
        "slug": row.slug,
        "name": row.name,
        "kind": cast("Any", row.kind),
        "options": list(row.options),
        "at_closing": cast("Any", row.at_closing),
        "active": bool(row.active),
    }


def campaigns() -> list[events.Campaign]:
    """All campaigns: one partition, read whole."""
    return [{"campaign_id": row.sk, "name": row.name} for row in CampaignRow.query(CAMPAIGNS)]


def save_campaign(campaign: events.Campaign) -> None:
    """Write the campaign as given."""
    CampaignRow(CAMPAIGNS, campaign["campaign_id"], name=campaign["name"]).save()
