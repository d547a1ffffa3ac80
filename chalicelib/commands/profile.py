"""What users change of themselves (ADM-4)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import errors
from chalicelib.domain.people import agent_self, is_picture_of
from chalicelib.gateways.files import PICTURES
from chalicelib.logs import logger
from chalicelib.stores import people as store
from chalicelib.stores.chats import commit_rows

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

PICTURE_BYTES = 5_000_000
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def edit(world: World, agent: Agent, name: str, farewell: str) -> events.AgentSelf:
    """One's own name and «Mensagem de encerramento»; a blank one is none (ADM-4).

    Raises AgentInactive for who was cut off meanwhile.
    """
    before, after = _changed(world, agent, name=name, farewell=farewell.strip())
    if before.name != after.name:
        try:
            world.logins.rename(after.email, after.name)
        except (ClientError, BotoCoreError):
            # The login's name stands in mails alone; the next change of it sets it right.
            logger().exception("a login was not renamed")
    return _shown(world, after)


def upload(world: World, agent: Agent, content_type: str, size: int) -> events.Upload:
    """Where the browser sends one's own picture: at most five megabytes, within minutes."""
    key = f"{PICTURES}user/{agent.agent_id}/{world.new_id()}.{ENDINGS[content_type]}"
    return world.files.upload(key, content_type, PICTURE_BYTES)


def save_picture(world: World, agent: Agent, key: str | None) -> events.AgentSelf:
    """Show the picture that was sent, or none; the one before it is deleted.

    Raises Invalid for a key that is not one's own, or where nothing was sent.
    """
    if key is not None:
        if not is_picture_of(key, agent.agent_id):
            raise errors.Invalid(fields=[{"path": "key", "reason": "not_yours"}])
        if not world.files.holds(key):
            raise errors.Invalid(fields=[{"path": "key", "reason": "not_there"}])
    before, after = _changed(world, agent, picture=key)
    if before.picture is not None and before.picture != after.picture:
        world.files.delete([before.picture])
    return _shown(world, after)


def _changed(world: World, agent: Agent, **facts: Any) -> tuple[Agent, Agent]:
    """The agent before and after; what an administrator changes at the same time stays."""

    def decide() -> tuple[Agent, Agent]:
        before = store.agent(agent.agent_id, consistent=True)
        if before is None or not before.active:
            raise errors.AgentInactive()
        after = replace(before, **facts)
        if after != before:
            after = replace(after, version=before.version + 1)
            commit_rows(store.changed(before, after))
        return before, after

    return until_settled(world, decide)


def _shown(world: World, one: Agent) -> events.AgentSelf:
    return agent_self(one, None if one.picture is None else world.files.address(one.picture))
