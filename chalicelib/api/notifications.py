"""What agents are told of: the bell, the sound, their phones, and why (NOTIF)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.api.blueprint import SIGNED_IN, Doors
from chalicelib.commands import push, ring
from chalicelib.queries import notifications

if TYPE_CHECKING:
    from chalicelib.api import requests
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

api = Doors(__name__)


@api.get("/me/notifications", may=SIGNED_IN)
def get_my_notifications(world: World, agent: Agent) -> events.Notifications:
    """What stands at the viewer's bell (NOTIF-2)."""
    return notifications.at_bell(world, agent)


@api.delete("/me/notifications/{bell_id}", may=SIGNED_IN)
def delete_my_notification(world: World, agent: Agent, bell_id: str) -> events.Done:
    """Remove one entry; for an hour it can be restored."""
    return ring.remove(world, agent, bell_id)


@api.post("/me/notifications/clear", may=SIGNED_IN)
def post_clear_notifications(
    world: World, agent: Agent, body: requests.BellThrough
) -> events.Removed:
    """Remove all entries up to the newest that was on the screen."""
    return ring.clear(world, agent, body.through)


@api.post("/me/notifications/restore", may=SIGNED_IN)
def post_restore_notifications(
    world: World, agent: Agent, body: requests.BellEntries
) -> events.Done:
    """Bring back what was removed within the last hour."""
    return ring.bring_back(world, agent, body.ids)


@api.put("/me/notifications/seen", may=SIGNED_IN)
def put_notifications_seen(world: World, agent: Agent, body: requests.BellThrough) -> events.Done:
    """The viewer has looked at all entries up to this one."""
    return ring.look(world, agent, body.through)


@api.put("/me/sound", may=SIGNED_IN)
def put_my_sound(world: World, agent: Agent, body: requests.Sound) -> events.Done:
    """Turn the viewer's sounds off or on, wherever they sit (NOTIF-1)."""
    return ring.mute(world, agent, muted=body.muted)


@api.get("/me/decisions", may=SIGNED_IN)
def get_my_decisions(
    world: World, agent: Agent, query: requests.DecisionsQuery
) -> events.Decisions:
    """Why the viewer was told of things, or not (NOTIF-7)."""
    return notifications.why(world, agent, query.cursor)


@api.get("/me/push", may=SIGNED_IN)
def get_my_push(world: World, agent: Agent) -> events.PushDevices:
    """What browsers subscribe with, and the viewer's devices (NOTIF-4)."""
    return notifications.devices(world, agent)


@api.put("/me/push", may=SIGNED_IN)
def put_my_push(world: World, agent: Agent, body: requests.SubscribeDevice) -> events.Device:
    """This device takes the viewer's pushes from now on, and nobody else's."""
    return push.subscribe(world, agent, body.endpoint, body.p256dh, body.auth, body.label)


@api.post("/me/push/remove", may=SIGNED_IN)
def post_remove_device(world: World, agent: Agent, body: requests.RemoveDevice) -> events.Done:
    """One of the viewer's devices takes no more pushes."""
    return push.unsubscribe(world, agent, body.device_id)


@api.hook("POST", "/push/seen")
def post_push_seen(world: World, request: Any, body: requests.SeenOnDevice) -> events.Done:
    """A notification was clicked or dismissed; the device's secret proves it (NOTIF-4)."""
    return push.seen(world, body.endpoint, body.auth, body.chat_id)


@api.hook("POST", "/push/renewed")
def post_push_renewed(world: World, request: Any, body: requests.RenewDevice) -> events.Device:
    """The browser subscribed anew by itself; the secret of before proves it."""
    now = body.subscription
    return push.renew(world, body.endpoint, body.auth, now.endpoint, now.p256dh, now.auth)
