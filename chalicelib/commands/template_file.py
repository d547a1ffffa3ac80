"""The file of a template's header is taken from what its sender uploaded (SEND-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import errors
from chalicelib.domain.media import LARGEST, File, is_upload_of, kept_key, rule_for

if TYPE_CHECKING:
    from chalicelib.domain.access import Agent
    from chalicelib.domain.template import Filled
    from chalicelib.world import World


def take(world: World, agent: Agent, chat_id: str, filled: Filled) -> tuple[File, ...]:
    """The header's file as a file of the message, kept with all others of its chat; none: nothing.

    Repeating it is harmless: it goes to the same place. Raises FileRefused when it is not there,
    not this agent's (`missing`), not of the header's kind (`type`), or `too_large`.
    """
    key, kind = filled.file, filled.header_kind
    if key is None or kind in ("none", "text"):
        return ()
    facts = world.files.facts(key) if is_upload_of(key, agent.agent_id) else None
    if facts is None:
        raise errors.FileRefused(reason="missing")
    limit = LARGEST
    if kind != "document":
        rule = rule_for("whatsapp", facts.mime_type)  # no other channel has templates
        if rule is None or rule["kind"] != kind:
            raise errors.FileRefused(reason="type")
        limit = rule["limit"]
    if facts.size > limit:
        raise errors.FileRefused(reason="too_large", limit=limit, kind=kind)
    name = key.rpartition("/")[2]
    kept = kept_key(chat_id, name)
    world.files.copy(key, kept)
    return (
        File(
            kind=kind,
            state="ready",
            name=f"{filled.name}.{name.rpartition('.')[2]}",
            mime_type=facts.mime_type,
            size=facts.size,
            key=kept,
        ),
    )
