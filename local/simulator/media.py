"""Files in both directions: upload, expiring addresses, download (META.md 5)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from .access import check_access, graph, world_of
from .checks import check_product
from .errors import GraphError, missing_object
from .identifiers import new_media_id
from .store import Store
from .wire import Json

if TYPE_CHECKING:
    from .world import World

KIND = "media"
ADDRESS_LIVES = timedelta(minutes=5)
LIMITS = {"audio": 16, "video": 16, "image": 5}
MEGABYTE = 1024 * 1024
STICKER_LIMIT = 500 * 1024
DOCUMENT_LIMIT = 100 * MEGABYTE
HUGE = DOCUMENT_LIMIT + 1
CHUNK = 256 * 1024
SLOW_STEPS = 60
LINK_LIVES = timedelta(days=7)
OPEN_TO_PAGES = {"access-control-allow-origin": "*", "x-content-type-options": "nosniff"}
ACCEPTED = {
    "audio": {"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"},
    "video": {"video/mp4", "video/3gpp"},
    "image": {"image/jpeg", "image/png"},
}
SHOWN = set().union(*ACCEPTED.values()) | {
    "image/webp", "image/gif", "audio/wav", "video/webm", "video/ogg", "video/quicktime",
}  # fmt: skip


@dataclass(frozen=True)
class Media:
    """One stored file; `sha256` in hex."""

    id: str
    mime_type: str
    sha256: str
    size: int
    filename: str
    created_at: str
    fault: str = ""

    @property
    def told_sha256(self) -> str:
        """What Meta says it is, in hex."""
        return self.sha256[::-1] if self.fault == "sha_mismatch" else self.sha256

    @property
    def told_size(self) -> int:
        """What Meta says it is, in bytes."""
        return HUGE if self.fault == "huge" else self.size

    @property
    def sha256_base64(self) -> str:
        """As webhooks carry it."""
        return base64.b64encode(bytes.fromhex(self.told_sha256)).decode()


class MediaShelf:
    """All files, by media id."""

    def __init__(self, store: Store) -> None:
        self._store = store
        documents = store.all(KIND)
        self._all = {
            one["id"]: Media(**{p.name: one[p.name] for p in fields(Media) if p.name in one})
            for one in documents
        }
        self.renewed: set[str] = set()

    def add(
        self, content: bytes, mime_type: str, filename: str, at: datetime, fault: str = ""
    ) -> Media:
        """Keep a file under a new id; `fault` is what goes wrong when it is fetched."""
        media = Media(
            id=new_media_id(),
            mime_type=mime_type,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            filename=filename,
            created_at=at.isoformat(),
            fault=fault,
        )
        self._all[media.id] = media
        self._store.put(KIND, media.id, asdict(media), content)
        return media

    def find(self, media_id: str) -> Media | None:
        """What is known of a file."""
        return self._all.get(media_id)

    def content(self, media_id: str) -> bytes:
        """Its bytes."""
        return self._store.content(KIND, media_id) or b""

    def remove(self, media_id: str) -> None:
        """Delete a file."""
        del self._all[media_id]
        self._store.delete(KIND, [media_id])

    def clear(self) -> None:
        """Delete all files."""
        self._all.clear()
        self._store.clear(KIND)


@graph
async def upload(request: Request) -> Response:
    """POST /{version}/{phone_number_id}/media, multipart."""
    world = world_of(request)
    check_access(request)
    form = await request.form()
    check_product(dict(form))
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise GraphError(100, "", message="(#100) The parameter file is required.")
    content = await file.read()
    mime_type = str(form.get("type") or file.content_type or "application/octet-stream")
    check_file(mime_type, len(content))
    await asyncio.sleep(world.misbehaviour.slow_media_ms / 1000)
    media = world.media.add(content, mime_type, file.filename or "", world.clock())
    return JSONResponse({"id": media.id})


@graph
async def address(request: Request) -> Response:
    """GET /{version}/{media_id}: where the file can be fetched for 5 minutes."""
    world = world_of(request)
    media = world.media.find(request.path_params["object_id"])
    if media is None:
        raise missing_object(request.path_params["object_id"], "GET")
    await asyncio.sleep(world.misbehaviour.slow_media_ms / 1000)
    expires = int((world.clock() + _lives(world, media)).timestamp())
    seal = _seal(media.id, expires, world.options.app_secret)
    query = f"mid={media.id}&source=getMedia&ext={expires}&hash={seal}"
    return JSONResponse({
        "messaging_product": "whatsapp",
        "url": f"{str(request.base_url).rstrip('/')}/whatsapp_business/attachments/?{query}",
        "mime_type": media.mime_type,
        "sha256": media.told_sha256,
        "file_size": media.told_size,
        "id": media.id,
    })  # fmt: skip


@graph
async def remove(request: Request) -> Response:
    """DELETE /{version}/{media_id}."""
    world = world_of(request)
    media_id = request.path_params["object_id"]
    check_access(request, of_number=False)
    if world.media.find(media_id) is None:
        raise missing_object(media_id, "DELETE")
    world.media.remove(media_id)
    return JSONResponse({"success": True})


async def download(request: Request) -> Response:
    """GET of an address: 401 without the token, 404 when expired or unknown."""
    world = world_of(request)
    await asyncio.sleep(world.misbehaviour.slow_media_ms / 1000)
    query = request.query_params
    media = world.media.find(query.get("mid", ""))
    expires = query.get("ext", "0")
    known = (
        media is not None
        and hmac.compare_digest(
            query.get("hash", ""), _seal(media.id, int(expires), world.options.app_secret)
        )
        if expires.isdigit()
        else False
    )
    if not known or media is None or int(expires) < world.clock().timestamp():
        return Response("Not Found", 404)
    expected = f"Bearer {world.options.token}"
    if world.misbehaviour.expired_links:
        return Response("Not Found", 404)
    if request.headers.get("authorization") != expected or world.misbehaviour.expired_token:
        return Response("Unauthorized", 401)
    if not request.headers.get("user-agent"):
        return Response("Bad Request", 400)
    return faulty(request, media)


def link(world: World, media: Media, name: str = "") -> str:
    """Where the product fetches what a person sent on Messenger or Instagram, without a token."""
    expires = int((world.clock() + LINK_LIVES).timestamp())
    seal = _seal(media.id, expires, world.options.app_secret)
    query = f"asset_id={media.id}&ext={expires}&signature={seal}"
    return f"{world.origin}/ig_messaging_cdn/{name}?{query}"


async def linked(request: Request) -> Response:
    """GET of such an address: 403 when it expired or was forged, 404 when the file is gone."""
    world = world_of(request)
    await asyncio.sleep(world.misbehaviour.slow_media_ms / 1000)
    query = request.query_params
    asset, expires = query.get("asset_id", ""), query.get("ext", "")
    fits = expires.isdigit() and hmac.compare_digest(
        query.get("signature", ""), _seal(asset, int(expires), world.options.app_secret)
    )
    media = world.media.find(asset)
    late = fits and int(expires) < world.clock().timestamp()
    fault = world.misbehaviour.media_fault or (media.fault if media else "")
    if not fits or late or world.misbehaviour.expired_links or fault == "expired":
        return Response("URL signature expired", 403)
    return Response("Not Found", 404) if media is None else faulty(request, media)


def faulty(request: Request, media: Media) -> Response:
    """The file, or what went wrong with it (docs/simulator.md, faults)."""
    world = world_of(request)
    content = world.media.content(media.id)
    fault = world.misbehaviour.media_fault or media.fault
    if fault == "missing":
        return Response("Not Found", 404)
    if fault == "wrong_type":
        return Response("<!doctype html><script>alert(1)</script>", media_type="text/html")
    if fault == "redirect":
        return RedirectResponse(f"{_other_host(world.origin)}/elsewhere/{media.id}", 302)
    if fault in ("huge", "huge_hidden"):
        length = {"content-length": str(HUGE)} if fault == "huge" else {}
        return StreamingResponse(_huge(), media_type=media.mime_type, headers=length)
    if fault == "slow":
        return StreamingResponse(_trickle(content), media_type=media.mime_type)
    if fault == "truncated":
        return Truncated(request, content, media.mime_type)
    return ranged(request, content, media.mime_type, OPEN_TO_PAGES)


class Truncated(Response):
    """Half of what was announced, then the end of the connection."""

    def __init__(self, request: Request, content: bytes, media_type: str) -> None:
        super().__init__(content, media_type=media_type)
        self._transport: asyncio.Transport = request.state.transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the head and half of the body, and abort."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        half = bytes(self.body[: len(self.body) // 2])
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await asyncio.sleep(0.05)
        self._transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass


async def elsewhere(request: Request) -> Response:
    """Another host, to which a redirect leads: it remembers what it was given."""
    world = world_of(request)
    media = world.media.find(request.path_params["media_id"])
    world.strangers.append({
        "path": request.url.path, "authorization": "authorization" in request.headers,
    })  # fmt: skip
    if media is None:
        return Response("Not Found", 404)
    return Response(world.media.content(media.id), media_type=media.mime_type)


def ranged(
    request: Request, content: bytes, media_type: str, headers: Mapping[str, str]
) -> Response:
    """The content, or the one part of it that players ask for (RFC 9110, 14.2)."""
    given = {"accept-ranges": "bytes", **headers}
    asked = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("range", ""))
    if asked is None or int(asked[1]) >= len(content):
        return Response(content, media_type=media_type, headers=given)
    first, last = int(asked[1]), min(int(asked[2] or len(content)), len(content) - 1)
    given["content-range"] = f"bytes {first}-{last}/{len(content)}"
    return Response(content[first : last + 1], 206, media_type=media_type, headers=given)


async def _huge() -> AsyncIterator[bytes]:
    left = HUGE
    while left > 0:
        part = min(left, CHUNK)
        left -= part
        yield bytes(part)


async def _trickle(content: bytes) -> AsyncIterator[bytes]:
    step = max(1, len(content) // SLOW_STEPS)
    for at in range(0, len(content), step):
        await asyncio.sleep(1)
        yield content[at : at + step]


def _lives(world: World, media: Media) -> timedelta:
    """How long an address is good; the first one of a file of that fault never was."""
    if media.fault == "expired" and media.id not in world.media.renewed:
        world.media.renewed.add(media.id)
        return -ADDRESS_LIVES
    return -ADDRESS_LIVES if world.misbehaviour.media_fault == "expired" else ADDRESS_LIVES


def _other_host(origin: str) -> str:
    if "//127.0.0.1" in origin:
        return origin.replace("//127.0.0.1", "//localhost", 1)
    return origin.replace("//localhost", "//127.0.0.1", 1)


async def show(request: Request) -> Response:
    """GET /media/{media_id} for the phone page; always a download or a picture, never a page."""
    world = world_of(request)
    media = world.media.find(request.path_params["media_id"])
    if media is None:
        return Response("Not Found", 404)
    safe = media.mime_type.split(";")[0] in SHOWN
    headers = {"x-content-type-options": "nosniff"}
    if not safe:
        headers["content-disposition"] = "attachment"
    kind = media.mime_type if safe else "application/octet-stream"
    return ranged(request, world.media.content(media.id), kind, headers)


def check_file(mime_type: str, size: int) -> None:
    """Types and sizes that Meta takes. Raises GraphError."""
    kind, plain = mime_type.split("/")[0], mime_type.split(";")[0].strip()
    if plain == "image/webp":
        limit = STICKER_LIMIT
    elif plain in ACCEPTED.get(kind, set()):
        limit = LIMITS[kind] * MEGABYTE
    elif kind in ACCEPTED:
        allowed = ", ".join(sorted(set().union(*ACCEPTED.values()) | {"image/webp"}))
        raise GraphError(
            100,
            f"Param file must be a file with one of the following types: {allowed}, or a document."
            f" Received file of type '{mime_type}'.",
        )
    else:
        limit = DOCUMENT_LIMIT
    if size > limit:
        raise GraphError(131053, f"File size {size} exceeds the maximum of {limit} bytes.")
    if size == 0:
        raise GraphError(100, "Param file is empty.")


def described(media: Media) -> Json:
    """The media object of a webhook."""
    return {"id": media.id, "mime_type": media.mime_type, "sha256": media.sha256_base64}


def _seal(media_id: str, expires: int, secret: str) -> str:
    return hmac.new(secret.encode(), f"{media_id}.{expires}".encode(), hashlib.sha256).hexdigest()
