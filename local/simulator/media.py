"""Files in both directions: upload, expiring addresses, download (META.md 5)."""

import asyncio
import base64
import hashlib
import hmac
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .access import check_access, graph, world_of
from .checks import check_product
from .errors import GraphError, missing_object
from .identifiers import new_media_id
from .store import Store
from .wire import Json

KIND = "media"
ADDRESS_LIVES = timedelta(minutes=5)
LIMITS = {"audio": 16, "video": 16, "image": 5}
MEGABYTE = 1024 * 1024
STICKER_LIMIT = 500 * 1024
DOCUMENT_LIMIT = 100 * MEGABYTE
ACCEPTED = {
    "audio": {"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"},
    "video": {"video/mp4", "video/3gpp"},
    "image": {"image/jpeg", "image/png"},
}


@dataclass(frozen=True)
class Media:
    """One stored file; `sha256` in hex."""

    id: str
    mime_type: str
    sha256: str
    size: int
    filename: str
    created_at: str

    @property
    def sha256_base64(self) -> str:
        """As webhooks carry it."""
        return base64.b64encode(bytes.fromhex(self.sha256)).decode()


class MediaShelf:
    """All files, by media id."""

    def __init__(self, store: Store) -> None:
        self._store = store
        documents = store.all(KIND)
        self._all = {
            one["id"]: Media(**{part.name: one[part.name] for part in fields(Media)})
            for one in documents
        }

    def add(self, content: bytes, mime_type: str, filename: str, at: datetime) -> Media:
        """Keep a file under a new id."""
        media = Media(
            id=new_media_id(),
            mime_type=mime_type,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            filename=filename,
            created_at=at.isoformat(),
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
    expires = int((world.clock() + ADDRESS_LIVES).timestamp())
    seal = _seal(media.id, expires, world.options.app_secret)
    query = f"mid={media.id}&source=getMedia&ext={expires}&hash={seal}"
    return JSONResponse({
        "messaging_product": "whatsapp",
        "url": f"{str(request.base_url).rstrip('/')}/whatsapp_business/attachments/?{query}",
        "mime_type": media.mime_type,
        "sha256": media.sha256,
        "file_size": media.size,
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
    if request.headers.get("authorization") != expected or world.misbehaviour.expired_token:
        return Response("Unauthorized", 401)
    if not request.headers.get("user-agent"):
        return Response("Bad Request", 400)
    return Response(world.media.content(media.id), media_type=media.mime_type)


async def show(request: Request) -> Response:
    """GET /media/{media_id} for the phone page; always a download or a picture, never a page."""
    world = world_of(request)
    media = world.media.find(request.path_params["media_id"])
    if media is None:
        return Response("Not Found", 404)
    safe = media.mime_type.split(";")[0] in ACCEPTED["image"] | ACCEPTED["audio"] | {"image/webp"}
    headers = {"x-content-type-options": "nosniff"}
    if not safe:
        headers["content-disposition"] = "attachment"
    kind = media.mime_type if safe else "application/octet-stream"
    return Response(world.media.content(media.id), media_type=kind, headers=headers)


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
