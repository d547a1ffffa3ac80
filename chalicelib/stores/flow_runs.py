"""What a flow that waits for a contact must remember beside its place: the last answer (FLOW-6)."""

from __future__ import annotations

from chalicelib.stores.chats import Write
from chalicelib.stores.tables import FLOW_SK, FlowRunRow, chat_pk


def last_answer(chat_id: str, run: str) -> str:
    """What the contact answered last in that run of a flow; empty: nothing yet."""
    try:
        row = FlowRunRow.get(chat_pk(chat_id), FLOW_SK, consistent_read=True)
    except FlowRunRow.DoesNotExist:
        return ""
    return (row.answer or "") if row.run == run else ""


def write(chat_id: str, run: str, answer: str) -> Write:
    """Its row, in the place of an earlier run's."""
    return Write(FlowRunRow(chat_pk(chat_id), FLOW_SK, run=run, answer=answer or None))
