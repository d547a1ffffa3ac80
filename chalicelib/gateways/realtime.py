"""Frames out to open sockets, through the WebSocket gateway's management endpoint."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FRAME_BYTES = 32_000
POOL = 32
CONNECT_SECONDS = 1
READ_SECONDS = 2


@dataclass
class Outcome:
    """Which sockets are gone, and which did not take a frame in time."""

    gone: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)


class Realtime:
    """The management endpoint, with the client opened at the first use."""

    def __init__(self, endpoint: str, region: str) -> None:
        self._endpoint = endpoint
        self._region = region
        self._client: Any = None

    @property
    def client(self) -> Any:
        """The management client of this process."""
        if self._client is None:
            import boto3
            from botocore.config import Config

            self._client = boto3.client(
                "apigatewaymanagementapi",
                endpoint_url=self._endpoint,
                region_name=self._region,
                config=Config(
                    connect_timeout=CONNECT_SECONDS,
                    read_timeout=READ_SECONDS,
                    retries={"total_max_attempts": 1},
                    max_pool_connections=POOL,
                ),
            )
        return self._client

    def post(self, frames: Mapping[str, Sequence[str]]) -> Outcome:
        """Send each socket its frames, in order; a slow or dead socket holds no other back."""
        outcome = Outcome()
        if not frames:
            return outcome
        client = self.client
        if len(frames) == 1:  # most batches concern one screen: no thread has to start for it
            results = [_post(client, *one) for one in frames.items()]
        else:
            with ThreadPoolExecutor(min(POOL, len(frames))) as pool:
                results = list(pool.map(lambda one: _post(client, *one), frames.items()))
        for connection_id, result in zip(frames, results, strict=True):
            if result == "gone":
                outcome.gone.add(connection_id)
            elif result == "failed":
                outcome.failed.add(connection_id)
        return outcome

    def close(self, connection_id: str) -> None:
        """Cut the socket, so that its page reconnects and resyncs; gone already is fine."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self.client.delete_connection(ConnectionId=connection_id)
        except (ClientError, BotoCoreError):
            return


def _post(client: Any, connection_id: str, frames: Sequence[str]) -> str:
    from botocore.exceptions import BotoCoreError, ClientError

    for frame in frames:
        data = frame.encode()
        if len(data) > FRAME_BYTES:
            raise ValueError(f"a frame of {len(data)} bytes")
        try:
            client.post_to_connection(ConnectionId=connection_id, Data=data)
        except client.exceptions.GoneException:
            return "gone"
        except (ClientError, BotoCoreError):
            return "failed"
    return "sent"
