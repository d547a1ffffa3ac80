"""What Messenger and Instagram are sent: bodies made of messages, without sending (META.md §8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.domain.delivery import Refused
from chalicelib.domain.inbound import Failure
from chalicelib.domain.menu import Form, form
from chalicelib.domain.menu import said as said_with_menu
from chalicelib.domain.outgoing import Way, check_may_leave, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.events import ChannelName, Menu
    from chalicelib.domain.inbound import Person
    from chalicelib.domain.message import Message
    from chalicelib.domain.outgoing import Sender
    from chalicelib.gateways.meta.graph import Graph

ATTACHMENTS = {
    "image": "image",
    "sticker": "image",
    "video": "video",
    "audio": "audio",
    "document": "file",
}
PROFILE_FIELDS = {
    "facebook": "first_name,last_name,profile_pic",
    "instagram": "name,username,profile_pic",
}
HEARTS = frozenset("\u2764\u2665")
NO_ADDRESS = Failure(100, "No matching user found", "No scoped user id", 2018001)


class Graphs(Protocol):
    """Where both of Meta's hosts are to be had, by token."""

    @property
    def graph(self) -> Callable[[str], Graph]:
        """Graph, of pages and all that is linked to them."""

    @property
    def instagram(self) -> Callable[[str], Graph] | None:
        """Instagram's own, where it is another."""


def graph_of(graphs: Graphs, sender: Sender, token: str) -> Graph:
    """The host that an account sends by."""
    if sender.by_instagram_login and graphs.instagram is not None:
        return graphs.instagram(token)
    return graphs.graph(token)


def place(sender: Sender) -> str:
    """Under which id an account sends: Instagram through a page does as that page."""
    return sender.page or sender.account


def message(
    sender: Sender,
    person: Person,
    message: Message,
    *,
    way: Way,
    callback: str,
    address: str | None = None,
) -> dict[str, Any]:
    """The body that sends the message. `address` is where Meta fetches its file.

    `callback` comes back with Messenger's echo; Instagram has nothing of the kind. Raises Refused
    when there is nobody to send to.
    """
    check_may_leave(message)
    content: dict[str, Any] = {"text": said(message)}
    menu = (message.details or {}).get("menu")
    if menu is not None:
        channel: ChannelName = "facebook" if sender.channel == "facebook" else "instagram"
        content = _menu(channel, menu, said(message))
    if message.files:
        kind = ATTACHMENTS[message.files[0].kind]
        content = {"attachment": {"type": kind, "payload": {"url": address or ""}}}
    body: dict[str, Any] = {"recipient": _recipient(person)}
    if sender.channel == "facebook":
        content["metadata"] = callback
        body["messaging_type"] = "RESPONSE"
    if way is Way.HUMAN_AGENT:
        body |= {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    body["message"] = content
    if message.quotes is not None and not sender.by_instagram_login:
        body["reply_to"] = {"mid": message.quotes}
    return body


def _menu(channel: ChannelName, menu: Menu, text: str) -> dict[str, Any]:
    """FLOW-4"""
    content: dict[str, Any] = {"text": said_with_menu(channel, menu, text)}
    if form(channel, menu, text) is Form.QUICK_REPLIES:
        content["quick_replies"] = [
            {"content_type": "text", "title": one["title"], "payload": one["payload"]}
            for one in menu["options"]
        ]
    return content


def reaction(person: Person, provider_id: str, emoji: str | None) -> dict[str, Any]:
    """The body that puts an emoji on a message of Instagram, or takes it back."""
    payload = {"message_id": provider_id}
    if emoji:
        payload["reaction"] = "love" if emoji.strip("\ufe0f") in HEARTS else emoji
    action = "react" if emoji else "unreact"
    return {"recipient": _recipient(person), "sender_action": action, "payload": payload}


def seen(person: Person) -> dict[str, Any]:
    """The body that says that what the person wrote was read."""
    return {"recipient": _recipient(person), "sender_action": "mark_seen"}


def profile(graph: Graph, channel: ChannelName, user_id: str) -> dict[str, Any]:
    """What Meta tells of a person by their scoped id. Raises what `Graph.request` raises."""
    return graph.request("GET", user_id, query={"fields": PROFILE_FIELDS[channel]})


def _recipient(person: Person) -> dict[str, str]:
    if not person.user_id:
        raise Refused(NO_ADDRESS)
    return {"id": person.user_id}
