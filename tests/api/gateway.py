"""REST requests as the gateway hands them to the function, and what comes back."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import app
from chalicelib.api.blueprint import DOORS

NOT_GIVEN: Any = object()


@dataclass(frozen=True)
class Answer:
    """Status, headers in lower case, and the body as text."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self) -> Any:
        """The body's JSON."""
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """The refusal's code."""
        return str(self.body["code"])


def ask(
    method: str,
    url: str,
    *,
    agent: str | None = None,
    claims: dict[str, Any] | None = None,
    body: Any = NOT_GIVEN,
    raw: bytes | str | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """Knock at a door. `agent` stands for that agent's id token; `raw` goes as it is."""
    split = urlsplit(url)
    resource, values = _resource(method, split.path)
    if agent is not None:
        claims = {"sub": agent, "token_use": "id"}
    given = {"Content-Type": "application/json", **(headers or {})}
    query = parse_qsl(split.query, keep_blank_values=True)
    content: Any = None if body is NOT_GIVEN else json.dumps(body)
    if raw is not None:
        content = raw
    encoded = isinstance(content, bytes)
    if isinstance(content, bytes):
        content = base64.b64encode(content).decode()
    event = {
        "resource": resource,
        "path": split.path,
        "httpMethod": method,
        "headers": given,
        "multiValueHeaders": {name: [text] for name, text in given.items()},
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": _many(query) or None,
        "pathParameters": values or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "path": f"/api{split.path}",
            "httpMethod": method,
            "stage": "api",
            "identity": {"sourceIp": "127.0.0.1"},
            **({"authorizer": {"claims": claims}} if claims is not None else {}),
        },
        "body": content,
        "isBase64Encoded": encoded,
    }
    answered = app.app(event, None)
    return Answer(
        answered["statusCode"],
        {name.lower(): text for name, text in answered["headers"].items()},
        answered["body"],
    )


def _many(query: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, text in query:
        found.setdefault(name, []).append(text)
    return found


def _resource(method: str, path: str) -> tuple[str, dict[str, str]]:
    """The door that a path leads to, the most literal first, and the values in it."""
    parts = path.split("/")
    for door in sorted(DOORS, key=lambda door: door.path.count("{")):
        names = door.path.split("/")
        fits = len(names) == len(parts) and all(
            name == part or name.startswith("{") for name, part in zip(names, parts, strict=True)
        )
        if fits and door.method == method:
            pairs = zip(names, parts, strict=True)
            return door.path, {name[1:-1]: part for name, part in pairs if name.startswith("{")}
    raise AssertionError(f"no door {method} {path}")
