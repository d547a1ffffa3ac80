"""Files of the stack: what arrived and could not be understood, or is too large for a queue;
pictures of contacts and users, and files of messages, which browsers send and fetch by signed
addresses.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from chalicelib.domain.media import BYTES, plain_type
from chalicelib.domain.media import SAFE_TYPES as SHOWN_TYPES

if TYPE_CHECKING:
    from chalicelib.domain import events

KEPT = "kept/"
INBOUND = "inbound/"
PICTURES = "pictures/"  # then of whom: `contact/<chat id>/<random>.png`, `user/<agent id>/…`
VERSIONS_AT_ONCE = 500
ADDRESS_SECONDS = 3600
REUSED_SECONDS = 1800  # an address is given again so long, so that browsers keep what they fetched
ADDRESSES_KEPT = 2000
UPLOAD_SECONDS = 300
MESSAGE_SECONDS = 600  # how long a file of a message may be fetched (PERM-2)
FOR_META_SECONDS = 3600
SAFE_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


def message_files(chat_id: str) -> str:
    """Where the files of a chat's messages lie."""
    return f"media/{chat_id}/"


@dataclass(frozen=True)
class Facts:
    """What S3 knows of a file."""

    size: int
    mime_type: str


def contact_pictures(chat_id: str) -> str:
    """Where the pictures of a contact lie."""
    return f"{PICTURES}contact/{chat_id}/"


class NotErased(Exception):
    """S3 kept a version that it was told to delete."""


class Files:
    """S3, with the client opened at the first use."""

    def __init__(self, bucket: str, region: str) -> None:
        self._bucket = bucket
        self._region = region
        self._client: Any = None
        self._addresses: dict[str, tuple[float, str]] = {}

    @property
    def client(self) -> Any:
        """The S3 client of this process."""
        if self._client is None:
            import boto3
            from botocore.config import Config

            self._client = boto3.client(
                "s3",
                region_name=self._region,
                config=Config(
                    signature_version="s3v4",
                    read_timeout=10,
                    connect_timeout=2,
                    # Else signed addresses are those of the global host, which the page's policy
                    # does not let it reach, and which sends new buckets' visitors elsewhere:
                    # https://github.com/boto/boto3/issues/3015
                    s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
                ),
            )
        return self._client

    def put(self, key: str, body: bytes, content_type: str = "application/json") -> None:
        """Store the bytes under the key, durably."""
        self.client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type)

    def get(self, key: str) -> bytes:
        """The bytes under the key."""
        return bytes(self.client.get_object(Bucket=self._bucket, Key=key)["Body"].read())

    def address(self, key: str) -> str:
        """Where a browser fetches the file for an hour: as a picture, or else as a download."""
        now = time.monotonic()
        signed_at, address = self._addresses.get(key, (-math.inf, ""))
        if now - signed_at > REUSED_SECONDS:
            if len(self._addresses) >= ADDRESSES_KEPT:
                self._addresses.clear()
            address = self._signed(key)
            self._addresses[key] = (now, address)
        return address

    def _signed(self, key: str) -> str:
        safe = SAFE_TYPES.get(key.rpartition(".")[2])
        answer = (
            {"ResponseContentType": safe}
            if safe
            else {
                "ResponseContentType": "application/octet-stream",
                "ResponseContentDisposition": "attachment",
            }
        )
        return str(
            self.client.generate_presigned_url(
                "get_object",
                Params={"Bucket": self._bucket, "Key": key, **answer},
                ExpiresIn=ADDRESS_SECONDS + REUSED_SECONDS,
            )
        )

    def upload(self, key: str, content_type: str, limit: int) -> events.Upload:
        """How a browser sends one file of that type and at most `limit` bytes, within minutes."""
        signed = self.client.generate_presigned_post(
            self._bucket,
            key,
            Fields={"Content-Type": content_type},
            Conditions=[{"Content-Type": content_type}, ["content-length-range", 1, limit]],
            ExpiresIn=UPLOAD_SECONDS,
        )
        return {"url": signed["url"], "fields": signed["fields"], "key": key, "limit": limit}

    def delete(self, keys: list[str]) -> None:
        """Remove these files; those that are not there are fine."""
        for start in range(0, len(keys), 1000):
            self.client.delete_objects(
                Bucket=self._bucket,
                Delete={"Objects": [{"Key": key} for key in keys[start : start + 1000]]},
            )

    def facts(self, key: str) -> Facts | None:
        """Size and type of the file; None when it is not there.

        To who may not list the bucket, S3 says 403 of what is not there:
        https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
        """
        from botocore.exceptions import ClientError

        try:
            found = self.client.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("403", "404", "NoSuchKey", "NotFound"):
                return None
            raise
        return Facts(int(found["ContentLength"]), str(found.get("ContentType", "")))

    def copy(self, source: str, target: str) -> None:
        """The file under another key as well; twice is as good as once."""
        self.client.copy_object(
            Bucket=self._bucket,
            Key=target,
            CopySource=f"{self._bucket}/{source}",
        )

    def put_file(self, key: str, content: IO[bytes], content_type: str) -> None:
        """Store what can be read from `content`, from its beginning."""
        content.seek(0)
        self.client.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=content_type)

    def open(self, key: str) -> IO[bytes]:
        """The file's bytes, to be read piece by piece."""
        found: IO[bytes] = self.client.get_object(Bucket=self._bucket, Key=key)["Body"]
        return found

    def shown(self, key: str, mime_type: str | None) -> str:
        """Where a browser fetches a file of a message to show it, for ten minutes.

        Only under a type that no browser runs; everything else is a download (DESIGN §9).
        """
        plain = plain_type(mime_type)
        safe = plain if plain in SHOWN_TYPES else None
        answer = {
            "ResponseContentType": safe or BYTES,
            "ResponseContentDisposition": "inline" if safe else "attachment",
        }
        return self._given(key, answer, MESSAGE_SECONDS)

    def download(self, key: str, name: str) -> str:
        """Where a browser saves the file under its name, for ten minutes."""
        from urllib.parse import quote

        named = quote(name.encode("utf-8", "replace"), safe="")
        return self._given(
            key,
            {
                "ResponseContentType": BYTES,
                "ResponseContentDisposition": f"attachment; filename*=UTF-8''{named}",
            },
            MESSAGE_SECONDS,
        )

    def for_meta(self, key: str, mime_type: str) -> str:
        """Where Meta fetches a file that is sent by its address, for an hour."""
        return self._given(key, {"ResponseContentType": mime_type}, FOR_META_SECONDS)

    def _given(self, key: str, answer: dict[str, str], seconds: int) -> str:
        return str(
            self.client.generate_presigned_url(
                "get_object",
                Params={"Bucket": self._bucket, "Key": key, **answer},
                ExpiresIn=seconds,
            )
        )

    def holds(self, key: str) -> bool:
        """Whether the file is there."""
        return self.facts(key) is not None

    def erase(self, prefix: str) -> bool:
        """Remove some hundreds of the versions under the prefix; whether there were no more."""
        found = self.client.list_object_versions(
            Bucket=self._bucket, Prefix=prefix, MaxKeys=VERSIONS_AT_ONCE
        )
        versions = [
            {"Key": one["Key"], "VersionId": one["VersionId"]}
            for one in (*found.get("Versions", ()), *found.get("DeleteMarkers", ()))
        ]
        if versions:
            answer = self.client.delete_objects(
                Bucket=self._bucket, Delete={"Objects": versions, "Quiet": True}
            )
            if answer.get("Errors"):
                raise NotErased(prefix)
        return not found.get("IsTruncated")
