"""Channel accounts are connected, changed, tested and removed (ADM-1, OPS-3, INB-10)."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from chalicelib.commands.attempts import until_settled
from chalicelib.commands.sync_templates import ask
from chalicelib.domain import errors, views
from chalicelib.domain.delivery import AnswerLost, NotSent, Refused, policy
from chalicelib.domain.inbound import Failure
from chalicelib.gateways.meta.account import examine
from chalicelib.gateways.meta.messenger import Graphs
from chalicelib.gateways.secrets import SECRETS, ChannelSecrets
from chalicelib.stores import audit
from chalicelib.stores import channels as store
from chalicelib.stores.channel_details import details
from chalicelib.stores.chats import Write, commit_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.stores.tables import ChannelRow
    from chalicelib.world import World

WHAT: dict[str, audit.What] = {
    "added": "channel_added",
    "changed": "channel_changed",
    "removed": "channel_removed",
}
FACTS = ("display", "portfolio", "page", "active", "human_agent")
UNREACHABLE = Failure(2, "Service unreachable")
TOKEN_MISSING = Failure(190, "Error validating access token")


def add(world: World, agent: Agent, wanted: Mapping[str, Any]) -> events.ChannelDetails:
    """Connect an account, with its secrets, which are never shown again (OPS-3); audited.

    `wanted` is api.requests.AddChannel. Asked twice it is connected once. Raises ChannelExists, or
    Invalid when a WhatsApp number comes without its portfolio.
    """
    channel, account = wanted["channel"], wanted["account"]
    facts = _facts(channel, wanted)

    def decide() -> None:
        before = store.row_of(store.channel_id(channel, account))
        if before is not None:
            if not _is_ours(world, before, facts, wanted):
                raise errors.ChannelExists()
            return
        commit_rows(*store.added(channel, account, facts), _entry(world, agent, "added", wanted))

    until_settled(world, decide)
    _keep_secrets(world, channel, account, wanted)
    if channel == "whatsapp":
        ask(world, facts["portfolio"])
    return _details(world, store.channel_id(channel, account))


def save(
    world: World, agent: Agent, channel_id: str, wanted: Mapping[str, Any]
) -> events.ChannelDetails:
    """The account as it should be; a secret that is not given stays as it is; audited.

    A new token takes back what was said of the old one: that Meta does not know it (INB-10).
    Raises NotFound, or Invalid when a WhatsApp number comes without its portfolio.
    """

    def decide() -> ChannelRow:
        before = _row(channel_id)
        facts = _facts(before.channel, wanted)
        if facts != _facts_of(before):
            changed = _entry(world, agent, "changed", facts, before)
            commit_rows(*store.saved(before, facts), changed)
        return before

    before = until_settled(world, decide)
    if _are_news(world, before, wanted):
        # Told of by itself: whoever dies before they are kept does it again, and tells it again.
        commit_rows(_entry(world, agent, "changed", _given(wanted), before))
    _keep_secrets(world, before.channel, before.account, wanted)
    if "token" in _given(wanted):
        store.mended(before)
    if before.channel == "whatsapp" and (
        "token" in _given(wanted) or wanted["portfolio"] != before.portfolio
    ):
        ask(world, wanted["portfolio"])
    return _details(world, channel_id)


def test(world: World, agent: Agent, channel_id: str) -> events.ChannelTest:
    """Ask Meta about the account with its token: whether they belong together, and its health.

    A good answer takes back whatever was wrong; a refusal that only a person can mend is noted, so
    that everybody sees it (INB-10). That Meta does not answer changes nothing. Raises NotFound.
    """
    row = _row(channel_id)
    token = _secrets(world, row.channel, row.account).token
    failure: Failure | None = None
    try:
        if not token:
            raise Refused(TOKEN_MISSING)
        told = examine(_graphs(world), store.to_sender(row), token)
    except Refused as refused:
        failure = refused.failure
        found = policy(failure.code)
        passing = found.action != "stop" or refused.transient
        problem = found.channel_problem or (None if passing else "permission")
        if problem is not None:
            store.examined(row, world.now(), problem=problem)
    except (NotSent, AnswerLost):
        failure = UNREACHABLE
    else:
        store.examined(
            row, world.now(), name=told.name, quality=told.quality, throughput=told.throughput
        )
    return {
        "ok": failure is None,
        "failure": views.failure(failure),
        "channel": _details(world, channel_id),
    }


def remove(world: World, agent: Agent, channel_id: str) -> events.Done:
    """The account is gone, and its secrets with it; saying it twice is fine; audited.

    Raises InUse while chats lie in it: those are answered from it. It can be switched off instead.
    """
    channel, _, account = channel_id.partition("-")

    def decide() -> bool:
        before = store.row_of(channel_id)
        if before is None:
            return False
        if count := store.chats_of(before.channel, before.account):
            raise errors.InUse(by=[{"kind": "chats", "count": count}])
        commit_rows(*store.removed(before), _entry(world, agent, "removed", {}, before))
        return True

    if until_settled(world, decide) or _is_channel(channel, account):
        # Also when it is said again: the one before may have come no further than the row.
        world.secrets.delete(channel, account)
    return {"done": True}


def _is_channel(channel: str, account: str) -> bool:
    return channel in store.CHANNEL_NAMES and store.ACCOUNT_ID.fullmatch(account) is not None


def _graphs(world: World) -> Graphs:
    return world


def _row(channel_id: str) -> ChannelRow:
    found = store.row_of(channel_id)
    if found is None:
        raise errors.NotFound()
    return found


def _details(world: World, channel_id: str) -> events.ChannelDetails:
    return details(_row(channel_id), world.secrets.kept, world.settings.web_origin)


def _secrets(world: World, channel: str, account: str) -> ChannelSecrets:
    return world.secrets.of(channel, mismatch=True).get(account, ChannelSecrets())


def _keep_secrets(world: World, channel: str, account: str, wanted: Mapping[str, Any]) -> None:
    given = _given(wanted)
    if given:
        world.secrets.write(channel, account, given)


def _given(wanted: Mapping[str, Any]) -> dict[str, str]:
    return {name: wanted[name] for name in SECRETS if wanted.get(name) is not None}


def _is_ours(
    world: World, row: ChannelRow, facts: dict[str, Any], wanted: Mapping[str, Any]
) -> bool:
    """Whether the account is what was asked for, and only the answer, or the secrets, were lost."""
    kept, given = _secrets(world, row.channel, row.account), _given(wanted)
    same = all(getattr(kept, name) in ("", given.get(name, "")) for name in SECRETS)
    return same and _facts_of(row) == facts


def _are_news(world: World, row: ChannelRow, wanted: Mapping[str, Any]) -> bool:
    """Whether a secret is given that is not the one which is kept."""
    given = _given(wanted)
    kept = _secrets(world, row.channel, row.account) if given else ChannelSecrets()
    return any(getattr(kept, name) != value for name, value in given.items())


def _facts(channel: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    if channel == "whatsapp" and not wanted["portfolio"]:
        raise errors.Invalid(fields=[{"path": "portfolio", "reason": "empty"}])
    return {name: wanted[name] for name in FACTS}


def _facts_of(row: ChannelRow) -> dict[str, Any]:
    return {
        "display": row.display,
        "portfolio": row.portfolio,
        "page": row.page or "",
        "active": not row.inactive,
        "human_agent": bool(row.human_agent),
    }


def _entry(
    world: World,
    agent: Agent,
    what: Literal["added", "changed", "removed"],
    wanted: Mapping[str, Any],
    before: ChannelRow | None = None,
) -> Write:
    """The row of the audit: which facts changed, and which secrets, never what they are."""
    named = (
        store.channel_id(wanted["channel"], wanted["account"])
        if before is None
        else store.channel_id(before.channel, before.account)
    )
    known = {} if before is None else _facts_of(before)
    changed = {name: wanted[name] for name in FACTS if name in wanted}
    # By what was wished: whoever died on the way and asks again is told of under the same name.
    wish = json.dumps([named, what, sorted(changed.items()), sorted(_given(wanted))])
    return audit.entry(
        WHAT[what],
        agent,
        named,
        world.now(),
        sha256(wish.encode()).hexdigest()[:16],
        changed={name: value for name, value in changed.items() if known.get(name) != value},
        secrets=sorted(_given(wanted)),
    )
