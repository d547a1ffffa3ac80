"""What contacts are marked and described by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.labels import same_name
from chalicelib.stores import labels as store

if TYPE_CHECKING:
    from chalicelib.domain import events


def labels() -> events.Labels:
    """Tags and campaigns by name, fields in the order in which they were made."""
    return {
        "tags": sorted(store.tags(consistent=True), key=lambda one: same_name(one["name"])),
        "fields": store.fields(consistent=True),
        "campaigns": sorted(store.campaigns(), key=lambda one: same_name(one["name"])),
    }
