"""Flows as their page shows them, with what is wrong with them; and what uses what (FLOW-9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from chalicelib.domain import errors, flow_faults
from chalicelib.domain.flow_faults import Directory
from chalicelib.domain.instants import iso
from chalicelib.stores import channels, labels, people
from chalicelib.stores import flows as store
from chalicelib.stores import templates as mirror

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.stores.flows import Kept


def details(flow_id: str) -> events.FlowDetails:
    """One flow with its draft, and what is wrong with that as things are now. Raises NotFound."""
    found = store.draft(flow_id)
    if found is None:
        raise errors.NotFound()
    faults = flow_faults.faults(found.document, directory())
    return {
        "flow": {**summary(found.kept), "faults": len(faults)},
        "version": found.kept.version,
        "document": dict(found.document),
        "faults": faults,
    }


def summary(kept: Kept) -> events.FlowSummary:
    """A flow as lists show it."""
    return {
        "flow_id": kept.flow_id,
        "name": kept.name,
        "category_id": kept.category_id,
        "published": kept.published,
        "changed": kept.changed,
        "faults": kept.faults,
        "nodes": kept.nodes,
        "updated_at": iso(kept.updated_at),
        "updated_by": kept.updated_by,
    }


def directory() -> Directory:
    """What the agency has, that a flow may name."""
    templates = {}
    for row in mirror.every(consistent=True):
        template = mirror.to_template(row)
        if template is not None:
            templates[f"{template.name}/{template.language}"] = template
    return Directory(
        tags={one["tag_id"] for one in labels.tags(consistent=True)},
        fields=labels.fields(consistent=True),
        agents={one.agent_id for one in people.agents(consistent=True)},
        departments={one["department_id"] for one in people.departments(consistent=True)},
        flows={one.flow_id for one in store.every(consistent=True)},
        templates=templates,
        channels={one["channel"] for one in channels.channels()},
    )


def using(kind: str, name: str) -> list[str]:
    """The names of the flows that run and make use of it: see flow_faults.UseKind."""
    found = []
    for kept in store.every(consistent=True):
        runs = None if kept.published is None else store.version(kept.flow_id, kept.published)
        if runs is None or (kind, name) == ("flow", kept.flow_id):
            continue
        if name in flow_faults.references(runs.flow)[cast("Any", kind)]:
            found.append(kept.name)
    return found
