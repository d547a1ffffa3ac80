"""Flows are written, published and put away (FLOW-9)."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import errors, flow_faults, flow_format
from chalicelib.domain.hook import naming
from chalicelib.domain.labels import same_name
from chalicelib.domain.media import LARGEST, NAME_LENGTH, is_upload_of
from chalicelib.stores import audit, flow_details, hooks, preferences
from chalicelib.stores import flows as store
from chalicelib.stores.chats import commit_rows
from chalicelib.stores.flows import Kept

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

MOST = 500
MOST_CATEGORIES = 100
EMPTY: dict[str, Any] = {"start": "inicio", "nodes": {"inicio": {"type": "close"}}}


def add(world: World, agent: Agent, wanted: Mapping[str, Any]) -> events.FlowDetails:
    """A new flow, from a document or empty; nothing of it runs before it is published; audited.

    `wanted` is api.requests.AddFlow. Asked twice it is made once. What the document names and the
    agency does not have is told with the draft. Raises Invalid with every fault of its shape and
    its place (`document.nodes.menu.text`), NameTaken, NotFound (the folder) or TooMany.
    """
    document = wanted["document"] or EMPTY
    if wanted["document"] is not None:
        _check(flow_faults.faults(document))
    document = _titled(document, wanted["name"])
    named = "\x1f".join((agent.agent_id, same_name(wanted["name"])))
    flow_id = sha256(named.encode("utf-8", "replace")).hexdigest()[:16]

    def decide() -> events.FlowDetails:
        known = store.every(consistent=True)
        before = next((one for one in known if one.flow_id == flow_id), None)
        if before is not None and store.draft(flow_id) == store.Draft(before, document):
            return flow_details.details(flow_id)  # ours: only its answer was lost
        fresh = world.new_id() if before is not None else flow_id
        _check_name(known, None, wanted["name"])
        if len(known) >= MOST:
            raise errors.TooMany(limit=MOST)
        _check_category(wanted["category_id"])
        after = _kept(world, agent, fresh, wanted, document, None)
        told = audit.entry("flow_saved", agent, fresh, world.now(), world.new_id())
        commit_rows(*store.saved(None, after, document), told)
        return flow_details.details(fresh)

    return until_settled(world, decide)


def save(world: World, agent: Agent, flow_id: str, wanted: Mapping[str, Any]) -> events.FlowDetails:
    """Its name, folder and draft as they should be («Atualizar fluxo»); what runs is untouched.

    `wanted` is api.requests.SaveFlow. A draft may have faults: they are told with it. Raises
    NotFound, EditedMeanwhile, NameTaken, Invalid (a document that is too large) or TooLarge.
    """

    def decide() -> events.FlowDetails:
        before = store.draft(flow_id)
        if before is None:
            raise errors.NotFound()
        document = before.document if wanted["document"] is None else wanted["document"]
        document = _titled(document, wanted["name"])
        placed = (wanted["name"], wanted["category_id"])
        if document == before.document and placed == (before.kept.name, before.kept.category_id):
            return flow_details.details(flow_id)
        if before.kept.version != wanted["version"]:
            raise errors.EditedMeanwhile(by=before.kept.updated_by)
        _check_name(store.every(consistent=True), flow_id, wanted["name"])
        _check_category(wanted["category_id"])
        after = _kept(world, agent, flow_id, wanted, document, before.kept)
        told = audit.entry("flow_saved", agent, flow_id, world.now(), world.new_id())
        commit_rows(*store.saved(before.kept, after, document), told)
        return flow_details.details(flow_id)

    return until_settled(world, decide)


def publish(world: World, agent: Agent, flow_id: str, version: int) -> events.FlowDetails:
    """The draft of that version runs from now on; contacts inside finish on theirs (FLOW-11).

    Publishing what runs already changes nothing. Raises NotFound, EditedMeanwhile, or Invalid with
    every fault and its place.
    """

    def decide() -> events.FlowDetails:
        before = store.draft(flow_id)
        if before is None:
            raise errors.NotFound()
        if not before.kept.changed:
            return flow_details.details(flow_id)
        if before.kept.version != version:
            raise errors.EditedMeanwhile(by=before.kept.updated_by)
        _check(flow_faults.faults(before.document, flow_details.directory()))
        number = (before.kept.published or 0) + 1
        after = replace(before.kept, published=number, changed=False, faults=0)
        told = audit.entry("flow_published", agent, flow_id, world.now(), world.new_id())
        commit_rows(*store.publishes(before.kept, after, number, before.document), told)
        return flow_details.details(flow_id)

    return until_settled(world, decide)


def remove(world: World, agent: Agent, flow_id: str) -> events.Done:
    """The flow is gone; saying it twice is fine; audited. Who is inside it finishes.

    Raises InUse while it is the main flow, fires after closing, another flow goes on in it, or a
    webhook fires it.
    """

    def decide() -> events.Done:
        before = store.one(flow_id)
        if before is None:
            return {"done": True}
        settings = preferences.load(consistent=True)
        using: list[dict[str, Any]] = [
            {"kind": name}
            for name in ("main_flow_id", "closing_flow_id")
            if settings[name] == flow_id
        ]
        using += [{"kind": "flow", "name": name} for name in flow_details.using("flow", flow_id)]
        webhooks = hooks.every(consistent=True)
        using += [{"kind": "webhook", "name": name} for name in naming(webhooks, flow_id=flow_id)]
        if using:
            raise errors.InUse(by=using)
        told = audit.entry("flow_removed", agent, flow_id, world.now(), world.new_id())
        commit_rows(*store.removed(before), told)
        return {"done": True}

    return until_settled(world, decide)


def check(wanted: Mapping[str, Any]) -> events.FlowCheck:
    """What stands in the way of publishing a document; it is kept nowhere."""
    return {"faults": flow_faults.faults(wanted["document"], flow_details.directory())}


def add_category(world: World, name: str) -> events.FlowCategory:
    """A new folder («Adicionar categoria»). Asked twice it is made once. Raises TooMany."""

    def decide() -> events.FlowCategory:
        known = store.categories(consistent=True)
        same = next((one for one in known if same_name(one["name"]) == same_name(name)), None)
        if same is not None:
            return same
        if len(known) >= MOST_CATEGORIES:
            raise errors.TooMany(limit=MOST_CATEGORIES)
        made: events.FlowCategory = {"category_id": world.new_id(), "name": name}
        commit_rows(*store.category_saved(None, made))
        return made

    return until_settled(world, decide)


def save_category(world: World, category_id: str, name: str) -> events.FlowCategory:
    """The folder gets another name. Raises NotFound or NameTaken."""

    def decide() -> events.FlowCategory:
        known = {one["category_id"]: one for one in store.categories(consistent=True)}
        before = known.pop(category_id, None)
        if before is None:
            raise errors.NotFound()
        if same_name(name) in {same_name(one["name"]) for one in known.values()}:
            raise errors.NameTaken()
        after: events.FlowCategory = {"category_id": category_id, "name": name}
        if after != before:
            commit_rows(*store.category_saved(before, after))
        return after

    return until_settled(world, decide)


def remove_category(world: World, category_id: str) -> events.Done:
    """The folder is gone; saying it twice is fine. Raises InUse while flows are in it."""

    def decide() -> events.Done:
        before = store.category(category_id)
        if before is None:
            return {"done": True}
        inside = [one for one in store.every(consistent=True) if one.category_id == category_id]
        if inside:
            raise errors.InUse(by=[{"kind": "flow", "name": one.name} for one in inside])
        commit_rows(*store.category_removed(before))
        return {"done": True}

    return until_settled(world, decide)


def add_file(world: World, agent: Agent, asked: Mapping[str, Any]) -> events.FlowFile:
    """An upload of this agent becomes a file that flows may send; twice is the same file.

    Raises FileRefused (`missing`, `too_large`).
    """
    key = asked["key"]
    facts = world.files.facts(key) if is_upload_of(key, agent.agent_id) else None
    if facts is None:
        raise errors.FileRefused(reason="missing")
    if facts.size > LARGEST:
        raise errors.FileRefused(reason="too_large", limit=LARGEST)
    kept = f"flow/{key.rpartition('/')[2]}"
    world.files.copy(key, kept)
    name = asked["name"][:NAME_LENGTH]
    return {"key": kept, "name": name, "mime_type": facts.mime_type, "size": facts.size}


def _kept(
    world: World,
    agent: Agent,
    flow_id: str,
    wanted: Mapping[str, Any],
    document: Mapping[str, Any],
    before: Kept | None,
) -> Kept:
    found = flow_faults.faults(document, flow_details.directory())
    if any(one["reason"] == "too_large" and not one["path"] for one in found):
        _check(found)
    nodes = document.get("nodes")
    number = None if before is None else before.published
    runs = None if number is None else store.document(flow_id, number)
    return Kept(
        flow_id=flow_id,
        name=wanted["name"],
        category_id=wanted["category_id"],
        published=number,
        changed=document != runs,
        faults=len(found),
        nodes=len(nodes) if isinstance(nodes, dict) else 0,
        updated_at=world.now(),
        updated_by=agent.name,
        version=0 if before is None else before.version,
    )


def _titled(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The document under the flow's own name."""
    return {"format": flow_format.FORMAT, "category": None, **document, "name": name}


def _check(found: list[events.FlowFault]) -> None:
    if found:
        raise errors.Invalid(
            fields=[{**one, "path": f"document.{one['path']}".rstrip(".")} for one in found]
        )


def _check_name(known: list[Kept], flow_id: str | None, name: str) -> None:
    others = {same_name(one.name) for one in known if one.flow_id != flow_id}
    if same_name(name) in others:
        raise errors.NameTaken()


def _check_category(category_id: str | None) -> None:
    if category_id is not None and store.category(category_id) is None:
        raise errors.Invalid(fields=[{"path": "category_id", "reason": "unknown"}])


def unused(kind: str, name: str) -> None:
    """Raises InUse while a flow that runs names it: a tag's id, a field's slug, a department's."""
    using = flow_details.using(kind, name)
    if using:
        raise errors.InUse(by=[{"kind": "flow", "name": one} for one in using])
