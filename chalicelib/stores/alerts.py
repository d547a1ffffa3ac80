"""How each agent is told of things: sound, what they saw, devices, pushes, decisions (NOTIF)."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from pynamodb.exceptions import DeleteError, UpdateError

from chalicelib.domain.instants import from_ms, to_ms
from chalicelib.domain.notification import KEPT, Decision, Pushed
from chalicelib.domain.push import Device, Subscription
from chalicelib.stores.chats import Write
from chalicelib.stores.tables import (
    ALERTS_SK,
    AlertsRow,
    DecisionRow,
    DeviceRow,
    PushedRow,
    Row,
    alerts_pk,
    decision_sk,
    device_pk,
    pushed_sk,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

PUSH = "push"  # of a decision: a phone is still to be pushed to
PUSHED = pushed_sk("")


@dataclass(frozen=True)
class Alerts:
    """An agent's own: whether sounds are off, the newest entry that they looked at, devices."""

    agent_id: str
    muted: bool = False
    seen: str = ""
    devices: tuple[Device, ...] = ()
    version: int = 0


def load(agent_id: str) -> Alerts:
    """The agent's, as they stand."""
    try:
        row = AlertsRow.get(alerts_pk(agent_id), ALERTS_SK, consistent_read=True)
    except AlertsRow.DoesNotExist:
        return Alerts(agent_id)
    return to_alerts(row)


def of_agents(
    agent_ids: Iterable[str], chat_id: str
) -> tuple[dict[str, Alerts], dict[str, Pushed]]:
    """Of each agent, their alerts, and the last push about the contact. One batch read."""
    names = list(dict.fromkeys(agent_ids))
    wanted = [(alerts_pk(one), sk) for one in names for sk in (ALERTS_SK, pushed_sk(chat_id))]
    found = {one: Alerts(one) for one in names}
    pushed: dict[str, Pushed] = {}
    for row in Row.batch_get(wanted, consistent_read=True):
        agent_id = row.pk.removeprefix(alerts_pk(""))
        if isinstance(row, AlertsRow):
            found[agent_id] = to_alerts(row)
        elif isinstance(row, PushedRow):
            pushed[agent_id] = to_pushed(row)
    return found, pushed


def write(before: Alerts, after: Alerts) -> Write:
    """The agent's alerts, as long as they are still as read."""
    row = AlertsRow(
        alerts_pk(after.agent_id),
        ALERTS_SK,
        muted=after.muted or None,
        seen=after.seen or None,
        devices=_told(after.devices),
        version=before.version + 1,
    )
    same = AlertsRow.version == before.version
    return Write(row, same if before.version else AlertsRow.pk.does_not_exist())


# --- decisions ----------------------------------------------------------------------------------


def decided(one: Decision) -> Write:
    """The decision, which must not have been made yet (NOTIF-7)."""
    row = DecisionRow(
        alerts_pk(one.agent_id),
        decision_sk(one.decision_id),
        kind=one.kind,
        chat_id=one.chat_id,
        subject=one.subject,
        at_ms=to_ms(one.at),
        decided_ms=to_ms(one.decided_at),
        department_id=one.department_id,
        bell=one.bell,
        sound=one.sound,
        push=one.push,
        outcome=one.outcome,
        to_do=PUSH if one.to_push else None,
        expires_at=to_ms(one.decided_at + KEPT) // 1000,
    )
    return Write(row, DecisionRow.pk.does_not_exist())


def decision(agent_id: str, decision_id: str) -> Decision | None:
    """One decision, or None."""
    try:
        row = DecisionRow.get(alerts_pk(agent_id), decision_sk(decision_id), consistent_read=True)
    except DecisionRow.DoesNotExist:
        return None
    return to_decision(row)


def decisions(agent_id: str, *, before: str | None, limit: int) -> list[Decision]:
    """The newest of an agent's, newest first; those before one of them. One query."""
    upper = decision_sk("~" if before is None else before)
    rows = DecisionRow.query(
        alerts_pk(agent_id),
        DecisionRow.sk.between(decision_sk(""), upper),
        scan_index_forward=False,
        limit=limit + 1,  # the bound itself is inclusive
    )
    found = [to_decision(row) for row in rows]
    return [one for one in found if one.decision_id != before][:limit]


def sent(one: Decision, device_id: str) -> None:
    """The push was sent to this device, which stands, whatever becomes of it at others."""
    _settled(
        one,
        DecisionRow.outcome.set("sent"),
        DecisionRow.sent_to.add({device_id}),
        condition=DecisionRow.pk.exists(),
    )


def not_sent(one: Decision, outcome: str) -> None:
    """Why the push was sent to no device. If it was, that stands."""
    never = DecisionRow.sent_to.does_not_exist()
    _settled(one, DecisionRow.outcome.set(outcome), condition=DecisionRow.pk.exists() & never)


def _settled(one: Decision, *actions: Any, condition: Any) -> None:
    try:
        DecisionRow(alerts_pk(one.agent_id), decision_sk(one.decision_id)).update(
            actions=[*actions, DecisionRow.to_do.remove()], condition=condition
        )
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise


# --- pushes -------------------------------------------------------------------------------------


def pushed(agent_id: str, chat_id: str) -> Pushed | None:
    """The last push to the agent about the contact."""
    try:
        row = PushedRow.get(alerts_pk(agent_id), pushed_sk(chat_id), consistent_read=True)
    except PushedRow.DoesNotExist:
        return None
    return to_pushed(row)


def every_pushed(agent_id: str) -> dict[str, Pushed]:
    """All that the agent was pushed about, by contact. One query."""
    rows = PushedRow.query(
        alerts_pk(agent_id), PushedRow.sk.startswith(PUSHED), consistent_read=True
    )
    return {row.chat_id: to_pushed(row) for row in rows}


def write_pushed(
    agent_id: str, chat_id: str, before: Pushed | None, after: Pushed, now: datetime
) -> Write:
    """The last push about a contact, as long as it is still as read; remembered for a month."""
    row = PushedRow(
        alerts_pk(agent_id),
        pushed_sk(chat_id),
        chat_id=chat_id,
        holding=after.holding,
        subject=after.subject,
        answered=after.answered or None,
        version=after.version,
        expires_at=to_ms(now + KEPT) // 1000,
    )
    if before is None:
        return Write(row, PushedRow.pk.does_not_exist())
    return Write(row, PushedRow.version == before.version)


def never_pushed(one: Decision, chat_id: str) -> None:
    """What was to be pushed arrived nowhere: the next message of that chat is pushed."""
    row = PushedRow(alerts_pk(one.agent_id), pushed_sk(chat_id))
    try:
        row.delete(condition=PushedRow.subject == one.subject)
    except DeleteError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise


# --- devices ------------------------------------------------------------------------------------


def owner(device_id: str) -> str | None:
    """Whose device it is."""
    key = device_pk(device_id)
    try:
        return str(DeviceRow.get(key, key, consistent_read=True).agent_id)
    except DeviceRow.DoesNotExist:
        return None


def owned(device_id: str, before: str | None, after: str | None) -> Write:
    """The device is this agent's from now on, or (None) nobody's."""
    key = device_pk(device_id)
    same = (
        DeviceRow.pk.does_not_exist()
        if before is None
        else DeviceRow.pk.does_not_exist() | (DeviceRow.agent_id == before)
    )
    if after is None:
        return Write(DeviceRow(key, key), same, delete=True)
    return Write(DeviceRow(key, key, agent_id=after), same)


def without(alerts: Alerts, device_id: str) -> Alerts:
    """The agent's alerts without a device."""
    left = tuple(one for one in alerts.devices if one.device_id != device_id)
    return replace(alerts, devices=left)


# --- erasing ------------------------------------------------------------------------------------


def forget(agent_ids: Iterable[str], chat_ids: Collection[str]) -> None:
    """What these agents were told of these contacts is gone (LGPD)."""
    for agent_id in agent_ids:
        doomed = [
            row
            for row in Row.query(alerts_pk(agent_id), consistent_read=True)
            if getattr(row, "chat_id", None) in chat_ids
        ]
        if doomed:
            with Row.batch_write() as batch:
                for row in doomed:
                    batch.delete(row)


# --- rows ---------------------------------------------------------------------------------------


def to_alerts(row: AlertsRow) -> Alerts:
    """The alerts of a row."""
    return Alerts(
        agent_id=row.pk.removeprefix(alerts_pk("")),
        muted=bool(row.muted),
        seen=row.seen or "",
        devices=tuple(_device(one) for one in json.loads(row.devices or "[]")),
        version=int(row.version),
    )


def to_decision(row: DecisionRow) -> Decision:
    """The decision of a row."""
    return Decision(
        agent_id=row.pk.removeprefix(alerts_pk("")),
        kind=cast("Any", row.kind),
        chat_id=row.chat_id,
        subject=row.subject,
        at=from_ms(int(row.at_ms)),
        decided_at=from_ms(int(row.decided_ms)),
        department_id=row.department_id,
        bell=cast("Any", row.bell),
        sound=cast("Any", row.sound),
        push=cast("Any", row.push),
        outcome=cast("Any", row.outcome),
        sent_to=frozenset(row.sent_to or ()),
    )


def to_pushed(row: PushedRow) -> Pushed:
    """The last push of a row."""
    return Pushed(
        int(row.holding), row.subject, answered=bool(row.answered), version=int(row.version)
    )


def _told(devices: Iterable[Device]) -> str | None:
    told = [
        {
            "endpoint": one.subscription.endpoint,
            "p256dh": one.subscription.p256dh,
            "auth": one.subscription.auth,
            "label": one.label,
            "since": to_ms(one.since),
            "seen": to_ms(one.seen_at),
        }
        for one in devices
    ]
    return json.dumps(told, separators=(",", ":")) if told else None


def _device(told: dict[str, Any]) -> Device:
    return Device(
        subscription=Subscription(told["endpoint"], told["p256dh"], told["auth"]),
        label=told["label"],
        since=from_ms(told["since"]),
        seen_at=from_ms(told["seen"]),
    )
