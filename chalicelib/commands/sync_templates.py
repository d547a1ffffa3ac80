"""Templates follow Meta: daily, on demand, after its webhooks and after a refusal (SEND-2)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain import errors
from chalicelib.domain import template as templates
from chalicelib.gateways.meta.templates import every
from chalicelib.gateways.queues import Entry
from chalicelib.stores import channels
from chalicelib.stores import templates as store

if TYPE_CHECKING:
    from chalicelib.domain.inbound import Notice
    from chalicelib.world import World

# After a synchronisation that Meta did not answer, by how often it was tried.
PAUSES = tuple(timedelta(seconds=one) for one in (30, 120, 300, 600, 900))
# What Meta calls news of templates (META.md §1.5).
FIELDS = frozenset(
    {
        "message_template_status_update",
        "message_template_quality_update",
        "message_template_components_update",
        "template_category_update",
    }
)
WHOLE_SECONDS = timedelta(milliseconds=999)
# Refusals of a send that say that the mirror is old: gone, paused, disabled (META.md §10).
OUTDATED = frozenset({132001, 132015, 132016})


def sync(world: World, portfolio: str | None, attempt: int) -> timedelta | None:
    """Make the mirror of a portfolio's templates, or of all, say what Meta's list says.

    Returns after how long to come back, or None. What failed is told beside the list; whoever asks
    again, or the next day's, tries anew.
    """
    wait: timedelta | None = None
    for one in [portfolio] if portfolio is not None else portfolios():
        try:
            sync_one(world, one)
        except errors.Unavailable:
            wait = PAUSES[attempt - 1] if attempt <= len(PAUSES) else None
        except errors.ChannelUnavailable:
            continue
    return wait


def sync_one(world: World, portfolio: str) -> None:
    """The same for one portfolio, with the token of whichever of its accounts has a good one.

    Raises ChannelUnavailable or Unavailable, once that is noted for the templates page.
    """
    began_at = world.now()
    accounts = [one for one in channels.whatsapp_accounts() if one.portfolio == portfolio]
    refusal: errors.Refusal = errors.ChannelUnavailable(problem="missing")
    for one in accounts:
        try:
            listed = every(world.secrets, world.graph, one.account, portfolio)
        except errors.ChannelUnavailable as refused:
            refusal = refused
        except errors.Unavailable as silent:
            refusal = silent
            break
        else:
            store.synchronised(portfolio, listed, began_at)
            store.sync_succeeded(portfolio, began_at)
            return
    store.sync_failed(portfolio, str(refusal.fields.get("problem") or refusal.code))
    raise refusal


def portfolios() -> list[str]:
    """The WhatsApp Business accounts of the agency's numbers, each once."""
    return list(dict.fromkeys(one.portfolio for one in channels.whatsapp_accounts()))


def heed(world: World, notice: Notice) -> None:
    """News of templates by webhook: what can be kept is kept, for the rest Meta is asked.

    Repeating it is harmless: the later news wins, by Meta's time (INB-4). A notice that cannot be
    understood asks for everything; one of something else is passed over.
    """
    if notice.field not in FIELDS or not notice.portfolio:
        return
    value = notice.value
    name, language = value.get("message_template_name"), value.get("message_template_language")
    at = notice.at if notice.at.microsecond else notice.at + WHOLE_SECONDS
    known = False
    if isinstance(name, str) and isinstance(language, str):
        if notice.field == "message_template_status_update":
            word = str(value.get("event")).upper()
            status = templates.STATUSES.get(word)
            known = status is not None and store.told(
                notice.portfolio,
                name,
                language,
                at,
                status=status,
                reason="FLAGGED" if word == "FLAGGED" else templates.reason_of(value),
            )
        elif notice.field == "message_template_quality_update":
            quality = templates.quality_of({"quality_score": value.get("new_quality_score")})
            known = store.told(notice.portfolio, name, language, at, quality=quality or "")
    if not known:
        ask(world, notice.portfolio)


def ask(world: World, portfolio: str) -> None:
    """Have a portfolio's templates fetched, soon."""
    body = json.dumps({"what": "templates", "portfolio": portfolio})
    world.queues.send(world.settings.fetch_queue, [Entry(body)])
