"""Incoming webhooks are set up (FLOW-10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import errors
from chalicelib.domain import hook as rules
from chalicelib.domain.hook import Hook
from chalicelib.domain.labels import same_name
from chalicelib.stores import audit, channels, flows, labels
from chalicelib.stores import hooks as store
from chalicelib.stores.chats import commit_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

MOST = 50


def add(world: World, agent: Agent, wanted: Mapping[str, Any]) -> events.IncomingWebhook:
    """A new webhook, at an address that nobody can guess; audited.

    `wanted` is api.requests.SaveIncomingWebhook. The same once more, by the same agent, is answered
    by what the first one made. Raises Invalid, NameTaken, NotFound (the account) or TooMany.
    """
    fresh = world.new_id() + world.new_id()

    def decide() -> events.IncomingWebhook:
        known = store.every(consistent=True)
        after = _wanted(fresh, wanted, agent)
        same = next((one for one in known if same_name(one.name) == same_name(after.name)), None)
        if same is not None and _again(same, after):
            return _shown(same)
        if same is not None:
            raise errors.NameTaken()
        if len(known) >= MOST:
            raise errors.TooMany(limit=MOST)
        return _save(world, agent, None, after)

    return until_settled(world, decide)


def save(
    world: World, agent: Agent, webhook_id: str, wanted: Mapping[str, Any]
) -> events.IncomingWebhook:
    """The webhook as it should be; audited.

    Raises NotFound (it, or the account), EditedMeanwhile, Invalid or NameTaken.
    """

    def decide() -> events.IncomingWebhook:
        before = store.one(webhook_id)
        if before is None:
            raise errors.NotFound()
        after = _wanted(webhook_id, wanted, agent)
        if _again(before, after):
            return _shown(before)
        if before.version != wanted["version"]:
            raise errors.EditedMeanwhile(by=before.updated_by)
        for one in store.every(consistent=True):
            if one.webhook_id != webhook_id and same_name(one.name) == same_name(after.name):
                raise errors.NameTaken()
        return _save(world, agent, before, after)

    return until_settled(world, decide)


def remove(world: World, agent: Agent, webhook_id: str) -> events.Done:
    """The webhook is gone, and its address with it; saying it twice is fine; audited."""

    def decide() -> events.Done:
        before = store.one(webhook_id)
        if before is not None:
            subject = rules.digest(webhook_id)
            told = audit.entry("webhook_removed", agent, subject, world.now(), world.new_id())
            commit_rows(*store.removed(before), told)
        return {"done": True}

    return until_settled(world, decide)


def unused(slug: str) -> None:
    """Raises InUse while a webhook fills the field of that slug."""
    using = rules.naming(store.every(consistent=True), slug=slug)
    if using:
        raise errors.InUse(by=[{"kind": "webhook", "name": one} for one in using])


def _save(world: World, agent: Agent, before: Hook | None, after: Hook) -> events.IncomingWebhook:
    wrong = rules.faults(after, labels.fields(consistent=True))
    if after.flow_id is not None:
        kept = flows.one(after.flow_id)
        if kept is None:
            wrong.append({"path": "flow_id", "reason": "unknown"})
        elif kept.published is None:
            wrong.append({"path": "flow_id", "reason": "unpublished"})
    if wrong:
        raise errors.Invalid(fields=wrong)
    if after.account is not None:
        channels.chosen(channels.whatsapp_accounts(), after.account)
    subject = rules.digest(after.webhook_id)  # the address itself is a secret
    told = audit.entry("webhook_saved", agent, subject, world.now(), world.new_id())
    commit_rows(*store.saved(before, after), told)
    found = store.one(after.webhook_id)
    if found is None:
        raise errors.NotFound()
    return _shown(found)


def _wanted(webhook_id: str, wanted: Mapping[str, Any], agent: Agent) -> Hook:
    return Hook(
        webhook_id=webhook_id,
        name=wanted["name"],
        production=wanted["production"],
        account=wanted["account"],
        foreign=wanted["foreign"],
        event_path=wanted["event_path"],
        mapping=tuple((one["path"], one["field"]) for one in wanted["mapping"]),
        flow_id=wanted["flow_id"],
        updated_by=agent.name,
    )


def _again(before: Hook, after: Hook) -> bool:
    """Whether it says the same, and the same agent said it."""
    return _said(before) == _said(after)


def _said(one: Hook) -> tuple[object, ...]:
    return (
        one.name,
        one.production,
        one.account,
        one.foreign,
        one.event_path,
        one.mapping,
        one.flow_id,
        one.updated_by,
    )


def _shown(hook: Hook) -> events.IncomingWebhook:
    return store.shown(hook, store.calls(hook.webhook_id))
