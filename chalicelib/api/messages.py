"""The messages of a chat: shown, searched, written, reacted to; their files; what is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api.blueprint import SIGNED_IN, Doors
from chalicelib.commands import draft as drafting
from chalicelib.commands import fetch_media as fetching
from chalicelib.commands import react as reacting
from chalicelib.commands import send as sending
from chalicelib.commands import upload as uploading
from chalicelib.domain import views
from chalicelib.domain.ids import MessageKey
from chalicelib.queries import chats, drafts, files, message_search, variables

if TYPE_CHECKING:
    from chalicelib.api import requests
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.message import Message
    from chalicelib.world import World

api = Doors(__name__)


@api.get("/chats/{chat_id}/messages", may=SIGNED_IN)
def get_messages(
    world: World, agent: Agent, chat_id: str, query: requests.MessagesQuery
) -> events.MessagePage:
    """Messages next to a key or around one, oldest first (CHAT-1, FIND-2)."""
    return chats.messages(
        agent,
        chat_id,
        before=query.before,
        after=query.after,
        around=query.around,
        limit=query.limit,
    )


@api.get("/chats/{chat_id}/message-search", may=SIGNED_IN)
def get_message_search(
    world: World, agent: Agent, chat_id: str, query: requests.MessageSearchQuery
) -> events.MessageHits:
    """Where words stand in one chat, newest first, part by part (FIND-2)."""
    return message_search.search(agent, chat_id, query.q, query.cursor)


@api.post("/chats/{chat_id}/messages", may=SIGNED_IN)
def post_message(
    world: World, agent: Agent, chat_id: str, body: requests.SendMessage
) -> events.Sent:
    """Answer the contact, or write an internal message; the same key again is the same (SEND)."""
    return _sent(*sending.send(world, agent, chat_id, body.model_dump()))


@api.post("/chats/{chat_id}/messages/{key}/retry", may=SIGNED_IN)
def post_retry(
    world: World, agent: Agent, chat_id: str, key: str, body: requests.RetryMessage
) -> events.Sent:
    """Send a failed or lost message again (CHAT-6)."""
    return _sent(sending.retry(world, agent, chat_id, MessageKey(key), body.client_key))


@api.put("/chats/{chat_id}/messages/{key}/reaction", may=SIGNED_IN)
def put_reaction(
    world: World, agent: Agent, chat_id: str, key: str, body: requests.React
) -> events.Sent:
    """React to a message, where the channel can; null takes it back (CHAT-7)."""
    return _sent(reacting.react(world, agent, chat_id, MessageKey(key), body.emoji))


@api.post("/chats/{chat_id}/messages/{key}/fetch", may=SIGNED_IN)
def post_fetch(world: World, agent: Agent, chat_id: str, key: str) -> events.Sent:
    """Try again to fetch the files of a message that failed (INB-6)."""
    return _sent(fetching.fetch_again(world, agent, chat_id, MessageKey(key)))


@api.get("/chats/{chat_id}/files", may=SIGNED_IN)
def get_files(
    world: World, agent: Agent, chat_id: str, query: requests.FilesQuery
) -> events.FileAddresses:
    """Where the files of some messages are fetched from, for some minutes (PERM-2)."""
    return files.addresses(world, agent, chat_id, query.keys.split(","))


@api.post("/uploads", may=SIGNED_IN)
def post_upload(world: World, agent: Agent, body: requests.AskUpload) -> events.Upload:
    """Where to send a file that is to go out (SEND-5)."""
    return uploading.upload(world, agent, body.model_dump())


@api.get("/chats/{chat_id}/variables", may=SIGNED_IN)
def get_variables(world: World, agent: Agent, chat_id: str) -> events.Variables:
    """What each variable stands for in this chat (INFO-9)."""
    return variables.of_chat(world, agent, chat_id)


@api.get("/drafts", may=SIGNED_IN)
def get_drafts(world: World, agent: Agent) -> events.Drafts:
    """What the viewer typed and did not send, on whatever device."""
    return drafts.of_agent(agent)


@api.put("/chats/{chat_id}/draft", may=SIGNED_IN)
def put_draft(world: World, agent: Agent, chat_id: str, body: requests.SaveDraft) -> events.Done:
    """Keep what is typed in a chat."""
    return drafting.save(world, agent, chat_id, body.model_dump())


def _sent(*messages: Message) -> events.Sent:
    return {
        "messages": [views.message(message) for message in messages],
        "rev": max(message.rev for message in messages),
    }
