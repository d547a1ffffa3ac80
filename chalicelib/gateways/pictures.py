"""What a file really is, and, of a picture, its size and a small one of it."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import IO

from chalicelib.domain.media import GIF, JPEG, M4A, MP4, OGG, PNG, SAFE_TYPES, WEBP

FORMATS = {"JPEG": JPEG, "PNG": PNG, "WEBP": WEBP, "GIF": GIF}
THUMBNAIL = (480, 480)
THUMBNAIL_FROM = 60_000  # bytes; a smaller picture is its own
MOST_PIXELS = 60_000_000
BEGINNING = 4096

# Names of one container: which of them it is stands in the message, not in the bytes.
ALIKE = (
    frozenset({MP4, M4A, "video/quicktime", "video/3gpp", "audio/aac", "audio/x-m4a"}),
    frozenset({OGG, "video/ogg", "application/ogg", "audio/opus"}),
    frozenset({"audio/wav", "audio/x-wav", "audio/wave"}),
    frozenset({"audio/mpeg", "audio/mp3", "audio/mpeg3"}),
    frozenset({"video/webm", "audio/webm", "video/x-matroska"}),
)


@dataclass(frozen=True)
class Picture:
    """A picture's size as it is shown, and a small one of it, if that is worth it."""

    width: int
    height: int
    thumbnail: bytes | None


def is_what_it_says(mime_type: str, content: IO[bytes]) -> bool:
    """Whether the bytes are of that type; only types that pages show are looked at.

    A picture must be readable as one of that format. Everything else goes by how it begins.
    """
    plain = mime_type.partition(";")[0].strip().lower()
    if plain not in SAFE_TYPES:
        return True
    content.seek(0)
    if plain in FORMATS.values():
        return _format(content) == plain
    import puremagic

    beginning = content.read(BEGINNING)
    try:
        found = {one.mime_type for one in puremagic.magic_string(beginning) if one.mime_type}
    except (puremagic.PureError, ValueError):
        return False
    allowed = next((one for one in ALIKE if plain in one), frozenset({plain}))
    return bool(found & {*allowed, plain})


def look_at(mime_type: str, content: IO[bytes], length: int) -> Picture | None:
    """The size of a picture, and a small one of it; None for what is no picture we can read."""
    if mime_type.partition(";")[0].strip().lower() not in FORMATS.values():
        return None
    from PIL import Image, ImageOps

    content.seek(0)
    try:
        with Image.open(content, formats=tuple(FORMATS)) as image:
            width, height = image.size
            if image.getexif().get(0x0112, 1) in (5, 6, 7, 8):  # turned by a quarter
                width, height = height, width
            if width * height > MOST_PIXELS:
                return Picture(width, height, None)
            if length < THUMBNAIL_FROM:
                return Picture(width, height, None)
            image.draft("RGB", THUMBNAIL)
            small = ImageOps.exif_transpose(image) or image
            small.thumbnail(THUMBNAIL)
            written = BytesIO()
            mode = "RGBA" if "A" in small.getbands() or "transparency" in small.info else "RGB"
            small.convert(mode).save(written, "WEBP", quality=75)
            return Picture(width, height, written.getvalue())
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _format(content: IO[bytes]) -> str | None:
    from PIL import Image

    try:
        with Image.open(content, formats=tuple(FORMATS)) as image:
            return FORMATS.get(image.format or "")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
