"""Meta fetches what is sent by address, and takes only what the channel takes (META.md 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import httpx

from .direct_checks import bad
from .media import MEGABYTE, Media

if TYPE_CHECKING:
    from .world import World

IMAGE_LIMIT = 8 * MEGABYTE
LIMIT = 25 * MEGABYTE
TYPES: dict[str, dict[str, set[str]]] = {
    "instagram": {
        "image": {"image/png", "image/jpeg", "image/gif"},
        "audio": {"audio/aac", "audio/m4a", "audio/x-m4a", "audio/mp4", "audio/wav", "audio/x-wav"},
        "video": {
            "video/mp4", "video/ogg", "video/avi", "video/x-msvideo", "video/quicktime",
            "video/webm",
        },
        "file": {"application/pdf"},
    },
    "facebook": {
        "image": {"image/png", "image/jpeg", "image/gif", "image/webp"},
        "audio": {
            "audio/aac", "audio/m4a", "audio/x-m4a", "audio/mp4", "audio/mpeg", "audio/mp3",
            "audio/wav", "audio/x-wav",
        },
        "video": {"video/mp4", "video/ogg", "video/quicktime", "video/webm", "video/x-msvideo"},
    },
}  # fmt: skip


async def fetched(world: World, channel: str, kind: str, url: str) -> Media:
    """The file at an address, kept on the shelf. Raises GraphError."""
    limit = IMAGE_LIMIT if kind == "image" else LIMIT
    content = bytearray()
    try:
        async with world.fetcher.stream(
            "GET", url, headers={"user-agent": "facebookexternalhit/1.1"}, follow_redirects=True
        ) as answer:
            if answer.status_code != 200:
                raise bad(
                    f"Failed to fetch the file from the url (HTTP {answer.status_code})", 2018008
                )
            async for part in answer.aiter_bytes():
                content += part
                if len(content) > limit:
                    raise bad("Attachment size exceeds allowable limit", 2018109)
            declared = answer.headers.get("content-type", "")
            named = answer.headers.get("content-disposition", "")
    except httpx.HTTPError as problem:
        raise bad(
            f"Failed to fetch the file from the url ({type(problem).__name__})", 2018008
        ) from None
    return kept(world, channel, kind, bytes(content), declared, _name(url, named))


def kept(
    world: World, channel: str, kind: str, content: bytes, declared: str, filename: str
) -> Media:
    """A file that this channel takes, on the shelf. Raises GraphError."""
    limit = IMAGE_LIMIT if kind == "image" else LIMIT
    if not content:
        raise bad("Upload attachment failure: the file is empty", 2018047)
    if len(content) > limit:
        raise bad("Attachment size exceeds allowable limit", 2018109)
    mime_type = declared.split(";")[0].strip().lower()
    if mime_type in ("", "application/octet-stream", "binary/octet-stream"):
        mime_type = sniffed(content)
    wanted = TYPES[channel].get(kind)
    if wanted is not None and mime_type not in wanted and not _mp4_audio(kind, mime_type):
        raise bad(f"Upload attachment failure: {mime_type or 'unknown'} is no {kind}", 2018047)
    return world.media.add(content, mime_type, filename, world.clock())


def sniffed(content: bytes) -> str:
    """The type that the first bytes tell; empty when they tell none."""
    for magic, mime_type in MAGIC:
        if content.startswith(magic):
            return mime_type
    if content[4:8] == b"ftyp":
        return "audio/mp4" if content[8:11] == b"M4A" else "video/mp4"
    if content[:4] == b"RIFF":
        return {b"WAVE": "audio/wav", b"WEBP": "image/webp"}.get(content[8:12], "")
    return ""


MAGIC = [
    (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG", "image/png"), (b"GIF8", "image/gif"),
    (b"%PDF", "application/pdf"), (b"OggS", "audio/ogg"), (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"), (b"\x1aE\xdf\xa3", "video/webm"),
]  # fmt: skip


def _mp4_audio(kind: str, mime_type: str) -> bool:
    return kind == "audio" and mime_type == "video/mp4"


def _name(url: str, disposition: str) -> str:
    quoted = disposition.partition("filename=")[2].split(";")[0].strip().strip('"')
    return quoted or unquote(urlsplit(url).path.rpartition("/")[2])
