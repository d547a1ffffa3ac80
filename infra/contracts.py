"""The contracts, generated from the code: openapi.json, events.schema.json and flow.schema.json.

`python -m infra.contracts` writes them, `--check` compares and names what differs.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import typing
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

import app  # noqa: F401  loads every door
from chalicelib.api import blueprint, webhooks
from chalicelib.domain import errors, events, flow_format

ROOT = Path(__file__).parent.parent
OPENAPI = ROOT / "docs" / "openapi.json"
EVENTS = ROOT / "docs" / "events.schema.json"
FLOW = ROOT / "docs" / "flow.schema.json"
PATH_PARAMETER = re.compile(r"{(\w+)}")


def openapi() -> dict[str, Any]:
    """The HTTP contract of every door, as OpenAPI 3.1."""
    adapters: list[tuple[tuple[str, str], Any, TypeAdapter[Any]]] = []
    for door in blueprint.DOORS:
        if _is_raw(door):
            continue
        name = door.view.__name__
        returned = typing.get_type_hints(door.view, _names(), include_extras=True)["return"]
        adapters.append(((name, "answer"), "serialization", TypeAdapter(returned)))
        body = blueprint.request_model(door.view, "body")
        if body is not None:
            adapters.append(((name, "body"), "validation", TypeAdapter(body)))
    schemas, shared = TypeAdapter.json_schemas(
        adapters, ref_template="#/components/schemas/{model}"
    )
    by_use = {key: schema for (key, _), schema in schemas.items()}
    components = {**shared.get("$defs", {}), "Problem": _problem()}
    paths: dict[str, Any] = {}
    for door in blueprint.DOORS:
        paths.setdefault(door.path, {})[door.method.lower()] = _operation(door, by_use)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Atendente",
            "version": "1",
            "description": "The doors of one agency's desk. Errors are codes; the page owns the "
            "sentences.",
        },
        "servers": [{"url": "/api"}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "login": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


def event_schema() -> dict[str, Any]:
    """What crosses the socket, both ways, as JSON Schema."""
    adapters: list[Any] = [
        ("server", "serialization", TypeAdapter(events.Frame)),
        ("browser", "serialization", TypeAdapter(events.Hello | events.Ping)),
        ("opened_chat", "serialization", TypeAdapter(events.OpenedChat)),
    ]
    schemas, shared = TypeAdapter.json_schemas(adapters, ref_template="#/$defs/{model}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Atendente's live frames",
        "server": schemas[("server", "serialization")],
        "browser": schemas[("browser", "serialization")],
        **shared,
    }


def _names() -> dict[str, Any]:
    from chalicelib.api import requests
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

    return {"events": events, "requests": requests, "Agent": Agent, "World": World, "Any": Any}


def _is_raw(door: blueprint.Door) -> bool:
    """Whether the door is for other people's servers, and takes what those send."""
    return door.may is None and blueprint.request_model(door.view, "body") is None


def _operation(door: blueprint.Door, schemas: dict[Any, Any]) -> dict[str, Any]:
    name = door.view.__name__
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": (door.view.__doc__ or "").strip().splitlines()[0],
        "parameters": [
            {"name": parameter, "in": "path", "required": True, "schema": {"type": "string"}}
            for parameter in PATH_PARAMETER.findall(door.path)
        ],
        "responses": {},
    }
    if _is_raw(door):
        operation["security"] = []
        for parameter in operation["parameters"]:
            parameter["schema"]["enum"] = list(webhooks.CHANNELS)
        if door.method == "POST":
            operation["requestBody"] = {
                "required": True,
                "content": {"application/json": {"schema": {}}},
            }
        operation["responses"] = {
            "200": {"description": "Acknowledged."},
            **_problems("400", "401", "403", "404", "413", "415", "503"),
        }
        return operation
    operation["security"] = [] if door.may is None else [{"login": []}]
    operation["parameters"] += _query_parameters(door)
    if (name, "body") in schemas:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schemas[(name, "body")]}},
        }
    operation["responses"] = {
        "200": {
            "description": "Done.",
            "content": {"application/json": {"schema": schemas[(name, "answer")]}},
        },
        **_problems("400", "401", "403", "404", "409", "413", "415", "503"),
    }
    return operation


def _query_parameters(door: blueprint.Door) -> list[dict[str, Any]]:
    model = blueprint.request_model(door.view, "query")
    if model is None:
        return []
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    required = set(schema.get("required", ()))

    def inlined(value: Any) -> Any:
        if isinstance(value, dict):
            if "$ref" in value:
                return inlined(definitions[value["$ref"].rpartition("/")[2]])
            return {key: inlined(inner) for key, inner in value.items() if key != "title"}
        return [inlined(inner) for inner in value] if isinstance(value, list) else value

    def present(value: Any) -> Any:
        """A query parameter is absent rather than null."""
        given = inlined(value)
        options = [one for one in given.get("anyOf", ()) if one.get("type") != "null"]
        return options[0] if len(options) == 1 else given

    return [
        {"name": name, "in": "query", "required": name in required, "schema": present(value)}
        for name, value in schema["properties"].items()
    ]


def _problems(*statuses: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": "Refused; the code says why.", "content": content}
        for status in statuses
    }


def _problem() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "A refusal: a code, and fields that depend on it. The gateway's own have "
        "no code of ours.",
        "properties": {"code": {"type": "string", "examples": sorted(errors.every_code())}},
        "additionalProperties": True,
    }


def main() -> int:
    """Write the contracts, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = []
    contracts = ((OPENAPI, openapi()), (EVENTS, event_schema()), (FLOW, flow_format.schema()))
    for path, contract in contracts:
        text = json.dumps(contract, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        if check:
            if not path.exists() or path.read_text() != text:
                stale.append(path.name)
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
    if stale:
        sys.stderr.write(f"out of date, run `make fix`: {', '.join(stale)}\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
