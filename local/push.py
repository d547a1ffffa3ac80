"""Stands in for the browsers' push services and the devices behind them. `python -m local.push`."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.push_device import POINT_BYTES, Keys, Undecryptable, from_text, to_text
from local.simulator.clock import Clock, utc_now

MOST_BYTES = 4096
SLOW = timedelta(seconds=8)  # longer than anybody waits
RETRY_AFTER = timedelta(seconds=2)
LONGEST_SIGNED_FOR = timedelta(hours=24)
STATES = ("on", "gone", "down", "slow", "limited")
URGENCIES = ("very-low", "low", "normal", "high")
TTL = re.compile(r"[0-9]{1,10}")
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
# Apple wants somebody to write to; the page of an embedded stack is nobody's but its own.
SUBJECT = re.compile(r"mailto:.+@.+|https://.+|http://(127\.0\.0\.1|localhost):.+")


class NotAllowed(Exception):
    """Who pushes did not prove to be who may (RFC 8292). `status` is what they are answered."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        super().__init__(reason)


@dataclass
class Message:
    """A push as the device sees it: `payload`, or the `error` for which it would be thrown away."""

    id: str
    payload: str | None
    error: str | None
    topic: str | None
    ttl: int
    urgency: str
    at: str
    delivered: bool = False


@dataclass
class Device:
    """A browser that subscribed. `times` counts down the pushes for which `state` holds."""

    id: str
    token: str
    origin: str
    keys: Keys
    application_server_key: str | None
    state: str = "on"
    times: int | None = None
    messages: list[Message] = field(default_factory=list)

    def told(self) -> dict[str, str]:
        """What the browser gives to the page."""
        return {
            "id": self.id,
            "endpoint": f"{self.origin}/push/{self.token}",
            "p256dh": to_text(self.keys.point),
            "auth": to_text(self.keys.auth),
        }

    def take_state(self) -> str:
        """How the service behaves at this push; counts it."""
        state = self.state
        if self.times is not None:
            self.times -= 1
            if self.times <= 0:
                self.state, self.times = "on", None
        return state

    def keep(self, message: Message) -> None:
        """Add a push, in place of one of its topic that was not yet delivered (RFC 8030 §5.4)."""
        self.messages = [
            one
            for one in self.messages
            if one.delivered or message.topic is None or one.topic != message.topic
        ]
        self.messages.append(message)

    def to_json(self) -> dict[str, Any]:
        """All of it, to be kept."""
        return {
            **{name: value for name, value in vars(self).items() if name != "keys"},
            "messages": [asdict(one) for one in self.messages],
            "private": self.keys.private_text,
            "auth": to_text(self.keys.auth),
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Device:
        """What `to_json` told."""
        keys = Keys.from_text(kept.pop("private"), kept.pop("auth"))
        messages = [Message(**one) for one in kept.pop("messages")]
        return cls(**kept, keys=keys, messages=messages)


class Devices:
    """Every device, in one file that survives a restart."""

    def __init__(self, folder: Path | None) -> None:
        """Without a folder everything is in memory."""
        self._file = folder and folder / "push.json"
        kept = json.loads(self._file.read_text()) if self._file and self._file.is_file() else {}
        self.all = {one["id"]: Device.from_json(one) for one in kept.get("devices", [])}
        self.gone = set(kept.get("gone", []))  # the tokens of those that were removed

    def write(self) -> None:
        """Put everything into the file; a killed process leaves the last one whole."""
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        part = self._file.with_suffix(".part")
        devices = [one.to_json() for one in self.all.values()]
        part.write_text(json.dumps({"devices": devices, "gone": sorted(self.gone)}))
        part.replace(self._file)

    def of(self, request: Request) -> Device:
        """The device that the path names. Raises 404."""
        found = self.all.get(request.path_params["device_id"])
        if found is None:
            raise HTTPException(404, "there is no such device")
        return found

    def behind(self, token: str) -> Device:
        """The device that an endpoint leads to. Raises 410 for one that was removed, else 404."""
        for one in self.all.values():
            if secrets.compare_digest(one.token, token):
                return one
        raise HTTPException(410 if token in self.gone else 404, "nobody is subscribed here")


async def add_device(request: Request) -> Response:
    """A browser subscribes; `application_server_key` restricts it to who has the other half."""
    asked = await asked_of(request)
    key = asked.get("application_server_key")
    if key is not None:
        try:
            key = to_text(point(str(key)))
        except ValueError:
            raise HTTPException(400, "application_server_key is no point of P-256") from None
    origin = str(request.base_url).rstrip("/")
    device = Device(secrets.token_hex(8), secrets.token_urlsafe(48), origin, Keys.made(), key)
    devices: Devices = request.app.state.devices
    devices.all[device.id] = device
    devices.write()
    return JSONResponse(device.told(), 201)


async def remove_device(request: Request) -> Response:
    """The browser unsubscribes, or is no more: its endpoint answers 410 from now on."""
    devices: Devices = request.app.state.devices
    device = devices.all.pop(devices.of(request).id)
    devices.gone.add(device.token)
    devices.write()
    return JSONResponse({"done": True})


async def messages(request: Request) -> Response:
    """What came to the device, in order; `?deliver=true` is the device being on the network."""
    devices: Devices = request.app.state.devices
    device = devices.of(request)
    if request.query_params.get("deliver") == "true":
        for one in device.messages:
            one.delivered = True
        devices.write()
    return JSONResponse([asdict(one) for one in device.messages])


async def set_state(request: Request) -> Response:
    """How the service behaves at the next `times` pushes to the device, or at all from now on."""
    devices: Devices = request.app.state.devices
    device = devices.of(request)
    asked = await asked_of(request)
    state, times = asked.get("state"), asked.get("times")
    if state not in STATES:
        raise HTTPException(400, f"state is one of {', '.join(STATES)}")
    if times is not None and (not isinstance(times, int) or times < 1):
        raise HTTPException(400, "times is a number, 1 or more")
    device.state, device.times = state, times
    devices.write()
    return JSONResponse({"state": state, "times": times})


async def health(request: Request) -> Response:
    """That it runs."""
    return JSONResponse({"ok": True, "devices": len(request.app.state.devices.all)})


async def take_push(request: Request) -> Response:
    """Somebody pushes (RFC 8030 §5)."""
    devices: Devices = request.app.state.devices
    now: datetime = request.app.state.now()
    device = devices.behind(request.path_params["token"])
    state = device.take_state()
    devices.write()
    if state == "gone":
        raise HTTPException(410, "the device is gone")
    if state == "down":
        raise HTTPException(503, "the service is down")
    if state == "limited":
        wait = {"retry-after": str(int(RETRY_AFTER.total_seconds()))}
        raise HTTPException(429, "too many pushes", wait)
    body = await body_of(request)
    signed_by = signer(request.headers.get("authorization"), device.origin, now)
    if device.application_server_key not in (None, signed_by):
        raise NotAllowed(403, "the device subscribed with another key")
    message = arrived(device, request, body, now)
    device.keep(message)
    devices.write()
    if state == "slow":
        await asyncio.sleep(request.app.state.slow.total_seconds())
    return Response(status_code=201, headers={"location": f"{device.origin}/message/{message.id}"})


def arrived(device: Device, request: Request, body: bytes, now: datetime) -> Message:
    """What the device makes of a push. Raises 400 for headers that no service takes."""
    ttl, topic = request.headers.get("ttl", ""), request.headers.get("topic")
    urgency = request.headers.get("urgency", "normal")
    if TTL.fullmatch(ttl) is None:
        raise HTTPException(400, "TTL is a number of seconds")
    if topic is not None and TOPIC.fullmatch(topic) is None:
        raise HTTPException(400, "Topic is 1 to 32 characters of base64url")
    if urgency not in URGENCIES:
        raise HTTPException(400, f"Urgency is one of {', '.join(URGENCIES)}")
    payload, error = None, None
    try:
        if request.headers.get("content-encoding") != "aes128gcm":
            raise Undecryptable("not encoded as aes128gcm")
        payload = device.keys.read(body).decode()
    except (Undecryptable, UnicodeDecodeError) as failure:
        error = str(failure)
    at = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Message(secrets.token_hex(8), payload, error, topic, int(ttl), urgency, at)


def signer(header: str | None, audience: str, now: datetime) -> str:
    """The public key of who signed a push to that origin (RFC 8292). Raises NotAllowed."""
    scheme, _, told = (header or "").partition(" ")
    parts = dict(one.strip().partition("=")[::2] for one in told.split(","))
    if scheme.lower() != "vapid" or not {"t", "k"} <= parts.keys():
        raise NotAllowed(401, "not signed")
    try:
        raw = point(parts["k"])
        half = POINT_BYTES // 2
        x, y = to_text(raw[1 : half + 1]), to_text(raw[half + 1 :])
        key = ECKey.import_key({"kty": "EC", "crv": "P-256", "x": x, "y": y})
        claims = jwt.decode(parts["t"], key, algorithms=["ES256"]).claims
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        ).validate(claims)
    except (JoseError, ValueError) as failure:
        raise NotAllowed(403, f"signed wrongly: {type(failure).__name__}") from None
    if claims["exp"] > (now + LONGEST_SIGNED_FOR).timestamp():
        raise NotAllowed(403, "signed for more than a day")
    if SUBJECT.fullmatch(str(claims["sub"])) is None:
        raise NotAllowed(403, "sub is nobody to write to")
    return to_text(raw)


def point(text: str) -> bytes:
    """An uncompressed point of P-256, written in base64url. Raises ValueError."""
    raw = from_text(text)
    if len(raw) != POINT_BYTES or raw[0] != 4:
        raise ValueError("no uncompressed point")
    return raw


async def body_of(request: Request) -> bytes:
    """The body. Raises 413 for more than services take, without reading the rest."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise HTTPException(413, f"more than {MOST_BYTES} bytes")
    return body


async def asked_of(request: Request) -> dict[str, Any]:
    """The JSON object that was posted, empty where nothing was. Raises 400."""
    body = await request.body()
    try:
        found = json.loads(body) if body else {}
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise HTTPException(400, "no JSON object")
    return found


async def refuse(_request: Request, problem: Exception) -> Response:
    """Why not."""
    match problem:
        case NotAllowed(status=status):
            scheme = {"www-authenticate": "vapid"} if status == 401 else None
            return JSONResponse({"error": str(problem)}, status, scheme)
        case HTTPException(status_code=status, detail=reason, headers=headers):
            return JSONResponse({"error": reason}, status, headers)
    raise problem


ROUTES = [
    Route("/health", health),
    Route("/devices", add_device, methods=["POST"]),
    Route("/devices/{device_id}", remove_device, methods=["DELETE"]),
    Route("/devices/{device_id}/messages", messages, methods=["GET"]),
    Route("/devices/{device_id}/state", set_state, methods=["POST"]),
    Route("/push/{token}", take_push, methods=["POST"]),
]


def build(folder: Path | None, now: Clock = utc_now, slow: timedelta = SLOW) -> Starlette:
    """The ASGI application; `folder` keeps its state, `slow` is how late it answers when told."""
    app = Starlette(routes=ROUTES, exception_handlers={NotAllowed: refuse, HTTPException: refuse})
    app.state.devices, app.state.now, app.state.slow = Devices(folder), now, slow
    return app


def main() -> None:
    """Read the command line and serve until stopped."""
    options = argparse.ArgumentParser(prog="local.push", description=__doc__)
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--state", type=Path, help="folder that survives restarts")
    given = options.parse_args()
    uvicorn.run(
        build(given.state),
        host=given.host,
        port=given.port,
        log_level="warning",
        access_log=False,  # its paths are endpoints
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
