"""Files and people are fetched from Meta, while whoever fetches may go at any moment."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from PIL import Image

from chalicelib.commands import fetch_media
from chalicelib.domain.listing import Tab
from chalicelib.stores import channels
from tests.builders import ACCOUNT
from tests.faults.desk import AGENTS
from tests.faults.stories import PHONE, SECONDS, Story, bia_wrote, webhook

if TYPE_CHECKING:
    from tests.faults.desk import Desk

ANA, BETO, CAIO = AGENTS
WHO = "7890123456"


@cache
def _photo() -> bytes:
    """Large enough to have a small one."""
    written = BytesIO()
    Image.effect_noise((900, 700), 90).convert("RGB").save(written, "JPEG")
    return written.getvalue()


def _picture(media_id: str, second: int = 5) -> dict[str, Any]:
    """A photo of Bia's, as WhatsApp tells of it."""
    return {
        "from": PHONE,
        "id": f"wamid.{media_id}",
        "timestamp": str(SECONDS + second),
        "type": "image",
        "image": {"id": media_id, "mime_type": "image/jpeg", "caption": "olha"},
    }


def a_photo_is_at_meta(desk: Desk) -> str:
    """Bia has written, and Ana has the chat open."""
    desk.graph.facts["photo"] = {"url": "photo", "mime_type": "image/jpeg"}
    desk.graph.facts["lost"] = {"url": "nowhere", "mime_type": "image/jpeg"}
    desk.at_meta["photo"] = _photo()
    return bia_wrote(desk)


def a_photo_was_lost(desk: Desk) -> str:
    """It could not be had, and Ana sees that it could not; by now it can."""
    chat_id = a_photo_is_at_meta(desk)
    desk.meta_posts(webhook(_picture("lost")))
    desk.until_quiet()
    desk.at_meta["nowhere"] = _photo()
    return chat_id


def a_page_is_connected(desk: Desk) -> None:
    """Somebody may write on Messenger, of whom Meta knows the name."""
    channels.save("facebook", ACCOUNT, display="Loja", portfolio=ACCOUNT)
    desk.graph.facts[WHO] = {"first_name": "Bia", "last_name": "Souza"}
    desk.opens(ANA, Tab.OPEN)


def _arrives(desk: Desk, chat_id: str) -> None:
    desk.meta_posts(webhook(_picture("photo")))


def _arrives_before_it_is_there(desk: Desk, chat_id: str) -> None:
    """Meta tells of it, and for some seconds does not have it."""
    desk.there_from = desk.clock.at + timedelta(seconds=1)
    desk.meta_posts(webhook(_picture("photo")))


def _is_lost(desk: Desk, chat_id: str) -> None:
    desk.meta_posts(webhook(_picture("lost")))


def _is_fetched_again(desk: Desk, chat_id: str) -> None:
    """By a double click."""
    message = next(one for one in desk.screens[0].state()["messages"] if one["kind"] == "image")
    for _ in range(2):
        desk.do(
            lambda world: fetch_media.fetch_again(world, ANA, chat_id, message["key"]),
            function="fetch_again",
        )


def _is_written_to_by_somebody(desk: Desk, _: None) -> None:
    """On Messenger, whose webhooks name nobody."""
    at = (SECONDS + 5) * 1000
    event = {
        "sender": {"id": WHO},
        "recipient": {"id": ACCOUNT},
        "timestamp": at,
        "message": {"mid": "m_1", "text": "oi"},
    }
    entry = {"id": ACCOUNT, "time": at, "messaging": [event]}
    desk.meta_posts({"object": "page", "entry": [entry]}, "facebook")


STORED = "PutObject PutObject"  # with a small one
SETTLED = "BatchGetItem TransactWriteItems"
FETCHED_ANEW = f"BatchGetItem GetParametersByPath graph download {STORED} {SETTLED}"
FETCHED = f"BatchGetItem graph download {STORED} {SETTLED}"

STORIES = [
    Story(
        "picture_arrives",
        {"dispatch": "SendMessageBatch", "fetch": FETCHED},
        a_photo_is_at_meta,
        _arrives,
    ),
    Story(
        "picture_comes_late",
        {
            "fetch": (
                "BatchGetItem graph download graph download "
                f"ChangeMessageVisibility BatchGetItem graph download {STORED} {SETTLED}"
            ),
        },
        a_photo_is_at_meta,
        _arrives_before_it_is_there,
    ),
    Story(
        "picture_is_lost",
        {"fetch": f"BatchGetItem graph download {SETTLED}"},
        a_photo_is_at_meta,
        _is_lost,
    ),
    Story(
        "picture_is_fetched_again",
        {
            "fetch_again": "GetItem GetItem TransactWriteItems GetItem GetItem",
            "dispatch": "SendMessageBatch",
            "fetch": FETCHED_ANEW,
        },
        a_photo_was_lost,
        _is_fetched_again,
    ),
    Story(
        "somebody_is_named",
        {"fetch": "GetItem BatchGetItem graph GetItem TransactWriteItems"},
        a_page_is_connected,
        _is_written_to_by_somebody,
    ),
]
