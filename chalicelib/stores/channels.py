"""The channel accounts of the agency, and what is wrong with each (INB-10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from chalicelib.domain import errors
from chalicelib.stores.tables import CHANNELS, ChannelRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain import events


@dataclass(frozen=True)
class Account:
    """A WhatsApp number of the agency, and the portfolio that owns it and its templates."""

    account: str
    portfolio: str


def _sk(channel: str, account: str) -> str:
    return f"{channel}#{account}"


def channels() -> list[events.Channel]:
    """All accounts: one partition, read whole."""
    return [to_channel(row) for row in ChannelRow.query(CHANNELS)]


def whatsapp_accounts() -> list[Account]:
    """The agency's WhatsApp numbers, in the order of their ids."""
    return [
        Account(row.account, row.portfolio)
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


def save(channel: str, account: str, *, display: str, portfolio: str) -> None:
    """Write an account as given, with nothing wrong."""
    ChannelRow(
        CHANNELS,
        _sk(channel, account),
        channel=channel,
        account=account,
        display=display,
        portfolio=portfolio,
    ).save()


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


def to_channel(row: ChannelRow) -> events.Channel:
    """The account as screens see it: never with a secret."""
    return {
        "channel": cast("Any", row.channel),
        "account": row.account,
        "display": row.display,
        "problem": cast("Any", row.problem),
    }
