"""Where a stack lives: on AWS, or on an embedded one at an address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config


@dataclass(frozen=True)
class Place:
    """Where a stack lives: AWS when `endpoint` is None, else an embedded stack."""

    region: str
    endpoint: str | None = None
    credentials: Mapping[str, str] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """A client of that service there. Buckets are named in the path on an embedded stack."""
        style = {"addressing_style": "path"} if self.endpoint else {}
        return boto3.session.Session().client(
            service,
            region_name=self.region,
            endpoint_url=self.endpoint,
            config=Config(signature_version="s3v4", s3=style) if service == "s3" else None,
            **self.credentials,
        )
