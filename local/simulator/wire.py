"""How Meta writes a webhook: its JSON escapes and its signature (META.md 1.2)."""

import hashlib
import hmac
import json
from typing import Any

Json = dict[str, Any]


def serialise(body: Any) -> bytes:
    r"""JSON as Meta puts it on the wire: `\uXXXX` in lowercase hex for non-ASCII, `/` as `\/`."""
    text = json.dumps(body, ensure_ascii=True, separators=(",", ":"))
    return text.replace("/", "\\/").encode("ascii")


def signature(raw: bytes, app_secret: str) -> str:
    """The value of X-Hub-Signature-256 over exactly these bytes."""
    return "sha256=" + hmac.new(app_secret.encode(), raw, hashlib.sha256).hexdigest()


def old_signature(raw: bytes, app_secret: str) -> str:
    """The value of the obsolete X-Hub-Signature (SHA-1), which Meta still sends."""
    return "sha1=" + hmac.new(app_secret.encode(), raw, hashlib.sha1).hexdigest()


def as_object(value: Any) -> Json:
    """The value when it is a JSON object, else an empty one: bodies may hold anything anywhere."""
    return value if isinstance(value, dict) else {}


def as_objects(value: Any) -> list[Json]:
    """The objects of a JSON array; none when it is no array."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
