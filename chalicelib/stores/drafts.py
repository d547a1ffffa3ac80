"""What agents typed and did not send: a row for each agent and chat."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pynamodb.exceptions import PutError

from chalicelib.domain.instants import from_ms, iso, to_ms
from chalicelib.stores.tables import DISCRIMINATOR, DraftRow, draft_pk

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from chalicelib.domain import events

MOST = 200  # of one agent: the oldest make room
KEPT = timedelta(days=60)  # since it was typed
REMEMBERED = timedelta(days=1)  # that one was removed, so that an older one does not come back


def of_agent(agent_id: str) -> list[events.Draft]:
    """All of an agent's, whatever became of their chats."""
    return [to_draft(row) for row in DraftRow.query(draft_pk(agent_id)) if row.text]


def put(agent_id: str, draft: events.Draft, at: datetime) -> None:
    """Keep what was typed then, unless something later is kept; an empty text removes it."""
    row = DraftRow(
        draft_pk(agent_id),
        draft["chat_id"],
        text=draft["text"],
        internal=True if draft["internal"] else None,
        quotes=draft["quotes"],
        at_ms=to_ms(at),
        expires_at=to_ms(at + (KEPT if draft["text"] else REMEMBERED)) // 1000,
    )
    if _put(row, DraftRow.at_ms < to_ms(at)):
        return
    known = list(
        DraftRow.query(draft_pk(agent_id), attributes_to_get=["sk", "at_ms", DISCRIMINATOR])
    )
    if any(one.sk == row.sk for one in known):
        return  # a later one is there
    for one in sorted(known, key=lambda one: one.at_ms)[: max(len(known) - MOST + 1, 0)]:
        DraftRow(draft_pk(agent_id), one.sk).delete()
    _put(row, DraftRow.pk.does_not_exist() | (DraftRow.at_ms < to_ms(at)))


def forget(agent_ids: Iterable[str], chat_ids: Iterable[str]) -> None:
    """What these agents typed in these chats is gone (LGPD)."""
    chat_ids = list(chat_ids)
    with DraftRow.batch_write() as batch:
        for agent_id in agent_ids:
            for chat_id in chat_ids:
                batch.delete(DraftRow(draft_pk(agent_id), chat_id))


def to_draft(row: DraftRow) -> events.Draft:
    """The draft as pages have it."""
    return {
        "chat_id": row.sk,
        "text": row.text,
        "internal": bool(row.internal),
        "quotes": row.quotes,
        "at": iso(from_ms(int(row.at_ms))),
    }


def _put(row: DraftRow, condition: object) -> bool:
    try:
        row.save(condition=condition)  # type: ignore[arg-type]
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False
    return True
