"""Contacts are added by hand or from a list (ADM-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import chat as chats
from chalicelib.domain import errors, views
from chalicelib.domain.access import may_read
from chalicelib.domain.contact import phone_ids
from chalicelib.domain.ids import ChatId
from chalicelib.domain.phone import dialled, international
from chalicelib.domain.revision import revised
from chalicelib.stores import channels, identities
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.world import World

LONGEST_NAME = 300


def add(
    world: World, agent: Agent, name: str, phone: str, *, foreign: bool, account: str | None
) -> events.ContactSummary:
    """Register somebody, who then has a closed chat without messages, in tab `all`.

    Raises Invalid for the number, ChatExists when somebody has it (who, in any case: the caller may
    see all records), NotFound for the account, ChannelUnavailable when there is none, Contended.
    """
    digits = dialled(phone, foreign=foreign)
    chat, added = Registering(world, account).register(name, digits)
    if not added:
        raise errors.ChatExists(chat_id=chat.chat_id, name=chat.name)
    return views.contact_summary(chat, readable=may_read(chat, agent))


def add_all(
    world: World, agent: Agent, lines: Sequence[tuple[int, str, str]], *, account: str | None
) -> events.ImportOutcome:
    """Register each line's (number of the line, name, phone); no line's fault spoils another.

    A number with its country in front («+351…», «00351…») is foreign, any other Brazil's. The same
    lines again are answered by `exists`. Raises NotFound, ChannelUnavailable or Contended, after
    which asking for all of it again is safe.
    """
    registering = Registering(world, account)
    seen: dict[str, ChatId] = {}
    return {"lines": [_line(registering, seen, *line) for line in lines]}


def _line(
    registering: Registering, seen: dict[str, ChatId], line: int, name: str, phone: str
) -> events.ImportedLine:
    name = name.strip()
    if not name:
        return {"line": line, "outcome": "name_empty", "chat_id": None}
    if len(name) > LONGEST_NAME:
        return {"line": line, "outcome": "name_too_long", "chat_id": None}
    try:
        digits = dialled(phone, foreign=international(phone))
    except errors.Invalid:
        return {"line": line, "outcome": "phone_invalid", "chat_id": None}
    if digits in seen:
        return {"line": line, "outcome": "repeated", "chat_id": seen[digits]}
    chat, added = registering.register(name, digits)
    seen[digits] = chat.chat_id
    return {"line": line, "outcome": "added" if added else "exists", "chat_id": chat.chat_id}


class Registering:
    """People written down on one account, each of whom is known on all of the agency's."""

    def __init__(self, world: World, account: str | None) -> None:
        self.world = world
        self.accounts = channels.whatsapp_accounts()
        self.chosen = channels.chosen(self.accounts, account)

    def register(self, name: str, phone: str) -> tuple[Chat, bool]:
        """The chat of a number, and whether it was made now."""
        return until_settled(self.world, lambda: self._decide(name, phone))

    def _decide(self, name: str, phone: str) -> tuple[Chat, bool]:
        ids = phone_ids(phone, [one.account for one in self.accounts])
        known = identities.with_phone(phone, ids)
        if known is not None:
            return known, False
        new = chats.introduced(
            ChatId(self.world.new_id()),
            ids,
            name=name,
            phone=phone,
            account=self.chosen.account,
            portfolio=self.chosen.portfolio,
            now=self.world.now(),
        )
        after = revised(None, new)
        leads = tuple((one, None, after.chat_id) for one in after.identities)
        store.commit(Change(before=None, after=after, identities=leads))
        return after, True
