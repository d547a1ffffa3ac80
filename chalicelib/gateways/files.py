"""Files of the stack: what arrived and could not be understood, or is too large for a queue."""

from __future__ import annotations

from typing import Any

KEPT = "kept/"
INBOUND = "inbound/"


class Files:
    """S3, with the client opened at the first use."""

    def __init__(self, bucket: str, region: str) -> None:
        self._bucket = bucket
        self._region = region
        self._client: Any = None

    @property
    def client(self) -> Any:
        """The S3 client of this process."""
        if self._client is None:
            import boto3
            from botocore.config import Config

            self._client = boto3.client(
                "s3",
                region_name=self._region,
                config=Config(signature_version="s3v4", read_timeout=10, connect_timeout=2),
            )
        return self._client

    def put(self, key: str, body: bytes, content_type: str = "application/json") -> None:
        """Store the bytes under the key, durably."""
        self.client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type)

    def get(self, key: str) -> bytes:
        """The bytes under the key."""
        return bytes(self.client.get_object(Bucket=self._bucket, Key=key)["Body"].read())
