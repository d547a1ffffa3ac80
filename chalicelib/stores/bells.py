"""What agents find at their bell: rows that go by themselves after a month (NOTIF-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pynamodb.exceptions import UpdateError

from chalicelib.domain.bell import UNDO, Bell
from chalicelib.domain.instants import from_ms, to_ms
from chalicelib.stores.chats import Write
from chalicelib.stores.tables import BellRow, alerts_pk, bell_sk

if TYPE_CHECKING:
    from datetime import datetime

MOST = 100  # that are looked at, the newest
FIRST, LAST = bell_sk(""), bell_sk("~")


def load(agent_id: str, *, through: str | None = None) -> list[Bell]:
    """The newest of an agent's, newest first; those up to an entry. One query."""
    upper = LAST if through is None else bell_sk(through)
    rows = BellRow.query(
        alerts_pk(agent_id),
        BellRow.sk.between(FIRST, upper),
        filter_condition=BellRow.removed.does_not_exist(),
        scan_index_forward=False,
        consistent_read=True,
        limit=MOST,
    )
    return [to_bell(row) for row in rows]


def write(bell: Bell) -> Write:
    """What a transaction must write beside; twice is as good as once."""
    return Write(
        BellRow(
            alerts_pk(bell.agent_id),
            bell_sk(bell.bell_id),
            kind=bell.kind,
            chat_id=bell.chat_id,
            subject=bell.subject,
            text=bell.text or None,
            at_ms=to_ms(bell.at),
            department_id=bell.department_id,
            expires_at=to_ms(bell.kept_until) // 1000,
        )
    )


def remove(agent_id: str, bell_id: str, now: datetime) -> None:
    """The entry is removed, and for an hour only hidden; one that is not there is fine."""
    _changed(
        agent_id,
        bell_id,
        BellRow.removed.set(True),
        BellRow.expires_at.set(to_ms(now + UNDO) // 1000),
    )


def bring_back(agent_id: str, bell_id: str, kept_until: datetime) -> None:
    """The entry is there again, unless it is gone for good."""
    _changed(
        agent_id,
        bell_id,
        BellRow.removed.remove(),
        BellRow.expires_at.set(to_ms(kept_until) // 1000),
    )


def find(agent_id: str, bell_id: str) -> Bell | None:
    """The entry, removed or not."""
    try:
        row = BellRow.get(alerts_pk(agent_id), bell_sk(bell_id), consistent_read=True)
    except BellRow.DoesNotExist:
        return None
    return to_bell(row)


def to_bell(row: BellRow) -> Bell:
    """The entry of a row."""
    return Bell(
        agent_id=row.pk.removeprefix(alerts_pk("")),
        kind=cast("Any", row.kind),
        chat_id=row.chat_id,
        subject=row.subject,
        text=row.text or "",
        at=from_ms(int(row.at_ms)),
        told_at=from_ms(int(row.sk.removeprefix(FIRST).partition("-")[0])),
        department_id=row.department_id,
    )


def _changed(agent_id: str, bell_id: str, *actions: Any) -> None:
    try:
        BellRow(alerts_pk(agent_id), bell_sk(bell_id)).update(
            actions=list(actions), condition=BellRow.pk.exists()
        )
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
