"""The stand-in for push services and devices, in this process and by a clock that stands still."""

import asyncio
from datetime import timedelta

import httpx

from local.push import build
from tests.fakes import Clock

ORIGIN = "http://127.0.0.1:1234"


class PushServices:
    """Asked by HTTP, as on a stack. `transport` is the way to it, for others."""

    def __init__(self, folder=None, slow=timedelta(0)):
        self.clock = Clock()
        self._app = httpx.ASGITransport(build(folder, self.clock, slow))
        self.transport = httpx.MockTransport(lambda request: asyncio.run(self._answer(request)))
        self.http = httpx.Client(transport=self.transport, base_url=ORIGIN)

    async def _answer(self, request):
        answer = await self._app.handle_async_request(request)
        return httpx.Response(
            answer.status_code, headers=answer.headers, content=await answer.aread()
        )

    def device(self, **asked):
        """A browser that subscribed, as it tells the page."""
        return self.http.post("/devices", json=asked).json()

    def messages(self, device, **query):
        """What came to it."""
        return self.http.get(f"/devices/{device['id']}/messages", params=query).json()

    def state(self, device, **wish):
        """Let its service misbehave."""
        return self.http.post(f"/devices/{device['id']}/state", json=wish)
