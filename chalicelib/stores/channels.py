"""The channel accounts of the agency, and what is wrong with each (INB-10)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from pynamodb.exceptions import PutError, UpdateError
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib.domain import errors, listing
from chalicelib.domain.health import RESTRICTED
from chalicelib.domain.instants import from_ms, to_ms
from chalicelib.domain.listing import Placement
from chalicelib.domain.outgoing import Sender
from chalicelib.stores import preferences
from chalicelib.stores.chats import Write
from chalicelib.stores.members import CONTACTS
from chalicelib.stores.tables import (
    CHANNELS,
    CHANNELS_HEARD,
    CHAT_SK,
    SETTINGS,
    ChannelHeardRow,
    ChannelRow,
    ChatRow,
    MemberRow,
    Row,
    SettingsRow,
    chat_pk,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from pynamodb.expressions.condition import Condition

    from chalicelib.domain import events
    from chalicelib.domain.health import Health


CHANNEL_NAMES = ("whatsapp", "instagram", "facebook")
ACCOUNT_ID = re.compile(r"[0-9A-Za-z_-]{1,50}")
COUNTED = 100  # stands for more
PAGES = 40  # of one megabyte, of the lists of chats
NEWEST = 500  # contacts


@dataclass(frozen=True)
class Account:
    """A WhatsApp number of the agency, and the portfolio that owns it and its templates."""

    account: str
    portfolio: str
    problem: events.ProblemName | None = None


def _sk(channel: str, account: str) -> str:
    return f"{channel}#{account}"


def channels() -> list[events.Channel]:
    """All accounts: one partition, read whole."""
    return [to_channel(row) for row in ChannelRow.query(CHANNELS)]


def sender(channel: str, account: str) -> Sender | None:
    """What sending from an account needs to know; None for one that is not connected."""
    try:
        return to_sender(ChannelRow.get(CHANNELS, _sk(channel, account)))
    except ChannelRow.DoesNotExist:
        return None


def sender_and_settings(channel: str, account: str) -> tuple[Sender, events.Settings]:
    """What sending needs to know of an account and of the agency: one batch read.

    An account that is not connected is as one of which nothing else is known.
    """
    found = Sender(channel, account)
    settings = preferences.DEFAULTS
    keys = [(CHANNELS, _sk(channel, account)), (SETTINGS, SETTINGS)]
    for row in Row.batch_get(keys):
        if isinstance(row, ChannelRow):
            found = to_sender(row)
        elif isinstance(row, SettingsRow):
            settings = preferences.to_settings(row)
    return found, settings


def to_sender(row: ChannelRow) -> Sender:
    """The account of a row, as far as sending goes."""
    return Sender(
        channel=row.channel,
        account=row.account,
        portfolio=row.portfolio,
        page=row.page or "",
        active=not row.inactive,
        human_agent=bool(row.human_agent),
        problem=row.problem,
    )


def whatsapp_accounts() -> list[Account]:
    """The agency's WhatsApp numbers, in the order of their ids."""
    return [
        Account(row.account, row.portfolio, problem_of(row))
        for row in ChannelRow.query(CHANNELS)
        if row.channel == "whatsapp"
    ]


def chosen(accounts: Sequence[Account], account: str | None) -> Account:
    """The one of that id; without an id, the first.

    Raises NotFound for an id that is none of theirs, ChannelUnavailable when there is no account.
    """
    if not accounts:
        raise errors.ChannelUnavailable(problem="missing")
    for one in accounts:
        if account in (None, one.account):
            return one
    raise errors.NotFound()


def save(
    channel: str,
    account: str,
    *,
    display: str,
    portfolio: str,
    page: str = "",
    human_agent: bool = False,
) -> None:
    """Write an account as given, with nothing wrong."""
    ChannelRow(
        CHANNELS,
        _sk(channel, account),
        channel=channel,
        account=account,
        display=display,
        portfolio=portfolio,
        page=page or None,
        human_agent=True if human_agent else None,
    ).save()


# --- as their page changes them ---------------------------------------------------------------


def channel_id(channel: str, account: str) -> str:
    """By which pages name it."""
    return f"{channel}-{account}"


def rows() -> list[ChannelRow]:
    """All accounts as they are kept now: one partition, read whole."""
    return list(ChannelRow.query(CHANNELS, consistent_read=True))


def row_of(named: str) -> ChannelRow | None:
    """The account that pages name so, or None."""
    channel, _, account = named.partition("-")
    try:
        return ChannelRow.get(CHANNELS, _sk(channel, account), consistent_read=True)
    except ChannelRow.DoesNotExist:
        return None


def added(channel: str, account: str, facts: Mapping[str, Any]) -> Iterable[Write]:
    """A new account's row, as long as there is none. `facts` are those that `saved` changes."""
    row = ChannelRow(CHANNELS, _sk(channel, account), channel=channel, account=account, version=1)
    _change(row, facts)
    yield Write(row, ChannelRow.pk.does_not_exist())


def saved(before: ChannelRow, facts: Mapping[str, Any]) -> Iterable[Write]:
    """The account as it should be: `display`, `portfolio`, `page`, `active`, `human_agent`.

    As long as it is still the one that was read; what is wrong with it is told by others, and is
    lost by none of them.
    """
    row = _copy(before)
    _change(row, facts)
    yield Write(row, _same(before))


def removed(before: ChannelRow) -> Iterable[Write]:
    """The account's row goes, and when it was last heard of."""
    yield Write(before, _same(before), delete=True)
    yield Write(ChannelHeardRow(CHANNELS_HEARD, before.sk), delete=True)


def examined(
    before: ChannelRow,
    at: datetime,
    *,
    name: str | None = None,
    quality: str | None = None,
    throughput: str | None = None,
    problem: str | None = None,
) -> bool:
    """Keep what Meta answered about the account; with a problem, what was known before stays.

    Whether it is still the account that was read.
    """
    actions: list[Action] = [ChannelRow.checked_ms.set(to_ms(at))]
    if problem is None:
        actions.append(ChannelRow.problem.remove())
        for attribute, told in (
            (ChannelRow.verified_name, name),
            (ChannelRow.quality, quality),
            (ChannelRow.throughput, throughput),
        ):
            actions.append(attribute.set(told) if told else attribute.remove())
    else:
        actions.append(ChannelRow.problem.set(problem))
    try:
        _copy(before).update(actions=actions, condition=_of_version(before))
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False
    return True


def chats_of(channel: str, account: str) -> int:
    """How many chats lie in the account, counting no further than a hundred.

    Where there are too many chats to look through, the answer is a hundred: it is then not known
    that there are none. Of contacts who never wrote or were written to, the newest are looked at.
    """
    mine = (Path("account") == account) & (Path("channel") == channel)
    found, pages = 0, 0
    for placement in Placement:
        for unread in (False, True):
            reading = Row.by_activity.query(listing.feed(placement, unread=unread), None, mine)
            for page in reading.page_iter:
                found, pages = found + len(page["Items"]), pages + 1
                if found >= COUNTED or pages >= PAGES:
                    return COUNTED
    newest = MemberRow.query(CONTACTS, scan_index_forward=False, limit=NEWEST)
    keys = [(chat_pk(one.chat_id), CHAT_SK) for one in newest]
    return found + sum(
        isinstance(row, ChatRow)
        and row.activity is None
        and (row.channel, row.account) == (channel, account)
        for row in (Row.batch_get(keys) if keys else ())
    )


def mended(before: ChannelRow) -> None:
    """A new token was given: what was wrong with the old one is not said of it."""
    if before.problem == "token_invalid":
        set_problem(before.channel, before.account, None)


def heard(channel: str, account: str, at: datetime) -> None:
    """A webhook of the account came then; the latest stands."""
    row = ChannelHeardRow(CHANNELS_HEARD, _sk(channel, account), at_ms=to_ms(at))
    later = ChannelHeardRow.pk.does_not_exist() | (ChannelHeardRow.at_ms < to_ms(at))
    try:
        row.save(condition=later)
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise


def last_heard() -> dict[str, datetime]:
    """When the last webhook of each account came, by its `channel_id`."""
    return {
        channel_id(*row.sk.split("#", 1)): from_ms(int(row.at_ms))
        for row in ChannelHeardRow.query(CHANNELS_HEARD)
    }


def _change(row: ChannelRow, facts: Mapping[str, Any]) -> None:
    row.display = facts["display"]
    row.portfolio = facts["portfolio"]
    row.page = facts["page"] or None
    row.inactive = None if facts["active"] else True
    row.human_agent = True if facts["human_agent"] else None


def _copy(before: ChannelRow) -> ChannelRow:
    row = ChannelRow()
    row.deserialize(before.serialize())
    row.version = int(before.version or 0) + 1
    return row


def _of_version(before: ChannelRow) -> Condition:
    version: Any = ChannelRow.version
    same: Condition = (
        version.does_not_exist() if before.version is None else version == before.version
    )
    return same


def _same(before: ChannelRow) -> Condition:
    """Of that version, and with nothing told of its health since."""
    condition: Any = _of_version(before)
    for attribute in (ChannelRow.problem, ChannelRow.checked_ms):
        value = getattr(before, attribute.attr_name)
        condition &= attribute.does_not_exist() if value is None else attribute == value
    same: Condition = condition & ChannelRow.pk.exists()
    return same


def problem(channel: str, account: str) -> str | None:
    """What is wrong with an account, or None."""
    try:
        found = ChannelRow.get(CHANNELS, _sk(channel, account)).problem
    except ChannelRow.DoesNotExist:
        return None
    return None if found is None else str(found)


def set_problem(channel: str, account: str, problem: str | None) -> None:
    """Note what is wrong with an account, or that nothing is; writes only if that is news."""
    row = ChannelRow(CHANNELS, _sk(channel, account))
    actions: list[Action]
    if problem is None:
        actions, news = [ChannelRow.problem.remove()], ChannelRow.problem.exists()
    else:
        actions = [ChannelRow.problem.set(problem)]
        news = ChannelRow.pk.exists() & (
            ChannelRow.problem.does_not_exist() | (ChannelRow.problem != problem)
        )
    try:
        row.update(actions=actions, condition=news)
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise


def told(channel: str, account: str, at: datetime, health: Health) -> None:
    """Keep what Meta told of the account's health, unless something newer is known (INB-4).

    That it may send again ends only what a notice said: a dead token is still dead.
    """
    try:
        row = ChannelRow.get(CHANNELS, _sk(channel, account), consistent_read=True)
    except ChannelRow.DoesNotExist:
        return
    ms = to_ms(at)
    actions: list[Action] = [ChannelRow.told_ms.set(ms)]
    if health.problem:
        actions.append(ChannelRow.problem.set(health.problem))
    elif health.problem is not None and row.problem == RESTRICTED:
        actions.append(ChannelRow.problem.remove())
    if health.quality is not None:
        quality = ChannelRow.quality
        actions.append(quality.set(health.quality) if health.quality else quality.remove())
    news = ChannelRow.told_ms.does_not_exist() | (ChannelRow.told_ms < ms)
    news &= ChannelRow.checked_ms.does_not_exist() | (ChannelRow.checked_ms < ms)
    try:
        row.update(actions=actions, condition=ChannelRow.pk.exists() & news)
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise


def to_channel(row: ChannelRow) -> events.Channel:
    """The account as screens see it: never with a secret."""
    return {
        "channel": cast("Any", row.channel),
        "account": row.account,
        "display": row.display,
        "problem": problem_of(row),
    }


def problem_of(row: ChannelRow) -> events.ProblemName | None:
    """What is wrong with the account: that it is switched off stands above all else."""
    return "disabled" if row.inactive else cast("Any", row.problem)
