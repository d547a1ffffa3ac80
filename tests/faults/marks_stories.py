"""What is done to messages, and told of persons and accounts, while processes go at any moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.listing import Tab
from chalicelib.stores import channels
from tests.builders import ACCOUNT, PORTFOLIO
from tests.faults.desk import AGENTS
from tests.faults.media_stories import _picture as picture
from tests.faults.media_stories import a_photo_is_at_meta
from tests.faults.stories import PHONE, SECONDS, Story, bia_wrote, lists_are_open, text, webhook

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.desk import Desk

ANA, BETO, CAIO = AGENTS
MARIA = "7890123456"
NEW_PHONE = "5511900000000"


# --- what Meta posts --------------------------------------------------------------------------


def done(kind: str, second: int, **what: Any) -> dict[str, Any]:
    """What Bia does to an earlier message."""
    return {
        "from": PHONE,
        "id": f"wamid.{kind}.{second}",
        "timestamp": str(SECONDS + second),
        "type": kind,
        kind: what,
    }


REACTED = done("reaction", 5, message_id="wamid.oi", emoji="👍")
TAKEN_BACK = done("reaction", 6, message_id="wamid.oi")
EDITED = done(
    "edit",
    7,
    original_message_id="wamid.oi",
    message={"type": "text", "text": {"body": "oi, tudo bem?"}},
)
REVOKED = done("revoke", 9, original_message_id="wamid.photo")
MOVED = {
    "from": PHONE,
    "id": "wamid.moved",
    "timestamp": str(SECONDS + 8),
    "type": "system",
    "system": {"type": "user_changed_number", "wa_id": NEW_PHONE, "body": "changed"},
}


def others(*changes: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """Changes of other fields."""
    return webhook(others=tuple({"field": field, "value": value} for field, value in changes))


METADATA = {"metadata": {"display_phone_number": "551140001234", "phone_number_id": ACCOUNT}}
STOPPED = {
    **METADATA,
    "contacts": [{"profile": {"name": "Bia"}, "wa_id": PHONE}],
    "user_preferences": [
        {
            "wa_id": PHONE,
            "category": "marketing_messages",
            "value": "stop",
            "timestamp": str(SECONDS + 9),
        }
    ],
}
DISABLED = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": ["DISABLE"]}}


def direct(*events: dict[str, Any]) -> dict[str, Any]:
    """What Messenger posts of the page."""
    entry = {"id": ACCOUNT, "time": (SECONDS + 100) * 1000, "messaging": list(events)}
    return {"object": "page", "entry": [entry]}


def event(second: int, *, echo: bool = False, **what: Any) -> dict[str, Any]:
    """What Maria does on Messenger; `echo`: what the page does."""
    sides = ({"id": ACCOUNT}, {"id": MARIA}) if echo else ({"id": MARIA}, {"id": ACCOUNT})
    at = (SECONDS + second) * 1000
    return {"sender": sides[0], "recipient": sides[1], "timestamp": at, **what}


# --- stories ----------------------------------------------------------------------------------


def a_photo_was_quoted(desk: Desk) -> str:
    """Bia's photo is stored, and she answered it herself."""
    chat_id = a_photo_is_at_meta(desk)
    desk.meta_posts(webhook(picture("photo")))
    desk.until_quiet()
    quoting = {**text("como se vê", 7), "context": {"from": PHONE, "id": "wamid.photo"}}
    desk.meta_posts(webhook(quoting))
    return chat_id


def maria_wrote(desk: Desk) -> str:
    """One chat on Messenger, which Ana has open."""
    channels.save("facebook", ACCOUNT, display="Loja", portfolio=PORTFOLIO)
    desk.graph.facts[MARIA] = {"first_name": "Maria", "last_name": "Souza"}
    desk.meta_posts(direct(event(1, message={"mid": "mid.oi", "text": "oi"})), "facebook")
    desk.until_quiet()
    chat_id = desk.chat_of(MARIA)
    desk.opens(ANA, Tab.OPEN, chat_id)
    return chat_id


def ana_answered_maria(desk: Desk) -> str:
    """Her answer has gone out."""
    chat_id = maria_wrote(desk)
    desk.answers(ANA, chat_id, "olá")
    return chat_id


def _posts(*bodies: dict[str, Any], channel: Any = "whatsapp") -> Callable[[Desk, Any], None]:
    def then(desk: Desk, known: Any) -> None:
        for body in bodies:
            desk.meta_posts(body, channel)
            desk.until_quiet()

    return then


def _comes_back(desk: Desk, chat_id: str) -> None:
    """What Ana sent comes back from the page, was delivered, and what a phone sent, too."""
    provider_id = next(
        row["provider_id"]["S"] for row in desk_rows() if row.get("text", {}).get("S") == "olá"
    )
    came_back = event(700, echo=True, message={"mid": provider_id, "is_echo": True, "text": "olá"})
    elsewhere = event(
        701, echo=True, message={"mid": "mid.phone", "is_echo": True, "text": "do celular"}
    )
    delivered = event(702, delivery={"mids": [provider_id], "watermark": (SECONDS + 720) * 1000})
    desk.clock.forward(minutes=3)
    desk.meta_posts(direct(came_back, elsewhere, delivered), "facebook")


def desk_rows() -> list[dict[str, Any]]:
    """What lies in the table."""
    from tests.faults.desk import _rows

    return _rows("Desk")


UNSENT = event(4, message={"mid": "mid.late", "is_deleted": True})
LATE = event(3, message={"mid": "mid.late", "text": "engano"})

FOUND = "BatchGetItem GetItem Query GetItem"
TOUCHED = f"{FOUND} TransactWriteItems"
LINED = "BatchGetItem GetItem BatchGetItem TransactWriteItems"

STORIES: list[Story] = [
    Story(
        "message_marked",
        {"receive": f"{TOUCHED} {TOUCHED}"},
        bia_wrote,
        _posts(webhook(REACTED, EDITED)),
    ),
    Story(
        "reaction_taken_back_before_it_came",
        {"receive": f"{TOUCHED} {FOUND}"},
        bia_wrote,
        _posts(webhook(TAKEN_BACK), webhook(REACTED)),
    ),
    Story(
        "marked_before_it_came",
        {
            "receive": "BatchGetItem TransactWriteItems BatchGetItem GetItem Query Query"
            " Query TransactWriteItems BatchGetItem GetItem Query GetItem UpdateItem"
            " TransactWriteItems",
        },
        lists_are_open,
        _posts(webhook(REACTED), webhook(EDITED), webhook(text("oi", 1))),
    ),
    Story(
        "message_forgotten",
        {
            "receive": TOUCHED,
            "dispatch": "SendMessageBatch",
            "run_due": "GetItem GetItem ListObjectVersions DeleteObjects ListObjectVersions"
            " Query BatchGetItem TransactWriteItems GetItem PutItem",
        },
        a_photo_was_quoted,
        _posts(webhook(REVOKED)),
    ),
    Story(
        "unsent_before_it_came",
        {
            "receive": "BatchGetItem GetItem Query Query"
            " TransactWriteItems BatchGetItem GetItem Query TransactWriteItems",
        },
        maria_wrote,
        _posts(direct(UNSENT), direct(LATE), channel="facebook"),
    ),
    Story("number_changed", {"receive": LINED}, bia_wrote, _posts(webhook(MOVED))),
    Story(
        "marketing_stopped",
        {"receive": LINED},
        bia_wrote,
        _posts(others(("user_preferences", STOPPED))),
    ),
    Story(
        "account_disabled",
        {"receive": "Query GetItem UpdateItem"},
        bia_wrote,
        _posts(others(("account_update", DISABLED))),
    ),
    Story(
        "echo_and_watermark",
        {
            "receive": "Query GetItem Query BatchGetItem GetItem Query TransactWriteItems",
            "receive_statuses": "Query GetItem BatchGetItem GetItem"
            " Query BatchGetItem TransactWriteItems Query BatchGetItem",
        },
        ana_answered_maria,
        _comes_back,
    ),
]
