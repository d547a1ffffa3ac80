"""The templates of the agency's WhatsApp Business accounts, as Meta last told of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

from pynamodb.exceptions import PutError, UpdateError

from chalicelib.domain import errors
from chalicelib.domain import template as templates
from chalicelib.domain.instants import from_ms, iso, to_ms
from chalicelib.stores import channels
from chalicelib.stores.chats import Write
from chalicelib.stores.tables import (
    TEMPLATE_SYNCS,
    TEMPLATES,
    TemplateRow,
    TemplateSyncRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from chalicelib.domain import events
    from chalicelib.domain.events import TemplateStatus
    from chalicelib.domain.template import Template


@dataclass(frozen=True)
class Sync:
    """How the last synchronisation of one portfolio went.

    `at` is when the last one that succeeded began, `problem` why a later one failed.
    """

    portfolio: str
    at: datetime | None
    problem: str | None


def every(*, consistent: bool = False) -> list[TemplateRow]:
    """All that were ever told of: one partition, read whole."""
    return list(TemplateRow.query(TEMPLATES, consistent_read=consistent))


def of_portfolio(portfolio: str, *, consistent: bool = False) -> list[TemplateRow]:
    """Those of one WhatsApp Business account."""
    mine = TemplateRow.sk.startswith(f"{portfolio}#")
    return list(TemplateRow.query(TEMPLATES, mine, consistent_read=consistent))


def one(portfolio: str, name: str, language: str) -> TemplateRow | None:
    """The one of that name in that language, or None."""
    try:
        return TemplateRow.get(TEMPLATES, _sk(portfolio, name, language), consistent_read=True)
    except TemplateRow.DoesNotExist:
        return None


def sendable(portfolio: str, name: str, language: str) -> Template:
    """The template, if an agent may send it as far as is known here. Raises TemplateGone."""
    row = one(portfolio, name, language)
    found = None if row is None else to_template(row)
    if found is None or not found.sendable:
        raise errors.TemplateGone()
    return found


def to_template(row: TemplateRow) -> Template | None:
    """What the row says; None when it cannot be understood."""
    return templates.defined(
        json.loads(row.definition),
        status=cast("TemplateStatus", row.status),
        reason=row.reason,
        quality=row.quality,
    )


def bindings_of(row: TemplateRow) -> dict[str, str]:
    """What its variables are filled with unless something else is typed."""
    return json.loads(row.bindings) if row.bindings else {}


def template_id(portfolio: str, name: str, language: str) -> str:
    """By which pages name it; the same however often it is deleted and made again."""
    return sha256("\x1f".join((portfolio, name, language)).encode()).hexdigest()[:16]


# --- as their page shows them -----------------------------------------------------------------


def shown() -> events.TemplateList:
    """Every template of the agency, whatever its status; as of its oldest synchronisation."""
    accounts = accounts_by_portfolio()
    found = [one for row in every() if (one := shown_one(row, accounts)) is not None]
    found.sort(
        key=lambda one: (one["template"]["name"], one["template"]["language"], one["portfolio"])
    )
    of_ours = {one.portfolio: one for one in syncs() if one.portfolio in accounts}
    times = [None if one not in of_ours else of_ours[one].at for one in accounts]
    known = [at for at in times if at is not None]
    return {
        "templates": found,
        "synced_at": iso(min(known)) if known and len(known) == len(times) else None,
        "problem": next((one.problem for one in of_ours.values() if one.problem), None),
    }


def shown_one(
    row: TemplateRow, accounts: Mapping[str, list[str]]
) -> events.PortfolioTemplate | None:
    """One template, and the numbers that send it; None for a row that cannot be understood."""
    template = to_template(row)
    if template is None:
        return None
    return {
        "portfolio": row.portfolio,
        "accounts": list(accounts.get(row.portfolio, ())),
        "template": templates.view(template, row.template_id, bindings=bindings_of(row)),
    }


def accounts_by_portfolio() -> dict[str, list[str]]:
    """The agency's WhatsApp numbers, by whose templates they send."""
    found: dict[str, list[str]] = {}
    for account in channels.whatsapp_accounts():
        found.setdefault(account.portfolio, []).append(account.account)
    return found


# --- what Meta tells --------------------------------------------------------------------------


def told(
    portfolio: str,
    name: str,
    language: str,
    at: datetime,
    *,
    status: TemplateStatus | None = None,
    reason: str | None = None,
    quality: str | None = None,
) -> bool:
    """Keep news of one template, unless what is known is newer; whether the template is known.

    What is known is as new as the last news of it, or as the last synchronisation (INB-4). With a
    status comes its reason, or none; without, both stay as they are.
    """
    row = one(portfolio, name, language)
    if row is None:
        return False
    synced = sync_of(portfolio)
    if synced is not None and synced.at is not None and at < synced.at:
        return True
    actions: list[Any] = [TemplateRow.told_ms.set(to_ms(at))]
    if status is not None:
        actions.append(TemplateRow.status.set(status))
        actions.append(TemplateRow.reason.set(reason) if reason else TemplateRow.reason.remove())
    if quality is not None:
        actions.append(
            TemplateRow.quality.set(quality) if quality else TemplateRow.quality.remove()
        )
    try:
        row.update(actions=actions, condition=TemplateRow.told_ms <= to_ms(at))
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
    return True


def synchronised(portfolio: str, listed: Sequence[Mapping[str, Any]], began_at: datetime) -> bool:
    """Make the mirror say what Meta's whole list says as of `began_at`; whether anything changed.

    Only what changed is written; what was told since is left as it is; what is no longer listed is
    marked as deleted; bindings stay.
    """
    known = {row.sk: row for row in of_portfolio(portfolio, consistent=True)}
    changed = False
    seen: set[str] = set()
    for definition in listed:
        row = _row_of(portfolio, definition, began_at)
        if row is None:
            continue
        seen.add(row.sk)
        changed |= _put(known.get(row.sk), row)
    for sk, row in known.items():
        if sk not in seen and row.status != "deleted":
            changed |= _mark_deleted(row, began_at)
    return changed


def _row_of(
    portfolio: str, definition: Mapping[str, Any], began_at: datetime
) -> TemplateRow | None:
    found = templates.defined(definition)
    if found is None:
        return None
    return TemplateRow(
        TEMPLATES,
        _sk(portfolio, found.name, found.language),
        template_id=template_id(portfolio, found.name, found.language),
        portfolio=portfolio,
        name=found.name,
        language=found.language,
        status=found.status,
        definition=json.dumps(definition, ensure_ascii=False, sort_keys=True),
        reason=templates.reason_of(definition),
        quality=templates.quality_of(definition),
        told_ms=to_ms(began_at),
    )


def _put(before: TemplateRow | None, after: TemplateRow) -> bool:
    if before is not None:
        if _facts(before) == _facts(after):
            return False
        after.bindings = before.bindings
    news = TemplateRow.pk.does_not_exist() | (TemplateRow.told_ms <= after.told_ms)
    if before is not None:  # a binding made meanwhile is not lost: the next one writes it
        kept = TemplateRow.bindings
        news &= kept.does_not_exist() if before.bindings is None else kept == before.bindings
    try:
        after.save(condition=news)
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False
    return True


def _mark_deleted(row: TemplateRow, began_at: datetime) -> bool:
    try:
        row.update(
            actions=[
                TemplateRow.status.set("deleted"),
                TemplateRow.reason.remove(),
                TemplateRow.told_ms.set(to_ms(began_at)),
            ],
            condition=TemplateRow.told_ms <= to_ms(began_at),
        )
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False
    return True


def _facts(row: TemplateRow) -> tuple[object, ...]:
    return row.template_id, row.status, row.definition, row.reason, row.quality


def bound(row: TemplateRow, bindings: Mapping[str, str]) -> Iterable[Write]:
    """Its variables are filled so from now on, as long as it is the template that was read."""
    same = (TemplateRow.definition == row.definition) & (TemplateRow.told_ms == row.told_ms)
    row.bindings = json.dumps(bindings, ensure_ascii=False, sort_keys=True) if bindings else None
    yield Write(row, same)


# --- synchronisations -------------------------------------------------------------------------


def syncs() -> list[Sync]:
    """How the last of each portfolio went."""
    return [_to_sync(row) for row in TemplateSyncRow.query(TEMPLATE_SYNCS)]


def sync_of(portfolio: str) -> Sync | None:
    """How the last of one portfolio went; None before the first."""
    try:
        return _to_sync(TemplateSyncRow.get(TEMPLATE_SYNCS, portfolio, consistent_read=True))
    except TemplateSyncRow.DoesNotExist:
        return None


def sync_succeeded(portfolio: str, began_at: datetime) -> None:
    """The mirror is as Meta's list was then."""
    row = TemplateSyncRow(TEMPLATE_SYNCS, portfolio, at_ms=to_ms(began_at))
    earlier = TemplateSyncRow.pk.does_not_exist() | (TemplateSyncRow.at_ms <= to_ms(began_at))
    try:
        row.save(condition=earlier)
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise


def sync_failed(portfolio: str, problem: str) -> None:
    """Why the mirror may be old; what it was as of stays."""
    known = sync_of(portfolio)
    if known is not None and known.problem == problem:
        return
    at_ms = to_ms(known.at) if known and known.at else 0
    row = TemplateSyncRow(TEMPLATE_SYNCS, portfolio, at_ms=at_ms, problem=problem)
    same = TemplateSyncRow.pk.does_not_exist() | (TemplateSyncRow.at_ms == at_ms)
    try:
        row.save(condition=same)
    except PutError as error:  # one that succeeded was faster
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise


def _to_sync(row: TemplateSyncRow) -> Sync:
    at = from_ms(int(row.at_ms)) if row.at_ms else None
    return Sync(row.sk, at, row.problem)


def _sk(portfolio: str, name: str, language: str) -> str:
    return f"{portfolio}#{name}#{language}"
