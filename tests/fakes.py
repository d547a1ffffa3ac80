"""Other people's servers, in memory: what they were asked, and what they answer."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from chalicelib.gateways.meta.graph import Sent
from chalicelib.gateways.realtime import Outcome
from chalicelib.gateways.secrets import ChannelSecrets
from tests.builders import ACCOUNT, NOON

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chalicelib.gateways.queues import Entry

REGION = "us-east-1"


@cache
def aws(service: str) -> Any:
    """A client for moto, which outlives the tests: to open one takes longer than most of them."""
    return boto3.client(service, region_name=REGION)


@dataclass
class Clock:
    """A clock that stands still until it is told to move on."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **length: float) -> None:
        """Let time pass."""
        self.at += timedelta(**length)


@dataclass
class FakeGraph:
    """Meta's send door: accepts, or raises what it was told to, once each."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    outcomes: list[Exception | None] = field(default_factory=list)

    def send_text(self, account: str, person: Any, text: str, callback: str, **_: Any) -> Sent:
        """Accept the text, or fail as planned."""
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None:
            raise outcome
        self.sent.append({"to": person.phone or person.user_id, "text": text, "callback": callback})
        return Sent(provider_id=f"wamid.out{len(self.sent)}")


@dataclass
class FakeQueues:
    """Queues that keep what they got, by their address."""

    entries: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    held: list[tuple[str, str, int]] = field(default_factory=list)

    def send(self, queue: str, entries: Iterable[Entry]) -> None:
        """Keep them, in order."""
        self.entries[queue].extend(entries)

    def hold(self, queue: str, receipt: str, seconds: int) -> None:
        """Note it."""
        self.held.append((queue, receipt, seconds))


@dataclass
class FakeSecrets:
    """Secrets of the one account."""

    accounts: dict[str, ChannelSecrets] = field(
        default_factory=lambda: {ACCOUNT: ChannelSecrets("token", "app-secret", "verify")}
    )

    def of(self, channel: str, *, mismatch: bool = False) -> dict[str, ChannelSecrets]:
        """WhatsApp's; other channels have none."""
        return self.accounts if channel == "whatsapp" else {}


@dataclass
class FakeFiles:
    """A bucket in memory."""

    stored: dict[str, bytes] = field(default_factory=dict)

    def put(self, key: str, body: bytes, content_type: str = "application/json") -> None:
        """Store."""
        self.stored[key] = body

    def get(self, key: str) -> bytes:
        """Fetch."""
        return self.stored[key]

    def address(self, key: str) -> str:
        """Where it is."""
        return f"https://files.invalid/{key}"

    def upload(self, key: str, content_type: str, limit: int) -> dict[str, Any]:
        """Where it goes."""
        fields = {"key": key, "Content-Type": content_type}
        return {"url": "https://files.invalid", "fields": fields, "key": key, "limit": limit}

    def delete(self, keys: list[str]) -> None:
        """Forget."""
        for key in keys:
            self.stored.pop(key, None)

    def holds(self, key: str) -> bool:
        """Whether it is there."""
        return key in self.stored


@dataclass
class FakeRealtime:
    """Sockets that keep their frames; some are gone, some do not listen."""

    frames: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    gone: set[str] = field(default_factory=set)
    deaf: set[str] = field(default_factory=set)
    closed: list[str] = field(default_factory=list)

    def post(self, frames: Mapping[str, Sequence[str]]) -> Outcome:
        """Deliver to those that are there."""
        outcome = Outcome()
        for connection_id, texts in frames.items():
            if connection_id in self.gone:
                outcome.gone.add(connection_id)
            elif connection_id in self.deaf:
                outcome.failed.add(connection_id)
            else:
                self.frames[connection_id].extend(texts)
        return outcome

    def close(self, connection_id: str) -> None:
        """Note it."""
        self.closed.append(connection_id)


class TableStream:
    """The stream of the table on moto: each reading gives the records since the last one.

    Read from moto's own shard: its door for streams does not answer botocore's newer addresses.
    """

    def __init__(self) -> None:
        self.records()

    def records(self) -> list[dict[str, Any]]:
        """New records, in the shape in which Lambda hands them to a consumer."""
        shard = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables["Desk"].stream_shard
        new = [record.to_json() for record in shard.items]
        shard.items.clear()  # a transaction copies what is left
        return new

    def event(self) -> dict[str, Any]:
        """What a consumer of the stream is called with; nothing new is an empty batch."""
        return {"Records": self.records()}


def sqs_event(*bodies: str, groups: Sequence[str] = (), receives: int = 1) -> dict[str, Any]:
    """What a consumer of a FIFO queue is called with, message ids being their numbers."""
    return {
        "Records": [
            {
                "messageId": str(number),
                "receiptHandle": f"receipt-{number}",
                "body": body,
                "attributes": {
                    "ApproximateReceiveCount": str(receives),
                    "SentTimestamp": str(int(NOON.timestamp() * 1000)),
                    "MessageGroupId": groups[number] if groups else "group",
                    "MessageDeduplicationId": f"deduplication-{number}",
                },
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:inbound.fifo",
                "awsRegion": "us-east-1",
            }
            for number, body in enumerate(bodies)
        ]
    }
