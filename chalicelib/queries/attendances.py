"""Attendances of one chat, and of the agency (CLOSE-7): records, and never a message."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any

from chalicelib.domain.attendance import picture_keys
from chalicelib.domain.instants import iso, iso_or_none, sortable
from chalicelib.queries.chats import readable
from chalicelib.queries.days import midnight
from chalicelib.stores import attendances as store
from chalicelib.stores import audit, counters, people
from chalicelib.stores.chats import commit_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.attendance import Attendance
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import FieldValue
    from chalicelib.domain.ids import ChatId
    from chalicelib.world import World

PAGE = 50
WINDOW = 50  # protocols looked at in one step
STEPS = 6  # of one request: what a filter finds rarely is looked for page by page
GAP = 100  # protocols in one look for the next one that was used

# Numbers are drawn before the transaction that uses them: their order and that of the openings
# differ by no more than a command may take.
DISORDER = timedelta(minutes=1)


def of_chat(
    world: World, agent: Agent, chat_id: str, *, cursor: str | None
) -> events.AttendancePage:
    """The attendances of one chat, those of the chats merged into it included, newest first.

    The cursor is the last one's protocol. Raises NotFound.
    """
    chat = readable(agent, chat_id)
    found = store.of_partitions(chat.partitions, before=cursor, limit=PAGE + 1)
    shown_now = found[:PAGE]
    return {
        "attendances": [shown(world, one, chat) for one in shown_now],
        "cursor": shown_now[-1].protocol if len(found) > PAGE else None,
    }


def page(world: World, asked: Mapping[str, Any]) -> events.AttendancePage:
    """The attendances of the agency, newest first; `asked` is a requests.AttendancesQuery.

    Protocols are consecutive numbers, so that the newest ones are found by counting down from the
    last, and a day by halving: no index is written for it. A request looks at a bounded number of
    them: a page may be short, or empty, and still have a cursor.
    """
    found, cursor = _page(world, asked)
    chats = store.chats_of(one.chat_id for one in found)
    owned = [(one, chats.get(one.chat_id)) for one in found]
    return {
        # None of a contact who is being erased (LGPD).
        "attendances": [
            shown(world, one, chat) for one, chat in owned if chat and not chat.erasing
        ],
        "cursor": cursor,
    }


def export(world: World, agent: Agent, asked: Mapping[str, Any]) -> events.CsvPage:
    """The same as separated values, part by part; the first part has the heading.

    Separated by «;», every cell quoted, and none that a spreadsheet would take for a formula.
    Times are the agency's. Whoever asks for the first part is written into the audit.
    """
    if asked.get("cursor") is None:
        told = {name: one for name, one in asked.items() if one is not None}
        now = world.now()
        commit_rows(
            audit.entry("attendances_exported", agent, "attendances", now, world.new_id(), **told)
        )
    part = page(world, asked)
    names = _names()
    zone = world.zone()
    text = StringIO()
    lines = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    if asked.get("cursor") is None:
        lines.writerow(COLUMNS)
    for one in part["attendances"]:
        lines.writerow(_inert(cell) for cell in _cells(one, names, zone))
    return {"csv": text.getvalue(), "cursor": part["cursor"]}


def shown(world: World, attendance: Attendance, chat: Chat) -> events.AttendanceView:
    """The record as screens see it. `chat` is the one that it belongs to today (INB-7)."""
    return {
        "protocol": attendance.protocol,
        "chat_id": chat.chat_id,
        "contact_name": chat.name,
        "opened_at": iso(attendance.opened_at),
        "opened_by": attendance.opened_by,
        "closed_at": iso_or_none(attendance.closed_at),
        "closed_by": attendance.closed_by,
        "agent_ids": list(attendance.agent_ids),
        "department_ids": list(attendance.department_ids),
        "farewell": attendance.farewell if attendance.farewell_fate == "queued" else None,
        "fields": list(attendance.values),
        "pictures": {key: world.files.address(key) for key in picture_keys(attendance, chat)},
    }


# --- the agency's, newest first ---------------------------------------------------------------


@dataclass(frozen=True)
class _Wanted:
    """What a page is narrowed to: openings from `since` until before `until`."""

    since: datetime | None
    until: datetime | None
    agent: str | None
    department: str | None
    state: str | None

    def holds(self, one: Attendance) -> bool:
        """Whether the attendance is one of them."""
        return (
            (self.since is None or one.opened_at >= self.since)
            and (self.until is None or one.opened_at < self.until)
            and (self.agent is None or self.agent in one.agent_ids)
            and (self.department is None or self.department in one.department_ids)
            and (self.state is None or (self.state == "open") is (one.closed_at is None))
        )


def _page(world: World, asked: Mapping[str, Any]) -> tuple[list[Attendance], str | None]:
    wanted = _Wanted(
        since=midnight(world, asked.get("since"), "since"),
        until=midnight(world, asked.get("until"), "until", days=1),
        agent=asked.get("agent"),
        department=asked.get("department"),
        state=asked.get("state"),
    )
    cursor = asked.get("cursor")
    if wanted.state == "open":
        return _open(wanted, cursor)
    if cursor is not None:
        newest = int(cursor.partition("#")[0]) - 1
    elif wanted.until is None:
        newest = counters.last_protocol()
    else:
        newest = _newest_before(wanted.until + DISORDER)
    return _counting_down(wanted, newest)


def _counting_down(wanted: _Wanted, newest: int) -> tuple[list[Attendance], str | None]:
    """From that protocol down, as far as a page or a request goes."""
    found: list[Attendance] = []
    for _ in range(STEPS):
        oldest = max(newest - WINDOW, counters.FIRST_PROTOCOL)
        used = store.opened_under(range(newest, oldest, -1))
        records = store.named([(chat_id, str(number)) for number, _, chat_id in used])
        found += filter(wanted.holds, records)
        if oldest == counters.FIRST_PROTOCOL or _is_past(wanted, used):
            return found[:PAGE], found[PAGE - 1].protocol if len(found) > PAGE else None
        if len(found) >= PAGE:
            return found[:PAGE], found[PAGE - 1].protocol
        newest = oldest
    return found, str(newest + 1)


def _is_past(wanted: _Wanted, used: list[tuple[int, datetime, ChatId]]) -> bool:
    """Whether all of these were opened too long ago, and so were those before them."""
    if wanted.since is None or not used:
        return False
    return max(opened_at for _, opened_at, _ in used) < wanted.since - DISORDER


def _newest_before(at: datetime) -> int:
    """The last protocol that can have been opened before then, found by halving."""
    low, high = counters.FIRST_PROTOCOL, counters.last_protocol()
    while high - low > WINDOW:
        middle = (low + high) // 2
        used = _next_used(middle, high)
        if used is None or used[1] >= at:
            high = middle
        else:
            low = used[0]
    return high


def _next_used(number: int, last: int) -> tuple[int, datetime] | None:
    """The first protocol from there on that was used, and when it was opened."""
    while number <= last:
        used = store.opened_under(range(number, min(number + GAP, last + 1)))
        if used:
            return used[-1][0], used[-1][1]
        number += GAP
    return None


def _open(wanted: _Wanted, cursor: str | None) -> tuple[list[Attendance], str | None]:
    """The open ones, which chats tell of: their latest opening is that of the attendance."""
    found: list[Attendance] = []
    before = cursor or (None if wanted.until is None else sortable(wanted.until))
    for _ in range(STEPS):
        places = store.open_chats(before=before, limit=PAGE)
        chats = store.chats_of(chat_id for _, chat_id in places)
        records = store.named(
            [
                (chat.chat_id, chat.attendance.protocol)
                for chat in chats.values()
                if chat.attendance is not None
            ]
        )
        by_chat = {one.chat_id: one for one in records}
        for place, chat_id in places:
            if wanted.since is not None and place < sortable(wanted.since):
                return found, None
            one = by_chat.get(chat_id)
            if one is not None and wanted.holds(one):
                found.append(one)
                if len(found) == PAGE:
                    return found, place
        if len(places) < PAGE:
            return found, None
        before = places[-1][0]
    return found, before


# --- as separated values ----------------------------------------------------------------------

COLUMNS = (
    "protocol", "contact", "opened_at", "opened_by", "closed_at", "closed_by", "agents",
    "departments", "farewell", "fields",
)  # fmt: skip


def _names() -> dict[str, str]:
    """What agents and departments are called now, by id."""
    agents = {str(one.agent_id): one.name for one in people.agents()}
    return agents | {one["department_id"]: one["name"] for one in people.departments()}


def _cells(
    one: events.AttendanceView, names: Mapping[str, str], zone: tzinfo | None
) -> Iterable[str]:
    def called(ids: Iterable[str | None]) -> str:
        return ", ".join(names.get(each, each) for each in ids if each is not None)

    def local(at: str | None) -> str:
        return f"{datetime.fromisoformat(at).astimezone(zone):%Y-%m-%d %H:%M:%S}" if at else ""

    yield one["protocol"]
    yield one["contact_name"]
    yield local(one["opened_at"])
    yield called([one["opened_by"]])
    yield local(one["closed_at"])
    yield called([one["closed_by"]])
    yield called(one["agent_ids"])
    yield called(one["department_ids"])
    yield one["farewell"] or ""
    yield " | ".join(f"{field['name']}: {_written(field['value'])}" for field in one["fields"])


def _written(value: FieldValue | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else ", ".join(value)


def _inert(cell: str) -> str:
    """A cell that no spreadsheet runs: https://owasp.org/www-community/attacks/CSV_Injection"""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
