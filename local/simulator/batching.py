"""Which waiting updates go out now, and in which POSTs."""

from datetime import datetime, timedelta
from math import ceil

from .misbehaviour import Misbehaviour
from .updates import Update
from .wire import serialise

MOST_UPDATES = 1000
MOST_BYTES = 3_000_000
FRAME_BYTES = 600
REORDER_WINDOW = timedelta(milliseconds=300)


def choose(
    waiting: list[Update], now: datetime, idle: int, misbehaviour: Misbehaviour
) -> list[list[Update]]:
    """The POSTs to make now, each a list of updates; [] while everything has to wait.

    With few waiting each goes alone; when more wait than there are idle senders they share POSTs,
    each of one channel. `batch`: nothing until that many of a channel wait, then exactly so many in
    one POST. `reorder`: everything
    of the last 0.3 s, newest first.
    """
    delay = timedelta(milliseconds=misbehaviour.delay_ms)
    ready = [
        update
        for update in waiting
        if update.created_at + delay <= now
        and not (misbehaviour.hold_statuses and update.kind == "statuses")
    ]
    if not ready or idle <= 0:
        return []
    if misbehaviour.reorder:
        if ready[0].created_at + delay + REORDER_WINDOW > now:
            return []
        ready.reverse()
    per_post = 1 if misbehaviour.reorder else ceil(len(ready) / idle)
    if not misbehaviour.batch:
        return _packed(ready, per_post)
    posts = []
    for channel in dict.fromkeys(update.channel for update in ready):
        of_channel = [update for update in ready if update.channel == channel]
        whole = len(of_channel) - len(of_channel) % misbehaviour.batch
        posts += _packed(of_channel[:whole], misbehaviour.batch)
    return posts


def _packed(updates: list[Update], per_post: int) -> list[list[Update]]:
    posts: list[list[Update]] = []
    room = 0
    for update in updates:
        size = len(serialise(update.entry)) + len(serialise(update.contacts)) + 2
        other = bool(posts) and posts[-1][0].channel != update.channel
        if not posts or other or len(posts[-1]) >= min(per_post, MOST_UPDATES) or size > room:
            posts.append([])
            room = MOST_BYTES - FRAME_BYTES
        posts[-1].append(update)
        room -= size
        if len(posts[-1]) > 1 and posts[-1][-2].kind != update.kind:
            room -= FRAME_BYTES
    return posts
