"""How a chat's revisions grow (LIVE-4)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain import listing, timer, views

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.chat import Chat
    from chalicelib.domain.ids import MessageKey


def revised(before: Chat | None, after: Chat, touched: Iterable[MessageKey] = ()) -> Chat:
    """`after` as the next revision: which messages it touched, and whether its row changed.

    The row's own revision is that of the last change a list can see, so that a tick moves no row.
    What it promises anew is to be armed. What it is an occasion to tell of is so this once.
    """
    rev = 1 if before is None else before.rev + 1
    visible = before is None or (
        (views.row(before), listing.keys(before), before.merged_into)
        != (views.row(after), listing.keys(after), after.merged_into)
    )
    return replace(
        after,
        occasions=tuple(one for one in after.occasions if one.rev == rev),
        holding=after.holding if _held(before) == _held(after) else rev,
        arming=bool(timer.of_chat(after) - timer.of_chat(before)),
        rev=rev,
        row_rev=rev if visible else after.row_rev,
        touched=tuple(touched),
    )


def _held(chat: Chat | None) -> object:
    """Who holds the chat, in which attendance."""
    if chat is None or chat.attendance is None:
        return None
    return chat.attendance.protocol, chat.agent_id, chat.department_id
