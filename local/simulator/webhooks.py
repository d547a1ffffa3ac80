"""Delivery of webhooks: signed, concurrent, retried until the product answers 2xx (META.md 1.3)."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from uuid import uuid4

import httpx

from .batching import choose
from .clock import Clock
from .events import Events
from .misbehaviour import Misbehaviour
from .options import Options
from .store import Store
from .updates import Update, envelope
from .wire import Json, old_signature, serialise, signature

KIND = "update"
POOL = 8
BACKOFF = [0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0]
LONGEST_BACKOFF = 60.0
KEPT_FOR = timedelta(days=7)
TIMEOUT = 20.0
LOG_LENGTH = 5000
REORDER_POLL = 0.05


@dataclass
class Post:
    """Some updates that travel together, with what became of them."""

    updates: list[Update]
    body: bytes
    attempts: int = 0
    next_at: float = 0.0
    last_outcome: str = ""

    @property
    def channel(self) -> str:
        """Whose webhook it goes to."""
        return self.updates[0].channel


class Webhooks:
    """The queue to the product. Updates are kept in the store until a 2xx."""

    def __init__(
        self,
        options: Options,
        store: Store,
        misbehaviour: Misbehaviour,
        events: Events,
        clock: Clock,
        client: httpx.AsyncClient,
    ) -> None:
        self._options = options
        self._store = store
        self._misbehaviour = misbehaviour
        self._events = events
        self._clock = clock
        self._client = client
        self._waiting = [Update.from_json(document) for document in store.all(KIND)]
        self._ready: deque[Post] = deque()
        self._failed: list[Post] = []
        self._in_flight: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._numbers = count(1)
        self._generation = 0
        self._log: deque[Json] = deque(maxlen=LOG_LENGTH)
        self.on_delivered: Callable[[Update], None] = lambda update: None

    def new_update(self, kind: str, contacts: list[Json], entry: Json) -> Update:
        """An update about now, of WhatsApp."""
        return Update(uuid4().hex, kind, self._clock(), contacts, entry, str(entry.get("id", "")))

    def new_event(
        self,
        channel: str,
        entry: Json,
        *,
        kind: str = "messages",
        message_id: str = "",
        shape: str = "",
    ) -> Update:
        """An event of Messenger or Instagram, about now."""
        wished = self._misbehaviour.instagram_shape if channel == "instagram" else "messaging"
        return Update(
            uuid4().hex, kind, self._clock(), [], entry, message_id, channel, shape or wished
        )

    def enqueue(self, updates: list[Update]) -> None:
        """Promise to deliver these at least once; returns at once."""
        self._store.put_all(KIND, {update.key: update.to_json() for update in updates})
        self._waiting.extend(updates)
        self.wake()

    async def deliver_first(self, update: Update) -> None:
        """Deliver before returning (one attempt; then retried like any other)."""
        self._store.put(KIND, update.key, update.to_json())
        await self._attempt(self._post([update]))

    def wake(self) -> None:
        """Look at the queue again, because something changed."""
        self._woken.set()

    def retry_now(self) -> None:
        """Forget the back-off of everything that failed."""
        for post in self._failed:
            post.next_at = 0.0
        self.wake()

    def clear(self) -> None:
        """Forget what waits and the log."""
        self._generation += 1
        self._waiting.clear()
        self._ready.clear()
        self._failed.clear()
        self._log.clear()
        self._store.clear(KIND)

    def counts(self) -> Json:
        """How many updates wait, are being posted, or failed and will be retried."""
        return {
            "waiting": len(self._waiting) + sum(len(post.updates) for post in self._ready),
            "in_flight": len(self._in_flight),
            "retrying": sum(len(post.updates) for post in self._failed),
        }

    def report(self) -> Json:
        """What GET /deliveries answers."""
        now = time.monotonic()
        retrying = [
            {
                "message_ids": [update.message_id for update in post.updates],
                "attempts": post.attempts,
                "last": post.last_outcome,
                "next_in_seconds": round(max(0.0, post.next_at - now), 1),
            }
            for post in self._failed
        ]
        return self.counts() | {"retries": retrying, "log": list(self._log)}

    async def run(self) -> None:
        """Deliver for ever; cancel to stop (what is unfinished stays in the store)."""
        try:
            while True:
                self._woken.clear()
                self._start_what_can_go()
                pause = self._pause()
                try:
                    await asyncio.wait_for(self._woken.wait(), pause)
                except TimeoutError:
                    continue
        finally:
            for task in self._in_flight:
                task.cancel()

    def _start_what_can_go(self) -> None:
        self._take_due_retries()
        senders = 1 if self._misbehaviour.reorder or self._misbehaviour.one_at_a_time else POOL
        if not self._ready:
            idle = senders - len(self._in_flight)
            posts = choose(self._waiting, self._clock(), idle, self._misbehaviour)
            chosen = {update.key for post in posts for update in post}
            if chosen:
                self._waiting = [one for one in self._waiting if one.key not in chosen]
                self._ready.extend(self._post(post) for post in posts)
        while self._ready and len(self._in_flight) < senders:
            task = asyncio.create_task(self._attempt(self._ready.popleft()))
            self._in_flight.add(task)
            task.add_done_callback(self._landed)

    def _take_due_retries(self) -> None:
        now = time.monotonic()
        due = [post for post in self._failed if post.next_at <= now]
        self._failed = [post for post in self._failed if post.next_at > now]
        self._ready.extend(due)

    def _pause(self) -> float | None:
        if len(self._in_flight) >= POOL:
            return None
        waits = [max(0.0, post.next_at - time.monotonic()) for post in self._failed]
        if self._waiting and (self._misbehaviour.delay_ms or self._misbehaviour.reorder):
            waits.append(REORDER_POLL)
        return min(waits, default=None)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        self.wake()

    def _post(self, updates: list[Update]) -> Post:
        return Post(updates, serialise(envelope(updates, self._options)))

    async def _attempt(self, post: Post) -> None:
        post.attempts += 1
        generation = self._generation
        times = 1 + self._misbehaviour.duplicate
        copies = [self._send(post, copy=number) for number in range(times)]
        delivered, *_ = await asyncio.gather(*copies)
        if generation != self._generation:
            return
        if delivered:
            self._store.delete(KIND, [update.key for update in post.updates])
            for update in post.updates:
                self.on_delivered(update)
        elif self._clock() - min(update.created_at for update in post.updates) > KEPT_FOR:
            self._store.delete(KIND, [update.key for update in post.updates])
        else:
            post.next_at = time.monotonic() + backoff(post.attempts)
            self._failed.append(post)
        self._events.publish("deliveries", **self.counts())

    async def _send(self, post: Post, *, copy: int) -> bool:
        started = time.monotonic()
        entry: Json = {
            "number": next(self._numbers),
            "at": self._clock().isoformat(),
            "attempt": post.attempts,
            "copy": copy,
            "bytes": len(post.body),
            "channel": post.channel,
            "updates": [_told(update) for update in post.updates],
        }
        try:
            answer = await self.post(post.body, channel=post.channel)
            entry["http_status"] = answer.status_code
            post.last_outcome = str(answer.status_code)
        except httpx.HTTPError as problem:
            entry["http_status"] = None
            entry["error"] = type(problem).__name__
            post.last_outcome = type(problem).__name__
        entry["milliseconds"] = round((time.monotonic() - started) * 1000, 1)
        self._log.append(entry)
        return entry["http_status"] is not None and 200 <= entry["http_status"] < 300

    async def post(
        self,
        raw: bytes,
        *,
        channel: str = "whatsapp",
        signed: str = "valid",
        content_type: str = "application/json",
    ) -> httpx.Response:
        """One POST to the product with a `valid`, `wrong` or `none` signature.

        Raises httpx.HTTPError when the product cannot be reached.
        """
        headers = {"content-type": content_type, "user-agent": "facebookexternalua"}
        if signed != "none":
            secret = self._options.account(channel).app_secret + (
                "" if signed == "valid" else "-wrong"
            )
            headers["x-hub-signature"] = old_signature(raw, secret)
            headers["x-hub-signature-256"] = signature(raw, secret)
        return await self._client.post(
            self._options.account(channel).webhook, content=raw, headers=headers, timeout=TIMEOUT
        )


def backoff(attempts: int) -> float:
    """Seconds until the next attempt after so many failed ones."""
    return BACKOFF[attempts - 1] if attempts <= len(BACKOFF) else LONGEST_BACKOFF


def _told(update: Update) -> Json:
    return {
        "kind": update.kind,
        "message_id": update.message_id,
        "status": update.entry.get("status"),
    }
