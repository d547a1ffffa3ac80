"""What Meta tells of an account, of its templates, or of who may answer (INB-10, SEND-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.commands import sync_templates
from chalicelib.commands.identify import Identified
from chalicelib.commands.write_line import write_line
from chalicelib.domain.health import health_told
from chalicelib.domain.message import line
from chalicelib.logs import count, logger
from chalicelib.stores import channels

if TYPE_CHECKING:
    from chalicelib.domain.inbound import Control, Notice
    from chalicelib.world import World

TEMPLATES = frozenset(
    {
        "message_template_status_update",
        "message_template_quality_update",
        "message_template_components_update",
        "template_category_update",
    }
)


def notice(world: World, news: Notice) -> None:
    """Heed what is told: templates are looked at again, an account's trouble raises its banner.

    What changes nothing here is counted by its field, and is in the log of what was received.
    """
    if news.field in TEMPLATES:
        sync_templates.heed(world, news)
        return
    health = health_told(news.field, news.value)
    if health is None:
        logger().info("a notice that changes nothing", extra={"field": news.field})
        count("OtherNotices")
        return
    for account in _accounts(news):
        channels.told(news.channel, account, news.at, health)


def control(world: World, news: Control) -> None:
    """Another app owns the thread, or does no longer: a line says so (META.md §8)."""
    told = line("control_gained" if news.ours else "control_lost", None, subject_name=news.app)
    write_line(world, Identified(world, news), told)


def _accounts(news: Notice) -> list[str]:
    """The account that the notice names, by its id or its number; else all of the portfolio."""
    if news.account:
        return [news.account]
    of_portfolio = [
        row
        for row in channels.rows()
        if row.channel == news.channel and row.portfolio == news.portfolio
    ]
    number = _digits(news.value.get("display_phone_number") or news.value.get("phone_number"))
    named = [row for row in of_portfolio if number and _digits(row.display) == number]
    if number:
        return [str(row.account) for row in named]
    return [str(row.account) for row in of_portfolio]


def _digits(written: object) -> str:
    return "".join(one for one in str(written or "") if one in "0123456789")
