"""Accounts of the three channels, their templates and their files, for tests of what is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chalicelib.gateways.secrets import ChannelSecrets
from chalicelib.stores.tables import (
    CHANNELS,
    SETTINGS,
    TEMPLATES,
    ChannelRow,
    SettingsRow,
    TemplateRow,
)
from tests.builders import ACCOUNT, PORTFOLIO, chat, put

if TYPE_CHECKING:
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.message import Message
    from chalicelib.world import World

PAGE, LINKED_PAGE = "900", "901"
PERSONS = {"facebook": "7311", "instagram": "7312"}


def connected(world: World, channel: str, account: str = ACCOUNT, **facts: Any) -> None:
    """An account with a token. Facts: page, inactive, human_agent."""
    ChannelRow(
        CHANNELS,
        f"{channel}#{account}",
        channel=channel,
        account=account,
        display=account,
        portfolio=PORTFOLIO,
        **facts,
    ).save()
    secrets: Any = world.secrets
    secrets.of(channel)[account] = ChannelSecrets("token", "app-secret", "verify")


def settings(**settings: bool) -> None:
    """The agency's general settings, as of now."""
    SettingsRow(SETTINGS, SETTINGS, **settings).save()


def talk(world: World, channel: str, *messages: Message, **facts: Any) -> Chat:
    """A chat of that channel, whose account is connected."""
    connected(world, channel)
    scoped = {"phone": None, "user_id": PERSONS[channel]} if channel in PERSONS else {}
    return put(chat(channel=channel, **{**scoped, **facts}), *messages)


def uploaded(
    world: World,
    name: str = "foto.png",
    mime_type: str = "image/png",
    *,
    by: str = "ana",
    number: int = 1,
    content: bytes = b"bytes of a picture",
    **more: Any,
) -> dict[str, Any]:
    """A file that an agent has put where it is to be sent from, as a wish names it."""
    key = f"uploads/{by}/{number:016x}.{name.rpartition('.')[2]}"
    world.files.put(key, content, mime_type)
    return {"key": key, "name": name, "voice": False, **more}


def template(name: str = "retomar", category: str = "UTILITY", *components: Any) -> None:
    """A template as it was last told of."""
    told = {
        "name": name,
        "language": "pt_BR",
        "category": category,
        "status": "APPROVED",
        "parameter_format": "POSITIONAL",
        "components": list(components) or [{"type": "BODY", "text": "Olá, {{1}}!"}],
    }
    TemplateRow(
        TEMPLATES,
        f"{PORTFOLIO}#{name}#pt_BR",
        template_id=name,
        portfolio=PORTFOLIO,
        name=name,
        language="pt_BR",
        status="approved",
        definition=json.dumps(told),
        told_ms=1,
    ).save()
