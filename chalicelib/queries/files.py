"""Where files of messages are fetched from."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.instants import iso
from chalicelib.gateways.files import MESSAGE_SECONDS
from chalicelib.gateways.meta.media import may_fetch
from chalicelib.queries.chats import readable
from chalicelib.stores import chats as store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.media import File
    from chalicelib.world import World

MARGIN = timedelta(seconds=30)  # before an address ends, another one is asked for


def addresses(
    world: World, agent: Agent, chat_id: str, keys: Sequence[str]
) -> events.FileAddresses:
    """The addresses of the files of these messages, good for ten minutes (PERM-2).

    What is not there, not fetched or deleted is left out. Raises NotFound for a chat that the agent
    may not read.
    """
    chat = readable(agent, chat_id)
    found: list[events.FileAddress] = []
    for message in store.messages_of(chat, keys):
        for index, file in enumerate(message.files):
            address = _address(world, message.key, index, file)
            if address is not None:
                found.append(address)
    expires_at = world.now() + timedelta(seconds=MESSAGE_SECONDS) - MARGIN
    return {"files": found, "expires_at": iso(expires_at)}


def _address(world: World, key: str, index: int, file: File) -> events.FileAddress | None:
    if file.state == "linked" and file.url is not None:
        own = (world.settings.graph_url, world.settings.instagram_url)
        if not may_fetch(file.url, own):
            return None  # no page is sent anywhere but to Meta
        return {
            "key": key,
            "index": index,
            "url": file.url,
            "thumbnail": None,
            "download": file.url,
        }
    if file.state != "ready" or file.key is None:
        return None
    return {
        "key": key,
        "index": index,
        "url": world.files.shown(file.key, file.mime_type),
        "thumbnail": world.files.shown(file.thumbnail, "image/webp") if file.thumbnail else None,
        "download": world.files.download(file.key, file.name or _named(file)),
    }


def _named(file: File) -> str:
    """What a file is called that came without a name: its kind, and what it is."""
    plain = (file.mime_type or "").partition(";")[0].rpartition("/")[2].lower()
    ending = {"jpeg": "jpg", "octet-stream": "bin", "mpeg": "mp3", "3gpp": "3gp"}.get(plain, plain)
    return f"{file.kind}.{ending or 'bin'}"
