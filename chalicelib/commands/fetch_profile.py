"""Who writes on Messenger or Instagram is asked of Meta, since webhooks name nobody (INFO-1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import chat as chats
from chalicelib.domain.delivery import AnswerLost, NotSent, Refused, policy
from chalicelib.domain.inbound import Person
from chalicelib.domain.instants import EPOCH
from chalicelib.domain.revision import revised
from chalicelib.gateways.meta import messenger
from chalicelib.stores import channels
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from chalicelib.domain.chat import Chat
    from chalicelib.world import World

WAITS = [timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800)]


def fetch(world: World, chat_id: str, attempt: int) -> timedelta | None:
    """Ask what the contact is called, unless somebody has told meanwhile.

    `attempt` counts from 1. Returns after how long to come back, or None: it is known, or Meta does
    not tell. The name that people gave stays; twice is as good as once.
    """
    chat = store.resolve(chat_id)
    if chat is None or chat.gone or not chat.profile_wanted or chat.user_id is None:
        return None
    secrets = world.secrets.of(chat.channel).get(chat.account)
    account = channels.sender(chat.channel, chat.account)
    person: Person | None = None
    try:
        if secrets is not None and secrets.token and account is not None:
            graph = messenger.graph_of(world, account, secrets.token)
            person = _person(chat, messenger.profile(graph, chat.channel, chat.user_id))
    except (Refused, NotSent, AnswerLost) as error:
        for_good = (
            isinstance(error, Refused)
            and policy(error.failure.code).action == "stop"
            and not error.transient
        )
        if not for_good and attempt <= len(WAITS):
            return WAITS[attempt - 1]
    _learn(world, chat, person)
    return None


def _person(chat: Chat, told: dict[str, Any]) -> Person:
    def text(*names: str) -> str:
        parts = (told.get(name) for name in names)
        return " ".join(part.strip() for part in parts if isinstance(part, str) and part.strip())

    username = text("username").lstrip("@")
    return Person(
        user_id=chat.user_id,
        username=username[:300] or None,
        name=(text("name") or text("first_name", "last_name"))[:300] or None,
    )


def _learn(world: World, asked: Chat, person: Person | None) -> None:
    """The chat knows it, as if it had been said with the contact's first message."""

    def decide() -> None:
        chat = store.resolve(asked.chat_id)
        if chat is None or chat.gone or not chat.profile_wanted:
            return
        after = replace(chat, profile_wanted=False)
        if person is not None:
            said_at = max(chat.last_inbound_at.values(), default=EPOCH)
            after = chats.told_of(after, person, said_at)
        store.commit(Change(before=chat, after=revised(chat, after)))

    until_settled(world, decide)
