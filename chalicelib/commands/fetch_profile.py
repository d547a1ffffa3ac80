"""Who writes on Messenger or Instagram is asked of Meta, since webhooks name nobody (INFO-1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.commands.attempts import until_settled
from chalicelib.commands.deliver import NO_TOKEN
from chalicelib.domain import chat as chats
from chalicelib.domain.delivery import AnswerLost, NotSent, Refused, policy
from chalicelib.domain.inbound import Person
from chalicelib.domain.instants import EPOCH
from chalicelib.domain.revision import revised
from chalicelib.gateways.meta import messenger
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.chat import Chat
    from chalicelib.world import World

WAITS = [timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800)]
LONGEST = 300


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
        if chat.user_id is not None and chat.channel in messenger.PROFILE_FIELDS:
            person = _asked(world, chat, chat.user_id, newer=attempt > 1)
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


def _asked(world: World, chat: Chat, user_id: str, *, newer: bool) -> Person:
    """Who Meta says they are, by a token set since if there is a newer one.

    Raises Refused, NotSent or AnswerLost.
    """
    secrets = world.secrets.of(chat.channel, mismatch=newer).get(chat.account)
    if secrets is None or not secrets.token:
        raise Refused(NO_TOKEN)
    sender = world.sender(chat.channel, chat.account)
    graph = messenger.graph_of(world, sender, secrets.token)
    told = messenger.profile(graph, chat.channel, user_id)
    return Person(
        user_id=user_id,
        username=_text(told, "username").lstrip("@") or None,
        name=_text(told, "name") or _text(told, "first_name", "last_name") or None,
    )


def _text(told: Mapping[str, Any], *names: str) -> str:
    parts = (told.get(name) for name in names)
    words = " ".join(" ".join(part.split()) for part in parts if isinstance(part, str))
    return words.strip().encode("utf-8", "replace").decode()[:LONGEST]


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
