"""What a scheduled closing closes with: farewell and field values of its window (CLOSE-8)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.stores.chats import Write
from chalicelib.stores.tables import ClosingRow, chat_pk, closing_sk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.events import FieldValue


@dataclass(frozen=True)
class Kept:
    """What the closing window gave. When it closes, and why it may not, is on the chat's row."""

    farewell: str = ""
    fields: Mapping[str, FieldValue | None] = field(default_factory=dict)


def load(chat_id: str, protocol: str) -> Kept | None:
    """What the closing of that attendance closes with, or None."""
    try:
        row = ClosingRow.get(chat_pk(chat_id), closing_sk(protocol), consistent_read=True)
    except ClosingRow.DoesNotExist:
        return None
    return Kept(row.farewell or "", json.loads(row.fields) if row.fields else {})


def write(chat_id: str, protocol: str, kept: Kept) -> Write:
    """Its row, in the place of an earlier one (CLOSE-8)."""
    return Write(
        ClosingRow(
            chat_pk(chat_id),
            closing_sk(protocol),
            farewell=kept.farewell or None,
            fields=json.dumps(dict(kept.fields), ensure_ascii=False) if kept.fields else None,
        )
    )
