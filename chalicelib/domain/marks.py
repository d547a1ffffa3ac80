"""What is done to a message afterwards: reactions, edits, deletions, whatever their order (CHAT-7).

Of each kind and side the last one stands, by the provider's time. A reaction that was taken back is
kept as an empty one, so that an older one that comes late does not return; a deletion beats all.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.message import Reaction, with_reaction

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from chalicelib.domain.events import AuthorName
    from chalicelib.domain.inbound import Mark
    from chalicelib.domain.message import Message


def author_of(mark: Mark) -> AuthorName:
    """Which side made the mark."""
    return "device" if mark.echo else "contact"


def applied(message: Message, mark: Mark) -> Message:
    """The message after the mark; the same when nothing of it is news (INB-3, INB-4)."""
    if mark.what == "deletion":
        return _deleted(message, mark.at)
    if message.deleted_at is not None:
        return message
    return _edited(message, mark) if mark.what == "edit" else _reacted(message, mark)


def arrived_marked(message: Message, marks: Iterable[Mark]) -> Message:
    """A new message with the marks that came before it: of a deleted one nothing is ever kept."""
    for mark in marks:
        message = applied(message, mark)
    return replace(message, to_forget=False, doomed=())


def newer(mark: Mark, known: Mark) -> bool:
    """Whether of two marks of one kind and side the first one stands."""
    return _place(mark) > _place(known)


def _place(mark: Mark) -> tuple[datetime, bool, str, str]:
    # Within one instant a reaction that was taken back was there before.
    return mark.at, mark.what == "reaction" and not mark.emoji, mark.emoji, mark.text


def _deleted(message: Message, at: datetime) -> Message:
    """Nothing of what it said is kept; files and what quotes it are still to be forgotten."""
    if message.deleted_at is not None:
        return replace(message, deleted_at=min(message.deleted_at, at))
    stored = (key for file in message.files for key in (file.key, file.thumbnail))
    return replace(
        message,
        text="",
        files=(),
        details=None,
        template=None,
        reactions=(),
        edited_at=None,
        deleted_at=at,
        to_forget=True,
        doomed=tuple(key for key in stored if key is not None),
    )


def _edited(message: Message, mark: Mark) -> Message:
    before = message.edited_at
    if before is not None and (mark.at, mark.text) <= (before, message.text):
        return message
    return replace(message, text=mark.text, edited_at=mark.at)


def _reacted(message: Message, mark: Mark) -> Message:
    author = author_of(mark)
    ours = author != "contact"
    known = next((one for one in message.reactions if (one.author != "contact") is ours), None)
    if known is not None:
        if _moment(known.at, known.emoji) >= _moment(mark.at, mark.emoji):
            return message
        if known.author == "agent" and known.emoji == mark.emoji:
            return message  # what was chosen here comes back from the channel
    marked = with_reaction(message, Reaction(author, mark.emoji, mark.at))
    sides = sorted(marked.reactions, key=lambda one: one.author != "contact")
    return replace(marked, reactions=tuple(sides))


def _moment(at: datetime, emoji: str) -> tuple[datetime, bool, str]:
    return at, not emoji, emoji
