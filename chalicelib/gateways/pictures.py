"""What a picture is, how large it is, and a small one of it. Its bytes come from anybody."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import IO

from chalicelib.domain.media import GIF, JPEG, PNG, WEBP

FORMATS = {"JPEG": JPEG, "PNG": PNG, "WEBP": WEBP, "GIF": GIF}
# Several pictures in one JPEG, as many phones write them: the first is it.
KNOWN_AS = {**FORMATS, "MPO": JPEG}
THUMBNAIL = (480, 480)
THUMBNAIL_FROM = 60_000  # bytes; a smaller picture is its own
# Beyond that it is shown by browsers, and unpacked by nobody here: the function has 1 GB, and 25
# million pixels of WebP took 430 MB. JPEG is unpacked small already.
MOST_PIXELS = 25_000_000
MOST_OF_JPEG = 50_000_000
ORIENTATION = 0x0112
SIDEWAYS = (5, 6, 7, 8)


@dataclass(frozen=True)
class Picture:
    """A picture's type, its size as it is shown, and a small one of it, if that is worth it."""

    mime_type: str
    width: int
    height: int
    thumbnail: bytes | None = None


def look_at(content: IO[bytes], length: int) -> Picture | None:
    """What the bytes are as a picture; None for what is none, or none that we can read.

    A small one, in WebP, is made of pictures of more than 60 KB. It is turned as the camera was
    held. A picture whose pixels would not fit in memory, or that is broken further on, has none.
    """
    from PIL import Image, UnidentifiedImageError

    content.seek(0)
    try:
        with Image.open(content, formats=tuple(FORMATS)) as image:
            mime_type = KNOWN_AS[image.format or ""]
            width, height = image.size
            # Of a PNG without any, Pillow would look for them behind all of its pixels.
            if "exif" in image.info and image.getexif().get(ORIENTATION) in SIDEWAYS:
                width, height = height, width
            found = Picture(mime_type, width, height)
            most = MOST_OF_JPEG if mime_type == JPEG else MOST_PIXELS
            if length < THUMBNAIL_FROM or width * height > most:
                return found
            return Picture(mime_type, width, height, _small(image))
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,
        KeyError,
        EOFError,
    ):
        return None


def _small(image: object) -> bytes | None:
    from PIL import Image, ImageOps

    assert isinstance(image, Image.Image)
    try:
        image.draft("RGB", THUMBNAIL)
        image.thumbnail(THUMBNAIL)
        upright = ImageOps.exif_transpose(image)
        clear = "A" in upright.getbands() or "transparency" in upright.info
        written = BytesIO()
        upright.convert("RGBA" if clear else "RGB").save(written, "WEBP", quality=75)
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError):
        return None
    return written.getvalue()
