"""Chats, their messages and attendances: loaded, and committed in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from chalicelib.domain.chat import Chat
from chalicelib.domain.ids import ChatId, MessageKey
from chalicelib.domain.instants import to_ms
from chalicelib.domain.message import Message
from chalicelib.stores.members import places, protocol_place
from chalicelib.stores.rows import (
    from_attendance,
    from_chat,
    from_message,
    to_chat,
    to_message,
)
from chalicelib.stores.tables import (
    CHAT_SK,
    ChatRow,
    IdentityRow,
    MemberRow,
    MessageRow,
    Row,
    chat_pk,
    identity_pk,
    message_sk,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.attendance import Attendance

PAGE_LIMIT = 100


class Stale(Exception):
    """Somebody else changed a row first: load again and decide again."""


@dataclass(frozen=True)
class Write:
    """One more row of a command's transaction: put, or deleted. `condition`: else Stale.

    With `check` nothing is written: the row must be so when all else is committed.
    """

    row: Row
    condition: Condition | None = None
    delete: bool = False
    check: bool = False


class AlreadyThere(Exception):
    """A new message is not new: its key is taken (INB-3, SEND-12)."""


@dataclass(frozen=True)
class Change:
    """What one command commits, whole or not at all.

    `before` is the chat as loaded (None: a new chat), `after` as decided, its `rev` one higher.
    `new` messages must not exist yet; `changed` ones must be at the version before theirs.
    `identities` leads ids to a chat: from nobody (None), or from the chat that they led to.
    Search rows and tag members follow from the chats before and after, and are written with them.
    """

    before: Chat | None
    after: Chat
    new: tuple[Message, ...] = ()
    changed: tuple[Message, ...] = ()
    attendances: tuple[Attendance, ...] = ()
    identities: tuple[tuple[str, ChatId | None, ChatId], ...] = ()
    others: tuple[tuple[Chat, Chat], ...] = ()
    beside: tuple[Write, ...] = ()  # notes, profile, audit: what other stores keep


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
    """The chat that this id leads to today, merges followed; None once it is being erased."""
    chat = load(chat_id)
    while chat is not None and chat.merged_into is not None:
        chat = load(chat.merged_into)
    return None if chat is None or chat.erasing else chat


def named(
    about: Iterable[tuple[str, str | None]],
) -> tuple[dict[str, Chat], dict[tuple[str, str], Message]]:
    """The chats that these ids lead to today, merges followed, and the messages named with them.

    Chats that are being erased are not among them. One consistent batch read, more after merges.
    """
    wanted: dict[tuple[str, str], None] = {}
    for chat_id, key in about:
        wanted[chat_pk(chat_id), CHAT_SK] = None
        if key is not None:
            wanted[chat_pk(chat_id), message_sk(key)] = None
    chats: dict[str, Chat] = {}
    messages: dict[tuple[str, str], Message] = {}
    for row in Row.batch_get(list(wanted), consistent_read=True) if wanted else ():
        if isinstance(row, ChatRow):
            chat = to_chat(row)
            today = resolve(chat.merged_into) if chat.merged_into is not None else chat
            if today is not None and not today.erasing:
                chats[chat.chat_id] = today
        elif isinstance(row, MessageRow):
            message = to_message(row)
            messages[message.chat_id, message.key] = message
    return chats, messages


def page_of_messages(
    chat: Chat,
    *,
    before: str | None = None,
    after: str | None = None,
    from_: str | None = None,
    limit: int,
) -> list[Message]:
    """At most `limit` messages, oldest first: the newest ones, or those next to a key.

    `from_` begins with the message of that key itself.

    One bounded query for each partition of the chat: more than one only after a merge.
    """
    ascending = after is not None or from_ is not None
    found: list[Message] = []
    for chat_id in chat.partitions:
        condition: Condition
        if before is not None:
            condition = MessageRow.sk.between("MSG#", message_sk(before))
        elif after is not None:
            condition = MessageRow.sk.between(message_sk(after), "MSG#~")
        elif from_ is not None:
            condition = MessageRow.sk.between(message_sk(from_), "MSG#~")
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


def messages_of(chat: Chat, keys: Iterable[str]) -> list[Message]:
    """Those messages of the chat that are there, in the order of their keys. One batch read."""
    wanted = [
        (chat_pk(partition), message_sk(key))
        for key in dict.fromkeys(keys)
        for partition in chat.partitions
    ]
    rows = Row.batch_get(wanted, consistent_read=True)
    found = [to_message(row) for row in rows if isinstance(row, MessageRow)]
    return sorted(found, key=lambda message: message.key)


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
    writes = [(Write(row, condition), new) for row, condition, new in _puts(change)]
    writes += [(write, False) for write in (*_derived(change), *change.beside)]
    _transact(writes)


def commit_or_again(change: Change) -> None:
    """`commit`, for whom it is no news that a new message is there: whoever wrote it was faster.

    Raises Stale, to load and decide again.
    """
    try:
        commit(change)
    except AlreadyThere:
        raise Stale from None


def commit_rows(*writes: Write) -> None:
    """Write these rows, which belong to no chat: all, or none. Raises Stale."""
    _transact([(write, False) for write in writes])


def _transact(writes: list[tuple[Write, bool]]) -> None:
    """`writes`, each with whether it is a new message."""
    if len(writes) == 1 and not writes[0][0].delete and not writes[0][0].check:
        (write, _), *_ = writes
        try:
            write.row.save(condition=write.condition)
        except PutError as error:
            if error.cause_response_code == "ConditionalCheckFailedException":
                raise Stale from error
            raise
        return
    # pynamodb's transactions put checks before deletes before puts: reasons come in that order.
    writes.sort(key=lambda one: (not one[0].check, not one[0].delete))
    # Opened first, so that the subclasses share the base model's client.
    connection = Row._get_connection().connection
    try:
        with TransactWrite(connection=connection) as transaction:
            for write, _ in writes:
                if write.check and write.condition is not None:
                    row = write.row
                    transaction.condition_check(type(row), row.pk, row.sk, write.condition)
                elif write.delete:
                    transaction.delete(write.row, condition=write.condition)
                else:
                    transaction.save(write.row, condition=write.condition)
    except TransactWriteError as error:
        if error.cause_response_code == "TransactionInProgressException":
            raise Stale from error
        if error.cause_response_code != "TransactionCanceledException":
            raise
        reasons = [reason.code if reason else None for reason in error.cancellation_reasons]
        failed = [
            (write, new)
            for code, (write, new) in zip(reasons, writes, strict=False)
            if code == "ConditionalCheckFailed"
        ]
        # Of two who did the same at the same instant the second finds the chat moved, too.
        moved = any(isinstance(write.row, ChatRow) for write, _ in failed)
        if not moved and any(new for _, new in failed):
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


def _derived(change: Change) -> Iterable[Write]:
    """The search rows and tag members that the change makes or ends."""
    for before, after in ((change.before, change.after), *change.others):
        had = set() if before is None else places(before)
        has = places(after)
        for place in sorted(has - had):
            yield Write(MemberRow(*place, chat_id=after.chat_id))
        for place in sorted(had - has):
            yield Write(MemberRow(*place, chat_id=after.chat_id), delete=True)
    taken_over = {one.attendance.protocol for one, _ in change.others if one.attendance}
    own = change.before.attendance if change.before else None
    for attendance in change.attendances:
        is_own = own is not None and attendance.protocol == own.protocol
        if not (is_own or (attendance.closed_at and attendance.protocol in taken_over)):
            place = protocol_place(attendance.protocol)
            opened_ms = to_ms(attendance.opened_at)
            yield Write(MemberRow(*place, chat_id=attendance.chat_id, opened_ms=opened_ms))
