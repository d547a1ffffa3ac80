"""The record of every send that the product tried, in order."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime

from .store import Store
from .wire import Json

KIND = "sent"


@dataclass(frozen=True)
class Sent:
    """One POST to /messages. Refused ones have `accepted` false, `error` and no `id`.

    `contact` is the address of the contact it reached; `seq` counts up and never repeats.
    `phone_number_id` is the account in the path, of whatever channel.
    """

    seq: int
    id: str | None
    at: datetime
    phone_number_id: str
    to: str | None
    recipient: str | None
    type: str | None
    body: Json
    callback_data: str | None
    accepted: bool
    error: Json | None
    contact: str | None
    channel: str = "whatsapp"

    def to_json(self) -> Json:
        """As GET /sent answers it."""
        return asdict(self) | {"at": self.at.isoformat()}

    @classmethod
    def from_json(cls, document: Json) -> Sent:
        """The record that `to_json` wrote."""
        known = {part.name: document[part.name] for part in fields(cls) if part.name in document}
        return cls(**known | {"at": datetime.fromisoformat(known["at"])})


class SentLog:
    """Sends in the order in which Meta decided on them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._log = [Sent.from_json(document) for document in store.all(KIND)]
        self._seq = self._log[-1].seq if self._log else 0

    def record(
        self,
        body: Json,
        *,
        at: datetime,
        phone_number_id: str,
        message_id: str | None,
        error: Json | None,
        contact: str | None,
        channel: str = "whatsapp",
        kind: str | None = None,
        recipient: str | None = None,
        callback_data: str | None = None,
    ) -> Sent:
        """Append one send. On WhatsApp the body tells kind, recipient and callback data."""
        self._seq += 1
        entry = Sent(
            seq=self._seq,
            id=message_id,
            at=at,
            phone_number_id=phone_number_id,
            to=body.get("to"),
            recipient=recipient or (body.get("recipient") if channel == "whatsapp" else None),
            type=kind or body.get("type", "text"),
            body=body,
            callback_data=callback_data or body.get("biz_opaque_callback_data"),
            accepted=error is None,
            error=error,
            contact=contact,
            channel=channel,
        )
        self._log.append(entry)
        self._store.put(KIND, str(entry.seq), entry.to_json())
        return entry

    def after(self, seq: int) -> list[Sent]:
        """Sends with a higher `seq`."""
        return [entry for entry in self._log if entry.seq > seq]

    def clear(self) -> None:
        """Forget all sends; `seq` goes on counting while the process lives."""
        self._log.clear()
        self._store.clear(KIND)
