"""How chats and messages are shown: domain objects turned into the shapes of `events`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import media, session
from chalicelib.domain.instants import iso, iso_or_none

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain import chat as chats
    from chalicelib.domain import events
    from chalicelib.domain.inbound import Failure
    from chalicelib.domain.message import Message, Quote, Reaction


def row(chat: chats.Chat) -> events.ChatRow:
    """The chat as a row of the list."""
    return {
        "chat_id": chat.chat_id,
        "row_rev": chat.row_rev,
        "channel": chat.channel,
        "account": chat.account,
        "name": chat.name,
        "phone": chat.phone,
        "username": chat.username,
        "preview": chat.preview,
        "preview_kind": chat.preview_kind,
        "preview_author": chat.preview_author,
        "last_activity_at": iso_or_none(chat.last_activity_at),
        "opened_at": iso_or_none(chat.opened_at),
        "closed": chat.attendance is None,
        "agent_id": chat.agent_id,
        "department_id": chat.department_id,
        "unread": chat.unread,
        "blocked": chat.blocked,
        "tags": list(chat.tags),
        "campaigns": list(chat.campaigns),
        "session_ends_at": iso_or_none(chat.session.ends_at),
        "waiting_since": None if chat.flow is None else iso_or_none(chat.flow.waiting_since),
    }


def chat(chat: chats.Chat, now: datetime, *, human: bool = False) -> events.Chat:
    """The chat as the conversation shows it.

    `human`: what a human types may go out for seven days (SEND-14); never so on WhatsApp.
    """
    heard_at = chat.heard_at
    return {
        "row": row(chat),
        "rev": chat.rev,
        "protocol": chat.attendance.protocol if chat.attendance else None,
        "session": {
            "state": chat.session.state(now).value,
            "ends_at": iso_or_none(chat.session.ends_at),
            "human_until": iso_or_none(chat.session.human_until) if human else None,
        },
        "unread_from": chat.unread_from,
        "profile_rev": chat.profile_rev,
        "blockable_until": iso_or_none(heard_at and heard_at + session.LENGTH),
        "meta_block": None
        if chat.meta_block is None
        else {"state": chat.meta_block, "failure": failure(chat.meta_block_failure)},
        "closing": closing(chat.closing),
        "opened_by_template": iso_or_none(chat.opened_by_template_at),
    }


def closing(one: chats.Closing | None) -> events.ScheduledClosing | None:
    """When the attendance closes by itself."""
    if one is None:
        return None
    return {
        "at": iso(one.at),
        "on_reply": one.on_reply,
        "by": one.by,
        "by_name": one.by_name,
    }


def contact_summary(chat: chats.Chat, *, readable: bool) -> events.ContactSummary:
    """A line of the contacts page: the record, never a message or preview (PERM-1)."""
    return {
        "chat_id": chat.chat_id,
        "name": chat.name,
        "channel": chat.channel,
        "account": chat.account,
        "phone": chat.phone,
        "username": chat.username,
        "created_at": iso(chat.created_at),
        "blocked": chat.blocked,
        "tags": list(chat.tags),
        "readable": readable,
    }


def message(message: Message) -> events.Message:
    """One balloon."""
    return {
        "key": message.key,
        "rev": message.rev,
        "kind": message.kind,
        "raw_kind": message.raw_kind,
        "author": message.author,
        "agent_id": message.agent_id,
        "author_name": message.author_name,
        "text": message.text,
        "at": iso(message.at),
        "status": message.status.value if message.status else None,
        "failure": failure(message.failure),
        "retry_of": message.retry_of,
        "retried_by": message.retried_by,
        "client_key": message.client_key,
        "line": message.line,
        "files": [media.view(one) for one in message.files],
        "details": message.details,
        "quote": quote(message.quote),
        "reactions": [reaction(one) for one in message.reactions if one.emoji],
        "internal": message.internal,
        "source": message.source,
        "forwarded": message.forwarded,
        "edited_at": iso_or_none(message.edited_at),
        "deleted_at": iso_or_none(message.deleted_at),
    }


def quote(quote: Quote | None) -> events.Quote | None:
    """What a message answers."""
    if quote is None:
        return None
    return {
        "key": quote.key,
        "author": quote.author,
        "author_name": quote.author_name,
        "kind": quote.kind,
        "text": quote.text,
        "internal": quote.internal,
        "source": quote.source,
    }


def reaction(one: Reaction) -> events.Reaction:
    """An emoji on a message."""
    return {
        "author": one.author,
        "agent_id": one.agent_id,
        "emoji": one.emoji,
        "at": iso(one.at),
        "state": one.state,
        "failure": failure(one.failure),
    }


def failure(failure: Failure | None) -> events.Failure | None:
    """The provider's reason."""
    if failure is None:
        return None
    told: events.Failure = {
        "code": failure.code,
        "title": failure.title,
        "details": failure.details,
    }
    if failure.subcode is not None:
        told["subcode"] = failure.subcode
    return told
