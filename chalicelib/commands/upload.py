"""A file is on its way to be sent (SEND-5)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chalicelib.domain import errors
from chalicelib.domain.media import LARGEST, rule_for, upload_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

EXTENSION = re.compile(r"\.([0-9A-Za-z]{1,8})$")


def upload(world: World, agent: Agent, asked: Mapping[str, Any]) -> events.Upload:
    """Where the browser sends a file that is to go out, for some minutes.

    `asked` is api.requests.AskUpload. With a channel, what that takes is asked at once, so that
    nobody waits for a file that cannot be sent; what is internal may be anything up to 100 MB.
    The key is this agent's alone. Raises FileRefused (`type`, `too_large`).
    """
    limit, kind = LARGEST, None
    if asked["channel"] is not None:
        rule = rule_for(asked["channel"], asked["content_type"])
        if rule is None:
            raise errors.FileRefused(reason="type")
        limit, kind = rule["limit"], rule["kind"]
    if asked["size"] > limit:
        raise errors.FileRefused(reason="too_large", limit=limit, kind=kind)
    found = EXTENSION.search(asked["name"])
    extension = found[1].lower() if found else "bin"
    key = upload_key(agent.agent_id, world.new_id(), extension)
    return world.files.upload(key, asked["content_type"], limit)
