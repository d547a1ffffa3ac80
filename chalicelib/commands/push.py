"""Pushes leave for the phones of agents, and what happens to them there (NOTIF-4, NOTIF-5)."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import errors, notification
from chalicelib.domain.instants import iso
from chalicelib.domain.message import preview
from chalicelib.domain.push import Device, Subscription, called, with_device
from chalicelib.gateways.push import State
from chalicelib.gateways.queues import Entry
from chalicelib.stores import alerts, people
from chalicelib.stores import chats as store
from chalicelib.stores.chats import commit_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta
    from typing import Any

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.message import Message
    from chalicelib.domain.notification import Decision
    from chalicelib.world import World


# --- out ----------------------------------------------------------------------------------------


def send(world: World, told: Mapping[str, Any], attempt: int) -> timedelta | None:
    """Push what was decided to the agent's devices; how long to wait, or None: done.

    Each device is a matter of its own, so that one whose service is down holds no other back and
    makes none repeat. Everything is asked again just before: nothing leaves for who may not read
    the chat any more, or does not hold it. What arrives nowhere arms the contact again.
    """
    decision = alerts.decision(told["agent_id"], told["decision"])
    if decision is None:
        return None
    # The chat as it is today, and the message, which lies where it was written.
    chats, messages = store.named([(decision.chat_id, decision.subject)])
    chat = chats.get(decision.chat_id)
    message = messages.get((decision.chat_id, decision.subject))
    agent = people.agent(decision.agent_id, consistent=True)
    wanted = notification.still_wanted(chat, agent)
    if not wanted or chat is None or message is None or message.deleted_at is not None:
        _over(decision, "withdrawn")
        return None
    devices = alerts.load(decision.agent_id).devices
    if "device" not in told and len(devices) > 1:
        for_each = [Entry(json.dumps({**told, "device": one.device_id})) for one in devices]
        world.queues.send(world.settings.push_queue, for_each)
        return None
    named = told.get("device")
    device = next((one for one in devices if named in (None, one.device_id)), None)
    if device is None:
        if not devices:
            _over(decision, "no_device")
        return None
    if device.device_id in decision.sent_to:
        return None  # it is known, and this is told twice
    return _push(world, decision, chat, message, device, attempt)


def _push(
    world: World,
    decision: Decision,
    chat: Chat,
    message: Message,
    device: Device,
    attempt: int,
) -> timedelta | None:
    now = world.now()
    outcome = world.push.send(
        device.subscription,
        payload(decision, chat, message),
        topic=sha256(chat.chat_id.encode()).hexdigest()[:32],
        ttl=notification.PHONE_KEEPS,
        now=now,
    )
    if outcome.state is State.SENT:
        alerts.sent(decision, device.device_id)
        return None
    if outcome.state is State.LATER:
        # Not sooner than the service says.
        again_in = notification.again_in(attempt)
        wait = max(outcome.after or again_in, again_in)
        if now + wait - decision.decided_at < notification.PUSHED_FOR:
            return wait
    else:
        _forget(world, decision.agent_id, device.device_id)
        if alerts.load(decision.agent_id).devices:
            return None
    _over(decision, "failed" if outcome.state is State.LATER else "no_device")
    return None


def _over(decision: Decision, outcome: events.PushOutcome) -> None:
    """It arrived nowhere: the contact's next message is pushed again."""
    known = alerts.decision(decision.agent_id, decision.decision_id)
    if known is not None and not known.sent_to:
        chat = store.resolve(known.chat_id)
        alerts.not_sent(known, outcome)
        alerts.never_pushed(known, known.chat_id if chat is None else chat.chat_id)


def payload(decision: Decision, chat: Chat, message: Message) -> bytes:
    """What the phone is told: the contact's name and the beginning of the message, nothing more."""
    told = {
        "id": decision.decision_id,
        "chat_id": chat.chat_id,
        "name": preview(chat.name),
        "preview": preview(message.text),
        "kind": message.kind,
        "at": iso(message.at),
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


# --- devices ------------------------------------------------------------------------------------


def subscribe(
    world: World, agent: Agent, endpoint: str, p256dh: str, auth: str, label: str
) -> events.Device:
    """This device takes pushes for this agent from now on, and for nobody else who used it before.

    With an agent's first device, whatever another one showed before is gone: all their contacts
    are armed again. Raises Invalid for what is no endpoint of a push service.
    """
    if not world.push.accepts(endpoint):
        raise errors.Invalid(fields=[{"path": "endpoint", "reason": "no_push_service"}])
    subscription = Subscription(endpoint, p256dh, auth)
    device_id = called(endpoint)

    if not alerts.load(agent.agent_id).devices:
        for chat_id, one in alerts.every_pushed(agent.agent_id).items():
            if not one.answered:
                _answer(world, agent.agent_id, chat_id)

    def decide() -> None:
        now = world.now()
        holder = alerts.owner(device_id)
        before = alerts.load(agent.agent_id)
        known = next((one for one in before.devices if one.device_id == device_id), None)
        since = now if known is None else known.since
        device = Device(subscription, label, since=since, seen_at=now)
        after = replace(before, devices=with_device(before.devices, device))
        if after == before and holder == agent.agent_id:
            return
        writes = [alerts.write(before, after), alerts.owned(device_id, holder, agent.agent_id)]
        if holder is not None and holder != agent.agent_id:
            theirs = alerts.load(holder)
            writes.append(alerts.write(theirs, alerts.without(theirs, device_id)))
        commit_rows(*writes)

    until_settled(world, decide)
    return {"device_id": device_id}


def unsubscribe(world: World, agent: Agent, device_id: str) -> events.Done:
    """One of the agent's devices takes no more pushes; one that is not theirs is left alone."""
    _forget(world, agent.agent_id, device_id)
    return {"done": True}


def renew(
    world: World, endpoint: str, auth: str, endpoint_now: str, p256dh: str, auth_now: str
) -> events.Device:
    """The browser made its subscription anew: the device stays who it was. Raises NotFound."""
    agent_id, device = _proved(endpoint, auth)
    agent = people.agent(agent_id, consistent=True)
    if agent is None or not agent.active:
        raise errors.NotFound()
    told = subscribe(world, agent, endpoint_now, p256dh, auth_now, device.label)
    if told["device_id"] != device.device_id:
        _forget(world, agent_id, device.device_id)
    return told


def _proved(endpoint: str, auth: str) -> tuple[str, Device]:
    """Whose device says so, which knows the secret that only it and we know. Raises NotFound."""
    device_id = called(endpoint)
    agent_id = alerts.owner(device_id)
    devices = () if agent_id is None else alerts.load(agent_id).devices
    device = next((one for one in devices if one.device_id == device_id), None)
    if agent_id is None or device is None or not device.proves(auth):
        raise errors.NotFound()
    return agent_id, device


def _forget(world: World, agent_id: str, device_id: str) -> None:
    def decide() -> None:
        before = alerts.load(agent_id)
        after = alerts.without(before, device_id)
        if after == before:
            return
        holder = alerts.owner(device_id)
        writes = [alerts.write(before, after)]
        if holder == agent_id:
            writes.append(alerts.owned(device_id, holder, None))
        commit_rows(*writes)

    until_settled(world, decide)


# --- what is seen there -------------------------------------------------------------------------


def seen(world: World, endpoint: str, auth: str, chat_id: str) -> events.Done:
    """The notification was clicked or dismissed there: the next message is pushed again (NOTIF-4).

    Raises NotFound for a device that is not known, or does not prove itself.
    """
    agent_id, _ = _proved(endpoint, auth)
    _answer(world, agent_id, chat_id)
    return {"done": True}


def _answer(world: World, agent_id: str, chat_id: str) -> None:
    def decide() -> None:
        before = alerts.pushed(agent_id, chat_id)
        if before is None or before.answered:
            return
        after = notification.answered(before)
        commit_rows(alerts.write_pushed(agent_id, chat_id, before, after, world.now()))

    until_settled(world, decide)
