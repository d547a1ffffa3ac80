"""What becomes of a message that Meta accepted: sent, delivered, read, or failed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .clock import Clock
from .contacts import Contact, Contacts
from .direct_events import direct_entry, read_event
from .events import Events
from .options import Options
from .store import Store
from .threads import ThreadMessage, Threads
from .updates import Update, status_entry
from .webhooks import Webhooks
from .wire import Json

KIND = "progress"
SENT_AFTER = 0.05


@dataclass(frozen=True)
class Step:
    """The next status of a message and when it happens."""

    message_id: str
    status: str
    due_at: datetime
    dialled: bool

    def to_json(self) -> Json:
        """As the store keeps it."""
        return {
            "message_id": self.message_id, "status": self.status,
            "due_at": self.due_at.isoformat(), "dialled": self.dialled,
        }  # fmt: skip


class Statuses:
    """Moves accepted messages along and reports each step to the product."""

    def __init__(
        self,
        options: Options,
        store: Store,
        contacts: Contacts,
        threads: Threads,
        webhooks: Webhooks,
        events: Events,
        clock: Clock,
    ) -> None:
        self._options = options
        self._store = store
        self._contacts = contacts
        self._threads = threads
        self._webhooks = webhooks
        self._events = events
        self._clock = clock
        self._steps: dict[str, Step] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def resume(self) -> None:
        """Take up what a stopped process had planned. Needs the running loop."""
        for document in self._store.all(KIND):
            step = Step(**document | {"due_at": datetime.fromisoformat(document["due_at"])})
            self._plan(step)

    def pending(self) -> int:
        """How many messages have a status still to come."""
        return len(self._steps)

    def begin(self, message: ThreadMessage, *, dialled: bool, after: float) -> None:
        """Plan the first status of an accepted message, `after` seconds from now."""
        status = "failed" if message.errors else "sent"
        self._schedule(message.id, status, SENT_AFTER + after, dialled=dialled)

    async def run_at_once(self, message: ThreadMessage, *, dialled: bool) -> None:
        """Every status up to delivered, posted to the product before this returns."""
        contact = self._contacts[message.contact]
        arrives = ["sent", "delivered"] if contact.online else ["sent"]
        for status in ["failed"] if message.errors else arrives:
            update = self._update(message, contact, status, dialled=dialled)
            if update:
                await self._webhooks.deliver_first(update)
        if message.status == "delivered":
            self._continue(message, contact, Step(message.id, "delivered", self._clock(), dialled))

    def read_all(self, contact: Contact) -> int:
        """The contact opens the conversation: everything that arrived is read; how many."""
        arrived = [
            message
            for message in self._threads.of(contact.key)
            if message.from_business and message.status == "delivered"
        ]
        if contact.channel != "whatsapp":
            self._read_until(contact, arrived)
            return len(arrived)
        for message in arrived:
            self._happen(Step(message.id, "read", self._clock(), dialled=bool(contact.wa_id)))
        return len(arrived)

    def _read_until(self, contact: Contact, arrived: list[ThreadMessage]) -> None:
        """Messenger and Instagram tell once of everything that was read (META.md 8)."""
        for message in arrived:
            self._forget_step(message.id)
            self._threads.advance(message, "read")
            self._tell_phone(message, contact)
        if arrived:
            entry = read_event(self._options, contact, arrived[-1], self._clock())
            self._webhooks.enqueue(
                [
                    self._webhooks.new_event(
                        contact.channel, entry, kind="statuses", message_id=arrived[-1].id
                    )
                ]
            )

    def come_online(self, contact: Contact) -> None:
        """The contact's phone is on again: what waited is delivered."""
        for message in self._threads.of(contact.key):
            if message.from_business and message.status == "sent" and message.type != "reaction":
                self._schedule(message.id, "delivered", 0, dialled=bool(contact.wa_id))

    def clear(self) -> None:
        """Plan nothing any more."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._steps.clear()
        self._store.clear(KIND)

    def stop(self) -> None:
        """Stop the timers; the plan stays in the store."""
        for timer in self._timers.values():
            timer.cancel()

    def _schedule(self, message_id: str, status: str, seconds: float, *, dialled: bool) -> None:
        step = Step(message_id, status, self._clock() + timedelta(seconds=seconds), dialled)
        self._store.put(KIND, message_id, step.to_json())
        self._plan(step)

    def _plan(self, step: Step) -> None:
        self._steps[step.message_id] = step
        seconds = max(0.0, (step.due_at - self._clock()).total_seconds())
        call: Callable[[Step], None] = self._happen
        self._timers[step.message_id] = asyncio.get_running_loop().call_later(seconds, call, step)

    def _happen(self, step: Step) -> None:
        self._forget_step(step.message_id)
        message = self._threads.find(step.message_id)
        if message is None:
            return
        contact = self._contacts[message.contact]
        update = self._update(message, contact, step.status, dialled=step.dialled)
        if update:
            self._webhooks.enqueue([update])
        self._continue(message, contact, step)

    def _forget_step(self, message_id: str) -> None:
        timer = self._timers.pop(message_id, None)
        if timer:
            timer.cancel()
        if self._steps.pop(message_id, None):
            self._store.delete(KIND, [message_id])

    def _continue(self, message: ThreadMessage, contact: Contact, step: Step) -> None:
        if message.type == "reaction":
            return
        if step.status == "sent" and contact.online:
            after = self._options.delivered_after
            self._schedule(message.id, "delivered", after, dialled=step.dialled)
        if step.status == "delivered" and (contact.auto_read or self._events.shows(contact.key)):
            self._schedule(message.id, "read", self._options.read_after, dialled=step.dialled)

    def _update(
        self, message: ThreadMessage, contact: Contact, status: str, *, dialled: bool
    ) -> Update | None:
        if not self._threads.advance(message, status):
            return None
        self._tell_phone(message, contact)
        if contact.channel != "whatsapp":
            entry = direct_entry(self._options, message, contact, status, self._clock())
            if entry is None:
                return None
            return self._webhooks.new_event(
                contact.channel,
                entry,
                kind="messages" if status == "sent" else "statuses",
                message_id=message.id,
            )
        entry = status_entry(message, contact, status, self._clock(), dialled=dialled)
        profiles = [] if status == "failed" else [contact.profile()]
        return self._webhooks.new_update("statuses", profiles, entry)

    def _tell_phone(self, message: ThreadMessage, contact: Contact) -> None:
        self._events.publish(
            "message", contact=contact.address, message=message.to_json(), phone=message.on_phone
        )
