"""What AWS does around the functions: lanes, the table's stream, sockets, files, and time.

As the real services do, it delivers at least once: what a killed function had taken comes again.
The clock is the test's: it moves only when nothing is left to do but wait.
"""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from botocore.validate import validate_parameters
from chalice.app import DynamoDBEvent, SQSEvent

from chalicelib import triggers
from chalicelib.domain.instants import to_ms
from tests.faults.calls import Killed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.fakes import Clock
    from tests.faults.calls import Calls

VISIBILITY = timedelta(seconds=30)
DEDUPLICATION = timedelta(minutes=5)
BATCHES = {
    "inbound": 10,
    "statuses": 10,
    "outbound": 1,
    "redo": 10,
    "due": 5,
    "fetch": 1,
    "notify": 10,
    "push": 1,
}
FUNCTIONS = {
    "inbound": "receive",
    "statuses": "receive_statuses",
    "outbound": "deliver",
    "redo": "redo",
    "due": "run_due",
    "fetch": "fetch",
    "notify": "notify",
    "push": "push",
}
CONSUMERS = ("dispatch", "publish")
STREAM_BATCH = 25
STEPS = 400
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems")


@dataclass
class Waiting:
    """A message in a lane. Its group waits behind it, also while nobody sees it."""

    message_id: str
    body: str
    group: str
    sent_at: datetime
    visible_at: datetime
    receives: int = 0

    def record(self) -> dict[str, Any]:
        """What a function gets."""
        return {
            "messageId": self.message_id,
            "receiptHandle": f"receipt-{self.message_id}",
            "body": self.body,
            "attributes": {
                "ApproximateReceiveCount": str(self.receives),
                "SentTimestamp": str(to_ms(self.sent_at)),
                "MessageGroupId": self.group,
            },
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "awsRegion": "us-east-1",
        }


class Lane:
    """An SQS queue: in order within a group, the same thing only once within five minutes."""

    def __init__(self, clock: Clock) -> None:
        self.waiting: list[Waiting] = []
        self._clock = clock
        self._seen: dict[tuple[str, str], datetime] = {}
        self._numbers = itertools.count(1)

    def put(self, entry: dict[str, Any]) -> None:
        """Take an entry of SendMessageBatch."""
        message_id = f"m{next(self._numbers)}"
        group = entry.get("MessageGroupId", message_id)
        name = (group, entry.get("MessageDeduplicationId", message_id))
        now = self._clock()
        if name in self._seen and now - self._seen[name] < DEDUPLICATION:
            return
        self._seen[name] = now
        seen_at = now + timedelta(seconds=entry.get("DelaySeconds", 0))
        self.waiting.append(Waiting(message_id, entry["MessageBody"], group, now, seen_at))

    def next(self, most: int) -> list[Waiting]:
        """What may be delivered now."""
        held: set[str] = set()
        found = []
        for one in self.waiting:
            if one.visible_at > self._clock():
                held.add(one.group)
            elif one.group not in held and len(found) < most:
                found.append(one)
        return found

    def hold(self, receipt: str, seconds: int) -> None:
        """ChangeMessageVisibility."""
        for one in self.waiting:
            if receipt == f"receipt-{one.message_id}":
                one.visible_at = self._clock() + timedelta(seconds=seconds)


@dataclass(frozen=True)
class Habits:
    """How trying the services are, within what they promise.

    `twice`: every event is delivered again. `rows_reversed`: records of a stream's batch come in
    the order of their rows turned round. `back_after`: how long what a killed function had taken
    stays invisible.
    """

    twice: bool = False
    rows_reversed: bool = False
    back_after: timedelta = timedelta(0)


class Service:
    """The services of one stack, driven by hand until nothing is left to do."""

    def __init__(
        self,
        clock: Clock,
        calls: Calls,
        secrets: dict[str, str],
        stream: Callable[[str | None], list[dict[str, Any]]],
        restart: Callable[[], None],
    ) -> None:
        """`stream` answers the table's records after that sequence number."""
        self.clock = clock
        self.calls = calls
        self.lanes = {name: Lane(clock) for name in BATCHES}
        self.inboxes: dict[str, list[dict[str, Any]]] = {}
        self.stream: list[dict[str, Any]] = []
        self.batches: dict[str, list[list[dict[str, Any]]]] = defaultdict(list)
        self.files: dict[str, bytes] = {}
        self.types: dict[str, str] = {}
        self.habits = Habits()
        self.secrets = secrets
        self._records_after = stream
        self._restart = restart
        self._read = dict.fromkeys(CONSUMERS, 0)
        self._written = False

    # --- what functions ask of it -------------------------------------------------------------

    def answers(self, client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        """The answer to an AWS call; None for those of the tables, which moto answers."""
        if operation in WRITES:
            self._written = True
        answer = getattr(self, f"_{operation}", None)
        if answer is None:
            return None
        model = client.meta.service_model.operation_model(operation)
        validate_parameters(parameters, model.input_shape)
        return answer(client, parameters)

    def _SendMessageBatch(self, client: Any, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        for entry in parameters["Entries"]:
            self.lanes[parameters["QueueUrl"]].put(entry)
        return {"Successful": [{"Id": entry["Id"]} for entry in parameters["Entries"]]}

    def _ChangeMessageVisibility(self, client: Any, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        lane = self.lanes[parameters["QueueUrl"]]
        lane.hold(parameters["ReceiptHandle"], parameters["VisibilityTimeout"])
        return {}

    def _PostToConnection(self, client: Any, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        inbox = self.inboxes.get(parameters["ConnectionId"])
        if inbox is None:
            raise client.exceptions.GoneException({"Error": {"Code": "GoneException"}}, "Post")
        inbox.append(json.loads(parameters["Data"]))
        return {}

    def _DeleteConnection(self, client: Any, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self.inboxes.pop(parameters["ConnectionId"], None)
        return {}

    def _PutObject(self, client: Any, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        body = parameters["Body"]
        self.files[parameters["Key"]] = body if isinstance(body, bytes) else body.read()
        return {}

    def _CopyObject(self, client: Any, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        _, _, source = parameters["CopySource"].partition("/")
        self.files[parameters["Key"]] = self.files[source]
        self.types[parameters["Key"]] = self.types.get(source, "")
        return {}

    def _GetObject(self, client: Any, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"Body": BytesIO(self.files[parameters["Key"]])}

    def _HeadObject(self, client: Any, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        if parameters["Key"] not in self.files:
            raise client.exceptions.ClientError({"Error": {"Code": "404"}}, "HeadObject")
        mime_type = self.types.get(parameters["Key"], "")
        return {"ContentLength": len(self.files[parameters["Key"]]), "ContentType": mime_type}

    def _ListObjectVersions(self, client: Any, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        found = [key for key in self.files if key.startswith(parameters["Prefix"])]
        return {"Versions": [{"Key": key, "VersionId": "1"} for key in found]}

    def _DeleteObjects(self, client: Any, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        for one in parameters["Delete"]["Objects"]:
            self.files.pop(one["Key"], None)
        return {}

    def _GetParametersByPath(self, client: Any, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        found = [
            {"Name": name, "Value": value}
            for name, value in self.secrets.items()
            if name.startswith(parameters["Path"])
        ]
        return {"Parameters": found}

    def _PutParameter(self, client: Any, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self.secrets[parameters["Name"]] = parameters["Value"]
        return {}

    def _DeleteParameters(self, client: Any, parameters: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        for name in parameters["Names"]:
            self.secrets.pop(name, None)
        return {}

    # --- what it does by itself ---------------------------------------------------------------

    def until_quiet(self, or_until: Callable[[], bool] = lambda: False) -> None:
        """Deliver everything, and wait for what is to come later."""
        for _ in range(STEPS):
            if or_until() or (not self._step() and not self._wait()):
                return
        raise AssertionError(f"the desk never comes to rest: {self.lanes}")

    def deliver_again(self, function: str, batches: list[list[dict[str, Any]]]) -> None:
        """Old batches of the stream, after newer ones."""
        for batch in batches:
            self._invoke(function, DynamoDBEvent({"Records": batch}, None))

    def trim_stream(self) -> None:
        """The stream begins here: what was read is forgotten, as after a day."""
        self.stream.clear()
        self._read = dict.fromkeys(CONSUMERS, 0)

    def _step(self) -> bool:
        """One delivery, if there is one."""
        return any(self._stream(function) for function in CONSUMERS) or any(
            self._lane(name) for name in BATCHES
        )

    def _wait(self) -> bool:
        """Let time pass until somebody sees again what is held, if anything is."""
        waiting = [one.visible_at for lane in self.lanes.values() for one in lane.waiting]
        later = [instant for instant in waiting if instant > self.clock.at]
        if later:
            self.clock.at = min(later)
        return bool(later)

    def _lane(self, name: str) -> bool:
        lane, function = self.lanes[name], FUNCTIONS[name]
        batch = lane.next(BATCHES[name])
        if not batch:
            return False
        for one in batch:
            one.receives += 1
        event = SQSEvent({"Records": [one.record() for one in batch]}, None)
        now = self.clock()
        try:
            answer = self._invoke(function, event)
        except Killed:
            for one in batch:
                one.visible_at = max(one.visible_at, now + self.habits.back_after)
            return True
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        for one in batch:
            if one.message_id not in failed:
                lane.waiting.remove(one)
            elif one.visible_at <= now:
                one.visible_at = now + VISIBILITY
        if self.habits.twice:
            self._invoke(function, event)
        return True

    def _stream(self, function: str) -> bool:
        self._pull()
        read = self._read[function]
        batch = self.stream[read : read + STREAM_BATCH]
        if not batch:
            return False
        if self.habits.rows_reversed:
            batch = _rows_reversed(batch)
        event = DynamoDBEvent({"Records": batch}, None)
        try:
            self._invoke(function, event)
        except Killed:
            return True
        self._read[function] += len(batch)
        self.batches[function].append(batch)
        if self.habits.twice:
            self._invoke(function, event)
        return True

    def _invoke(self, function: str, event: Any) -> Any:
        try:
            with self.calls.of(function):
                return getattr(triggers, function)(event)
        except Killed:
            self._restart()
            raise

    def _pull(self) -> None:
        """Read on in the stream."""
        if not self._written:
            return
        self._written = False
        last = self.stream[-1]["dynamodb"]["SequenceNumber"] if self.stream else None
        self.stream += self._records_after(last)


def _rows_reversed(batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The order of a stream holds per row only."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in batch:
        rows[json.dumps(record["dynamodb"]["Keys"])].append(record)
    return [record for row in reversed(list(rows.values())) for record in row]
