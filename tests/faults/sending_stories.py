"""Files, internal messages, templates and reactions, while anybody may go at any moment."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chalicelib.commands import close, react, send
from chalicelib.domain.delivery import Refused, reaction_callback
from chalicelib.domain.inbound import Failure
from chalicelib.stores import chats as store
from chalicelib.stores.tables import TEMPLATES, TemplateRow
from tests.builders import PORTFOLIO
from tests.faults.desk import AGENTS
from tests.faults.stories import SECONDS, Story, bia_wrote, receipt, webhook

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.desk import Desk

ANA, BETO, CAIO = AGENTS
PHOTO, VOICE = "uploads/ana/00000000000000aa.png", "uploads/ana/00000000000000bb.ogg"
KEPT = (PHOTO, "image/png", b"a picture"), (VOICE, "audio/ogg", b"a voice")


def files_are_there(desk: Desk) -> str:
    """Bia wrote, and Ana has put two files where they are sent from."""
    for key, mime_type, content in KEPT:
        desk.service.files[key] = content
        desk.service.types[key] = mime_type
    return bia_wrote(desk)


def template_is_there(desk: Desk) -> str:
    """Bia wrote, and Meta has told of a template."""
    told = {
        "name": "retomar",
        "language": "pt_BR",
        "category": "UTILITY",
        "components": [{"type": "BODY", "text": "Olá, {{1}}!"}],
    }
    TemplateRow(
        TEMPLATES,
        f"{PORTFOLIO}#retomar#pt_BR",
        template_id="1",
        portfolio=PORTFOLIO,
        name="retomar",
        language="pt_BR",
        status="approved",
        definition=json.dumps(told),
        told_ms=1,
    ).save()
    return bia_wrote(desk)


def _says(**wish: Any) -> Callable[[Desk, str], None]:
    def then(desk: Desk, chat_id: str) -> None:
        asked = {"client_key": desk.key(), **wish}
        desk.do(lambda world: send.send(world, ANA, chat_id, asked), function="send")

    return then


def _file(key: str, *, voice: bool = False) -> dict[str, Any]:
    return {"key": key, "name": f"a.{key.rpartition('.')[2]}", "voice": voice}


def _heard(chat_id: str) -> Any:
    """What Bia wrote last."""
    chat = store.load(chat_id)
    assert chat is not None
    return chat.last_inbound


def _reacts(desk: Desk, chat_id: str) -> None:
    key = _heard(chat_id)
    desk.do(lambda world: react.react(world, ANA, chat_id, key, "👍"), function="react")


def _reacts_at_a_bad_moment(desk: Desk, chat_id: str) -> None:
    desk.graph.outcomes = [Refused(Failure(2, "busy"))]
    _reacts(desk, chat_id)


def ana_reacted(desk: Desk) -> str:
    """Her reaction went out."""
    chat_id = bia_wrote(desk)
    _reacts(desk, chat_id)
    return chat_id


def _the_reaction_fails_later(desk: Desk, chat_id: str) -> None:
    callback = reaction_callback(chat_id, _heard(chat_id))
    failed = {
        "timestamp": str(SECONDS + 601),
        "errors": [{"code": 131009, "title": "Parameter value is not valid"}],
    }
    desk.meta_posts(webhook(statuses=(receipt("wamid.r", "failed", callback, **failed),)))


def ana_sent_a_file_in_vain(desk: Desk) -> str:
    """Meta refused the file that she sent."""
    chat_id = files_are_there(desk)
    desk.graph.outcomes = [Refused(Failure(131053, "Media upload error"))]
    _says(text="veja", files=[_file(PHOTO)])(desk, chat_id)
    desk.until_quiet()
    return chat_id


def _sends_the_file_again(desk: Desk, chat_id: str) -> None:
    chat = store.load(chat_id)
    assert chat is not None
    failed = store.page_of_messages(chat, limit=9)[-1]
    assert failed.status == "failed", failed.status
    desk.retries(ANA, chat_id, failed.key)


def _closes(desk: Desk, chat_id: str) -> None:
    chat = store.load(chat_id)
    assert chat is not None
    assert chat.attendance is not None
    protocol = chat.attendance.protocol

    def closing(world: Any) -> Any:
        return close.close(world, ANA, chat_id, protocol, farewell="Até, {email}", fields={})

    desk.do(closing, function="close")


SENT = "GetItem BatchGetItem"  # chat; account and settings
TOLD = "BatchGetItem GetParametersByPath graph BatchGetItem TransactWriteItems"

STORIES = [
    Story(
        "send_file",
        {
            "send": f"{SENT} HeadObject CopyObject TransactWriteItems",
            "dispatch": "SendMessageBatch",
        },
        files_are_there,
        _says(text="veja", files=[_file(PHOTO)]),
    ),
    Story(
        "send_files",
        {"send": f"{SENT} HeadObject HeadObject CopyObject CopyObject TransactWriteItems"},
        files_are_there,
        _says(text="veja", files=[_file(VOICE, voice=True), _file(PHOTO)]),
    ),
    Story(
        "send_internal",
        {"send": "GetItem HeadObject CopyObject TransactWriteItems"},
        files_are_there,
        _says(text="segredo", internal=True, files=[_file(PHOTO)]),
    ),
    Story(
        "send_template",
        {"send": f"{SENT} GetItem TransactWriteItems"},
        template_is_there,
        _says(template={"name": "retomar", "language": "pt_BR", "values": {"body.1": "{nome}"}}),
    ),
    Story(
        "send_card",
        {"send": f"{SENT} TransactWriteItems"},
        bia_wrote,
        _says(card={"name": "Rui", "phone": "11988887777", "email": ""}),
    ),
    Story(
        "react",
        {
            "react": "GetItem GetItem BatchGetItem TransactWriteItems",
            "dispatch": "SendMessageBatch",
            "deliver": TOLD,
        },
        bia_wrote,
        _reacts,
    ),
    Story(
        "reaction_put_off",
        {
            "deliver": "BatchGetItem GetParametersByPath graph ChangeMessageVisibility"
            " BatchGetItem graph BatchGetItem TransactWriteItems",
        },
        bia_wrote,
        _reacts_at_a_bad_moment,
    ),
    Story(
        "reaction_fails_later",
        {"receive_statuses": "BatchGetItem TransactWriteItems"},
        ana_reacted,
        _the_reaction_fails_later,
    ),
    Story(
        "retry_file",
        {"send": "GetItem GetItem BatchGetItem TransactWriteItems"},
        ana_sent_a_file_in_vain,
        _sends_the_file_again,
    ),
    Story(
        "farewell_lacks",
        {"close": "GetItem Query BatchGetItem GetItem TransactWriteItems"},
        bia_wrote,
        _closes,
    ),
]
