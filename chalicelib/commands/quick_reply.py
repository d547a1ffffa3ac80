"""Quick replies are written (SEND-9)."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import errors
from chalicelib.domain.labels import same_name
from chalicelib.domain.media import LARGEST, NAME_LENGTH, is_upload_of
from chalicelib.stores import audit
from chalicelib.stores import quick_replies as store
from chalicelib.stores.chats import commit_rows
from chalicelib.stores.quick_replies import Kept, QuickReply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

INTERNAL = "interna"  # what is typed before an internal message (SEND-7)


def add(world: World, agent: Agent, wanted: Mapping[str, Any]) -> events.QuickReply:
    """A new quick reply; audited. Asked twice it is made once.

    `wanted` is api.requests.SaveQuickReply. Raises NameTaken (case and accents aside, and for what
    stands before internal messages), Invalid without text and file, FileRefused (`missing`,
    `too_large`), or TooMany beyond a thousand.
    """

    def decide() -> QuickReply:
        known = store.every(consistent=True)
        quick_reply_id, before = _place(known, agent, wanted)
        if before is not None:
            return before  # ours: only its answer was lost
        if len(known) >= store.MOST:
            raise errors.TooMany(limit=store.MOST)
        return _put(world, agent, known, None, quick_reply_id, wanted)

    return _view(world, until_settled(world, decide))


def save(
    world: World, agent: Agent, quick_reply_id: str, wanted: Mapping[str, Any]
) -> events.QuickReply:
    """The quick reply as it should be; audited. A file that it had and has no longer is deleted.

    Raises NotFound, and what `add` raises.
    """

    def decide() -> QuickReply:
        known = store.every(consistent=True)
        before = next((one for one in known if one.quick_reply_id == quick_reply_id), None)
        if before is None:
            raise errors.NotFound()
        return _put(world, agent, known, before, quick_reply_id, wanted)

    return _view(world, until_settled(world, decide))


def remove(world: World, agent: Agent, quick_reply_id: str) -> events.Done:
    """The quick reply is gone, and its file with it; saying it twice is fine; audited."""

    def decide() -> events.Done:
        before = store.one(quick_reply_id)
        if before is None:
            return {"done": True}
        _forget(world, before, None)
        told = audit.entry(
            "quick_reply_removed", agent, quick_reply_id, world.now(), world.new_id()
        )
        commit_rows(*store.removed(before), told)
        return {"done": True}

    return until_settled(world, decide)


def _place(
    known: list[QuickReply], agent: Agent, wanted: Mapping[str, Any]
) -> tuple[str, QuickReply | None]:
    """The id of a new one, and what is there already because the same was asked for before.

    It follows from the wish, so that whoever dies in making it leaves no file without a reply.
    """
    by_id = {one.quick_reply_id: one for one in known}
    wish = json.dumps(wanted, sort_keys=True)
    for number in range(len(known) + 1):
        names = ("quick_reply", agent.agent_id, wish, str(number))
        drawn = sha256("\x1f".join(names).encode("utf-8", "replace")).hexdigest()[:16]
        found = by_id.get(drawn)
        if found is None:
            return drawn, None
        if (found.name, found.text) == (wanted["name"], wanted["text"]):
            return drawn, found
    raise AssertionError("more ids than replies")


def _forget(world: World, before: QuickReply, after: Kept | None) -> None:
    """Delete the file that goes. Before its row changes: who dies in between does it again."""
    if before.file is not None and (after is None or after.key != before.file.key):
        world.files.delete([before.file.key])


def _put(
    world: World,
    agent: Agent,
    known: list[QuickReply],
    before: QuickReply | None,
    quick_reply_id: str,
    wanted: Mapping[str, Any],
) -> QuickReply:
    name, text = wanted["name"], wanted["text"]
    others = {same_name(one.name) for one in known if one.quick_reply_id != quick_reply_id}
    if same_name(name) in others | {INTERNAL}:
        raise errors.NameTaken()
    if not text.strip() and wanted["file"] is None:
        raise errors.Invalid(fields=[{"path": "text", "reason": "empty"}])
    file = _file(world, agent, before, quick_reply_id, wanted["file"])
    version = 1 if before is None else before.version + 1
    after = QuickReply(quick_reply_id, name, text, file, version)
    if before is not None and (before.name, before.text, before.file) == (name, text, file):
        return before
    if before is not None:
        _forget(world, before, file)
    told = audit.entry("quick_reply_saved", agent, quick_reply_id, world.now(), world.new_id())
    commit_rows(*store.saved(before, after), told)
    return after


def _file(
    world: World,
    agent: Agent,
    before: QuickReply | None,
    quick_reply_id: str,
    wanted: Mapping[str, Any] | None,
) -> Kept | None:
    """The file in its own place: the one that is there, or this agent's upload, copied."""
    if wanted is None:
        return None
    own = before.file if before is not None else None
    name = wanted["name"][:NAME_LENGTH]
    if own is not None and wanted["key"] == own.key:
        return Kept(own.key, name, own.mime_type, own.size)
    kept = f"quick/{quick_reply_id}/{wanted['key'].rpartition('/')[2]}"
    facts = (
        world.files.facts(wanted["key"]) if is_upload_of(wanted["key"], agent.agent_id) else None
    )
    if facts is None:
        raise errors.FileRefused(reason="missing")
    if facts.size > LARGEST:
        raise errors.FileRefused(reason="too_large", limit=LARGEST)
    world.files.copy(wanted["key"], kept)
    return Kept(kept, name, facts.mime_type, facts.size)


def _view(world: World, one: QuickReply) -> events.QuickReply:
    return store.view(one, world.files.shown)
