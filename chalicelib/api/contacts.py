"""Contacts: what is known of them, and the contacts page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api.blueprint import SIGNED_IN, Doors
from chalicelib.commands import add_contact as adding
from chalicelib.commands import edit_contact as editing
from chalicelib.commands import erase_contact as erasing
from chalicelib.commands import note as noting
from chalicelib.commands import tag as tagging
from chalicelib.domain.access import Permission
from chalicelib.queries import contact as panel
from chalicelib.queries import contacts

if TYPE_CHECKING:
    from chalicelib.api import requests
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

api = Doors(__name__)


@api.get("/contacts", may=Permission.CONTACTS)
def get_contacts(world: World, agent: Agent, query: requests.ContactsQuery) -> events.ContactPage:
    """The contacts page: found by name, phone or protocol, or all (ADM-3, BLOCK-2)."""
    return contacts.page(agent, query.q, blocked=query.blocked, cursor=query.cursor)


@api.post("/contacts", may=Permission.CONTACTS)
def post_contact(world: World, agent: Agent, body: requests.AddContact) -> events.ContactSummary:
    """Add one contact (ADM-3)."""
    return adding.add(
        world, agent, body.name, body.phone, foreign=body.foreign, account=body.account
    )


@api.post("/contact-imports", may=Permission.CONTACTS)
def post_contact_import(
    world: World, agent: Agent, body: requests.ImportContacts
) -> events.ImportOutcome:
    """Add some lines of a list, each with its outcome (ADM-3)."""
    lines = [(one.line, one.name, one.phone) for one in body.lines]
    return adding.add_all(world, agent, lines, account=body.account)


@api.get("/contacts/{chat_id}", may=SIGNED_IN)
def get_contact(world: World, agent: Agent, chat_id: str) -> events.Contact:
    """What is known of a contact: for who may read the chat, or the contacts (INFO)."""
    return panel.contact(world, agent, chat_id)


@api.put("/contacts/{chat_id}", may=SIGNED_IN)
def put_contact(
    world: World, agent: Agent, chat_id: str, body: requests.EditContact
) -> events.Contact:
    """Change some of it (INFO-1, INFO-2, INFO-3)."""
    chat = editing.edit(world, agent, chat_id, body.model_dump(exclude_unset=True))
    return panel.contact(world, agent, chat.chat_id)


@api.post("/contacts/{chat_id}/pictures", may=SIGNED_IN)
def post_contact_picture(
    world: World, agent: Agent, chat_id: str, body: requests.UploadPicture
) -> events.Upload:
    """Where to send a picture for a field of type image (SEND-4)."""
    return editing.picture(world, agent, chat_id, body.content_type, body.size)


@api.get("/contacts/{chat_id}/export", may=Permission.EXPORT)
def get_contact_export(
    world: World, agent: Agent, chat_id: str, query: requests.PageQuery
) -> events.ContactExport:
    """Everything that is kept of a contact, part by part; the first part is audited (LGPD)."""
    return panel.export(world, agent, chat_id, cursor=query.cursor)


@api.delete("/contacts/{chat_id}", may=Permission.CONTACTS)
def delete_contact(world: World, agent: Agent, chat_id: str) -> events.Done:
    """Erase a contact and all that is kept of them; refused while blocked (ADM-3, BLOCK-2)."""
    return erasing.erase(world, agent, chat_id)


@api.put("/contacts/{chat_id}/tags/{tag_id}", may=SIGNED_IN)
def put_tag(world: World, agent: Agent, chat_id: str, tag_id: str) -> events.Tagged:
    """Mark the contact (INFO-5)."""
    return tagging.add(world, agent, chat_id, tag_id)


@api.delete("/contacts/{chat_id}/tags/{tag_id}", may=SIGNED_IN)
def delete_tag(world: World, agent: Agent, chat_id: str, tag_id: str) -> events.Tagged:
    """Take the mark away (INFO-5)."""
    return tagging.remove(world, agent, chat_id, tag_id)


@api.post("/contacts/{chat_id}/notes", may=Permission.NOTES)
def post_note(world: World, agent: Agent, chat_id: str, body: requests.AddNote) -> events.Note:
    """«Adicionar observação» (INFO-4)."""
    return noting.add(
        world,
        agent,
        chat_id,
        body.client_key,
        text=body.text,
        date=body.date,
        to_agent_id=body.to_agent_id,
    )


@api.put("/contacts/{chat_id}/notes/{note_id}", may=Permission.NOTES)
def put_note(
    world: World, agent: Agent, chat_id: str, note_id: str, body: requests.EditNote
) -> events.Note:
    """Change a note (INFO-7)."""
    return noting.edit(
        world,
        agent,
        chat_id,
        note_id,
        text=body.text,
        date=body.date,
        to_agent_id=body.to_agent_id,
    )


@api.delete("/contacts/{chat_id}/notes/{note_id}", may=Permission.NOTES)
def delete_note(world: World, agent: Agent, chat_id: str, note_id: str) -> events.Done:
    """Delete a note (INFO-4)."""
    return noting.remove(world, agent, chat_id, note_id)
