"""Files of messages: what each channel takes, and how far a file got (INB-6, META.md §5, §8)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.events import ChannelName, FileKind, FileReason, FileState
    from chalicelib.domain.inbound import Attachment

MEGABYTE = 1024 * 1024
LARGEST = 100 * MEGABYTE  # of what a contact sends: Meta hands over no more
MOST_FILES = 10  # of one message
NAME_LENGTH = 240

JPEG, PNG, WEBP, GIF = "image/jpeg", "image/png", "image/webp", "image/gif"
BYTES = "application/octet-stream"
OGG, MP4, M4A, WAV = "audio/ogg", "video/mp4", "audio/mp4", "audio/wav"

# What a browser may show in the page; everything else is only ever downloaded (DESIGN §9).
SAFE_TYPES = frozenset(
    {
        *(JPEG, PNG, WEBP, GIF),
        *("audio/aac", "audio/amr", "audio/mpeg", M4A, OGG, WAV, "audio/webm"),
        *(MP4, "video/3gpp", "video/webm", "video/ogg"),
    }
)


@dataclass(frozen=True)
class File:
    """One file of a message. `key` and `thumbnail` are where it is stored, once it is.

    `provider_id` or `url` is what it is fetched by; `remote_id` is Meta's name for
    what we uploaded.
    """

    kind: FileKind
    state: FileState
    name: str | None = None
    mime_type: str | None = None
    size: int | None = None
    key: str | None = None
    thumbnail: str | None = None
    width: int | None = None
    height: int | None = None
    voice: bool = False
    animated: bool = False
    reason: FileReason | None = None
    provider_id: str | None = None
    url: str | None = None
    sha256: str | None = None
    remote_id: str | None = None
    remote_until_ms: int | None = None  # Meta keeps an upload for thirty days


def of_attachment(attachment: Attachment, channel: ChannelName) -> File:
    """A file that a contact sent: to be fetched, or, on Instagram, only linked (INB-6)."""
    linked = channel == "instagram" and attachment.url is not None
    reachable = attachment.provider_id is not None or attachment.url is not None
    return File(
        kind=attachment.kind,
        state="linked" if linked else "pending" if reachable else "failed",
        reason=None if reachable else "gone",
        name=attachment.name,
        mime_type=attachment.mime_type,
        size=attachment.size,
        voice=attachment.voice,
        animated=attachment.animated,
        provider_id=attachment.provider_id,
        url=attachment.url,
        sha256=attachment.sha256,
    )


def view(file: File) -> events.File:
    """As the conversation shows it."""
    return {
        "kind": file.kind,
        "state": file.state,
        "reason": file.reason,
        "name": file.name,
        "mime_type": file.mime_type,
        "size": file.size,
        "voice": file.voice,
        "width": file.width,
        "height": file.height,
    }


# --- what a channel takes ---------------------------------------------------------------------


def _rule(kind: FileKind, limit: int, *types: str) -> events.FileRule:
    return {"kind": kind, "types": list(types), "limit": limit}


RULES: dict[ChannelName, events.ChannelRules] = {
    "whatsapp": {
        "text_limit": 4096,
        "text_unit": "characters",
        "caption_limit": 1024,
        "files": [
            _rule("image", 5 * MEGABYTE, JPEG, PNG),
            _rule("video", 16 * MEGABYTE, MP4, "video/3gpp"),
            _rule("audio", 16 * MEGABYTE, "audio/aac", "audio/amr", "audio/mpeg", M4A, OGG),
            _rule("document", 100 * MEGABYTE),
        ],
        "voice_types": [OGG],
        "templates": True,
        "cards": True,
        "replies": True,
        "reactions": True,
        "signature": "*{name}:*\n",
    },
    "facebook": {
        "text_limit": 2000,
        "text_unit": "characters",
        "caption_limit": None,
        "files": [
            _rule("image", 8 * MEGABYTE, JPEG, PNG, GIF),
            _rule("video", 25 * MEGABYTE, MP4, "video/ogg", "video/webm", "video/quicktime"),
            _rule("audio", 25 * MEGABYTE, "audio/aac", "audio/mpeg", M4A, WAV),
            _rule("document", 25 * MEGABYTE),
        ],
        "voice_types": [M4A, "audio/mpeg", WAV],
        "templates": False,
        "cards": False,
        "replies": True,
        "reactions": False,
        "signature": "{name}:\n",
    },
    "instagram": {
        "text_limit": 1000,
        "text_unit": "bytes",
        "caption_limit": None,
        "files": [
            _rule("image", 8 * MEGABYTE, JPEG, PNG, GIF),
            _rule("video", 25 * MEGABYTE, MP4, "video/ogg", "video/webm", "video/quicktime"),
            _rule("audio", 25 * MEGABYTE, "audio/aac", M4A, WAV),
            _rule("document", 25 * MEGABYTE, "application/pdf"),
        ],
        "voice_types": [M4A, WAV],
        "templates": False,
        "cards": False,
        "replies": True,
        "reactions": True,
        "signature": None,
    },
}


def rule_for(channel: ChannelName, mime_type: str) -> events.FileRule | None:
    """As what the channel takes a file of that type, and up to which size; None: not at all."""
    plain = plain_type(mime_type)
    for rule in RULES[channel]["files"]:
        if not rule["types"] or plain in rule["types"]:
            return rule
    return None


def length(channel: ChannelName, text: str) -> int:
    """A text's length as the channel counts it."""
    if RULES[channel]["text_unit"] == "bytes":
        return len(text.encode("utf-8", "replace"))
    return len(text)


# --- what a file is ---------------------------------------------------------------------------

TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,50}/[a-z0-9][a-z0-9.+-]{0,80}")
BEGINNING = 32  # bytes of a file that tell what it is


def plain_type(told: str | None) -> str | None:
    """A type without its parameters, if it is one: «audio/ogg» of «Audio/Ogg; codecs=opus»."""
    plain = (told or "").partition(";")[0].strip().lower()
    return plain if TYPE.fullmatch(plain) else None


def container(beginning: bytes) -> str | None:
    """Of which kind a sound's or video's file is, by how it begins; None for none that we show."""
    if beginning[4:8] == b"ftyp":
        return "iso"
    for start, kind in ((b"OggS", "ogg"), (b"\x1aE\xdf\xa3", "matroska"), (b"#!AMR", "amr")):
        if beginning.startswith(start):
            return kind
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WAVE":
        return "wave"
    if beginning.startswith(b"ID3"):
        return "mpeg"
    if len(beginning) < 4 or beginning[0] != 0xFF or beginning[1] < 0xE0:
        return None
    if beginning[1] & 0xF6 == 0xF0:
        return "adts"
    version, layer, rate = beginning[1] & 0x18, beginning[1] & 0x06, beginning[2]
    return "mpeg" if version != 0x08 and layer and rate < 0xF0 and rate & 0x0C != 0x0C else None


ALSO_CALLED = {
    "image/jpg": JPEG,
    "image/pjpeg": JPEG,
    "audio/mp3": "audio/mpeg",
    "audio/m4a": M4A,
    "audio/x-m4a": M4A,
    "audio/opus": OGG,
    "audio/x-wav": WAV,
    "video/3gp": "video/3gpp",
}

CONTAINERS: dict[str, frozenset[str]] = {
    "audio/aac": frozenset({"adts", "iso"}),
    "audio/amr": frozenset({"amr", "iso"}),
    "audio/mpeg": frozenset({"mpeg"}),
    M4A: frozenset({"iso"}),
    OGG: frozenset({"ogg"}),
    WAV: frozenset({"wave"}),
    "audio/webm": frozenset({"matroska"}),
    MP4: frozenset({"iso"}),
    "video/3gpp": frozenset({"iso"}),
    "video/webm": frozenset({"matroska"}),
    "video/ogg": frozenset({"ogg"}),
}

# What a sound or a video is called of which only the kind is known.
CALLED: dict[tuple[str, str], str] = {
    ("audio", "iso"): M4A,
    ("audio", "ogg"): OGG,
    ("audio", "matroska"): "audio/webm",
    ("audio", "mpeg"): "audio/mpeg",
    ("audio", "adts"): "audio/aac",
    ("audio", "amr"): "audio/amr",
    ("audio", "wave"): WAV,
    ("video", "iso"): MP4,
    ("video", "matroska"): "video/webm",
    ("video", "ogg"): "video/ogg",
}


def true_type(kind: FileKind, told: str | None, picture: str | None, beginning: bytes) -> str:
    """What a file is taken for: what was told of it, unless its bytes say otherwise.

    `picture` is the type of a picture whose bytes are one, whatever was told. What is not what it
    says becomes plain bytes, which are only ever downloaded; what pages do not show anyway keeps
    its name. Without a name, what the bytes are.
    """
    plain = plain_type(told)
    plain = ALSO_CALLED.get(plain or "", plain)
    inside = container(beginning)
    if plain is None or plain in (BYTES, "binary/octet-stream"):
        return picture or CALLED.get((kind, inside or ""), BYTES)
    if plain not in SAFE_TYPES:
        return plain
    if plain in CONTAINERS:
        return plain if inside in CONTAINERS[plain] else BYTES
    return plain if plain == picture else BYTES


# --- keys -------------------------------------------------------------------------------------

UPLOAD = re.compile(r"uploads/([0-9A-Za-z_-]{1,64})/([0-9a-f]{16})\.([0-9a-z]{1,8})")


def upload_key(agent_id: str, name: str, extension: str) -> str:
    """Where a browser puts what is to be sent; it lies there for two days at most."""
    return f"uploads/{agent_id}/{name}.{extension}"


def is_upload_of(key: str, agent_id: str) -> bool:
    """Whether this agent uploaded it."""
    found = UPLOAD.fullmatch(key)
    return found is not None and found[1] == agent_id


def kept_key(chat_id: str, name: str) -> str:
    """Where a file of a message is kept: with all others of its chat, to be erased with them."""
    return f"media/{chat_id}/{name}"
