"""Files that are to be sent: found where they were put, and kept with their chat (SEND-5)."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chalicelib.domain import errors, outgoing
from chalicelib.domain.fields import is_picture_of
from chalicelib.domain.media import is_upload_of, kept_key
from chalicelib.domain.outgoing import Attached

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import ChannelName
    from chalicelib.domain.media import File
    from chalicelib.domain.variables import Value
    from chalicelib.world import World

QUICK_REPLIES = "quick/"


def found(world: World, agent: Agent, asked: Iterable[Mapping[str, Any]]) -> tuple[Attached, ...]:
    """The files of a wish: uploads of this agent, or of quick replies.

    `asked`: api.requests.FileToSend. Raises FileRefused (`missing`).
    """
    return tuple(_found(world, agent, one) for one in asked)


def _found(world: World, agent: Agent, asked: Mapping[str, Any]) -> Attached:
    key = asked["key"]
    known = is_upload_of(key, agent.agent_id) or key.startswith(QUICK_REPLIES)
    file = _at(world, key if known else None, asked["name"], voice=bool(asked.get("voice")))
    return replace(file, width=asked.get("width"), height=asked.get("height"))


def pictures(world: World, chat: Chat, values: Iterable[Value]) -> dict[str, Attached]:
    """The pictures that variables stand for, by their names (SEND-4).

    Raises FileRefused (`missing`), also for one that is not of this contact.
    """
    told = {}
    for value in values:
        if value.kind == "image" and value.told:
            own = is_picture_of(value.told, chat.partitions)
            name = f"{value.name}.{value.told.rpartition('.')[2]}"
            told[value.name] = _at(world, value.told if own else None, name)
    return told


def _at(world: World, key: str | None, name: str, *, voice: bool = False) -> Attached:
    facts = None if key is None else world.files.facts(key)
    if key is None or facts is None:
        raise errors.FileRefused(reason="missing")
    return Attached(key, name, facts.mime_type, facts.size, voice)


def keep(
    world: World,
    chat_id: str,
    channel: ChannelName | None,
    files: Iterable[Attached],
    message_key: str,
) -> tuple[File, ...]:
    """The files as the message has them, copied to where those of its chat are kept.

    Repeating it is harmless: each goes to the same place. `channel` None: of an internal message.
    """
    return tuple(
        _keep(world, chat_id, channel, file, f"{message_key}/{number}")
        for number, file in enumerate(files)
    )


def _keep(
    world: World, chat_id: str, channel: ChannelName | None, file: Attached, place: str
) -> File:
    name = sha256(place.encode()).hexdigest()[:16]
    key = kept_key(chat_id, f"{name}.{file.key.rpartition('.')[2]}")
    kept = outgoing.kept(channel, file, key)
    world.files.copy(file.key, key)
    return kept
