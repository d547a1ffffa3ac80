"""What the table's stream asks to be done: derived, so that no crash leaves half a decision."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from chalicelib.domain import timer as timers
from chalicelib.domain.chat import to_tell_of_block, to_tell_of_reading
from chalicelib.domain.message import to_react
from chalicelib.gateways.queues import Entry
from chalicelib.stores.rows import occasion_told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chalicelib.domain.chat import Chat
    from chalicelib.domain.live import ChatChanged
    from chalicelib.domain.message import Message
    from chalicelib.domain.notification import Decision
    from chalicelib.domain.timer import Timer
    from chalicelib.world import World


LAST = "~"  # after the keys of all messages


@dataclass(frozen=True)
class Written:
    """A message's row went from `before` (None: new) to `after`."""

    before: Message | None
    after: Message


def dispatch(
    world: World,
    written: Iterable[Written],
    changed: Iterable[ChatChanged] = (),
    pushes: Iterable[Decision] = (),
) -> None:
    """Put what must be done about messages and chats on the queue of whoever does it.

    Newly queued messages go on the outbound lane, in the order of their chat. So does what a
    channel is told beside messages: a block or its end and our reactions, in the chat's order,
    since what is sent next may depend on it; and that a message was read, which waits for nothing
    and holds nothing back. Agents are told of what happened, at their pages and phones, by lanes of
    their own. Files that came are fetched, people without a name are asked for, and
    what was deleted is forgotten. Repeating it is harmless: the lane drops what it saw in the last
    minutes, and whoever takes from a queue does only what is still wanted.
    """
    written, changed = list(written), list(changed)
    lane: list[tuple[tuple[int, str], Entry]] = [
        ((one.after.rev, one.after.key), entry) for one in written for entry in _outbound(one)
    ]
    lane += [
        ((one.after.rev, LAST), entry) for one in changed for entry in _told(one.before, one.after)
    ]
    # The stream's order is per row only; what one wish became has one revision (SEND-4).
    lane.sort(key=lambda one: one[0])
    settings = world.settings
    for queue, entries in (
        (settings.outbound_queue, [entry for _, entry in lane]),
        (settings.fetch_queue, [*_fetched(written), *_asked(changed)]),
        (settings.notify_queue, [entry for one in changed for entry in _occasions(one.after)]),
        (settings.push_queue, [_pushed(one) for one in pushes]),
        (settings.due_queue, list(_forgotten(written))),
    ):
        if entries:
            world.queues.send(queue, entries)


def arm(world: World, promised: Iterable[Timer]) -> None:
    """Have these promises kept at their time: by a schedule, or at once by the queue `due`.

    Arming one again is harmless, and so is one that is not made any more: whoever keeps promises
    asks the row. What is due within a minute is never scheduled.
    """
    now = world.now()
    soon: list[Entry] = []
    for one in sorted(promised, key=lambda timer: timer.at):
        left = one.at - now
        if left <= timers.AT_ONCE:
            soon.append(Entry(json.dumps(one.told()), delay=max(left, timers.AT_ONCE * 0)))
        else:
            world.schedules.arm(one)
    if soon:
        world.queues.send(world.settings.due_queue, soon)


def new_words(before: str | None, after: str | None) -> set[str]:
    """What a row asks for that it did not ask for before."""
    return set((after or "").split()) - set((before or "").split())


def _words(one: Written) -> set[str]:
    before = None if one.before is None else one.before.to_do
    return new_words(before, one.after.to_do)


def _outbound(one: Written) -> Iterator[Entry]:
    message = one.after
    if one.before is None and "send" in _words(one):
        yield _entry(
            {"chat_id": message.chat_id, "key": message.key},
            group=message.chat_id,
            name=f"{message.chat_id}/{message.key}",
        )
    wanted = to_react(one.before, message)
    if wanted is not None:
        yield _entry(
            {"chat_id": message.chat_id, "call": "react", "key": message.key},
            group=message.chat_id,
            name=f"{message.chat_id}/react/{message.key}/{message.rev}",
        )


def _told(before: Chat | None, after: Chat) -> Iterator[Entry]:
    if to_tell_of_block(before, after):
        yield _entry(
            {"chat_id": after.chat_id, "call": "block"},
            group=after.chat_id,
            name=f"{after.chat_id}/block/{after.rev}",
        )
    if to_tell_of_reading(before, after):
        yield _entry(
            {"chat_id": after.chat_id, "call": "read", "key": after.receipt_for},
            group=f"{after.chat_id}/read",
            name=f"{after.chat_id}/read/{after.receipt_for}",
        )


def _occasions(chat: Chat) -> Iterator[Entry]:
    """What this revision is an occasion to tell agents of; whoever tells does so once for each."""
    for one in chat.occasions:
        yield Entry(json.dumps({"chat_id": chat.chat_id, **occasion_told(one)}))


def _pushed(one: Decision) -> Entry:
    return Entry(json.dumps({"agent_id": one.agent_id, "decision": one.decision_id}))


def _fetched(written: Iterable[Written]) -> Iterator[Entry]:
    for one in written:
        if "fetch" in _words(one):
            body = {"what": "media", "chat_id": one.after.chat_id, "key": one.after.key}
            yield Entry(json.dumps(body))


def _asked(changed: Iterable[ChatChanged]) -> Iterator[Entry]:
    for one in changed:
        if one.after.profile_wanted and not (one.before and one.before.profile_wanted):
            yield Entry(json.dumps({"what": "profile", "chat_id": one.after.chat_id}))


def _forgotten(written: Iterable[Written]) -> Iterator[Entry]:
    for one in written:
        if "forget" in _words(one):
            body = {"what": "forget_message", "chat_id": one.after.chat_id, "key": one.after.key}
            yield Entry(json.dumps(body))


def _entry(body: dict[str, str | None], *, group: str, name: str) -> Entry:
    return Entry(
        body=json.dumps(body), group=group, deduplication=sha256(name.encode()).hexdigest()
    )
