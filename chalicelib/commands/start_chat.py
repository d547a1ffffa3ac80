"""A template goes to somebody who is not registered (NEW)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chalicelib.commands.attempts import until_settled
from chalicelib.commands.template_file import take
from chalicelib.domain import attendance as attendances
from chalicelib.domain import chat as chats
from chalicelib.domain import errors, variables, views
from chalicelib.domain import template as templates
from chalicelib.domain.access import may_read
from chalicelib.domain.contact import phone_ids
from chalicelib.domain.delivery import Status
from chalicelib.domain.ids import ChatId
from chalicelib.domain.message import Message, key_of, line, system_line, written_at
from chalicelib.domain.phone import dialled
from chalicelib.domain.revision import revised
from chalicelib.stores import channels, counters, identities
from chalicelib.stores import chats as store
from chalicelib.stores import templates as mirror
from chalicelib.stores import variables as values
from chalicelib.stores.chats import AlreadyThere, Change, Stale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.media import File
    from chalicelib.domain.template import Filled
    from chalicelib.world import World


def start(world: World, agent: Agent, asked: Mapping[str, Any]) -> events.Started:
    """Register somebody and queue a template for them, once for each client key (NEW-1, NEW-3).

    `asked` is api.requests.StartChat. With `open` an attendance opens, held by the agent, so that
    no flow answers; without, the chat stays closed. Raises, with nothing changed: Invalid (the
    number, the values), ChatExists (NEW-2: who it is, only for those who may read the chat),
    VariablesEmpty, TemplateGone, FileRefused (the header's), ChannelUnavailable (there is no
    number, or it is switched off or has a dead token), NotFound (the account), ClientKeyReused,
    ClockSkew, ClientKeyExpired or Contended.
    """
    return until_settled(world, _Starting(world, agent, asked))


@dataclass(frozen=True)
class _Wanted:
    """What is to be sent, and how it reads."""

    filled: Filled
    files: tuple[File, ...]
    text: str
    parts: events.TemplateParts


class _Starting:
    """One «Novo chat»: each call loads, decides and commits anew.

    The chat's id follows from the agent and the key, and the message's key from all that was asked:
    so a repeat finds what the first one made, and another wish under the same key does not.
    """

    def __init__(self, world: World, agent: Agent, asked: Mapping[str, Any]) -> None:
        self.world = world
        self.agent = agent
        self.asked = asked
        client_key = asked["client_key"]
        self.at = written_at(client_key, world.now())
        self.phone = dialled(asked["phone"], foreign=asked["foreign"])
        drawn = sha256("\x1f".join(("start", agent.agent_id, client_key)).encode())
        self.chat_id = ChatId(drawn.hexdigest()[:16])
        wish = json.dumps(asked, sort_keys=True)
        self.key = key_of(self.at, "start", agent.agent_id, client_key, wish)
        self.wanted: _Wanted | None = None
        self.protocol: str | None = None

    def __call__(self) -> events.Started:
        earlier = store.load(self.chat_id)
        if earlier is not None:
            return self._again(earlier)
        accounts = channels.whatsapp_accounts()
        account = channels.chosen(accounts, self.asked["account"])
        # Of all accounts, so that two who start from different ones meet, too.
        ids = phone_ids(self.phone, [one.account for one in accounts])
        known = identities.with_phone(self.phone, ids)
        if known is not None and known.chat_id == self.chat_id:
            raise Stale  # the same key, since we looked: it is our own chat
        if known is not None:
            readable = may_read(known, self.agent)
            raise errors.ChatExists(
                chat_id=known.chat_id if readable else None,
                name=known.name if readable else None,
            )
        if account.problem in ("disabled", "token_invalid"):
            raise errors.ChannelUnavailable(problem=account.problem)
        new = chats.introduced(
            self.chat_id,
            ids,
            name=self.asked["name"],
            phone=self.phone,
            account=account.account,
            portfolio=account.portfolio,
            now=self.world.now(),
        )
        self.wanted = self.wanted or self._filled(new)
        try:
            return self._commit(new, self.wanted)
        except AlreadyThere:
            raise Stale from None  # the same key, at the same time: look at what it made

    def _again(self, earlier: Chat) -> events.Started:
        moved = earlier.merged_into
        chat = earlier if moved is None else store.resolve(moved)
        if chat is None or chat.erasing:
            raise errors.NotFound()
        if store.load_message(self.chat_id, self.key) is None:
            raise errors.ClientKeyReused()
        return self._started(chat)

    def _filled(self, new: Chat) -> _Wanted:
        """The template as it was last told of, filled, with its header's file in its place.

        Values may hold variables, as of the contact that this makes (SEND-3).
        """
        asked = self.asked["template"]
        found = mirror.sendable(new.portfolio, asked["name"], asked["language"])
        given = dict(asked["values"])
        texts = {name: text for name, text in given.items() if name != templates.HEADER_FILE}
        wanted = {name for text in texts.values() for name in variables.names(text)}
        if wanted:
            protocol = self._number() if self.asked["open"] and "protocolo" in wanted else None
            known = values.known(new, self.agent, protocol=protocol, wanted=wanted)
            variables.check(texts.values(), known, pictures=False)
            given |= {name: variables.expanded(text, known) for name, text in texts.items()}
        filled = templates.fill(found, given)
        files = take(self.world, self.agent, self.chat_id, filled)
        return _Wanted(
            filled, files, templates.text_of(found, filled), templates.parts(found, filled)
        )

    def _commit(self, new: Chat, wanted: _Wanted) -> events.Started:
        message = Message(
            chat_id=self.chat_id,
            key=self.key,
            rev=0,
            kind="template",
            author="agent",
            text=wanted.text,
            at=self.at,
            account=new.account,
            agent_id=self.agent.agent_id,
            author_name=self.agent.name,
            status=Status.QUEUED,
            client_key=self.asked["client_key"],
            template=wanted.filled,
            files=wanted.files,
            details={"template": wanted.parts},
        )
        after = chats.exchanged(new, message)
        written = [message]
        if self.asked["open"]:
            now, agent_id = self.world.now(), self.agent.agent_id
            after = attendances.opened(after, self._number(), now, by=agent_id)
            after = attendances.answered(after, agent_id)
            took = line("took", self.agent, agent_id, self.agent.name)
            written.append(system_line(after, took, now, "1"))
        after = revised(None, after, [one.key for one in written])
        store.commit(
            Change(
                before=None,
                after=after,
                new=tuple(one.at_revision(after.rev) for one in written),
                attendances=attendances.record(after),
                identities=tuple((one, None, self.chat_id) for one in after.identities),
            )
        )
        return self._started(after)

    def _number(self) -> str:
        """The protocol of the attendance that opens."""
        self.protocol = self.protocol or counters.next_protocol()
        return self.protocol

    def _started(self, chat: Chat) -> events.Started:
        readable = may_read(chat, self.agent)
        shown = views.chat(chat, self.world.now()) if readable else None
        return {"chat_id": chat.chat_id, "chat": shown}
