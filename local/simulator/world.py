"""Everything that one running simulator holds."""

from dataclasses import dataclass, field

import httpx

from .clock import Clock, utc_now
from .contacts import Contacts
from .events import Events
from .facts import Facts
from .media import MediaShelf
from .misbehaviour import Misbehaviour
from .options import Options
from .pair_limit import PairLimit
from .sent import SentLog
from .statuses import Statuses
from .store import Store
from .templates import Templates
from .threads import Threads
from .updates import Update
from .webhooks import Webhooks
from .wire import Json

FETCH_TIMEOUT = 15.0


@dataclass
class World:
    """The parts, built from the options; `transport` replaces the network towards the product.

    `origin` is the address by which it was last called, `strangers` what other hosts were asked.
    """

    options: Options
    clock: Clock = utc_now
    transport: httpx.AsyncBaseTransport | None = None
    origin: str = ""
    strangers: list[Json] = field(default_factory=list)
    misbehaviour: Misbehaviour = field(default_factory=Misbehaviour)
    events: Events = field(default_factory=Events)
    pairs: PairLimit = field(default_factory=PairLimit)

    def __post_init__(self) -> None:
        self.store = Store(self.options.state)
        self.client = httpx.AsyncClient(transport=self.transport, trust_env=False)
        self.fetcher = httpx.AsyncClient(trust_env=False, timeout=FETCH_TIMEOUT)
        self.facts = Facts(self.store)
        self.contacts = Contacts(self.store)
        self.threads = Threads(self.store)
        self.sent = SentLog(self.store)
        self.templates = Templates(self.store)
        self.media = MediaShelf(self.store)
        self.webhooks = Webhooks(
            self.options, self.store, self.misbehaviour, self.events, self.clock, self.client
        )
        self.webhooks.on_delivered = self._tick_own_message
        self.statuses = Statuses(
            self.options, self.store, self.contacts, self.threads,
            self.webhooks, self.events, self.clock,
        )  # fmt: skip

    def reset(self) -> None:
        """As if started for the first time."""
        self.misbehaviour.change({"reset": True})
        self.statuses.clear()
        self.webhooks.clear()
        self.threads.clear()
        self.contacts.clear()
        self.sent.clear()
        self.templates.clear()
        self.media.clear()
        self.pairs.clear()
        self.facts.clear()
        self.strangers.clear()
        self.events.publish("reset")

    async def close(self) -> None:
        """Let go of files and connections."""
        self.statuses.stop()
        await self.client.aclose()
        await self.fetcher.aclose()
        self.store.close()

    def _tick_own_message(self, update: Update) -> None:
        if update.kind != "messages":
            return
        message = self.threads.find(update.message_id)
        if message and not message.from_business and self.threads.advance(message, "delivered"):
            contact = self.contacts[message.contact]
            self.events.publish(
                "message", contact=contact.address, message=message.to_json(), phone=True
            )
