"""What each phone has on its screen: the messages in both directions."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime

from .shown import shown
from .store import Store
from .wire import Json

KIND = "message"
RANK = {"accepted": 0, "sent": 1, "delivered": 2, "read": 3}


@dataclass
class ThreadMessage:
    """One message. `status` is the tick: of the phone's own messages or of the business's.

    Own messages: sent (Meta has it), delivered (the product answered 2xx), read (marked read).
    The business's: accepted, sent, delivered, read, or failed. `message` is what was on the wire;
    `files` are what it carries, by media id or address; `reactions` holds at most one emoji of
    `contact` and of `business`; `edited` is the text that replaced the first one.
    """

    id: str
    contact: str
    from_business: bool
    at: datetime
    type: str
    message: Json
    status: str
    rendered: Json | None = None
    callback_data: str | None = None
    errors: list[Json] = field(default_factory=list)
    channel: str = "whatsapp"
    files: list[Json] = field(default_factory=list)
    reactions: Json = field(default_factory=dict)
    edited: str | None = None
    deleted: bool = False

    @property
    def on_phone(self) -> bool:
        """Whether the contact's phone shows it: what the business sent only once it arrived.

        Meta reports nothing after `sent` for reactions, so they show at that moment.
        """
        arrived = (
            {"sent", "delivered", "read"} if self.type == "reaction" else {"delivered", "read"}
        )
        return not self.from_business or self.status in arrived

    def to_json(self) -> Json:
        """As the API answers it: also `shown`, what the phone draws."""
        return self.document() | {"shown": shown(self)}

    def document(self) -> Json:
        """As the store keeps it."""
        return asdict(self) | {"at": self.at.isoformat()}

    @classmethod
    def from_json(cls, document: Json) -> ThreadMessage:
        """The message that `document` wrote."""
        known = {part.name: document[part.name] for part in fields(cls) if part.name in document}
        return cls(**known | {"at": datetime.fromisoformat(known["at"])})


class Threads:
    """Messages by id and by contact, in order of arrival at Meta."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_id: dict[str, ThreadMessage] = {}
        self._by_contact: dict[str, list[ThreadMessage]] = {}
        for document in store.all(KIND):
            self._remember(ThreadMessage.from_json(document))

    def __contains__(self, message_id: str) -> bool:
        return message_id in self._by_id

    def find(self, message_id: str) -> ThreadMessage | None:
        """The message with this wamid or mid."""
        return self._by_id.get(message_id)

    def of(self, contact_key: str) -> list[ThreadMessage]:
        """A contact's thread, oldest first."""
        return self._by_contact.get(contact_key, [])

    def add(self, message: ThreadMessage) -> None:
        """Append a message to its contact's thread."""
        self._remember(message)
        self.keep(message)

    def keep(self, message: ThreadMessage) -> None:
        """Write down what changed in a message."""
        self._store.put(KIND, message.id, message.document())

    def advance(self, message: ThreadMessage, status: str) -> bool:
        """Move a message's tick forward, never back; says whether it moved."""
        if RANK.get(status, 9) <= RANK.get(message.status, 9):
            return False
        message.status = status
        self.keep(message)
        return True

    def clear(self) -> None:
        """Empty every phone."""
        self._by_id.clear()
        self._by_contact.clear()
        self._store.clear(KIND)

    def _remember(self, message: ThreadMessage) -> None:
        self._by_id[message.id] = message
        self._by_contact.setdefault(message.contact, []).append(message)
