"""What agents are told of: rows that go by themselves after a month (INFO-4, INFO-8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from chalicelib.domain.bell import KEPT, Bell
from chalicelib.domain.instants import from_ms, to_ms
from chalicelib.stores.chats import Write
from chalicelib.stores.tables import BellRow, bells_pk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

MOST = 100  # that are looked at, the newest


def load(agent_id: str) -> list[Bell]:
    """The newest of an agent's, newest first. One query."""
    rows = BellRow.query(
        bells_pk(agent_id), BellRow.sk.startswith("BELL#"), scan_index_forward=False, limit=MOST
    )
    return [to_bell(row) for row in rows]


def write(bell: Bell) -> Write:
    """What a transaction must write beside; twice is as good as once."""
    return Write(
        BellRow(
            bells_pk(bell.agent_id),
            f"BELL#{bell.bell_id}",
            kind=bell.kind,
            chat_id=bell.chat_id,
            subject=bell.subject,
            text=bell.text,
            at_ms=to_ms(bell.at),
            expires_at=to_ms(bell.at + KEPT) // 1000,
        )
    )


def forget(agent_ids: Iterable[str], chat_ids: Collection[str]) -> None:
    """What these agents were told of these contacts is gone (LGPD)."""
    for agent_id in agent_ids:
        rows = BellRow.query(bells_pk(agent_id), BellRow.sk.startswith("BELL#"))
        doomed = [row for row in rows if row.chat_id in chat_ids]
        if doomed:
            with BellRow.batch_write() as batch:
                for row in doomed:
                    batch.delete(row)


def to_bell(row: BellRow) -> Bell:
    """The entry of a row."""
    return Bell(
        agent_id=row.pk.removeprefix(bells_pk("")),
        kind=cast("Any", row.kind),
        chat_id=row.chat_id,
        subject=row.subject,
        text=row.text,
        at=from_ms(int(row.at_ms)),
    )
