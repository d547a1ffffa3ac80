"""Which way a condition takes: how what is kept stands to what it is held against (FLOW-6)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from chalicelib.domain import variables
from chalicelib.domain.fields import is_blank
from chalicelib.domain.flow_answers import kept
from chalicelib.domain.flow_nodes import Group
from chalicelib.domain.words import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.events import Field, FieldValue
    from chalicelib.domain.flow_nodes import FieldRelation, Match, Test


def met(match: Match, tests: tuple[Test, ...], holds: Callable[[Test], bool]) -> bool:
    """Whether all of the tests hold, or any; no more are looked at than it takes."""
    found = (
        met(one.match, one.tests, holds) if isinstance(one, Group) else holds(one) for one in tests
    )
    return all(found) if match == "all" else any(found)


def related(
    relation: FieldRelation, has: FieldValue | None, value: str, field: Field | str, today: date
) -> bool:
    """Whether what is kept in the field stands so to the value, which is as somebody typed it.

    Case and accents do not count. What is empty differs from every value, and is neither greater
    nor less; lists contain their options.
    """
    if relation in ("filled", "empty"):
        return is_blank(has) is (relation == "empty")
    if relation == "differs":
        return not related("equals", has, value, field, today)
    if has is None or is_blank(has):
        return False
    wanted = kept(field, value, today)
    if relation == "equals":
        return has == wanted or _same(_told(has)) == _same(value)
    if relation == "contains":
        return any(_same(value) in _same(one) for one in _each(has))
    mine, other = _measure(has), _measure(value if wanted is None else wanted)
    if mine is None or other is None or type(mine) is not type(other):
        return False
    return mine > other if relation == "greater" else mine < other  # type: ignore[operator]


def _each(has: FieldValue) -> list[str]:
    return has if isinstance(has, list) else [_told(has)]


def _told(has: FieldValue) -> str:
    if isinstance(has, bool):
        return variables.YES if has else variables.NO
    return ", ".join(has) if isinstance(has, list) else has


def _same(text: str) -> str:
    return " ".join(plain(text).split())


def _measure(has: FieldValue) -> Decimal | date | None:
    """What can be greater or less: a number, or a day."""
    if not isinstance(has, str):
        return None
    try:
        return date.fromisoformat(has) if len(has) == len("2026-11-24") else _number(has)
    except ValueError:
        return _number(has)


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text.replace(",", ".")) if len(text) <= 40 else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() else None
