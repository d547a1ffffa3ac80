"""Chats, their messages and attendances: loaded, and committed in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from chalicelib.domain import listing
from chalicelib.domain.chat import Chat, OpenAttendance
from chalicelib.domain.delivery import Status
from chalicelib.domain.ids import AgentId, ChatId, MessageKey
from chalicelib.domain.inbound import Failure
from chalicelib.domain.instants import from_ms, to_ms
from chalicelib.domain.message import Message
from chalicelib.stores.tables import (
    CHAT_SK,
    AttendanceRow,
    ChatRow,
    IdentityRow,
    MessageRow,
    Row,
    attendance_sk,
    chat_pk,
    identity_pk,
    message_sk,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from chalicelib.domain.attendance import Attendance

PAGE_LIMIT = 100


class Stale(Exception):
    """Somebody else changed a row first: load again and decide again."""


class AlreadyThere(Exception):
    """A new message is not new: its key is taken (INB-3, SEND-12)."""


@dataclass(frozen=True)
class Change:
    """What one command commits, whole or not at all.

    `before` is the chat as loaded (None: a new chat), `after` as decided, its `rev` one higher.
    `new` messages must not exist yet; `changed` ones must be at the version before theirs.
    `identities` leads ids to a chat: from nobody (None), or from the chat that they led to.
    """

    before: Chat | None
    after: Chat
    new: tuple[Message, ...] = ()
    changed: tuple[Message, ...] = ()
    attendances: tuple[Attendance, ...] = ()
    identities: tuple[tuple[str, ChatId | None, ChatId], ...] = ()
    others: tuple[tuple[Chat, Chat], ...] = ()


def load(chat_id: str, *, consistent: bool = True) -> Chat | None:
    """The chat as it stands, or None."""
    try:
        row = ChatRow.get(chat_pk(chat_id), CHAT_SK, consistent_read=consistent)
    except ChatRow.DoesNotExist:
        return None
    return to_chat(row)


def load_message(chat_id: str, key: str) -> Message | None:
    """One message of that chat's own partition, or None."""
    try:
        row = MessageRow.get(chat_pk(chat_id), message_sk(key), consistent_read=True)
    except MessageRow.DoesNotExist:
        return None
    return to_message(row)


def load_with_messages(
    chat_id: str, keys: Iterable[str]
) -> tuple[Chat | None, dict[MessageKey, Message]]:
    """The chat and the named messages of its own partition, in one consistent read."""
    wanted = [(chat_pk(chat_id), CHAT_SK)]
    wanted += [(chat_pk(chat_id), message_sk(key)) for key in dict.fromkeys(keys)]
    chat = None
    found: dict[MessageKey, Message] = {}
    for row in Row.batch_get(wanted, consistent_read=True):
        if isinstance(row, ChatRow):
            chat = to_chat(row)
        elif isinstance(row, MessageRow):
            message = to_message(row)
            found[message.key] = message
    return chat, found


def resolve(chat_id: str) -> Chat | None:
    """The chat that this id leads to today, merges followed."""
    chat = load(chat_id)
    while chat is not None and chat.merged_into is not None:
        chat = load(chat.merged_into)
    return chat


def page_of_messages(
    chat: Chat, *, before: str | None = None, after: str | None = None, limit: int
) -> list[Message]:
    """At most `limit` messages, oldest first: the newest ones, or those next to a key.

    One bounded query for each partition of the chat: more than one only after a merge.
    """
    ascending = after is not None
    found: list[Message] = []
    for chat_id in chat.partitions:
        condition: Condition
        if before is not None:
            condition = MessageRow.sk.between("MSG#", message_sk(before))
        elif after is not None:
            condition = MessageRow.sk.between(message_sk(after), "MSG#~")
        else:
            condition = MessageRow.sk.startswith("MSG#")
        rows = MessageRow.query(
            chat_pk(chat_id),
            condition,
            limit=limit + 1,  # the bound itself is inclusive
            scan_index_forward=ascending,
            consistent_read=True,
        )
        found.extend(to_message(row) for row in rows)
    found = [message for message in found if message.key not in (before, after)]
    found.sort(key=lambda message: message.key, reverse=not ascending)
    found = found[:limit]
    return found if ascending else found[::-1]


def holds_message(chat_ids: Iterable[str], key: str) -> bool:
    """Whether one of these partitions has the message."""
    keys = [(chat_pk(chat_id), message_sk(key)) for chat_id in chat_ids]
    return any(True for _ in Row.batch_get(keys, consistent_read=True)) if keys else False


def find_by_provider_id(provider_id: str) -> Message | None:
    """The message that the provider calls so, or None. Eventually consistent."""
    for row in Row.by_provider_id.query(provider_id, limit=1):
        return load_message(row.pk.removeprefix("CHAT#"), row.sk.removeprefix("MSG#"))
    return None


def commit(change: Change) -> None:
    """Write it all, or nothing. Raises AlreadyThere, or Stale to load and decide again.

    A change of the chat's row alone is one conditional put, at half a transaction's price.
    """
    puts = list(_puts(change))
    if len(puts) == 1:
        row, condition, _ = puts[0]
        try:
            row.save(condition=condition)
        except PutError as error:
            if error.cause_response_code == "ConditionalCheckFailedException":
                raise Stale from error
            raise
        return
    # Opened first, so that the subclasses share the base model's client.
    connection = Row._get_connection().connection
    try:
        with TransactWrite(connection=connection) as transaction:
            for row, condition, _ in puts:
                transaction.save(row, condition=condition)
    except TransactWriteError as error:
        if error.cause_response_code == "TransactionInProgressException":
            raise Stale from error
        if error.cause_response_code != "TransactionCanceledException":
            raise
        reasons = [reason.code if reason else None for reason in error.cancellation_reasons]
        taken = any(
            code == "ConditionalCheckFailed" and new
            for code, (_, _, new) in zip(reasons, puts, strict=False)
        )
        if taken:
            raise AlreadyThere from error
        if {"ConditionalCheckFailed", "TransactionConflict"} & set(reasons):
            raise Stale from error
        raise


def save_message(message: Message) -> None:
    """One message alone, for what no screen shows: a lease. Raises Stale."""
    row = from_message(message)
    try:
        row.save(condition=MessageRow.version == message.version - 1)
    except PutError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            raise Stale from error
        raise


def _puts(change: Change) -> Iterable[tuple[Row, Any, bool]]:
    """Row, condition, and whether it is a new message: in the order of the transaction."""
    for before, after in ((change.before, change.after), *change.others):
        condition = ChatRow.pk.does_not_exist() if before is None else ChatRow.rev == before.rev
        yield from_chat(after), condition, False
    for message in change.new:
        yield from_message(message), MessageRow.pk.does_not_exist(), True
    for message in change.changed:
        yield from_message(message), MessageRow.version == message.version - 1, False
    for attendance in change.attendances:
        yield from_attendance(attendance), None, False
    for identity, leads_to, leads_on_to in change.identities:
        key = identity_pk(identity)
        row = IdentityRow(key, key, chat_id=leads_on_to)
        known = (
            IdentityRow.pk.does_not_exist() if leads_to is None else IdentityRow.chat_id == leads_to
        )
        yield row, known, False


# --- rows to domain objects, and back ---------------------------------------------------------


def to_chat(row: ChatRow) -> Chat:
    """The domain's chat of a row, from the table or from its stream."""
    attendance = None
    holders = () if row.held_by is None else (row.held_by,)
    if row.protocol is not None:
        attendance = OpenAttendance(
            protocol=row.protocol,
            opened_at=cast("Any", place_at(row.opening)),
            opened_by=cast("Any", row.attendance_by),
            agent_ids=tuple(AgentId(agent_id) for agent_id in row.attendance_agents or holders),
        )
    return Chat(
        chat_id=ChatId(row.pk.removeprefix("CHAT#")),
        rev=int(row.rev),
        row_rev=int(row.row_rev),
        touched=tuple(MessageKey(key) for key in row.touched),
        channel=cast("Any", row.channel),
        account=row.account,
        portfolio=row.portfolio,
        name=row.name,
        created_at=from_ms(int(row.created_ms)),
        given_name=row.given_name,
        phone=row.phone,
        user_id=row.user_id,
        username=row.username,
        learnt_at=_learnt(row),
        preview=row.preview or "",
        preview_kind=cast("Any", row.preview_kind),
        preview_author=cast("Any", row.preview_author),
        preview_key=cast("Any", row.preview_key),
        last_activity_at=place_at(row.activity),
        unread=int(row.unread),
        unread_from=cast("Any", row.unread_from),
        last_inbound=cast("Any", row.last_inbound),
        attendance=attendance,
        opened_at=place_at(row.opening),
        agent_id=cast("Any", row.held_by),
        department_id=cast("Any", listing.department_of(row.queue)),
        last_inbound_at=_instants(row.windows.attribute_values if row.windows else {}),
        blocked=bool(row.blocked),
        identities=tuple(row.identities),
        merged_into=cast("Any", row.merged_into),
        also=tuple(ChatId(chat_id) for chat_id in row.also),
    )


def from_chat(chat: Chat) -> ChatRow:
    """The chat's row, with its keys in every index.

    What a key says already has no attribute of its own: who holds the chat, its department, its
    last activity and its latest opening. A row of more than 1 KB doubles what each write costs.
    """
    keys = listing.keys(chat)
    return ChatRow(
        chat_pk(chat.chat_id),
        CHAT_SK,
        feed=keys.feed,
        activity=keys.activity,
        placement=keys.placement,
        opening=keys.opening,
        held_by=keys.held_by,
        queue=keys.queue,
        rev=chat.rev,
        row_rev=chat.row_rev,
        touched=list(chat.touched),
        channel=chat.channel,
        account=chat.account,
        portfolio=chat.portfolio,
        name=chat.name,
        created_ms=to_ms(chat.created_at),
        given_name=chat.given_name,
        phone=chat.phone,
        user_id=chat.user_id,
        username=chat.username,
        learnt=_to_keep(chat),
        preview=chat.preview or None,
        preview_kind=chat.preview_kind,
        preview_author=chat.preview_author,
        preview_key=chat.preview_key,
        unread=chat.unread,
        unread_from=chat.unread_from,
        last_inbound=chat.last_inbound,
        protocol=chat.attendance.protocol if chat.attendance else None,
        attendance_by=chat.attendance.opened_by if chat.attendance else None,
        attendance_agents=_earlier_holders(chat),
        windows={account: to_ms(at) for account, at in chat.last_inbound_at.items()} or None,
        blocked=True if chat.blocked else None,
        identities=list(chat.identities),
        merged_into=chat.merged_into,
        also=list(chat.also),
    )


def to_message(row: MessageRow) -> Message:
    """The domain's message of a row, from the table or from its stream."""
    failure = None
    if row.failure_code is not None:
        failure = Failure(int(row.failure_code), row.failure_title or "", row.failure_details)
    return Message(
        chat_id=row.pk.removeprefix("CHAT#"),
        key=MessageKey(row.sk.removeprefix("MSG#")),
        rev=int(row.rev),
        version=int(row.version),
        kind=cast("Any", row.kind),
        author=cast("Any", row.author),
        text=row.text or "",
        at=from_ms(int(row.at_ms)),
        account=row.account,
        raw_kind=row.raw_kind,
        agent_id=row.agent_id,
        author_name=row.author_name,
        provider_id=row.provider_id,
        quotes=row.quotes,
        status=Status(row.status) if row.status else None,
        failure=failure,
        client_key=row.client_key,
        retry_of=cast("Any", row.retry_of),
        retried_by=cast("Any", row.retried_by),
        attempts=int(row.attempts or 0),
        leased_until=_instant(row.leased_until_ms),
    )


def from_message(message: Message) -> MessageRow:
    """The message's row."""
    return MessageRow(
        chat_pk(message.chat_id),
        message_sk(message.key),
        rev=message.rev,
        version=message.version,
        kind=message.kind,
        author=message.author,
        text=message.text or None,
        at_ms=to_ms(message.at),
        account=message.account,
        raw_kind=message.raw_kind,
        agent_id=message.agent_id,
        author_name=message.author_name,
        provider_id=message.provider_id,
        quotes=message.quotes,
        status=message.status.value if message.status else None,
        failure_code=message.failure.code if message.failure else None,
        failure_title=message.failure.title if message.failure else None,
        failure_details=message.failure.details if message.failure else None,
        client_key=message.client_key,
        retry_of=message.retry_of,
        retried_by=message.retried_by,
        attempts=message.attempts or None,
        leased_until_ms=_ms(message.leased_until),
    )


def from_attendance(attendance: Attendance) -> AttendanceRow:
    """The attendance's row."""
    return AttendanceRow(
        chat_pk(attendance.chat_id),
        attendance_sk(attendance.protocol),
        protocol=attendance.protocol,
        opened_ms=to_ms(attendance.opened_at),
        opened_by=attendance.opened_by,
        agent_ids=list(attendance.agent_ids),
        closed_ms=_ms(attendance.closed_at),
        closed_by=attendance.closed_by,
    )


def _ms(at: datetime | None) -> int | None:
    return None if at is None else to_ms(at)


def place_at(place: str | None) -> datetime | None:
    """The instant with which a place in an index begins."""
    return None if place is None else from_ms(int(place[:13]))


def _earlier_holders(chat: Chat) -> list[str] | None:
    """Who held the open attendance, unless it was only who holds it now."""
    if chat.attendance is None or chat.attendance.agent_ids in ((), (chat.agent_id,)):
        return None
    return list(chat.attendance.agent_ids)


def _instant(ms: float | None) -> datetime | None:
    return None if ms is None else from_ms(int(ms))


def _instants(stored: Mapping[str, Any]) -> Mapping[str, datetime]:
    return MappingProxyType({account: from_ms(int(ms)) for account, ms in stored.items()})


# Each fact that is learnt, and the one without which it cannot have been.
LEARNT = {
    "name": "given_name",
    "given_name": "given_name",
    "phone": "phone",
    "user_id": "user_id",
    "username": "username",
}


def _learnt(row: ChatRow) -> Mapping[str, datetime]:
    """When each known fact was said: by the newest message, unless the row says otherwise."""
    kept = row.learnt.as_dict() if row.learnt else {}  # type: ignore[no-untyped-call]
    newest = int(row.last_inbound[:13]) if row.last_inbound else None
    said = {
        fact: kept.get(fact, newest)
        for fact, needed in LEARNT.items()
        if getattr(row, needed) is not None
    }
    return _instants({fact: ms for fact, ms in said.items() if ms is not None})


def _to_keep(chat: Chat) -> dict[str, int] | None:
    """Most facts come with every message: what the newest one said needs no room in the row."""
    newest = int(chat.last_inbound[:13]) if chat.last_inbound else None
    learnt = {fact: to_ms(at) for fact, at in chat.learnt_at.items()}
    return {fact: ms for fact, ms in learnt.items() if ms != newest} or None
