"""An agent answers, and the chat finds its holder; or writes what no contact sees (SEND, ROUTE)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chalicelib.commands import attach, fill_template, template_file
from chalicelib.commands.attempts import until_settled
from chalicelib.domain import attendance as attendances
from chalicelib.domain import chat as chats
from chalicelib.domain import errors, outgoing, variables
from chalicelib.domain.access import may_read
from chalicelib.domain.delivery import Status
from chalicelib.domain.media import MOST_FILES
from chalicelib.domain.message import (
    Message,
    key_of,
    line,
    quoted,
    system_line,
    written_at,
)
from chalicelib.domain.outgoing import Part, Wish
from chalicelib.domain.revision import revised
from chalicelib.stores import chats as store
from chalicelib.stores import counters
from chalicelib.stores import templates as mirror
from chalicelib.stores import variables as values
from chalicelib.stores.chats import AlreadyThere, Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.ids import MessageKey
    from chalicelib.domain.media import File
    from chalicelib.domain.message import Quote
    from chalicelib.domain.variables import Value
    from chalicelib.world import World

NOTHING: dict[str, Any] = {
    "text": "",
    "internal": False,
    "quotes": None,
    "files": [],
    "card": None,
    "template": None,
}
AFTERWARDS = timedelta(milliseconds=1)


def send(world: World, agent: Agent, chat_id: str, asked: Mapping[str, Any]) -> list[Message]:
    """Queue what the agent wishes to say, once for each client key (SEND-12).

    `asked` is api.requests.SendMessage. One wish may be several messages, all in one transaction:
    files where the channel has no captions, pictures of variables (SEND-4). An answer opens an
    attendance if none is open, and assigns the agent if nobody holds the chat (ROUTE-4 to ROUTE-6),
    with a line that says so (CHAT-3); `{protocolo}` is then the number that it opens. An internal
    message does none of that, and is queued for nobody (SEND-7). Returns the messages, in order,
    also when they were there already.

    Raises Invalid, NotFound, ContactBlocked, SessionClosed, ChannelUnavailable, NotOnThisChannel,
    VariablesEmpty, TextTooLong, FileRefused, QuoteUnavailable, TemplateGone, MarketingStopped,
    TooMany, ClientKeyReused, ClockSkew, ClientKeyExpired or Contended; then nothing was changed.
    """
    wish = {**NOTHING, **asked}
    if not (wish["text"].strip() or wish["files"] or wish["card"] or wish["template"]):
        raise errors.Invalid(fields=[{"path": "text", "reason": "empty"}])
    if wish["internal"] and (wish["card"] or wish["template"]):
        raise errors.Invalid(fields=[{"path": "internal", "reason": "wrong_kind"}])
    return _Sending(world, agent, wish["client_key"]).send(chat_id, wish)


def retry(world: World, agent: Agent, chat_id: str, key: MessageKey, client_key: str) -> Message:
    """Send a failed or lost message again: a new attempt, the old one kept (CHAT-6).

    It goes out as it was, with files, quote and signature. A farewell stays one: said again, it
    opens nothing and assigns nobody (CLOSE-4).
    Raises NotFailed when there is nothing to retry, and all that `send` raises.
    """
    return _Sending(world, agent, client_key).retry(chat_id, key)


class _Sending:
    """One answer on its way into a chat: each try loads, decides and commits anew."""

    def __init__(self, world: World, agent: Agent, client_key: str) -> None:
        self.world = world
        self.agent = agent
        self.client_key = client_key
        self.at = written_at(client_key, world.now())
        self.protocol: str | None = None

    def key(self, number: int = 0) -> MessageKey:
        """The key of the so-manieth message of the wish: they sort in their order."""
        names = ("agent", self.agent.agent_id, self.client_key)
        more = (str(number),) if number else ()
        return key_of(self.at + number * AFTERWARDS, *names, *more)

    def send(self, chat_id: str, wish: Mapping[str, Any]) -> list[Message]:
        digest = _digest(wish)

        def decide() -> list[Message]:
            chat = self._readable(chat_id)
            if chat.also:  # it may be there since before a merge
                existing = self._existing(chat)
                if existing is not None:
                    return self._same(chat, existing, digest, wish)
            try:
                return self._say(chat, wish, digest)
            except AlreadyThere:
                existing = self._existing(chat)
                if existing is None:
                    raise errors.Unavailable() from None
            except errors.Refusal:
                # What is there already was accepted when the chat still allowed it.
                existing = self._existing(chat)
                if existing is None:
                    raise
            return self._same(chat, existing, digest, wish)

        return until_settled(self.world, decide)

    def retry(self, chat_id: str, key: MessageKey) -> Message:
        def decide() -> Message:
            chat = self._readable(chat_id)
            failed = _load(chat, key)
            if failed is None or failed.author != "agent":
                raise errors.NotFound()
            if failed.retried_by == self.key():
                return self._again(chat, failed)
            if failed.internal or not failed.may_be_retried():
                raise errors.NotFailed()
            self._check_again(chat, failed)
            try:
                return self._answer(chat, [self._anew(chat, failed)], retried=failed)[0]
            except AlreadyThere:
                return self._again(chat, failed)

        return until_settled(self.world, decide)

    def _readable(self, chat_id: str) -> Chat:
        chat = store.resolve(chat_id)
        if chat is None or not may_read(chat, self.agent):
            raise errors.NotFound()
        return chat

    # --- from the wish to messages ------------------------------------------------------------

    def _say(self, chat: Chat, wish: Mapping[str, Any], digest: str) -> list[Message]:
        quote, quotes = self._quote(chat, wish)
        if wish["internal"]:
            files = attach.found(self.world, self.agent, wish["files"])
            part = outgoing.internal_part(wish["text"], files)
            kept = attach.keep(self.world, chat.chat_id, None, part.files, self.key())
            message = self._message(chat, part, 0, kept)
            return self._note(chat, replace(message, quote=quote, wish=f"{digest}-1"))
        parts, ready = self._parts(chat, wish)
        if len(parts) > MOST_FILES + 1:
            raise errors.TooMany(limit=MOST_FILES)
        messages = []
        for number, part in enumerate(parts):
            channel, key = chat.channel, self.key(number)
            kept = ready or attach.keep(self.world, chat.chat_id, channel, part.files, key)
            messages.append(self._message(chat, part, number, kept))
        messages[0] = replace(
            messages[0], quote=quote, quotes=quotes, wish=f"{digest}-{len(messages)}"
        )
        return self._answer(chat, messages)

    def _parts(
        self, chat: Chat, wish: Mapping[str, Any]
    ) -> tuple[tuple[Part, ...], tuple[File, ...]]:
        """What each message will hold, and files that are where they belong already."""
        if wish["template"] is not None:
            return self._template(chat, wish["template"])
        self._check_may_write(chat)
        signed = outgoing.signature(chat.channel, self.agent, self.world.preferences)
        if wish["card"] is not None:
            card = outgoing.card(wish["card"], self.world.today())
            return (outgoing.card_part(chat.channel, card, signed),), ()
        known = self._values(chat, [wish["text"]])
        wanted = [known[name] for name in variables.names(wish["text"]) if name in known]
        variables.check([wish["text"]], known, pictures=True)
        whole = Wish(
            wish["text"],
            attach.found(self.world, self.agent, wish["files"]),
            known,
            attach.pictures(self.world, chat, wanted),
        )
        return outgoing.parts(chat.channel, whole, signed), ()

    def _template(
        self, chat: Chat, asked: Mapping[str, Any]
    ) -> tuple[tuple[Part, ...], tuple[File, ...]]:
        """SEND-2: filled and checked against its definition; it needs no session."""
        self._check_reachable(chat)
        part = fill_template.fill(
            chat,
            asked["name"],
            asked["language"],
            asked.get("values") or {},
            lambda texts: self._values(chat, texts),
        )
        assert part.template is not None
        return (part,), template_file.take(self.world, self.agent, chat.chat_id, part.template)

    def _values(self, chat: Chat, texts: Iterable[str]) -> dict[str, Value]:
        wanted = {name for text in texts for name in variables.names(text)}
        if not wanted:
            return {}
        protocol = self._number(chat) if "protocolo" in wanted else None
        return values.known(chat, self.agent, protocol=protocol, wanted=wanted)

    def _number(self, chat: Chat) -> str:
        """The protocol of the open attendance, or the one that this answer opens."""
        if chat.attendance is not None:
            return chat.attendance.protocol
        self.protocol = self.protocol or counters.next_protocol()
        return self.protocol

    def _quote(self, chat: Chat, wish: Mapping[str, Any]) -> tuple[Quote | None, str | None]:
        """CHAT-7: what is quoted, and what its channel calls that; what is internal stays here."""
        if wish["quotes"] is None:
            return None, None
        found = _load(chat, wish["quotes"])
        if found is None or found.kind == "system" or found.deleted_at is not None:
            raise errors.QuoteUnavailable()
        if wish["internal"]:
            return quoted(found), None
        if found.internal or found.provider_id is None:
            raise errors.QuoteUnavailable()
        return quoted(found), found.provider_id

    def _message(self, chat: Chat, part: Part, number: int, files: tuple[File, ...]) -> Message:
        return Message(
            chat_id=chat.chat_id,
            key=self.key(number),
            rev=0,
            kind=part.kind,
            author="agent",
            text=part.text,
            at=self.at + number * AFTERWARDS,
            account=chat.account,
            agent_id=self.agent.agent_id,
            author_name=self.agent.name,
            status=Status.QUEUED,
            client_key=None if number else self.client_key,
            template=part.template,
            files=files,
            details=part.details,
            signature=part.signature,
        )

    # --- what may be sent now -----------------------------------------------------------------

    def _check_reachable(self, chat: Chat) -> None:
        """BLOCK-2, INB-10: of templates too."""
        if chat.blocked:
            raise errors.ContactBlocked()
        if not self.world.sender(chat.channel, chat.account).active:
            raise errors.ChannelUnavailable(problem="disabled")

    def _check_may_write(self, chat: Chat, *, human: bool = True) -> None:
        """SEND-1, SEND-14."""
        if chat.blocked:
            raise errors.ContactBlocked()
        now = self.world.now()
        if outgoing.way(chat, now, human=False) is None:
            human = human and self.world.may_answer_as_human(chat)
            if outgoing.way(chat, now, human=human) is None:
                raise errors.SessionClosed()
        self._check_reachable(chat)

    def _check_again(self, chat: Chat, failed: Message) -> None:
        """What failed may go out now."""
        if failed.template is None:
            self._check_may_write(chat, human=outgoing.typed_by_a_human(failed))
        else:
            self._check_reachable(chat)
            self._check_wanted(chat, failed)
        if any(file.state != "ready" for file in failed.files):
            raise errors.FileRefused(reason="missing")

    def _check_wanted(self, chat: Chat, failed: Message) -> None:
        if chat.marketing_stopped and failed.template is not None:
            wanted = failed.template
            found = mirror.sendable(chat.portfolio, wanted.name, wanted.language)
            if found.category == "marketing":
                raise errors.MarketingStopped()

    # --- committed ----------------------------------------------------------------------------

    def _anew(self, chat: Chat, failed: Message) -> Message:
        files = failed.files
        if failed.account != chat.account:  # what was uploaded there is not known here
            files = tuple(replace(one, remote_id=None, remote_until_ms=None) for one in files)
        return Message(
            chat_id=chat.chat_id,
            key=self.key(),
            rev=0,
            kind=failed.kind,
            author="agent",
            text=failed.text,
            at=self.at,
            account=chat.account,
            agent_id=self.agent.agent_id,
            author_name=self.agent.name,
            status=Status.QUEUED,
            client_key=self.client_key,
            retry_of=failed.key,
            template=failed.template,
            farewell_of=failed.farewell_of,
            source=failed.source,
            files=files,
            details=failed.details,
            quote=failed.quote,
            quotes=failed.quotes,
            signature=failed.signature,
        )

    def _note(self, chat: Chat, message: Message) -> list[Message]:
        """SEND-7: an internal message is written, and that is all that happens."""
        written = replace(message, status=None, internal=True)
        after = revised(chat, chat, [written.key])
        written = written.at_revision(after.rev)
        store.commit(Change(before=chat, after=after, new=(written,)))
        return [written]

    def _answer(
        self, chat: Chat, messages: list[Message], *, retried: Message | None = None
    ) -> list[Message]:
        now = self.world.now()
        farewell = retried is not None and retried.farewell_of is not None
        after = chat if farewell else self._served(chat, now)
        new = (*messages, *self._took(chat, after, now))
        touched = [one.key for one in new]
        if retried is not None:
            touched.append(retried.key)
        for message in messages:
            after = chats.exchanged(after, message)
        after = revised(chat, after, touched)
        changed: tuple[Message, ...] = ()
        if retried is not None:
            changed = (
                replace(
                    retried,
                    retried_by=messages[0].key,
                    rev=after.rev,
                    version=retried.version + 1,
                ),
            )
        served = after.attendance != chat.attendance
        store.commit(
            Change(
                before=chat,
                after=after,
                new=tuple(one.at_revision(after.rev) for one in new),
                changed=changed,
                attendances=attendances.record(after) if served else (),
            )
        )
        return [one.at_revision(after.rev) for one in messages]

    def _served(self, chat: Chat, now: datetime) -> Chat:
        """ROUTE-4 to ROUTE-6: with an attendance, and held by somebody."""
        if attendances.must_open(chat):
            chat = attendances.opened(chat, self._number(chat), now, by=self.agent.agent_id)
        return attendances.answered(chat, self.agent.agent_id)

    def _took(self, before: Chat, after: Chat, now: datetime) -> tuple[Message, ...]:
        """The line that says that whoever answered holds it now (CHAT-3)."""
        if after.agent_id == before.agent_id:
            return ()
        said = line("took", self.agent, self.agent.agent_id, self.agent.name)
        return (system_line(before, said, now, str(before.rev + 1)),)

    # --- what was there already ---------------------------------------------------------------

    def _existing(self, chat: Chat) -> Message | None:
        return _load(chat, self.key())

    def _again(self, chat: Chat, failed: Message) -> Message:
        """The attempt that this key made before."""
        existing = self._existing(chat)
        if existing is None:
            raise errors.Unavailable()
        if existing.retry_of != failed.key:
            raise errors.ClientKeyReused()
        return existing

    def _same(
        self, chat: Chat, existing: Message, digest: str, wish: Mapping[str, Any]
    ) -> list[Message]:
        """All messages that this wish became. Raises ClientKeyReused for another wish."""
        if existing.wish is None:  # from before wishes were kept, or a second attempt
            if existing.retry_of is not None or existing.text != wish["text"]:
                raise errors.ClientKeyReused()
            return [existing]
        known, _, count = existing.wish.partition("-")
        if known != digest:
            raise errors.ClientKeyReused()
        if count == "1":
            return [existing]
        return store.messages_of(chat, [self.key(number) for number in range(int(count))])


def _load(chat: Chat, key: MessageKey) -> Message | None:
    found = (store.load_message(partition, key) for partition in chat.partitions)
    return next((message for message in found if message is not None), None)


def _digest(wish: Mapping[str, Any]) -> str:
    """What tells one wish from another under the same key (SEND-12)."""
    told = {name: wish[name] for name in NOTHING}
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
