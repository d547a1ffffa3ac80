"""Open sockets and the single-use tickets that open them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from pynamodb.exceptions import DeleteError, UpdateError
from pynamodb.expressions.update import Action

from chalicelib.domain.instants import from_ms, to_ms
from chalicelib.domain.listing import Tab
from chalicelib.domain.notification import Presence
from chalicelib.stores.tables import LIVE, TICKET, Connection

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Socket:
    """One open socket that has said what it shows."""

    connection_id: str
    agent_id: str
    agent_version: int  # of the agent's row: whoever tells this socket anything must know that one
    tab: Tab | None  # None: another page than the chat
    chat_id: str | None
    presence: Presence


def save_ticket(ticket: str, agent_id: str, expires_at: datetime) -> None:
    """Keep a ticket until it is used or too old."""
    Connection(TICKET, ticket, agent_id=agent_id, expires_at=to_ms(expires_at) // 1000).save()


def use_ticket(ticket: str, now: datetime) -> str | None:
    """Whose ticket it was, once; None when it is unknown, used or too old."""
    try:
        row = Connection.get(TICKET, ticket, consistent_read=True)
        row.delete(condition=Connection.pk.exists())
    except (Connection.DoesNotExist, DeleteError) as error:
        if isinstance(error, DeleteError) and (
            error.cause_response_code != "ConditionalCheckFailedException"
        ):
            raise
        return None
    return row.agent_id if int(row.expires_at) > to_ms(now) // 1000 else None


def save_pending(
    connection_id: str, agent_id: str, expires_at: datetime, *, agent_version: int = 0
) -> None:
    """A socket has opened; it gets nothing before it says what it shows."""
    Connection(
        LIVE,
        connection_id,
        agent_id=agent_id,
        agent_version=agent_version or None,
        expires_at=to_ms(expires_at) // 1000,
    ).save()


def agent_changed(agent_id: str, version: int) -> None:
    """From now on whoever tells this agent's sockets anything knows the agent as of that version.

    Sockets that have not said hello are among them.
    """
    older = Connection.agent_version.does_not_exist() | (Connection.agent_version < version)
    for row in Connection.query(LIVE, consistent_read=True):
        if row.agent_id != agent_id or int(row.agent_version or 0) >= version:
            continue
        try:
            row.update(
                actions=[Connection.agent_version.set(version)],
                condition=Connection.pk.exists() & older,
            )
        except UpdateError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise


def say_hello(connection_id: str, tab: Tab | None, chat_id: str | None, presence: Presence) -> bool:
    """The socket shows this tab and chat from now on. False: the socket is not known."""
    actions: list[Action] = [
        Connection.ready.set(True),
        Connection.tab.set(tab.value) if tab is not None else Connection.tab.remove(),
        Connection.chat_id.set(chat_id) if chat_id is not None else Connection.chat_id.remove(),
        Connection.page.set(presence.page),
        Connection.device.set(presence.device),
        Connection.visible.set(presence.visible),
        Connection.seen_ms.set(to_ms(presence.seen_at)),
    ]
    return _updated(connection_id, actions)


def still_there(connection_id: str, now: datetime, *, visible: bool) -> bool:
    """The socket's page is there, and seen or not. False: the socket is not known."""
    actions: list[Action] = [Connection.visible.set(visible), Connection.seen_ms.set(to_ms(now))]
    return _updated(connection_id, actions)


def _updated(connection_id: str, actions: list[Action]) -> bool:
    try:
        Connection(LIVE, connection_id).update(actions=actions, condition=Connection.pk.exists())
    except UpdateError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True


def ready() -> list[Socket]:
    """All sockets that have said hello: one partition, read whole and consistently.

    Consistently, because a screen fetches right after its `ready`: a change committed after that
    fetch must find the socket.
    """
    return [
        Socket(
            connection_id=row.sk,
            agent_id=row.agent_id,
            agent_version=int(row.agent_version or 0),
            tab=None if row.tab is None else Tab(row.tab),
            chat_id=row.chat_id,
            presence=Presence(
                page=cast("Any", row.page or "chat"),
                visible=row.visible is not False,
                device=cast("Any", row.device or "browser"),
                seen_at=from_ms(int(row.seen_ms or 0)),
            ),
        )
        for row in Connection.query(LIVE, consistent_read=True)
        if row.ready
    ]


def failed(connection_id: str) -> int:
    """Count a send that failed; how many there were. 0: the socket is gone."""
    row = Connection(LIVE, connection_id)
    try:
        row.update(actions=[Connection.failures.add(1)], condition=Connection.pk.exists())
    except UpdateError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return 0
        raise
    return int(row.failures)


def forget(connection_id: str) -> None:
    """The socket has closed."""
    Connection(LIVE, connection_id).delete()
