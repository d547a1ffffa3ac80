"""What a WhatsApp message of each kind holds when only its kind was asked for (META.md 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import GraphError
from .media import Media, described
from .samples import SAMPLES
from .wire import Json

if TYPE_CHECKING:
    from .world import World

FILES = ("image", "video", "audio", "document", "sticker")
CARD: Json = {
    "name": {"formatted_name": "Marina Lopes", "first_name": "Marina", "last_name": "Lopes"},
    "phones": [{"phone": "+55 11 98888-1212", "type": "CELL", "wa_id": "5511988881212"}],
    "emails": [{"email": "marina@example.com", "type": "WORK"}],
    "org": {"company": "Papelaria Lopes"},
}
REFERRAL: Json = {
    "source_url": "https://fb.me/3cr4Wqqkv",
    "source_id": "120226305854810726",
    "source_type": "ad",
    "headline": "Canecas personalizadas",
    "body": "Fale conosco e peça um orçamento.",
    "media_type": "image",
    "image_url": "https://scontent.example/canecas.jpg",
    "ctwa_clid": "Aff-n8ZTODiE79d22KtAwQKj9e",
}
CONTENTS: Json = {
    "location": {
        "latitude": -23.5614, "longitude": -46.6559, "name": "MASP",
        "address": "Av. Paulista, 1578, São Paulo",
    },
    "contacts": [CARD],
    "order": {
        "catalog_id": "194836987003835",
        "text": "Pode entregar sábado?",
        "product_items": [
            {
                "product_retailer_id": "caneca-azul", "quantity": 2, "item_price": 39.9,
                "currency": "BRL",
            },
            {
                "product_retailer_id": "camiseta-p", "quantity": 1, "item_price": 59,
                "currency": "BRL",
            },
        ],
    },
    "interactive": {
        "type": "list_reply",
        "list_reply": {"id": "entrega", "title": "Entrega", "description": "Prazo e rastreio"},
    },
    "button": {"text": "Continuar", "payload": "Continuar"},
    "text": {"body": "oi"},
}  # fmt: skip


def completed(world: World, content: Json) -> Json:
    """The message with what its kind needs and was not given.

    `voice` and `animated` choose among sample files, `fault` spoils one, `caption` and `filename`
    go where Meta has them; `forwarded`, `referral` true and `too_large` true mean what they say.
    """
    made = {key: value for key, value in content.items() if key not in OWN_WORDS}
    kind = made["type"]
    if content.get("too_large"):
        error = GraphError(131052, "File size exceeds the limit of 100 MB").in_status()
        made["errors"] = [error]
    elif kind in FILES and kind not in made:
        made[kind] = file_content(world, kind, content)
    elif kind in CONTENTS and kind not in made:
        made[kind] = CONTENTS[kind]
    elif kind == "unsupported" and "errors" not in made:
        made["errors"] = [GraphError(131051).in_status()]
        made["unsupported"] = {"type": str(content.get("of", "poll"))}
    if content.get("forwarded"):
        often = content["forwarded"] == "often"
        mark = "frequently_forwarded" if often else "forwarded"
        made["context"] = {**made.get("context", {}), mark: True}
    if content.get("referral") is True:
        made["referral"] = REFERRAL
    return made


OWN_WORDS = ("voice", "animated", "fault", "caption", "filename", "too_large", "forwarded", "of")


def file_content(world: World, kind: str, wishes: Json) -> Json:
    """The object of a media message, of the sample of its kind."""
    name = kind
    if kind == "audio" and wishes.get("voice"):
        name = "voice"
    if kind == "sticker" and wishes.get("animated"):
        name = "animated"
    sample = SAMPLES[name]
    filename = str(wishes.get("filename") or sample.name)
    media = world.media.add(
        sample.content, sample.mime_type, filename, world.clock(), str(wishes.get("fault", ""))
    )
    caption = wishes.get("caption")
    return of_media(kind, media, caption if isinstance(caption, str) else None, wishes)


def of_media(kind: str, media: Media, caption: str | None, wishes: Json) -> Json:
    """The object of a media message, of a file on the shelf."""
    content = described(media)
    if caption and kind not in ("audio", "sticker"):
        content["caption"] = caption
    if kind == "document":
        content["filename"] = media.filename
    if kind == "audio":
        content["voice"] = bool(wishes.get("voice"))
    if kind == "sticker":
        content["animated"] = bool(wishes.get("animated"))
    return content
