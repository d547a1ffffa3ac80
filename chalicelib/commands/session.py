"""A session's time comes: it is about to end, its last message is due, or it has ended (SES)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.commands import farewell
from chalicelib.commands.attempts import until_settled
from chalicelib.domain import attendance as attendances
from chalicelib.domain import chat as chats
from chalicelib.domain import errors, session
from chalicelib.domain.message import line, system_line
from chalicelib.domain.revision import revised
from chalicelib.stores import chats as store
from chalicelib.stores import profiles
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.chat import Chat
    from chalicelib.domain.message import Message
    from chalicelib.domain.timer import Timer
    from chalicelib.world import World


def look(world: World, timer: Timer) -> None:
    """Apply what the time makes of the session, and promise to look again when that changes next.

    With ten minutes left the closing message goes out, by SES-4's conditions, and once; at the end
    the attendance is closed, where the agency wants that, and nothing else follows from it. A
    promise that the chat does not make any more does nothing: twice, late or early is harmless.
    """

    def decide() -> None:
        before = store.load(timer.chat_id)
        if before is None or before.gone or before.session_timer != timer.at:
            return
        now = world.now()
        after = replace(before, session_timer=session.next_look(before.session, now))
        new: list[Message] = []
        ended: tuple[attendances.Attendance, ...] = ()
        if world.preferences()["auto_close"] and before.attendance is not None:
            if not before.session.may_write_freely(now):
                ended = (attendances.ended(before, now, attendances.BY_SESSION),)
                after = chats.described_anew(attendances.closed(after))
                new = [_line(before, "closed_with_session", now, before.attendance.protocol)]
            elif attendances.says_goodbye(before, now):
                new = _goodbye(world, before, now)
        for message in new:
            if message.kind != "system":
                after = chats.exchanged(after, message)
        after = revised(before, after, [message.key for message in new])
        store.commit(
            Change(
                before=before,
                after=after,
                new=tuple(message.at_revision(after.rev) for message in new),
                attendances=ended,
            )
        )

    until_settled(world, decide)


def _goodbye(world: World, chat: Chat, now: datetime) -> list[Message]:
    """SES-4: the contact's closing message, or else the general one; empty: none."""
    own = profiles.load(*chat.partitions).session_farewell
    text = own or world.preferences()["session_farewell"].strip()
    if not text or chat.attendance is None:
        return []
    try:
        return farewell.messages(
            world, chat, text, None, protocol=chat.attendance.protocol, now=now, source="session"
        )
    except errors.VariablesEmpty as lacking:
        names = ", ".join(one["name"] for one in lacking.fields["variables"])
        return [_line(chat, "session_farewell_not_sent", now, names)]
    except errors.Invalid:
        return [_line(chat, "session_farewell_not_sent", now, "")]


def _line(chat: Chat, code: str, now: datetime, subject: str) -> Message:
    said = line(code, None, subject, subject)  # type: ignore[arg-type]
    return system_line(chat, said, now, str(chat.rev + 1))
