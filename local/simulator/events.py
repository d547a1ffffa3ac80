"""Server-sent events: what keeps the phone page live."""

import asyncio
import json
from collections.abc import AsyncIterator

from .wire import Json

HEARTBEAT = 15.0


class Events:
    """Everyone who listens hears everything, and says which phones they have open."""

    def __init__(self) -> None:
        self._listeners: dict[asyncio.Queue[Json], frozenset[str]] = {}

    def publish(self, kind: str, **fields: object) -> None:
        """Tell every open page; never waits."""
        for queue in self._listeners:
            queue.put_nowait({"kind": kind, **fields})

    def shows(self, contact_key: str) -> bool:
        """Whether some page has this contact's conversation open."""
        return any(contact_key in open_phones for open_phones in self._listeners.values())

    async def listen(self, open_phones: frozenset[str]) -> AsyncIterator[str]:
        """The stream of one page, in the text/event-stream format."""
        queue: asyncio.Queue[Json] = asyncio.Queue()
        self._listeners[queue] = open_phones
        try:
            yield "retry: 1000\n\n"
            while True:
                try:
                    event = await asyncio.wait_for(queue.get(), HEARTBEAT)
                    yield f"data: {json.dumps(event)}\n\n"
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            del self._listeners[queue]
