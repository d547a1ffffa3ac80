"""Tags and custom fields: what contacts are marked and described by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from chalicelib.domain.labels import same_name
from chalicelib.stores.chats import Write
from chalicelib.stores.names import moved
from chalicelib.stores.tables import (
    CAMPAIGNS,
    DISCRIMINATOR,
    FIELDS,
    TAGS,
    CampaignRow,
    FieldRow,
    MemberRow,
    TagRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain import events

COUNTED = 100  # stands for more


def tags(*, consistent: bool = False) -> list[events.Tag]:
    """All tags: one partition, read whole."""
    return [to_tag(row) for row in TagRow.query(TAGS, consistent_read=consistent)]


def tag(tag_id: str) -> events.Tag | None:
    """One tag, or None."""
    try:
        return to_tag(TagRow.get(TAGS, tag_id, consistent_read=True))
    except TagRow.DoesNotExist:
        return None


def save_tag(tag: events.Tag) -> None:
    """Write the tag as given."""
    from_tag(tag).save()


def tag_saved(before: events.Tag | None, after: events.Tag) -> Iterable[Write]:
    """The tag's row and its name's, as long as it is still the one that was read."""
    yield Write(from_tag(after), _same_tag(before))
    yield from moved(
        "tag",
        after["tag_id"],
        before=None if before is None else same_name(before["name"]),
        after=same_name(after["name"]),
    )


def tag_removed(before: events.Tag) -> Iterable[Write]:
    """The tag's row and its name's go."""
    yield Write(from_tag(before), _same_tag(before), delete=True)
    yield from moved("tag", before["tag_id"], before=same_name(before["name"]), after=None)


def carriers(tag_id: str) -> int:
    """How many contacts carry the tag, counting no further than a hundred. One query."""
    return _members(f"TAG#{tag_id}")


def to_tag(row: TagRow) -> events.Tag:
    """The tag as screens see it."""
    return {"tag_id": row.sk, "name": row.name, "color": row.color}


def from_tag(tag: events.Tag) -> TagRow:
    """The tag's row."""
    return TagRow(TAGS, tag["tag_id"], name=tag["name"], color=tag["color"])


def fields(*, consistent: bool = False) -> list[events.Field]:
    """All custom fields, in the order of their creation: one partition, read whole."""
    return [to_field(row) for row in FieldRow.query(FIELDS, consistent_read=consistent)]


def field(field_id: str) -> events.Field | None:
    """One custom field, or None."""
    try:
        return to_field(FieldRow.get(FIELDS, field_id, consistent_read=True))
    except FieldRow.DoesNotExist:
        return None


def save_field(field: events.Field) -> None:
    """Write the field as given."""
    from_field(field).save()


def field_saved(before: events.Field | None, after: events.Field) -> Iterable[Write]:
    """The field's row and its slug's, as long as it is still the one that was read."""
    yield Write(from_field(after), _same_field(before))
    slug = None if before is None else before["slug"]
    yield from moved("field", after["field_id"], before=slug, after=after["slug"])


def field_removed(before: events.Field) -> Iterable[Write]:
    """The field's row and its slug's go."""
    yield Write(from_field(before), _same_field(before), delete=True)
    yield from moved("field", before["field_id"], before=before["slug"], after=None)


def valued(field_id: str) -> int:
    """How many contacts have a value in the field, up to a hundred. One query."""
    return _members(f"VALUE#{field_id}")


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


def from_field(field: events.Field) -> FieldRow:
    """The field's row."""
    return FieldRow(
        FIELDS,
        field["field_id"],
        slug=field["slug"],
        name=field["name"],
        kind=field["kind"],
        options=list(field["options"]),
        at_closing=field["at_closing"],
        active=field["active"],
    )


def campaigns() -> list[events.Campaign]:
    """All campaigns: one partition, read whole."""
    return [{"campaign_id": row.sk, "name": row.name} for row in CampaignRow.query(CAMPAIGNS)]


def save_campaign(campaign: events.Campaign) -> None:
    """Write the campaign as given."""
    CampaignRow(CAMPAIGNS, campaign["campaign_id"], name=campaign["name"]).save()


def _same_tag(before: events.Tag | None) -> Any:
    return TagRow.pk.does_not_exist() if before is None else TagRow.name == before["name"]


def _same_field(before: events.Field | None) -> Any:
    return FieldRow.pk.does_not_exist() if before is None else FieldRow.pk.exists()


def _members(key: str) -> int:
    return sum(1 for _ in MemberRow.query(key, limit=COUNTED, attributes_to_get=[DISCRIMINATOR]))
