"""Flows: what each is called, its draft, and the versions that were published (FLOW-9).

A version is never changed, and never deleted while a contact may still be in it: who is inside a
flow finishes on the version that they began (FLOW-11).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chalicelib.domain import flow_format
from chalicelib.domain.instants import from_ms, to_ms
from chalicelib.domain.labels import same_name
from chalicelib.stores.chats import Write
from chalicelib.stores.names import moved
from chalicelib.stores.tables import (
    FLOW_CATEGORIES,
    FLOW_DRAFT,
    FLOWS,
    FlowCategoryRow,
    FlowDocumentRow,
    FlowRow,
    Row,
    flow_pk,
    flow_version_sk,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from chalicelib.domain import events
    from chalicelib.domain.flow_nodes import Flow

KIND = "flow"
CATEGORY = "flow_category"
VERSIONS_KEPT_IN_MIND = 64


@dataclass(frozen=True)
class Kept:
    """A flow as lists have it. `version` grows with every write of its row; `published`: runs."""

    flow_id: str
    name: str
    category_id: str | None
    published: int | None
    changed: bool  # the draft is not what was published
    faults: int
    nodes: int
    updated_at: datetime
    updated_by: str | None
    version: int = 0


@dataclass(frozen=True)
class Draft:
    """A flow with its document, docs/flow.schema.json, as it is being worked on."""

    kept: Kept
    document: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Published:
    """One version of a flow, ready to run."""

    flow_id: str
    name: str
    version: int
    flow: Flow


def every(*, consistent: bool = False) -> list[Kept]:
    """All flows, without their documents: one partition, read whole."""
    return [to_flow(row) for row in FlowRow.query(FLOWS, consistent_read=consistent)]


def one(flow_id: str, *, consistent: bool = True) -> Kept | None:
    """One of them, or None."""
    try:
        return to_flow(FlowRow.get(FLOWS, flow_id, consistent_read=consistent))
    except FlowRow.DoesNotExist:
        return None


def draft(flow_id: str) -> Draft | None:
    """One of them with its document, or None. One consistent read of both."""
    keys = [(FLOWS, flow_id), (flow_pk(flow_id), FLOW_DRAFT)]
    kept, found = None, None
    for row in Row.batch_get(keys, consistent_read=True):
        if isinstance(row, FlowRow):
            kept = to_flow(row)
        elif isinstance(row, FlowDocumentRow):
            found = json.loads(row.document)
    return None if kept is None else Draft(kept, found or {})


def published(flow_id: str) -> Published | None:
    """What runs of that flow now; None: it is not there, or was never published."""
    kept = one(flow_id)
    if kept is None or kept.published is None:
        return None
    found = version(flow_id, kept.published)
    return found and Published(flow_id, kept.name, found.version, found.flow)


def document(flow_id: str, number: int) -> Mapping[str, Any] | None:
    """The document of that version, as it was published."""
    try:
        row = FlowDocumentRow.get(flow_pk(flow_id), flow_version_sk(number), consistent_read=True)
    except FlowDocumentRow.DoesNotExist:
        return None
    found: dict[str, Any] = json.loads(row.document)
    return found


@lru_cache(VERSIONS_KEPT_IN_MIND)
def version(flow_id: str, number: int) -> Published | None:
    """That version of the flow, whatever runs by now; None: there never was one.

    Versions never change, so that a process reads each once.
    """
    told = document(flow_id, number)
    if told is None:
        return None
    return Published(flow_id, told["name"], number, flow_format.read(told, flow_id, number))


def saved(before: Kept | None, after: Kept, draft: Mapping[str, Any] | None) -> Iterable[Write]:
    """The flow's rows, as long as it is still the one that was read; `draft`: its new one."""
    yield Write(_row(after, 1 if before is None else before.version + 1), _same(before))
    if draft is not None:
        yield Write(_document(after.flow_id, FLOW_DRAFT, draft))
    had = None if before is None else same_name(before.name)
    yield from moved(KIND, after.flow_id, before=had, after=same_name(after.name))


def publishes(before: Kept, after: Kept, number: int, draft: Mapping[str, Any]) -> Iterable[Write]:
    """The flow's rows when the draft becomes its version of that number."""
    yield Write(_row(after, before.version + 1), _same(before))
    row = _document(after.flow_id, flow_version_sk(number), draft)
    yield Write(row, FlowDocumentRow.pk.does_not_exist())


def removed(before: Kept) -> Iterable[Write]:
    """The flow's row, its draft and its name go; its versions stay for who is inside them."""
    yield Write(FlowRow(FLOWS, before.flow_id), FlowRow.version == before.version, delete=True)
    yield Write(FlowDocumentRow(flow_pk(before.flow_id), FLOW_DRAFT), delete=True)
    yield from moved(KIND, before.flow_id, before=same_name(before.name), after=None)


def categories(*, consistent: bool = False) -> list[events.FlowCategory]:
    """Every folder."""
    rows = FlowCategoryRow.query(FLOW_CATEGORIES, consistent_read=consistent)
    return [{"category_id": row.sk, "name": row.name} for row in rows]


def category(category_id: str) -> events.FlowCategory | None:
    """One folder, or None."""
    try:
        row = FlowCategoryRow.get(FLOW_CATEGORIES, category_id, consistent_read=True)
    except FlowCategoryRow.DoesNotExist:
        return None
    return {"category_id": row.sk, "name": row.name}


def category_saved(
    before: events.FlowCategory | None, after: events.FlowCategory
) -> Iterable[Write]:
    """The folder's row and its name's, as long as it is still the one that was read."""
    row = FlowCategoryRow(FLOW_CATEGORIES, after["category_id"], name=after["name"])
    if before is None:
        yield Write(row, FlowCategoryRow.pk.does_not_exist())
    else:
        yield Write(row, FlowCategoryRow.name == before["name"])
    had = None if before is None else same_name(before["name"])
    now = same_name(after["name"])
    yield from moved(CATEGORY, after["category_id"], before=had, after=now)


def category_removed(before: events.FlowCategory) -> Iterable[Write]:
    """The folder's row and its name's go."""
    row = FlowCategoryRow(FLOW_CATEGORIES, before["category_id"])
    yield Write(row, FlowCategoryRow.name == before["name"], delete=True)
    had = same_name(before["name"])
    yield from moved(CATEGORY, before["category_id"], before=had, after=None)


def to_flow(row: FlowRow) -> Kept:
    """The flow of a row."""
    return Kept(
        flow_id=row.sk,
        name=row.name,
        category_id=row.category_id,
        published=None if row.published is None else int(row.published),
        changed=bool(row.changed),
        faults=int(row.faults or 0),
        nodes=int(row.nodes or 0),
        updated_at=from_ms(int(row.updated_ms)),
        updated_by=row.updated_by,
        version=int(row.version),
    )


def _row(kept: Kept, version: int) -> FlowRow:
    return FlowRow(
        FLOWS,
        kept.flow_id,
        name=kept.name,
        category_id=kept.category_id,
        published=kept.published,
        changed=True if kept.changed else None,
        faults=kept.faults or None,
        nodes=kept.nodes or None,
        updated_ms=to_ms(kept.updated_at),
        updated_by=kept.updated_by,
        version=version,
    )


def _document(flow_id: str, sk: str, told: Mapping[str, Any]) -> FlowDocumentRow:
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return FlowDocumentRow(flow_pk(flow_id), sk, document=text)


def _same(before: Kept | None) -> Any:
    if before is None:
        return FlowRow.pk.does_not_exist()
    return FlowRow.version == before.version
