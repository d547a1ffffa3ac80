"""A contact is described, noted, marked, and in the end erased, while pages look on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from chalicelib.commands import edit_contact, erase_contact, note, tag
from chalicelib.stores import erasures, labels
from tests.faults.desk import AGENTS
from tests.faults.stories import Story, bia_wrote, text, webhook

if TYPE_CHECKING:
    from tests.faults.desk import Desk

ANA, BETO, CAIO = AGENTS


def bia_can_be_described(desk: Desk) -> str:
    """There are a tag and a field for a picture; Ana has the chat open."""
    labels.save_tag({"tag_id": "vip", "name": "VIP", "color": "blue"})
    labels.save_field(
        {
            "field_id": "photo",
            "slug": "foto",
            "name": "Foto",
            "kind": "image",
            "options": [],
            "at_closing": "no",
            "active": True,
        }
    )
    return bia_wrote(desk)


def bia_is_described(desk: Desk) -> str:
    """A name, a picture, a note and a tag."""
    chat_id = bia_can_be_described(desk)
    _describe(desk, chat_id, "Beatriz", _picture(desk, chat_id, "a"))
    _note(desk, chat_id, desk.key())
    tag.add(desk.world, ANA, chat_id, "vip")
    desk.service.files[f"media/{chat_id}/{'c' * 32}"] = b"what Bia sent"
    return chat_id


def _picture(desk: Desk, chat_id: str, letter: str) -> str:
    key = f"pictures/contact/{chat_id}/{letter * 32}.png"
    desk.service.files[key] = b"png"
    return key


def _describe(desk: Desk, chat_id: str, name: str, picture: str) -> None:
    changes = {"name": name, "fields": {"photo": picture}, "broadcasts": False}
    desk.do(lambda world: edit_contact.edit(world, ANA, chat_id, changes), function="edit")


def _describes_anew(desk: Desk, chat_id: str) -> None:
    """Another name and another picture; the old one goes."""
    _describe(desk, chat_id, "Bia Souza", _picture(desk, chat_id, "b"))


def _note(desk: Desk, chat_id: str, key: str) -> Any:
    return desk.do(
        lambda world: note.add(
            world, ANA, chat_id, key, text="liga à tarde", date="2026-12-01", to_agent_id="beto"
        ),
        function="add_note",
    )


def _notes(desk: Desk, chat_id: str) -> None:
    """One note is added twice and changed, another is added and deleted."""
    key = desk.key()
    for _ in range(2):
        _note(desk, chat_id, key)
    desk.do(
        lambda world: note.edit(
            world, ANA, chat_id, key, text="liga de manhã", date=None, to_agent_id=None
        ),
        function="edit_note",
    )
    other = desk.key()
    _note(desk, chat_id, other)
    for _ in range(2):
        desk.do(lambda world: note.remove(world, ANA, chat_id, other), function="remove_note")


def _marks(desk: Desk, chat_id: str) -> None:
    """On, off, and on again, the last one by a double click."""
    for act in (tag.add, tag.remove, tag.add, tag.add):
        desk.do(lambda world, act=act: act(world, ANA, chat_id, "vip"), function=act.__name__)


def _erases(desk: Desk, chat_id: str) -> None:
    """By a double click; all of it happens before anybody writes again."""
    for _ in range(2):
        desk.do(lambda world: erase_contact.erase(world, ANA, chat_id), function="erase")


def _erases_in_steps(desk: Desk, chat_id: str) -> None:
    """More than one step holds."""
    with patch.object(erasures, "ROWS_AT_ONCE", 3):
        desk.do(lambda world: erase_contact.erase(world, ANA, chat_id), function="erase")
        desk.until_quiet()


def _erases_who_writes(desk: Desk, chat_id: str) -> None:
    """The contact writes between the click and what follows from it."""
    _erases(desk, chat_id)
    desk.meta_posts(webhook(text("alguém aí?", 590)))


LOOKED_AT = "ListObjectVersions ListObjectVersions"  # pictures, and files of messages
FILES_GO = "ListObjectVersions DeleteObjects ListObjectVersions DeleteObjects"
DRAFTS_GO = "Query BatchWriteItem"  # of every agent
BELLS_GO = "Query Query Query"  # of each agent; there are none
KNOWN = "GetItem BatchGetItem"  # the chat, and the profile or the note
NOTED = f"{KNOWN} GetItem Query TransactWriteItems"  # for whom it is, how many there are

STORIES = [
    Story(
        "contact_edited",
        {
            "edit": f"{KNOWN} Query HeadObject TransactWriteItems",
            "dispatch": "SendMessageBatch",
            "run_due": f"{KNOWN} Query DeleteObjects",
        },
        bia_is_described,
        _describes_anew,
    ),
    Story(
        "contact_noted",
        {
            "add_note": f"{NOTED} {KNOWN} {NOTED}",
            "edit_note": f"{KNOWN} TransactWriteItems",
            "remove_note": f"{KNOWN} TransactWriteItems {KNOWN}",
        },
        bia_can_be_described,
        _notes,
    ),
    Story(
        "contact_tagged",
        {
            "add": "GetItem GetItem TransactWriteItems GetItem GetItem TransactWriteItems GetItem",
            "remove": "GetItem TransactWriteItems",
        },
        bia_can_be_described,
        _marks,
    ),
    Story(
        "contact_erased",
        {
            "erase": "GetItem BatchGetItem TransactWriteItems GetItem",
            "dispatch": "SendMessageBatch SendMessageBatch",
            "run_due": (
                f"GetItem Query BatchWriteItem BatchWriteItem {FILES_GO} "
                f"{DRAFTS_GO} {BELLS_GO} SendMessageBatch DeleteItem GetItem {LOOKED_AT}"
            ),
        },
        bia_is_described,
        _erases,
    ),
    Story(
        "contact_erased_in_steps",
        {
            "run_due": (
                "GetItem Query BatchWriteItem BatchWriteItem SendMessageBatch "
                f"GetItem Query BatchWriteItem BatchWriteItem {FILES_GO} "
                f"{DRAFTS_GO} {BELLS_GO} SendMessageBatch DeleteItem GetItem {LOOKED_AT}"
            ),
        },
        bia_is_described,
        _erases_in_steps,
    ),
    Story(
        "erased_contact_writes",
        {"receive": "BatchGetItem GetItem UpdateItem TransactWriteItems"},
        bia_is_described,
        _erases_who_writes,
    ),
]
