"""Files that contacts sent are fetched, looked at and stored (INB-6)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, cast
from urllib.parse import unquote, urlsplit

from chalicelib.commands.attempts import until_settled
from chalicelib.commands.settle import settle
from chalicelib.domain import errors
from chalicelib.domain.access import may_read
from chalicelib.domain.delivery import AnswerLost, NotSent, Refused, policy
from chalicelib.domain.media import (
    BEGINNING,
    BYTES,
    NAME_LENGTH,
    SAFE_TYPES,
    WEBP,
    kept_key,
    true_type,
)
from chalicelib.domain.revision import revised
from chalicelib.gateways import pictures
from chalicelib.gateways.meta import media as meta
from chalicelib.gateways.meta.media import NotFetched
from chalicelib.gateways.secrets import ChannelSecrets
from chalicelib.stores import channels
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import ChannelName, FileReason
    from chalicelib.domain.ids import MessageKey
    from chalicelib.domain.media import File
    from chalicelib.domain.message import Message
    from chalicelib.gateways.meta.media import Patience
    from chalicelib.world import World

# After the first try, the second, and so on; what Meta does not give by the eighth is given up.
WAITS = [timedelta(seconds=seconds) for seconds in (2, 10, 30, 90, 300, 900, 1800)]
LAST = 9  # receives of the queue's item (infra/storage.py): after it nobody would come again
LIFE = timedelta(days=7)  # of a media id that a webhook told (META.md §5)
IN_MEMORY = 8 * 1024 * 1024
NAMED = re.compile(r"[^/\\\x00-\x1f]{1,200}\.[0-9A-Za-z]{1,8}")
MISSING = 100  # Graph's code for an object that is not there (any more)


def fetch(world: World, chat_id: str, key: MessageKey, attempt: int) -> timedelta | None:
    """Fetch the files of a message that are still to be had, and tell its row what became of each.

    `attempt` counts from 1. Returns after how long to come back, or None: every file is stored, has
    failed in sight, or is wanted no more. Whatever happens half-way, a file is stored under one
    name, and nothing stays of a message that was deleted meanwhile. The last attempt tries nothing:
    it comes only after some that raised or died of the file, and says so where people see it.
    """
    chat, messages = store.load_with_messages(chat_id, [key])
    message = messages.get(key)
    if chat is None or chat.erasing or message is None or message.deleted_at is not None:
        return None
    patience = meta.Patience()
    later = False
    for place, file in enumerate(message.files):
        if file.state != "pending":
            continue
        if attempt >= LAST:
            _settle(world, message, place, _given_up(file, "unreadable", expired=False))
            continue
        if patience.over:
            later = True  # in a process of its own: it is no fault of the file's
            break
        try:
            fetched = _fetched(world, chat.channel, message, place, patience)
        except NotFetched as problem:
            old = message.at + LIFE < world.now()
            if not (problem.for_good or attempt > len(WAITS) or (old and problem.reason == "gone")):
                later = True
                continue
            fetched = _given_up(file, problem.reason, expired=old)
        _settle(world, message, place, fetched)
    return WAITS[min(attempt, len(WAITS)) - 1] if later else None


def fetch_again(world: World, agent: Agent, chat_id: str, key: MessageKey) -> Message:
    """Have the failed files of a message fetched once more; asking twice is as good as once.

    Raises NotFound when there is no such message for this agent, or Contended.
    """

    def decide() -> Message:
        chat = store.resolve(chat_id)
        if chat is None or not may_read(chat, agent):
            raise errors.NotFound()
        message = _message(chat, key)
        if message is None:
            raise errors.NotFound()
        files = tuple(_asked_again(file) for file in message.files)
        if files == message.files:
            return message
        after = revised(chat, chat, [message.key])
        changed = replace(message, files=files, rev=after.rev, version=message.version + 1)
        store.commit(Change(before=chat, after=after, changed=(changed,)))
        return changed

    return until_settled(world, decide)


def _asked_again(file: File) -> File:
    fetchable = file.provider_id is not None or file.url is not None
    if file.state == "failed" and fetchable:
        return replace(file, state="pending", reason=None)
    return file


def _message(chat: Chat, key: MessageKey) -> Message | None:
    found = (store.load_message(partition, key) for partition in chat.partitions)
    return next((message for message in found if message is not None), None)


def _fetched(
    world: World, channel: ChannelName, message: Message, place: int, patience: Patience
) -> File:
    """The file as it is once it is stored. Raises NotFetched."""
    file = message.files[place]
    found = cast("IO[bytes]", SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115  closed below
    with found:
        told, taken = _downloaded(world, channel, message.account, file, found, patience)
        picture = pictures.look_at(found, taken.length)
        found.seek(0)
        mime_type = true_type(
            file.kind,
            told.mime_type or file.mime_type or taken.mime_type,
            picture.mime_type if picture else None,
            found.read(BEGINNING),
        )
        if picture is not None and picture.mime_type != mime_type:
            picture = None  # a picture only by its bytes: nobody is shown it
        key = kept_key(message.chat_id, sha256(f"{message.key}/{place}".encode()).hexdigest()[:32])
        world.files.put_file(key, found, mime_type if mime_type in SAFE_TYPES else BYTES)
        thumbnail = None
        if picture is not None and picture.thumbnail is not None:
            thumbnail = f"{key}.webp"
            world.files.put(thumbnail, picture.thumbnail, WEBP)
    return replace(
        file,
        state="ready",
        reason=None,
        name=file.name or _named(told.url),
        mime_type=mime_type,
        size=taken.length,
        key=key,
        thumbnail=thumbnail,
        width=picture.width if picture else None,
        height=picture.height if picture else None,
    )


def _downloaded(
    world: World,
    channel: ChannelName,
    account: str,
    file: File,
    into: IO[bytes],
    patience: Patience,
) -> tuple[meta.Found, meta.Taken]:
    """The file's bytes, by an address that is new if the first one is not taken any more.

    And by a newer token, if one was set since. Raises NotFetched.
    """
    problem = NotFetched("unreachable", for_good=False)
    tried: str | None = None
    for mismatch in (False, True):
        secrets = world.secrets.of(channel, mismatch=mismatch).get(account, ChannelSecrets())
        if secrets.token == tried:
            continue  # there is no newer one
        tried = secrets.token
        for _ in range(2):
            into.seek(0)
            into.truncate()
            try:
                told = _told(world, account, file, tried)
                return told, _taken(world, file, told, tried, into, patience)
            except NotFetched as found:
                problem = found
            if problem.token:
                break
            if problem.for_good or problem.reason != "gone" or file.provider_id is None:
                raise problem
        if not problem.token and problem.reason != "gone":
            break
    if problem.token and isinstance(problem.__cause__, Refused):
        channels.set_problem(channel, account, "token_invalid")  # INB-10
    raise problem


def _taken(
    world: World, file: File, told: meta.Found, token: str, into: IO[bytes], patience: Patience
) -> meta.Taken:
    return meta.download(
        told.url,
        into,
        own=(world.settings.graph_url, world.settings.instagram_url),
        token=token if file.provider_id is not None else None,
        patience=patience,
        size=told.size,
        digest=told.digest or file.sha256,
    )


def _told(world: World, account: str, file: File, token: str) -> meta.Found:
    """Where the file is now. Raises NotFetched."""
    if file.provider_id is None:
        return meta.Found(file.url or "", None, None, None)
    try:
        return meta.resolve(world.graph(token), file.provider_id, account)
    except Refused as refused:
        if refused.failure.code == MISSING:
            raise NotFetched("gone", for_good=False) from refused
        dead = policy(refused.failure.code).channel_problem == "token_invalid"
        raise NotFetched("refused", for_good=False, token=dead) from refused
    except (NotSent, AnswerLost) as error:
        raise NotFetched("unreachable", for_good=False) from error


def _named(url: str) -> str | None:
    """What the end of an address calls a file that came without a name."""
    name = unquote(urlsplit(url).path.rpartition("/")[2], errors="replace")
    return name[:NAME_LENGTH] if NAMED.fullmatch(name) else None


def _given_up(file: File, reason: FileReason, *, expired: bool) -> File:
    """What is shown of a file that could not be had: gone from Meta, or failed for a reason."""
    if reason == "gone" and expired:
        return replace(file, state="expired", reason=None)
    return replace(file, state="failed", reason=reason)


def _settle(world: World, message: Message, place: int, fetched: File) -> None:
    """The message's row knows what became of a file, unless it was deleted or done by now.

    Whoever deleted or erased it did not know of what was stored just then: that goes, too.
    """
    wanted = False

    def verdict(now: Message) -> Message:
        nonlocal wanted
        files = list(now.files)
        wanted = now.deleted_at is None and place < len(files)
        if wanted and files[place].state == "pending":
            files[place] = fetched
        return replace(now, files=tuple(files))

    gone = settle(world, message.chat_id, {message.key: verdict})
    if gone or not wanted:
        stored = [key for key in (fetched.key, fetched.thumbnail) if key is not None]
        if stored:
            world.files.delete(stored)
