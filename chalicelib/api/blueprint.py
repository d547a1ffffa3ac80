"""Doors: a path, the permission it needs, and a view. One without a permission cannot be written.

All of Chalice's habits are dealt with here: middleware never sees a view's exception, so refusals
are mapped in the door itself; models are loaded at a door's first call, so that start-up is light.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from chalice.app import Blueprint, CognitoUserPoolAuthorizer, Response
from pynamodb.exceptions import PynamoDBException

from chalicelib.domain import errors
from chalicelib.domain.access import Agent, Permission
from chalicelib.gateways.queues import NotQueued
from chalicelib.logs import logger
from chalicelib.stores import people
from chalicelib.world import world

if TYPE_CHECKING:
    from collections.abc import Callable

BODY_LIMIT = 64_000  # bytes; the longest text is 4,096 characters of at most 12 bytes as JSON
ID = re.compile(r"[0-9A-Za-z_-]{1,64}")

HTTP_STATUS = {
    errors.Invalid: 400,
    errors.Unauthenticated: 401,
    errors.AgentInactive: 403,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.TooLarge: 413,
    errors.SessionClosed: 409,
    errors.ContactBlocked: 409,
    errors.ClientKeyReused: 409,
    errors.ClockSkew: 409,
    errors.ClientKeyExpired: 409,
    errors.NotFailed: 409,
    errors.MovedOn: 409,
    errors.AgentUnavailable: 409,
    errors.ChatbotOff: 409,
    errors.EditedMeanwhile: 409,
    errors.DepartmentUnavailable: 409,
    errors.InUse: 409,
    errors.NameTaken: 409,
    errors.NothingHeardLately: 409,
    errors.TooMany: 409,
    errors.LastAdministrator: 409,
    errors.ChatExists: 409,
    errors.TemplateGone: 409,
    errors.ChannelUnavailable: 409,
    errors.VariablesEmpty: 409,
    errors.TextTooLong: 409,
    errors.FileRefused: 409,
    errors.NotOnThisChannel: 409,
    errors.QuoteUnavailable: 409,
    errors.MarketingStopped: 409,
    errors.ChannelExists: 409,
    errors.Contended: 503,
    errors.Unavailable: 503,
}

# An intrinsic function of the template stands where Chalice expects the text of an ARN.
POOL: Any = [{"Fn::GetAtt": ["UserPool", "Arn"]}]
login = CognitoUserPoolAuthorizer("login", provider_arns=POOL)


class Anyone(Enum):
    """For doors that need a login and nothing more: what they answer is narrowed by access."""

    SIGNED_IN = "signed_in"


SIGNED_IN = Anyone.SIGNED_IN


@dataclass(frozen=True)
class Door:
    """One way in over HTTP; the list of them makes docs/openapi.json."""

    method: str
    path: str
    may: Permission | Anyone | None  # None: not for agents, it has a check of its own
    view: Callable[..., Any]


DOORS: list[Door] = []


class Doors(Blueprint):
    """A blueprint whose routes name their permission."""

    def get(self, path: str, *, may: Permission | Anyone) -> Callable[..., Any]:
        """A door that changes nothing."""
        return self._door("GET", path, may)

    def post(self, path: str, *, may: Permission | Anyone) -> Callable[..., Any]:
        """A door that makes something happen."""
        return self._door("POST", path, may)

    def put(self, path: str, *, may: Permission | Anyone) -> Callable[..., Any]:
        """A door that may be used twice with the same effect."""
        return self._door("PUT", path, may)

    def delete(self, path: str, *, may: Permission | Anyone) -> Callable[..., Any]:
        """A door that takes something away; it may be used twice with the same effect."""
        return self._door("DELETE", path, may)

    def hook(self, method: str, path: str, **options: Any) -> Callable[..., Any]:
        """A door for who has no login: the view checks them, and gets the raw request."""

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            DOORS.append(Door(method, path, None, view))

            @wraps(view)
            def opened(**path_values: str) -> Response:
                request = self.current_request
                return _answered(
                    lambda: view(world(), request, **path_values, **_body(view, request))
                )

            self.route(path, methods=[method], name=view.__name__, **options)(opened)
            return view

        return decorate

    def _door(self, method: str, path: str, may: Permission | Anyone) -> Callable[..., Any]:
        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            DOORS.append(Door(method, path, may, view))

            @wraps(view)
            def opened(**path_values: str) -> Response:
                def act() -> Any:
                    here = world()
                    request = self.current_request
                    agent = signed_in(request.context, may)
                    return view(here, agent, **_arguments(view, request, path_values))

                return _answered(act)

            self.route(path, methods=[method], authorizer=login, name=view.__name__)(opened)
            return view

        return decorate


def signed_in(context: dict[str, Any], may: Permission | Anyone) -> Agent:
    """The active agent behind the request's id token, if they may.

    The agent's row is read at every door: a token outlives a deactivated user (PERM-3). Raises
    Unauthenticated, AgentInactive or Forbidden.
    """
    claims = (context.get("authorizer") or {}).get("claims") or {}
    if claims.get("token_use") != "id" or not claims.get("sub"):
        raise errors.Unauthenticated()
    # Consistently: a page that was told of a change fetches at once, and only once (PERM-2).
    agent = people.agent(claims["sub"], consistent=True)
    if agent is None or not agent.active:
        raise errors.AgentInactive()
    if isinstance(may, Permission) and not agent.may(may):
        raise errors.Forbidden()
    return agent


def request_model(view: Callable[..., Any], name: str) -> Any:
    """The model of a view's `body` or `query`, loaded now; None when it takes none."""
    annotation = view.__annotations__.get(name)
    if annotation is None:
        return None
    return getattr(import_module("chalicelib.api.requests"), annotation.rpartition(".")[2])


def raw_body(request: Any) -> bytes:
    """The bytes as they came: whatever the gateway did to carry them is undone."""
    try:
        return bytes(request.raw_body)
    except (ValueError, TypeError) as error:
        raise errors.Invalid(fields=[{"path": "body", "reason": "base64"}]) from error


def _arguments(
    view: Callable[..., Any], request: Any, path_values: dict[str, str]
) -> dict[str, Any]:
    for value in path_values.values():
        if not ID.fullmatch(value):
            raise errors.NotFound()
    arguments: dict[str, Any] = dict(path_values)
    query = request_model(view, "query")
    if query is not None:
        arguments["query"] = _checked(query.model_validate, dict(request.query_params or {}))
    return {**arguments, **_body(view, request)}


def _body(view: Callable[..., Any], request: Any) -> dict[str, Any]:
    body = request_model(view, "body")
    if body is None:
        return {}
    given = raw_body(request)
    limit = getattr(body, "body_limit", BODY_LIMIT)
    if len(given) > limit:
        raise errors.TooLarge(limit=limit)
    return {"body": _checked(body.model_validate_json, given)}


def _checked(validate: Callable[[Any], Any], given: Any) -> Any:
    from pydantic import ValidationError

    try:
        return validate(given)
    except ValidationError as error:
        raise errors.Invalid(
            fields=[
                {"path": ".".join(str(part) for part in one["loc"]), "reason": one["type"]}
                for one in error.errors(include_url=False, include_input=False)
            ]
        ) from error


def _answered(act: Callable[[], Any]) -> Response:
    """The view's answer, or its refusal, as HTTP."""
    try:
        answer = act()
    except errors.Refusal as refusal:
        return _json({"code": refusal.code, **refusal.fields}, HTTP_STATUS[type(refusal)])
    except (PynamoDBException, BotoCoreError, ClientError, NotQueued):
        # The stack's own parts: nothing was acknowledged, and asking again is safe.
        logger().exception("part of the stack did not answer")
        return _json({"code": errors.Unavailable.code}, 503)
    return answer if isinstance(answer, Response) else _json(answer, 200)


def _json(body: Any, status: int) -> Response:
    return Response(
        json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        status_code=status,
        headers={"Content-Type": "application/json", "Cache-Control": "no-store"},
    )
