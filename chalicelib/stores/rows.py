"""Rows to domain objects, and back: from the table or from its stream."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from chalicelib.domain import listing, timer
from chalicelib.domain.attendance import Attendance
from chalicelib.domain.chat import Chat, Closing, Occasion, OpenAttendance
from chalicelib.domain.delivery import Status
from chalicelib.domain.flow_position import Position
from chalicelib.domain.ids import AgentId, ChatId, DepartmentId, MessageKey
from chalicelib.domain.inbound import Failure
from chalicelib.domain.instants import from_ms, sortable, to_ms
from chalicelib.domain.media import File
from chalicelib.domain.message import Message, Quote, Reaction
from chalicelib.domain.template import Filled
from chalicelib.stores.tables import (
    CHAT_SK,
    AttendanceRow,
    ChatRow,
    MessageRow,
    attendance_sk,
    chat_pk,
    message_sk,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from chalicelib.domain.events import SystemLine
    from chalicelib.domain.timer import Timer

ERASING = "yes"
PROFILE_WANTED = "profile"
ARM = "arm"  # the row promises something that no schedule was armed for yet
MESSAGE, ASSIGNMENT = "m", "a"  # occasions in the words of a row
NOTIFY = "notify"  # agents are still to be told of what the row says
CHATS = "chat"  # chats among the rows that promise something
SENDS = "send"  # messages among them


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
            department_ids=_departments(row),
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
        erasing=row.erasing is not None,
        also=tuple(ChatId(chat_id) for chat_id in row.also),
        tags=tuple(row.tags or ()),
        campaigns=tuple(row.campaigns or ()),
        profile_rev=int(row.profile_rev or 0),
        meta_block=cast("Any", row.meta_block),
        meta_block_failure=_failure(row.meta_block_failure),
        receipt_for=cast("Any", row.receipt_for),
        awaited=tuple(row.awaited or ()),
        marketing_stopped=bool(row.marketing_stopped),
        preference_at=_instant(row.preference_ms),
        profile_wanted=PROFILE_WANTED in (row.to_do or "").split(),
        session_timer=_instant(row.session_timer_ms),
        closing=_closing(row),
        flow=_position(row),
        arming=ARM in (row.to_do or "").split(),
        opened_by_template_at=_instant(row.opened_by_template_ms),
        blocked_at=_instant(row.blocked_ms),
        unblocked_at=_instant(row.unblocked_ms),
        holding=int(row.holding or 0),
        occasions=_occasions(row),
    )


def from_chat(chat: Chat) -> ChatRow:
    """The chat's row, with its keys in every index.

    What a key says already has no attribute of its own: who holds the chat, its department, its
    last activity and its latest opening. A row of more than 1 KB doubles what each write costs.
    """
    keys = listing.keys(chat)
    promises = timer.of_chat(chat)
    words = (
        (ARM, chat.arming),
        (NOTIFY, bool(chat.occasions)),
        (PROFILE_WANTED, chat.profile_wanted),
    )
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
        attendance_departments=_earlier_departments(chat),
        windows={account: to_ms(at) for account, at in chat.last_inbound_at.items()} or None,
        blocked=True if chat.blocked else None,
        identities=list(chat.identities),
        merged_into=chat.merged_into,
        erasing=ERASING if chat.erasing else None,
        also=list(chat.also),
        tags=list(chat.tags) or None,
        campaigns=list(chat.campaigns) or None,
        session_ms=_ms(chat.session.ends_at),
        profile_rev=chat.profile_rev or None,
        meta_block=chat.meta_block,
        meta_block_failure=None
        if chat.meta_block_failure is None
        else {
            name: told for name, told in asdict(chat.meta_block_failure).items() if told is not None
        },
        receipt_for=chat.receipt_for,
        awaited=list(chat.awaited) or None,
        marketing_stopped=True if chat.marketing_stopped else None,
        preference_ms=_ms(chat.preference_at),
        session_timer_ms=_ms(chat.session_timer),
        closing=None
        if chat.closing is None
        else {
            "at_ms": to_ms(chat.closing.at),
            "on_reply": chat.closing.on_reply,
            "by": chat.closing.by,
            "by_name": chat.closing.by_name,
        },
        flow=None if chat.flow is None else _position_told(chat.flow),
        waiting_ms=None if chat.flow is None else _ms(chat.flow.waiting_since),
        opened_by_template_ms=_ms(chat.opened_by_template_at),
        blocked_ms=_ms(chat.blocked_at),
        unblocked_ms=_ms(chat.unblocked_at),
        holding=chat.holding or None,
        told=" ".join(_in_words(one, chat) for one in chat.occasions) or None,
        to_do=" ".join(word for word, wanted in words if wanted) or None,
        due_kind=CHATS if promises else None,
        due_at=due_place(promises),
    )


def due_place(promises: Iterable[Timer]) -> str | None:
    """Where a row stands among those that promise something: by the first that is due."""
    first = min(promises, key=lambda one: one.at, default=None)
    if first is None:
        return None
    return f"{sortable(first.at)}#{first.chat_id}#{first.subject}"


def _closing(row: ChatRow) -> Closing | None:
    if row.closing is None:
        return None
    told = row.closing.as_dict()  # type: ignore[no-untyped-call]
    return Closing(
        at=from_ms(int(told["at_ms"])),
        on_reply=told["on_reply"],
        by=AgentId(told["by"]),
        by_name=told["by_name"],
    )


def _in_words(one: Occasion, chat: Chat) -> str:
    """What of an occasion the row does not say anyway: which message, or when and by whom."""
    if one.kind == "message":
        return MESSAGE + ("" if one.key == chat.last_inbound else str(one.key))
    return f"{ASSIGNMENT}{to_ms(one.at)}{'' if one.by is None else f':{one.by}'}"


def _occasions(row: ChatRow) -> tuple[Occasion, ...]:
    holders: dict[str, Any] = {
        "rev": int(row.rev),
        "agent_id": row.held_by,
        "department_id": listing.department_of(row.queue),
    }
    found = []
    for word in (row.told or "").split():
        if word.startswith(MESSAGE):
            key = word.removeprefix(MESSAGE) or row.last_inbound
            at = from_ms(int(key.partition("-")[0]))
            found.append(Occasion("message", at, key=cast("Any", key), **holders))
        else:
            ms, _, by = word.removeprefix(ASSIGNMENT).partition(":")
            found.append(
                Occasion("assignment", from_ms(int(ms)), by=AgentId(by) if by else None, **holders)
            )
    return tuple(found)


def to_occasion(told: Mapping[str, Any]) -> Occasion:
    """The occasion as a queue carries it."""
    return Occasion(
        kind=told["kind"],
        at=from_ms(int(told["at_ms"])),
        rev=int(told["rev"]),
        agent_id=told.get("agent"),
        department_id=told.get("department"),
        key=told.get("key"),
        by=told.get("by"),
    )


def occasion_told(one: Occasion) -> dict[str, Any]:
    """An occasion, for a queue."""
    told = {
        "kind": one.kind,
        "at_ms": to_ms(one.at),
        "rev": one.rev,
        "agent": one.agent_id,
        "department": one.department_id,
        "key": one.key,
        "by": one.by,
    }
    return {name: value for name, value in told.items() if value is not None}


def _position(row: ChatRow) -> Position | None:
    if row.flow is None:
        return None
    told = row.flow.as_dict()  # type: ignore[no-untyped-call]
    pausing_ms = told.get("pausing_ms")
    return Position(
        flow_id=told["flow_id"],
        version=int(told["version"]),
        node=told["node"],
        since=from_ms(int(pausing_ms or row.waiting_ms or 0)),
        run=told["run"],
        tries=int(told.get("tries", 0)),
        until=None if told.get("until_ms") is None else from_ms(int(told["until_ms"])),
        pausing=pausing_ms is not None,
    )


def _position_told(position: Position) -> dict[str, Any]:
    told: dict[str, Any] = {
        "flow_id": position.flow_id,
        "version": position.version,
        "node": position.node,
        "run": position.run,
    }
    if position.pausing:
        told["pausing_ms"] = to_ms(position.since)
    if position.tries:
        told["tries"] = position.tries
    if position.until is not None:
        told["until_ms"] = to_ms(position.until)
    return told


def to_message(row: MessageRow) -> Message:
    """The domain's message of a row, from the table or from its stream."""
    failure = None
    if row.failure_code is not None:
        subcode = None if row.failure_subcode is None else int(row.failure_subcode)
        failure = Failure(
            int(row.failure_code), row.failure_title or "", row.failure_details, subcode
        )
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
        line=_line(row),
        farewell_of=row.farewell_of,
        template=_template(row),
        files=tuple(File(**one) for one in _list(row.files)),
        details=json.loads(row.details) if row.details else None,
        quote=Quote(**json.loads(row.quote)) if row.quote else None,
        reactions=tuple(_reaction(one) for one in _list(row.reactions)),
        internal=bool(row.internal),
        source=cast("Any", row.source),
        forwarded=bool(row.forwarded),
        signature=row.signature,
        wish=row.wish,
        edited_at=_instant(row.edited_ms),
        deleted_at=_instant(row.deleted_ms),
        to_forget="forget" in (row.to_do or "").split(),
        doomed=tuple(row.doomed or ()),
        unknown_at=_instant(row.unknown_ms),
    )


def from_message(message: Message) -> MessageRow:
    """The message's row."""
    promises = timer.of_message(message)
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
        line={name: told for name, told in message.line.items() if told is not None}
        if message.line
        else None,
        farewell_of=message.farewell_of,
        template=_as_text(message.template) if message.template else None,
        files=_json([_told(one) for one in message.files]),
        details=_json(message.details),
        quote=_json(_told(message.quote)) if message.quote else None,
        reactions=_json([_reaction_told(one) for one in message.reactions]),
        internal=True if message.internal else None,
        source=message.source,
        forwarded=True if message.forwarded else None,
        signature=message.signature,
        wish=message.wish,
        edited_ms=_ms(message.edited_at),
        deleted_ms=_ms(message.deleted_at),
        doomed=list(message.doomed) or None,
        failure_subcode=message.failure.subcode if message.failure else None,
        unknown_ms=_ms(message.unknown_at),
        to_do=message.to_do,
        due_kind=SENDS if promises else None,
        due_at=due_place(promises),
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
        department_ids=list(attendance.department_ids) or None,
        closed_ms=_ms(attendance.closed_at),
        closed_by=attendance.closed_by,
        farewell=attendance.farewell or None,
        farewell_fate=attendance.farewell_fate,
        farewell_lacks=list(attendance.farewell_lacks) or None,
        values=json.dumps(attendance.values, ensure_ascii=False) if attendance.values else None,
    )


def to_attendance(row: AttendanceRow) -> Attendance:
    """The domain's attendance of a row."""
    return Attendance(
        chat_id=ChatId(row.pk.removeprefix("CHAT#")),
        protocol=row.protocol,
        opened_at=from_ms(int(row.opened_ms)),
        opened_by=cast("Any", row.opened_by),
        agent_ids=tuple(AgentId(one) for one in row.agent_ids),
        department_ids=tuple(DepartmentId(one) for one in row.department_ids or ()),
        closed_at=_instant(row.closed_ms),
        closed_by=row.closed_by,
        farewell=row.farewell or "",
        farewell_fate=cast("Any", row.farewell_fate),
        farewell_lacks=tuple(row.farewell_lacks or ()),
        values=tuple(json.loads(row.values)) if row.values else (),
    )


def _line(row: MessageRow) -> SystemLine | None:
    if row.line is None:
        return None
    told = row.line.as_dict()  # type: ignore[no-untyped-call]
    return {
        "code": told["code"],
        "by": told.get("by"),
        "by_name": told.get("by_name"),
        "subject": told.get("subject"),
        "subject_name": told.get("subject_name"),
    }


def _template(row: MessageRow) -> Filled | None:
    if row.template is None:
        return None
    told = json.loads(row.template)
    return Filled(
        told["name"],
        told["language"],
        told["named"],
        MappingProxyType(told["values"]),
        header_kind=told.get("header_kind", "none"),
        buttons=MappingProxyType(told.get("buttons", {})),
    )


def _as_text(filled: Filled) -> str:
    told: dict[str, Any] = {
        "name": filled.name,
        "language": filled.language,
        "named": filled.named,
        "values": dict(filled.values),
    }
    if filled.header_kind != "none":
        told["header_kind"] = filled.header_kind
    if filled.buttons:
        told["buttons"] = dict(filled.buttons)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _list(stored: str | None) -> list[dict[str, Any]]:
    return json.loads(stored) if stored else []


def _json(told: Any) -> str | None:
    """Text for an attribute; nothing for what is empty."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) if told else None


def told_file(file: File) -> dict[str, Any]:
    """A file as rows keep it."""
    return _told(file)


def _told(one: Any) -> dict[str, Any]:
    """The fields that are not at their defaults."""
    return {
        part.name: value
        for part in fields(one)
        if (value := getattr(one, part.name)) != part.default
    }


def _reaction(told: dict[str, Any]) -> Reaction:
    failure = told.pop("failure", None)
    at = from_ms(int(told.pop("at")))
    return Reaction(at=at, failure=Failure(**failure) if failure else None, **told)


def _reaction_told(one: Reaction) -> dict[str, Any]:
    told = _told(one)
    told["at"] = to_ms(one.at)
    if one.failure is not None:
        told["failure"] = _told(one.failure)
    return told


def _failure(stored: Any) -> Failure | None:
    if stored is None:
        return None
    told = stored.as_dict()
    return Failure(int(told["code"]), told["title"], told.get("details"))


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


def _departments(row: ChatRow) -> tuple[DepartmentId, ...]:
    """Whose the open attendance has been: of its present department, unless the row says more."""
    now = listing.department_of(row.queue)
    earlier = row.attendance_departments
    return tuple(DepartmentId(one) for one in earlier or (() if now is None else (now,)))


def _earlier_departments(chat: Chat) -> list[str] | None:
    if chat.attendance is None:
        return None
    been = chat.attendance.department_ids
    return None if been in ((), (chat.department_id,)) else list(been)


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
        if fact in kept or getattr(row, needed) is not None
    }
    return _instants({fact: ms for fact, ms in said.items() if ms is not None})


def _to_keep(chat: Chat) -> dict[str, int] | None:
    """Most facts come with every message: what the newest one said needs no room in the row."""
    newest = int(chat.last_inbound[:13]) if chat.last_inbound else None
    learnt = {fact: to_ms(at) for fact, at in chat.learnt_at.items()}
    return {fact: ms for fact, ms in learnt.items() if ms != newest} or None
