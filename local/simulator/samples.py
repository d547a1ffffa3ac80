"""Files for messages of which only the kind was asked for; a small one of each type."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("samples")


@dataclass(frozen=True)
class Sample:
    """A shipped file and what it is sent as."""

    name: str
    mime_type: str

    @property
    def content(self) -> bytes:
        """Its bytes."""
        return (FOLDER / self.name).read_bytes()


SAMPLES = {
    "image": Sample("foto.jpg", "image/jpeg"),
    "png": Sample("foto.png", "image/png"),
    "gif": Sample("animacao.gif", "image/gif"),
    "video": Sample("video.mp4", "video/mp4"),
    "voice": Sample("voz.ogg", "audio/ogg; codecs=opus"),
    "audio": Sample("audio.mp3", "audio/mpeg"),
    "m4a": Sample("audio.m4a", "audio/mp4"),
    "document": Sample("proposta.pdf", "application/pdf"),
    "sticker": Sample("figurinha.webp", "image/webp"),
    "animated": Sample("figurinha-animada.webp", "image/webp"),
}
