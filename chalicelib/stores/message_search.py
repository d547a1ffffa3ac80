"""The messages of a chat, read backwards to be searched: bounded, and without making them whole."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.stores.tables import DISCRIMINATOR, MessageRow, chat_pk, message_sk

if TYPE_CHECKING:
    from chalicelib.domain.chat import Chat

READ = [
    "sk",
    DISCRIMINATOR,
    "kind",
    "author",
    "author_name",
    "text",
    "at_ms",
    "details",
    "files",
    "internal",
    "source",
    "deleted_ms",
]
PREFIX = "MSG#"


@dataclass(frozen=True)
class Found:
    """A message as far as a search looks at it."""

    key: str
    at_ms: int
    kind: str
    author: str
    author_name: str | None
    text: str
    details: dict[str, Any] | None
    names: tuple[str, ...]  # of its files
    internal: bool
    source: str | None
    deleted: bool


@dataclass(frozen=True)
class Stretch:
    """Part of a chat, newest first, and whether it reaches the chat's beginning."""

    messages: list[Found]
    whole: bool


def before(chat: Chat, cursor: str | None, limit: int) -> Stretch:
    """The newest messages before that key: at most so many, and of a partition at most a megabyte.

    One query for each partition of the chat: more than one only after a merge. Whatever lies beyond
    where any of them stopped is left for the next time, so that none is skipped.
    """
    partitions = chat.partitions
    share = max(limit // len(partitions), 1)
    found: list[Found] = []
    stops: list[str] = []
    for chat_id in partitions:
        condition = (
            MessageRow.sk.startswith(PREFIX)
            if cursor is None
            else MessageRow.sk.between(PREFIX, message_sk(cursor))
        )
        reading = MessageRow.query(
            chat_pk(chat_id),
            condition,
            scan_index_forward=False,
            page_size=share + (cursor is not None),  # the bound itself is inclusive
            attributes_to_get=READ,
        )
        page = next(reading.page_iter)
        read = [_found(raw) for raw in page["Items"]]
        found += [one for one in read if one.key != cursor]
        stopped = page.get("LastEvaluatedKey")
        if stopped:
            stops.append(stopped["sk"]["S"].removeprefix(PREFIX))
    found.sort(key=lambda one: one.key, reverse=True)
    if not stops:
        return Stretch(found, whole=True)
    reached = max(stops)
    return Stretch([one for one in found if one.key >= reached], whole=False)


def _found(raw: dict[str, dict[str, Any]]) -> Found:
    def text(name: str) -> str | None:
        value = raw.get(name)
        return None if value is None else value.get("S")

    details = text("details")
    files = text("files")
    return Found(
        key=str(text("sk")).removeprefix(PREFIX),
        at_ms=int(raw["at_ms"]["N"]),
        kind=text("kind") or "unsupported",
        author=text("author") or "system",
        author_name=text("author_name"),
        text=text("text") or "",
        details=json.loads(details) if details else None,
        names=tuple(one["name"] for one in json.loads(files) if one.get("name")) if files else (),
        internal="internal" in raw,
        source=text("source"),
        deleted="deleted_ms" in raw,
    )
