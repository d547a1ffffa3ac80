"""Attendances listed: of one chat, of the agency, and as a file."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.api.requests import AttendancesQuery
from chalicelib.commands.receive import receive
from chalicelib.domain import attendance as attendances
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.domain.attendance import Attendance
from chalicelib.domain.chat import OpenAttendance
from chalicelib.domain.inbound import Person
from chalicelib.queries import attendances as queries
from chalicelib.stores import attendances as store
from chalicelib.stores import chats, counters, people, tables
from chalicelib.stores.chats import Change
from chalicelib.stores.rows import from_attendance
from chalicelib.stores.tables import AuditRow, CounterRow, MemberRow, Row
from tests.builders import ACCOUNT, NOON, agent, arrival, chat, join, put

ANA = agent("ana")
FIRST = counters.FIRST_PROTOCOL
MINUTE = timedelta(minutes=1)


def past(number, *, chat_id="c1", opened_at=None, closed=True, **facts):
    """An attendance of long ago, with the row of its protocol; the counter follows."""
    protocol = str(FIRST + number)
    at = opened_at or NOON - timedelta(days=30) + number * MINUTE
    one = Attendance(chat_id, protocol, at, None, **facts)
    if closed:
        one = replace(one, closed_at=at + MINUTE, closed_by="ana")
    from_attendance(one).save()
    place = (f"PROTO#{protocol}",) * 2
    opened_ms = int(at.timestamp() * 1000)
    MemberRow(*place, chat_id=chat_id, opened_ms=opened_ms).save()
    CounterRow(tables.COUNTERS, tables.PROTOCOL_COUNTER, value=number).save()
    return one


def asked(**facts):
    return AttendancesQuery(**facts).model_dump()


def numbers(page):
    return [int(one["protocol"]) - FIRST for one in page["attendances"]]


def every(world, **facts):
    """All pages."""
    found, cursor = [], None
    for _ in range(200):
        page = queries.page(world, asked(**facts, cursor=cursor))
        found += numbers(page)
        cursor = page["cursor"]
        if cursor is None:
            return found
    raise AssertionError("no end")


# --- of one chat ------------------------------------------------------------------------------


def test_the_attendances_of_a_chat_newest_first(world):
    """CLOSE-7 CHAT-8"""
    put(chat())
    for number in range(1, 8):
        past(number)
    past(99, chat_id="c2")
    page = queries.of_chat(world, ANA, "c1", cursor=None)
    assert (numbers(page), page["cursor"]) == ([7, 6, 5, 4, 3, 2, 1], None)
    assert {one["contact_name"] for one in page["attendances"]} == {"Bia"}


def test_they_sort_as_numbers_when_protocols_grow_longer(world):
    """CHAT-8"""
    put(chat())
    for number in (899_999, 900_000, 900_001, 2):
        past(number)
    assert numbers(queries.of_chat(world, ANA, "c1", cursor=None)) == [900_001, 900_000, 899_999, 2]


def test_they_come_in_pages(world, monkeypatch):
    """CLOSE-7"""
    monkeypatch.setattr(queries, "PAGE", 2)
    put(chat())
    for number in range(1, 6):
        past(number)
    first = queries.of_chat(world, ANA, "c1", cursor=None)
    second = queries.of_chat(world, ANA, "c1", cursor=first["cursor"])
    third = queries.of_chat(world, ANA, "c1", cursor=second["cursor"])
    assert [numbers(first), numbers(second), numbers(third)] == [[5, 4], [3, 2], [1]]
    assert third["cursor"] is None


def test_a_merged_chats_attendances_belong_to_the_winner(world):
    """INB-7 CLOSE-7"""
    put(chat("c0", merged_into="c1", open_=False))
    put(chat("c1", also=("c0",), name="Bia Souza"))
    past(1, chat_id="c0")
    past(2, chat_id="c1")
    of_chat = queries.of_chat(world, ANA, "c0", cursor=None)
    of_all = queries.page(world, asked())
    for page in (of_chat, of_all):
        assert numbers(page) == [2, 1]
        assert {one["chat_id"] for one in page["attendances"]} == {"c1"}
        assert {one["contact_name"] for one in page["attendances"]} == {"Bia Souza"}


def test_the_open_attendance_of_a_merged_chat_moves_to_the_winner(world):
    """INB-7 CLOSE-7: it is closed there, and found under its protocol."""
    by_id = "whatsapp#102290129340398#user_id#BR.7"
    by_phone = f"whatsapp#{ACCOUNT}#phone#5511987654321"
    put(
        chat("c0", created_at=NOON - timedelta(days=1), open_=False, identities=(by_id,)),
    )
    put(chat("c1", attendance=OpenAttendance("100001", NOON), identities=(by_phone,)))
    past(1, opened_at=NOON, closed=False)
    receive(world, arrival("oi", person=Person(phone="5511987654321", user_id="BR.7")))
    assert chats.load("c0").attendance.protocol == "100001"
    assert store.load(["c0"], "100001").closed_at is None
    assert store.load(["c1"], "100001") is None
    assert numbers(queries.page(world, asked())) == [1]
    assert numbers(queries.page(world, asked(state="open"))) == [1]


def test_a_chat_that_may_not_be_read_has_none(world):
    """PERM-2"""
    put(chat())
    with pytest.raises(errors.NotFound):
        queries.of_chat(
            world, agent("x", permissions=frozenset({Permission.TAB_MINE})), "c1", cursor=None
        )


# --- of the agency ----------------------------------------------------------------------------


def test_all_of_them_newest_first_over_pages_and_gaps(world, monkeypatch):
    """CLOSE-7: numbers that were drawn and never used are passed over."""
    monkeypatch.setattr(queries, "PAGE", 7)
    monkeypatch.setattr(queries, "WINDOW", 10)
    put(chat())
    used = [number for number in range(1, 90) if number % 5 and not 30 <= number < 60]
    for number in used:
        past(number)
    assert every(world) == used[::-1]


def test_none_at_all(world):
    """CLOSE-7"""
    assert queries.page(world, asked()) == {"attendances": [], "cursor": None}
    assert queries.page(world, asked(until="2026-11-24")) == {"attendances": [], "cursor": None}
    assert queries.page(world, asked(state="open")) == {"attendances": [], "cursor": None}


def test_a_day_is_the_agencys(world):
    """CLOSE-7: both ends included, in the agency's zone (UTC-3)."""
    put(chat())
    for number, at in enumerate(
        [
            datetime(2026, 11, 20, 2, 59, tzinfo=UTC),  # the 19th there
            datetime(2026, 11, 20, 3, 0, tzinfo=UTC),
            datetime(2026, 11, 21, 2, 59, tzinfo=UTC),
            datetime(2026, 11, 21, 3, 0, tzinfo=UTC),  # the 21st
        ],
        1,
    ):
        past(number, opened_at=at)
    assert every(world, since="2026-11-20", until="2026-11-20") == [3, 2]
    assert every(world, since="2026-11-21") == [4]
    assert every(world, until="2026-11-19") == [1]


@pytest.mark.parametrize("day", ["2026-02-30", "9999-12-31"])
def test_a_day_that_is_none_is_refused(world, day):
    """CLOSE-7"""
    with pytest.raises(errors.Invalid) as refusal:
        queries.page(world, asked(until=day))
    assert refusal.value.fields["fields"] == [{"path": "until", "reason": "not_a_date"}]


def test_a_day_long_ago_is_found_in_few_reads(world, monkeypatch):
    """CLOSE-7: by halving, however many there are; and the reading ends where the day does."""
    put(chat())
    day = datetime(2026, 1, 1, 12, tzinfo=UTC)
    for number in range(1, 1001):
        if not 400 < number <= 700:  # many that were never used
            past(number, opened_at=day + number * timedelta(hours=1))
    reads = []
    real = store.opened_under
    monkeypatch.setattr(
        store, "opened_under", lambda numbers: reads.append(len(numbers)) or real(numbers)
    )
    page = queries.page(world, asked(since="2026-01-10", until="2026-01-10"))
    assert numbers(page) == list(range(230, 206, -1))
    assert page["cursor"] is None
    assert len(reads) < 20
    reads.clear()
    assert every(world, since="2026-01-18", until="2026-01-31") == [*range(734, 700, -1), 400, 399]


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({}, [5, 4, 3, 2, 1]),
        ({"agent": "ana"}, [4, 2]),
        ({"department": "sales"}, [3, 2]),
        ({"agent": "ana", "department": "sales"}, [2]),
        ({"state": "closed"}, [4, 3, 2, 1]),
        ({"state": "closed", "agent": "bruno"}, [4]),
        ({"agent": "nobody"}, []),
    ],
)
def test_they_are_narrowed(world, facts, found):
    """CLOSE-7"""
    put(chat())
    past(1)
    past(2, agent_ids=("ana",), department_ids=("sales",))
    past(3, department_ids=("sales", "support"))
    past(4, agent_ids=("ana", "bruno"))
    past(5, closed=False)
    assert every(world, **facts) == found


def test_the_open_ones_are_found_without_the_closed(world, monkeypatch):
    """CLOSE-7: in the order of their opening, narrowed like the others."""
    monkeypatch.setattr(queries, "PAGE", 2)
    for number in range(1, 8):
        at = NOON - timedelta(days=8 - number)
        holder = {"agent_id": "ana"} if number % 2 else {"department_id": "sales"}
        now = OpenAttendance(str(FIRST + number), at)
        one = put(chat(f"c{number}", attendance=now, opened_at=at, name=f"Contato {number}"))
        given = (
            attendances.given_to_agent(one, "ana", NOON)
            if "agent_id" in holder
            else attendances.given_to_department(one, "sales", NOON)
        )
        chats.commit(
            Change(before=one, after=replace(given, rev=2), attendances=attendances.record(given))
        )
    put(chat("c9", open_=False))
    assert every(world, state="open") == [7, 6, 5, 4, 3, 2, 1]
    assert every(world, state="open", agent="ana") == [7, 5, 3, 1]
    assert every(world, state="open", department="sales") == [6, 4, 2]
    assert every(world, state="open", since="2026-11-19", until="2026-11-21") == [5, 4, 3]


def test_what_is_erased_is_passed_over(world):
    """LGPD: a protocol without its record, a record without its chat."""
    put(chat())
    past(1)
    gone = past(2)
    from_attendance(gone).delete()
    past(3, chat_id="c3")
    page = queries.page(world, asked())
    assert numbers(page) == [1]


# --- as a file --------------------------------------------------------------------------------


def table(part):
    return list(csv.reader(io.StringIO(part["csv"]), delimiter=";"))


def test_the_file_has_a_heading_once_and_names_instead_of_ids(world, monkeypatch):
    """CLOSE-7"""
    monkeypatch.setattr(queries, "PAGE", 1)
    join(ANA, agent("bruno"))
    people.save_department("sales", "Vendas; Sul", active=True)
    put(chat(name='Bia "B" Souza'))
    past(1)
    values = (
        {"field_id": "f1", "name": "Motivo", "value": "troca"},
        {"field_id": "f2", "name": "Cores", "value": ["azul", "verde"]},
        {"field_id": "f3", "name": "Feliz?", "value": True},
        {"field_id": "f4", "name": "Nada", "value": None},
    )
    past(
        2,
        opened_at=NOON,
        agent_ids=("ana", "bruno"),
        department_ids=("sales",),
        farewell="Até\nlogo; tchau",
        farewell_fate="queued",
        values=values,
    )
    first = queries.export(world, ANA, asked())
    second = queries.export(world, ANA, asked(cursor=first["cursor"]))
    assert table(first) == [
        list(queries.COLUMNS),
        [
            "100002",
            'Bia "B" Souza',
            "2026-11-24 09:00:00",
            "",
            "2026-11-24 09:01:00",
            "Ana",
            "Ana, Bruno",
            "Vendas; Sul",
            "Até\nlogo; tchau",
            "Motivo: troca | Cores: azul, verde | Feliz?: true | Nada: ",
        ],
    ]
    assert [line[0] for line in table(second)] == ["100001"]
    assert second["cursor"] is None


@pytest.mark.parametrize("name", ["=1+1", "+55", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(world, name):
    """CLOSE-7"""
    put(chat(name=name))
    past(1)
    cell = table(queries.export(world, ANA, asked()))[1][1]
    assert cell.startswith("'")


def test_an_export_is_audited_once(world, monkeypatch):
    """LGPD"""
    monkeypatch.setattr(queries, "PAGE", 1)
    put(chat())
    past(1)
    past(2)
    first = queries.export(world, ANA, asked(agent=None, state="closed"))
    queries.export(world, ANA, asked(state="closed", cursor=first["cursor"]))
    (row,) = [row for row in Row.scan() if isinstance(row, AuditRow)]
    assert (row.what, row.by, json.loads(row.details)) == (
        "attendances_exported",
        "ana",
        {"state": "closed"},
    )


def test_a_record_says_a_farewell_only_if_it_was_queued(world):
    """CLOSE-4 CLOSE-7"""
    one = replace(past(1), farewell="tchau", farewell_fate="session_closed")
    assert queries.shown(world, one, chat())["farewell"] is None
    assert queries.shown(world, replace(one, farewell_fate="queued"), chat())["farewell"] == "tchau"
