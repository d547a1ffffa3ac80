"""Graph's cursors: `limit`, `after`, `before`, and the address of the next page."""

import base64
from typing import Any

from starlette.requests import Request

from .errors import GraphError
from .wire import Json


def page(request: Request, everything: list[Any], largest: int) -> Json:
    """The page that the request's cursors name. Raises GraphError for a foreign cursor."""
    query = request.query_params
    size = query.get("limit", "25")
    if not size.isdigit() or int(size) < 1:
        raise GraphError(100, "", message="(#100) Param limit must be a positive number")
    limit = min(int(size), largest)
    if "before" in query:
        end = _position(query["before"])
        start = max(0, end - limit)
    else:
        start = _position(query["after"]) + 1 if "after" in query else 0
        end = start + limit
    shown = everything[start:end]
    if not shown:
        return {"data": []}
    paging: Json = {"cursors": {"before": _cursor(start), "after": _cursor(start + len(shown) - 1)}}
    if end < len(everything):
        following = request.url.include_query_params(after=paging["cursors"]["after"])
        paging["next"] = str(following.remove_query_params("before"))
    if start > 0:
        previous = request.url.include_query_params(before=paging["cursors"]["before"])
        paging["previous"] = str(previous.remove_query_params("after"))
    return {"data": shown, "paging": paging}


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(f"cursor:{position}".encode()).decode()


def _position(cursor: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(cursor).decode().removeprefix("cursor:"))
    except ValueError:
        raise GraphError(100, "", message="(#100) Invalid cursor") from None
