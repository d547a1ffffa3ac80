"""A message was deleted: its stored files go, and the words that others quoted of it (CHAT-7).

In bounded steps of the queue `due`. Each may be killed or repeated: it looks for what is still
there, and the message keeps asking until nothing is.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.commands.settle import settle
from chalicelib.gateways.queues import Entry
from chalicelib.stores import chats as store

if TYPE_CHECKING:
    from chalicelib.commands.settle import Verdict
    from chalicelib.domain.ids import MessageKey
    from chalicelib.domain.message import Message
    from chalicelib.world import World

LOOKED_AT = 200  # messages in one step
AT_ONCE = 40  # of which so many at most change in one transaction


def forget(world: World, chat_id: str, key: MessageKey, after: str | None = None) -> None:
    """Forget what is left of the message that lies in the partition `chat_id`.

    `after`: the key up to which those that came later were looked through. Does nothing of a
    message that is not deleted, or of which nothing is left.
    """
    message = store.load_message(chat_id, key)
    chat = store.resolve(chat_id)
    if chat is None or message is None or message.deleted_at is None or not message.to_forget:
        return
    for stored in message.doomed:
        if not world.files.erase(stored):
            _go_on(world, message, after)
            return
    later = store.page_of_messages(chat, after=after or key, limit=LOOKED_AT)
    _empty(world, [one for one in later if _quotes(one, key)])
    if len(later) == LOOKED_AT:
        _go_on(world, message, later[-1].key)
        return
    _done(world, chat_id, key)


def _quotes(message: Message, key: MessageKey) -> bool:
    return message.quote is not None and message.quote.key == key and message.quote.text != ""


def _empty(world: World, found: list[Message]) -> None:
    """Of what was quoted only the place is left."""

    def verdict(now: Message) -> Message:
        return now if now.quote is None else replace(now, quote=replace(now.quote, text=""))

    for begin in range(0, len(found), AT_ONCE):
        by_chat: dict[str, dict[MessageKey, Verdict]] = {}
        for one in found[begin : begin + AT_ONCE]:
            by_chat.setdefault(one.chat_id, {})[one.key] = verdict
        for chat_id, verdicts in by_chat.items():
            settle(world, chat_id, verdicts)


def _go_on(world: World, message: Message, after: str | None) -> None:
    body = {"what": "forget_message", "chat_id": message.chat_id, "key": message.key}
    if after is not None:
        body["after"] = after
    world.queues.send(world.settings.due_queue, [Entry(json.dumps(body))])


def _done(world: World, chat_id: str, key: MessageKey) -> None:
    """The message asks for nothing any more, which no screen shows."""

    def decide() -> None:
        now = store.load_message(chat_id, key)
        if now is not None and now.to_forget:
            done = replace(now, to_forget=False, doomed=(), version=now.version + 1)
            store.save_message(done)

    until_settled(world, decide)
