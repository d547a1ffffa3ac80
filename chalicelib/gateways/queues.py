"""The queues between what happened and what must be done about it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BATCH_ITEMS = 10
BATCH_BYTES = 900_000
RESENDS = 3
PARALLEL = 8


class NotQueued(Exception):
    """The queue did not take an entry, tried again and again; nothing may be acknowledged."""


@dataclass(frozen=True)
class Entry:
    """One queue message. `group` and `deduplication` (at most 128 characters) for FIFO queues."""

    body: str
    group: str | None = None
    deduplication: str | None = None
    delay: timedelta = timedelta(0)  # at most 15 minutes, and not for FIFO queues


class Queues:
    """SQS, with the client opened at the first use."""

    def __init__(self, region: str) -> None:
        self._region = region
        self._client: Any = None

    @property
    def client(self) -> Any:
        """The SQS client of this process."""
        if self._client is None:
            import boto3
            from botocore.config import Config

            self._client = boto3.client(
                "sqs",
                region_name=self._region,
                config=Config(max_pool_connections=PARALLEL, read_timeout=10, connect_timeout=2),
            )
        return self._client

    def send(self, queue: str, entries: Iterable[Entry]) -> None:
        """Put every entry on the queue, durably, or raise NotQueued.

        Batches hold at most 10 entries and 900 KB; several are sent at once. What a batch refuses
        is sent again; the order between batches is not promised.
        """
        client = self.client
        batches = list(_batches(entries))
        if len(batches) == 1:
            _send_batch(client, queue, batches[0])
        elif batches:
            with ThreadPoolExecutor(PARALLEL) as pool:
                list(pool.map(lambda batch: _send_batch(client, queue, batch), batches))

    def hold(self, queue: str, receipt: str, seconds: int) -> None:
        """Keep a received message, and its group behind it, invisible for so long."""
        self.client.change_message_visibility(
            QueueUrl=queue, ReceiptHandle=receipt, VisibilityTimeout=min(seconds, 43_200)
        )


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        length = len(entry.body.encode())
        if batch and (len(batch) == BATCH_ITEMS or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += length
    if batch:
        yield batch


def _send_batch(client: Any, queue: str, batch: list[Entry]) -> None:
    waiting = {str(number): entry for number, entry in enumerate(batch)}
    for _ in range(RESENDS):
        answer = client.send_message_batch(
            QueueUrl=queue,
            Entries=[_parameters(number, entry) for number, entry in waiting.items()],
        )
        refused = {failure["Id"] for failure in answer.get("Failed", ())}
        waiting = {number: entry for number, entry in waiting.items() if number in refused}
        if not waiting:
            return
    raise NotQueued(", ".join(islice(waiting, 10)))


def _parameters(number: str, entry: Entry) -> dict[str, str | int]:
    parameters: dict[str, str | int] = {"Id": number, "MessageBody": entry.body}
    if entry.group is not None:
        parameters["MessageGroupId"] = entry.group
    if entry.deduplication is not None:
        parameters["MessageDeduplicationId"] = entry.deduplication
    if entry.delay:
        parameters["DelaySeconds"] = round(entry.delay.total_seconds())
    return parameters
