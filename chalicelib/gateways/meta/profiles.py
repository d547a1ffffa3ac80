"""Who somebody on Messenger or Instagram is, asked of Meta, since webhooks name nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from chalicelib.domain.inbound import Person

if TYPE_CHECKING:
    from chalicelib.domain.events import ChannelName
    from chalicelib.gateways.meta.graph import Graph

FIELDS: dict[ChannelName, str] = {
    "facebook": "first_name,last_name,profile_pic",
    "instagram": "name,username,profile_pic",
}
LONGEST = 300


def asked(graph: Graph, channel: ChannelName, user_id: str) -> Person:
    """What Meta calls a person, by their id for our account (META.md §8).

    Raises Refused, NotSent or AnswerLost; asking again is harmless.
    """
    told = graph.request("GET", quote(user_id, safe=""), query={"fields": FIELDS[channel]})
    return Person(
        user_id=user_id,
        username=_text(told, "username").lstrip("@") or None,
        name=_text(told, "name") or _text(told, "first_name", "last_name") or None,
    )


def _text(told: dict[str, Any], *names: str) -> str:
    parts = (told.get(name) for name in names)
    words = " ".join(" ".join(part.split()) for part in parts if isinstance(part, str))
    return words.strip().encode("utf-8", "replace").decode()[:LONGEST]
