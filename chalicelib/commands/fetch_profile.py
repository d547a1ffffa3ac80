"""Who writes on Messenger or Instagram is asked of Meta, since webhooks name nobody (INFO-1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.commands.deliver import NO_TOKEN
from chalicelib.domain import chat as chats
from chalicelib.domain.delivery import AnswerLost, NotSent, Refused, policy
from chalicelib.domain.instants import EPOCH
from chalicelib.domain.revision import revised
from chalicelib.gateways.meta import profiles
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.inbound import Person
    from chalicelib.gateways.meta.graph import Graph
    from chalicelib.world import World

WAITS = [timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800)]


def fetch(world: World, chat_id: str, attempt: int) -> timedelta | None:
    """Ask what the contact is called, unless somebody has told meanwhile.

    `attempt` counts from 1. Returns after how long to come back, or None: it is known, or Meta does
    not tell. The name that people gave stays; twice is as good as once.
    """
    chat = store.resolve(chat_id)
    if chat is None or chat.gone or not chat.profile_wanted:
        return None
    person: Person | None = None
    try:
        if chat.user_id is not None and chat.channel in profiles.FIELDS:
            graph = _graph(world, chat, newer=attempt > 1)
            person = profiles.asked(graph, chat.channel, chat.user_id)
    except (Refused, NotSent, AnswerLost) as problem:
        if _passes(problem) and attempt <= len(WAITS):
            return WAITS[attempt - 1]
    _learn(world, chat, person)
    return None


def _passes(problem: Refused | NotSent | AnswerLost) -> bool:
    """Whether it may be otherwise in a while: a new token would help, too."""
    if not isinstance(problem, Refused) or problem.transient:
        return True
    found = policy(problem.failure.code)
    return found.action != "stop" or found.channel_problem == "token_invalid"


def _graph(world: World, chat: Chat, *, newer: bool) -> Graph:
    """Meta as the chat's account sees it, with a token set since. Raises Refused without one."""
    secrets = world.secrets.of(chat.channel, mismatch=newer).get(chat.account)
    if secrets is None or not secrets.token:
        raise Refused(NO_TOKEN)
    if world.instagram is not None and world.sender(chat.channel, chat.account).by_instagram_login:
        return world.instagram(secrets.token)
    return world.graph(secrets.token)


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
