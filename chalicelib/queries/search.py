"""Chats found by name, phone or protocol (FIND-1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from chalicelib.domain import views, words
from chalicelib.domain.access import may_read
from chalicelib.domain.instants import EPOCH
from chalicelib.stores import chats as store
from chalicelib.stores import lists, members

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat

SHOWN = 25
FETCHED = 100  # chats looked at for one search: what one call fetches
MATCHED = 1_000  # member rows read of each of two words, to find the chats that have both
LONGEST_NUMBER_IN_A_NAME = 7  # digits: a longer one is looked for among names only if nowhere else
LONGEST_PROTOCOL = 20

Matched = Literal["name", "phone", "protocol"]
BEST_FIRST: tuple[Matched, ...] = ("protocol", "phone", "name")


@dataclass(frozen=True)
class Hit:
    """A chat, and by what it was found."""

    chat: Chat
    matched: Matched
    protocol: str | None = None
    whole: bool = False  # its names have the words as they were typed, not only their beginnings


def search(agent: Agent, q: str) -> events.SearchPage:
    """What this agent may read of what is called, numbered or protocolled so (FIND-1, PERM-2)."""
    found, more = hits(q, keep=lambda chat: may_read(chat, agent), limit=SHOWN)
    return {
        "hits": [
            {"row": views.row(hit.chat), "matched": hit.matched, "protocol": hit.protocol}
            for hit in found
        ],
        "more": more,
    }


def candidates(q: str, *, keep: Callable[[Chat], bool], limit: int) -> tuple[list[Chat], bool]:
    """The chats of `hits`."""
    found, more = hits(q, keep=keep, limit=limit)
    return [hit.chat for hit in found], more


def hits(q: str, *, keep: Callable[[Chat], bool], limit: int) -> tuple[list[Hit], bool]:
    """At most `limit` chats to keep, the best first, and whether there may be others.

    Words must all begin words of the contact's names; digits end their phone, or are a protocol.
    Two look-ups and one call for the chats, however many there are: of more than a hundred that
    match, others are not looked at, so that whoever may read few of them has to say more. Up to
    seven digits may also be a word of a name: one look-up more.
    """
    wanted = words.words(q)
    digits = words.digits_of(q)
    chat_ids: dict[str, None] = {}
    protocol = None
    more = False
    if digits is not None:
        protocol = members.holder(digits) if len(digits) <= LONGEST_PROTOCOL else None
        numbered, more = _numbered(digits)
        chat_ids |= dict.fromkeys(([protocol] if protocol else []) + numbered)
    named_too = digits is None or (
        not chat_ids if len(digits) > LONGEST_NUMBER_IN_A_NAME else protocol is None
    )
    if wanted and named_too:
        named, more_named = _named(wanted)
        chat_ids |= dict.fromkeys(named)
        more = more or more_named
    looked_at = list(chat_ids)[:FETCHED]
    found = []
    for chat_id, chat in lists.fetch(looked_at).items():
        hit = _hit(chat, wanted, digits, of_protocol=chat_id == protocol)
        if hit is not None and not hit.chat.gone and keep(hit.chat):
            found.append(hit)
    found.sort(key=lambda hit: hit.chat.last_activity_at or EPOCH, reverse=True)
    found.sort(key=lambda hit: (BEST_FIRST.index(hit.matched), not hit.whole))
    return found[:limit], more or len(chat_ids) > len(looked_at) or len(found) > limit


def _hit(
    chat: Chat, wanted: tuple[str, ...], digits: str | None, *, of_protocol: bool
) -> Hit | None:
    """By what this chat is found, as it stands: a row that led to it may be a moment old."""
    if of_protocol:
        # The row of a protocol stays with the chat that it was opened in, merges or not.
        now = store.resolve(chat.merged_into) if chat.merged_into else chat
        return None if now is None else Hit(now, "protocol", digits)
    if digits is not None and chat.phone:
        number = words.reversed_phone(chat.phone)
        if any(number.startswith(form[::-1]) for form in words.phone_forms(digits)[1:]):
            return Hit(chat, "phone")
    names = members.names_of(chat)
    if not wanted or not words.all_in(wanted, names):
        return None
    return Hit(chat, "name", whole=set(wanted) <= set(names))


def _numbered(digits: str) -> tuple[list[str], bool]:
    """Chats whose phone ends so, and whether there may be others. At most one query."""
    forms = words.phone_forms(digits)
    if not forms:
        return [], False
    ending, *typed = (form[::-1] for form in forms)
    found, whole = members.read(members.phone_pk(ending), ending, limit=FETCHED)
    ids = [one.chat_id for one in found if any(one.under.startswith(form) for form in typed)]
    return ids, not whole


def _named(wanted: tuple[str, ...]) -> tuple[list[str], bool]:
    """Chats that may have all these words, and whether there may be others. At most two queries.

    The longest words are the rarest. Of two that many have, the rows that were read are
    intersected; where one of them is known whole, its chats are what there is.
    """
    longest, *others = sorted(wanted, key=lambda word: (-len(word), word))
    first, first_whole = _under(longest, limit=MATCHED if others else FETCHED)
    if not others or (first_whole and len(first) <= FETCHED):
        return first, not first_whole
    second, second_whole = _under(others[0], limit=MATCHED)
    have_second = set(second)
    both = [chat_id for chat_id in first if chat_id in have_second]
    if first_whole and second_whole:
        return both, False
    if first_whole or second_whole:
        rest = first if first_whole else second
        return list(dict.fromkeys([*both, *rest])), False
    return both, True


def _under(word: str, *, limit: int) -> tuple[list[str], bool]:
    found, whole = members.read(members.word_pk(word), word, limit=limit)
    return list(dict.fromkeys(one.chat_id for one in found)), whole
