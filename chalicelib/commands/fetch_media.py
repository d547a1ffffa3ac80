"""Files that contacts sent are fetched, looked at and stored (INB-6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, cast

from chalicelib.commands.attempts import until_settled
from chalicelib.commands.settle import settle
from chalicelib.domain import errors
from chalicelib.domain.access import may_read
from chalicelib.domain.delivery import AnswerLost, NotSent, Refused, policy
from chalicelib.domain.media import BYTES, kept_key
from chalicelib.domain.revision import revised
from chalicelib.gateways import pictures
from chalicelib.gateways.meta import media as meta
from chalicelib.gateways.meta.media import NotFetched
from chalicelib.gateways.secrets import ChannelSecrets
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import ChannelName, FileReason
    from chalicelib.domain.ids import MessageKey
    from chalicelib.domain.media import File
    from chalicelib.domain.message import Message
    from chalicelib.world import World

# After the first try, the second, and so on; the queue gives a message up after the ninth.
WAITS = [timedelta(seconds=seconds) for seconds in (2, 10, 30, 90, 300, 900, 1800)]
LIFE = timedelta(days=7)  # of a media id that a webhook told (META.md §5)
IN_MEMORY = 8 * 1024 * 1024
MISSING = 100  # Graph's code for an object that is not there (any more)


def fetch(world: World, chat_id: str, key: MessageKey, attempt: int) -> timedelta | None:
    """Fetch the files of a message that are still to be had, and tell its row what became of each.

    `attempt` counts from 1. Returns after how long to come back, or None: every file is stored, has
    failed in sight, or is wanted no more. Whatever happens half-way, a file is stored under one
    name, and nothing stays of a message that was deleted meanwhile.
    """
    chat, messages = store.load_with_messages(chat_id, [key])
    message = messages.get(key)
    if chat is None or message is None or message.deleted_at is not None:
        return None
    fetched: dict[int, File] = {}
    later = False
    for place, file in enumerate(message.files):
        if file.state != "pending":
            continue
        try:
            fetched[place] = _fetched(world, chat.channel, message, place, file)
        except NotFetched as problem:
            if problem.for_good or attempt > len(WAITS) or _too_old(world, message):
                fetched[place] = _given_up(world, message, file, problem.reason)
            else:
                later = True
    if fetched:
        _settle(world, chat_id, key, message.files, fetched)
        _forget_of_deleted(world, chat_id, key, fetched)
    return WAITS[attempt - 1] if later else None


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


def _fetched(world: World, channel: ChannelName, message: Message, place: int, file: File) -> File:
    """The file as it is once it is stored. Raises NotFetched."""
    found = cast("IO[bytes]", SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115  closed below
    with found:
        told, length = _downloaded(world, channel, message.account, file, found)
        mime_type = told.mime_type or file.mime_type or BYTES
        if not pictures.is_what_it_says(mime_type, found):
            mime_type = BYTES  # it is only ever downloaded
        looked_at = pictures.look_at(mime_type, found, length)
        name = sha256(f"{message.key}/{place}".encode()).hexdigest()[:32]
        key = kept_key(message.chat_id, name)
        world.files.put_file(key, found, mime_type)
        thumbnail = None
        if looked_at is not None and looked_at.thumbnail is not None:
            thumbnail = f"{key}.webp"
            world.files.put(thumbnail, looked_at.thumbnail, "image/webp")
    return replace(
        file,
        state="ready",
        reason=None,
        mime_type=mime_type,
        size=length,
        key=key,
        thumbnail=thumbnail,
        width=looked_at.width if looked_at else None,
        height=looked_at.height if looked_at else None,
    )


def _downloaded(
    world: World, channel: ChannelName, account: str, file: File, into: IO[bytes]
) -> tuple[meta.Found, int]:
    """The file's bytes, by an address that is new if the first one is not taken any more."""
    own = (world.settings.graph_url, world.settings.instagram_url)
    problem = NotFetched("unreachable", for_good=False)
    tried = ""
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
                length = meta.download(
                    told.url,
                    into,
                    own=own,
                    token=tried if file.provider_id is not None else None,
                    size=told.size,
                    digest=told.digest or file.sha256,
                )
            except NotFetched as found:
                problem = found
                if found.for_good or (found.reason != "gone" and not found.token):
                    raise
                if found.token:
                    break
            else:
                return told, length
    raise problem


def _told(world: World, account: str, file: File, token: str) -> meta.Found:
    """Where the file is now. Raises NotFetched."""
    if file.provider_id is None:
        return meta.Found(file.url or "", file.mime_type, None, None)
    try:
        return meta.resolve(world.graph(token), file.provider_id, account)
    except Refused as refused:
        found = policy(refused.failure.code)
        if refused.failure.code == MISSING:
            raise NotFetched("gone", for_good=True) from refused
        dead = found.channel_problem == "token_invalid"
        raise NotFetched("refused", for_good=False, token=dead) from refused
    except (NotSent, AnswerLost) as error:
        raise NotFetched("unreachable", for_good=False) from error


def _too_old(world: World, message: Message) -> bool:
    return message.at + LIFE < world.now()


def _given_up(world: World, message: Message, file: File, reason: FileReason) -> File:
    """What is shown of a file that could not be had: gone from Meta, or failed for a reason."""
    if reason == "gone" and _too_old(world, message):
        return replace(file, state="expired", reason=None)
    return replace(file, state="failed", reason=reason)


def _settle(
    world: World,
    chat_id: str,
    key: MessageKey,
    known: tuple[File, ...],
    fetched: dict[int, File],
) -> None:
    """The message's row knows what became of its files, unless it was deleted or done by now."""

    def verdict(message: Message) -> Message:
        if message.deleted_at is not None or len(message.files) != len(known):
            return message
        files = tuple(
            fetched[place] if place in fetched and file.state == "pending" else file
            for place, file in enumerate(message.files)
        )
        return replace(message, files=files)

    settle(world, chat_id, {key: verdict})


def _forget_of_deleted(
    world: World, chat_id: str, key: MessageKey, fetched: dict[int, File]
) -> None:
    """Whoever deleted the message did not know of what was stored just then."""
    message = store.load_message(chat_id, key)
    if message is None or message.deleted_at is not None:
        stored = [one for file in fetched.values() for one in (file.key, file.thumbnail) if one]
        if stored:
            world.files.delete(stored)
