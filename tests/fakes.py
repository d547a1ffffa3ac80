"""Other people's servers, in memory: what they were asked, and what they answer."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

import boto3
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from chalicelib.gateways.files import Facts
from chalicelib.gateways.logins import Login
from chalicelib.gateways.meta.graph import Sent
from chalicelib.gateways.push import Outcome as PushOutcome
from chalicelib.gateways.push import State
from chalicelib.gateways.realtime import Outcome
from chalicelib.gateways.secrets import SECRETS, ChannelSecrets
from tests.builders import ACCOUNT, NOON

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chalicelib.domain.push import Subscription
    from chalicelib.domain.timer import Timer
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
    told: list[dict[str, Any]] = field(default_factory=list)  # the templates that it has
    asked: list[str] = field(default_factory=list)  # whose were asked for, and of what name
    unread: list[Exception] = field(default_factory=list)  # how asking for them fails, once each
    blocked: set[tuple[str, str]] = field(default_factory=set)  # at which number, who
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)  # by path, what it answers
    read: set[str] = field(default_factory=set)  # which messages, or whose, were told to be read
    reactions: dict[str, str] = field(default_factory=dict)  # by provider id, the last one
    uploads: list[tuple[str, bytes, str]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)  # whatever was posted, as it went out

    def send(self, account: str, content: Mapping[str, Any]) -> Sent:
        """Accept what WhatsApp, Messenger or Instagram is sent, or fail as planned."""
        self._fail_as_planned()
        self.requests.append(json.dumps([account, content], ensure_ascii=False))
        self.sent.append(summary(content))
        return Sent(provider_id=f"wamid.out{len(self.sent)}")

    def tell(self, account: str, content: Mapping[str, Any]) -> None:
        """Take what is no message, or fail as planned; twice is as good as once."""
        self._fail_as_planned()
        self.requests.append(json.dumps([account, content], ensure_ascii=False))
        match content:
            case {"status": "read", "message_id": provider_id}:
                self.read.add(provider_id)
            case {"sender_action": "mark_seen", "recipient": {"id": person}}:
                self.read.add(person)
            case {"reaction": {"message_id": provider_id, "emoji": emoji}}:
                self.reactions[provider_id] = emoji
            case {"sender_action": action, "payload": payload}:
                emoji = payload["reaction"] if action == "react" else ""
                self.reactions[payload["message_id"]] = emoji

    def upload(self, account: str, content: IO[bytes], *, size: int, mime_type: str) -> str:
        """Keep the file, or fail as planned."""
        self._fail_as_planned()
        self.uploads.append((account, content.read(), mime_type))
        assert len(self.uploads[-1][1]) == size
        return f"media.{len(self.uploads)}"

    def templates(self, portfolio: str) -> list[dict[str, Any]]:
        """Those that it has."""
        self.asked.append(portfolio)
        if self.unread:
            raise self.unread.pop(0)
        return list(self.told)

    def request(self, method: str, path: str, **_: Any) -> dict[str, Any]:
        """What it says of itself under that path, or fail as planned."""
        self._fail_as_planned()
        return self.facts.get(path, {})

    def block_user(self, account: str, person: Any, *, blocked: bool) -> None:
        """Do so, or fail as planned; twice is as good as once."""
        self._fail_as_planned()
        one = (account, person.phone or person.user_id)
        (self.blocked.add if blocked else self.blocked.discard)(one)

    def _fail_as_planned(self) -> None:
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None:
            raise outcome


def summary(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a body of a send is about: to whom, what, and what comes back with its statuses."""
    told: dict[str, Any] = {}
    match content:
        case {"messaging_product": "whatsapp", "type": kind}:
            told["to"] = (content.get("to") or content["recipient"]).lstrip("+")
            if kind == "text":
                told["text"] = content["text"]["body"]
            elif kind == "template":
                template = content["template"]
                told["template"] = template["name"]
                told["language"] = template["language"]["code"]
                told["components"] = template["components"]
            else:
                told[kind] = content[kind]
                if "caption" in content[kind]:
                    told["text"] = content[kind]["caption"]
            told["callback"] = content["biz_opaque_callback_data"]
            if "context" in content:
                told["quotes"] = content["context"]["message_id"]
        case {"recipient": {"id": person}, "message": message}:
            told = {"to": person, **message}
            told |= {name: content[name] for name in ("tag", "reply_to") if name in content}
            told["callback"] = told.pop("metadata", None)
    return told


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
class FakeSchedules:
    """A clock that remembers what it was asked to bring, by name."""

    armed: dict[str, Timer] = field(default_factory=dict)
    calls: int = 0

    def arm(self, timer: Timer) -> None:
        """Keep it; once armed, again is the same."""
        self.calls += 1
        self.armed.setdefault(timer.name, timer)

    def due(self, now: datetime) -> list[Timer]:
        """What it would have brought by now, the first first; it is asked once for each."""
        found = sorted(
            (one for one in self.armed.values() if one.at <= now), key=lambda one: one.at
        )
        for one in found:
            del self.armed[one.name]
        return found


@dataclass
class FakeSecrets:
    """Secrets of the one account, and of those that were written."""

    accounts: dict[str, ChannelSecrets] = field(
        default_factory=lambda: {ACCOUNT: ChannelSecrets("token", "app-secret", "verify")}
    )
    others: dict[str, dict[str, ChannelSecrets]] = field(default_factory=dict)

    def of(self, channel: str, *, mismatch: bool = False) -> dict[str, ChannelSecrets]:
        """WhatsApp's, and what was written for other channels."""
        return self.accounts if channel == "whatsapp" else self.others.setdefault(channel, {})

    def kept(self, channel: str, account: str) -> frozenset[str]:
        """The names of those that there are."""
        its = self.of(channel).get(account, ChannelSecrets())
        return frozenset(name for name in SECRETS if getattr(its, name))

    def write(self, channel: str, account: str, given: Mapping[str, str]) -> None:
        """Keep them."""
        its = self.of(channel)
        its[account] = replace(its.get(account, ChannelSecrets()), **given)

    def delete(self, channel: str, account: str) -> None:
        """Forget them."""
        self.of(channel).pop(account, None)

    def support(self) -> str:
        """What support codes are made of."""
        return "support-secret"

    def push_key(self) -> str:
        """What pushes are signed with."""
        return "push-key"


@dataclass
class FakePush:
    """Push services and phones: by endpoint and topic what lies in `trays`, and all `sent`."""

    trays: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    outcomes: dict[str, list[PushOutcome]] = field(default_factory=dict)  # by endpoint, once each

    def accepts(self, endpoint: str) -> bool:
        """Whether it is one of the services."""
        return endpoint.startswith("https://push.example/")

    def public_key(self) -> str:
        """What browsers subscribe with."""
        return "public-key"

    def send(
        self, subscription: Subscription, payload: bytes, *, topic: str, ttl: Any, now: Any
    ) -> PushOutcome:
        """Show it on the phone, or fail as planned."""
        planned = self.outcomes.get(subscription.endpoint)
        outcome = planned.pop(0) if planned else PushOutcome(State.SENT)
        if outcome.state is State.SENT:
            told = json.loads(payload)
            self.trays[subscription.endpoint, topic] = told
            self.sent.append((subscription.endpoint, told))
        return outcome


@dataclass
class FakeLogins:
    """A user pool in memory. `mailed`: who was invited, in order."""

    logins: dict[str, Login] = field(default_factory=dict)  # by e-mail
    names: dict[str, str] = field(default_factory=dict)
    mailed: list[str] = field(default_factory=list)
    signed_out: list[str] = field(default_factory=list)

    def invite(self, email: str, name: str) -> Login:
        """Make a login, or find the one that is there."""
        if email not in self.logins:
            self.logins[email] = Login(f"sub-of-{email.partition('@')[0]}", True, True)
            self.names[email] = name
            self.mailed.append(email)
        return self.logins[email]

    def invite_again(self, email: str) -> None:
        """Another mail."""
        self.mailed.append(email)

    def find(self, email: str) -> Login:
        """The login; agents of other tests have one that was entered."""
        return self._found(email)

    def every(self) -> dict[str, Login]:
        """All of them, by sub."""
        return {login.sub: login for login in self.logins.values()}

    def open(self, email: str) -> None:
        """Let them in."""
        self.logins[email] = replace(self._found(email), enabled=True)

    def shut(self, email: str) -> None:
        """Let them in no more."""
        self.logins[email] = replace(self._found(email), enabled=False)
        self.signed_out.append(email)

    def rename(self, email: str, name: str) -> None:
        """Note it."""
        self.names[email] = name

    def _found(self, email: str) -> Login:
        return self.logins.setdefault(email, Login(email.partition("@")[0], False, True))


@dataclass
class FakeFiles:
    """A bucket in memory."""

    stored: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)

    def put(self, key: str, body: bytes, content_type: str = "application/json") -> None:
        """Store."""
        self.stored[key] = body
        self.types[key] = content_type

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

    def facts(self, key: str) -> Facts | None:
        """Size and type, when it is there."""
        if key not in self.stored:
            return None
        return Facts(len(self.stored[key]), self.types.get(key, "application/octet-stream"))

    def copy(self, source: str, target: str) -> None:
        """Under another key as well."""
        self.stored[target] = self.stored[source]
        self.types[target] = self.types.get(source, "application/octet-stream")

    def put_file(self, key: str, content: IO[bytes], content_type: str) -> None:
        """Store from the beginning."""
        content.seek(0)
        self.put(key, content.read(), content_type)

    def open(self, key: str) -> IO[bytes]:
        """Its bytes."""
        return BytesIO(self.stored[key])

    def shown(self, key: str, mime_type: str | None) -> str:
        """Where it is shown from."""
        return f"https://files.invalid/{key}?shown={mime_type}"

    def download(self, key: str, name: str) -> str:
        """Where it is saved from."""
        return f"https://files.invalid/{key}?as={name}"

    def for_meta(self, key: str, mime_type: str) -> str:
        """Where Meta fetches it."""
        return f"https://files.invalid/{key}?meta={mime_type}"

    def holds(self, key: str) -> bool:
        """Whether it is there."""
        return key in self.stored

    def erase(self, prefix: str) -> bool:
        """Forget all that lies there."""
        self.delete([key for key in self.stored if key.startswith(prefix)])
        return True


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
