"""A thousand chats that all promise something for one moment: `python -m tests.e2e.crowd`.

On stdin: {"do": "gather", "at": ms, "agent": id, "template": name, "phones": […], "count": n}
writes as many chats, each with an attendance that closes by itself then, and for each phone a
template that goes out then. {"do": "look", "count": n} tells what became of each, as JSON.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from typing import Any

from chalicelib import settings
from chalicelib.domain import attendance as attendances
from chalicelib.domain.chat import Closing
from chalicelib.domain.ids import AgentId
from chalicelib.domain.instants import from_ms
from chalicelib.domain.revision import revised
from chalicelib.domain.schedule import Schedule
from chalicelib.stores import chats as store
from chalicelib.stores import closings, schedules, tables
from chalicelib.stores.chats import Change
from tests.builders import chat, client_key

FIRST_PROTOCOL = 900_000  # beyond all that the desk gives


def main() -> None:
    """One of the two."""
    here = settings.from_environment()
    tables.bind(here.desk_table, here.connections_table, region=here.region)
    asked = json.load(sys.stdin)
    if asked["do"] == "gather":
        gather(asked)
    else:
        json.dump([outcome(number) for number in range(asked["count"])], sys.stdout)


def gather(asked: dict[str, Any]) -> None:
    """Each chat in one transaction, as a command writes it."""
    at, by = from_ms(asked["at"]), AgentId(asked["agent"])
    for number in range(asked["count"]):
        phone = asked["phones"][number] if number < len(asked["phones"]) else None
        one = chat(
            name_of(number),
            name=f"Multidão {number:04}",
            phone=phone,
            identities=(),
            closing=Closing(at, "keep", by, "Ana Souza"),
        )
        assert one.attendance is not None
        protocol = str(FIRST_PROTOCOL + number)
        one = replace(one, attendance=replace(one.attendance, protocol=protocol))
        beside = [closings.write(one.chat_id, protocol, closings.Kept("", {}))]
        if phone is not None:
            made = Schedule(
                chat_id=one.chat_id,
                schedule_id=client_key(number=number),
                kind="message",
                due_at=at,
                name=asked["template"],
                language="pt_BR",
                by=by,
                by_name="Ana Souza",
                created_at=one.created_at,
                look_at=at,
            )
            beside.append(schedules.write(None, made))
        after = revised(None, one)
        records = attendances.record(after)
        store.commit(Change(before=None, after=after, attendances=records, beside=tuple(beside)))


def outcome(number: int) -> dict[str, Any]:
    """What the chat shows of what was promised."""
    one = store.load(name_of(number))
    assert one is not None
    page = store.page_of_messages(one, limit=50)
    return {
        "open": one.attendance is not None,
        "lines": dict(Counter(each.line["code"] for each in page if each.line)),
        "sent": sum(each.kind == "template" for each in page),
        "schedules": [each.state for each in schedules.load_all([one.chat_id])],
    }


def name_of(number: int) -> str:
    """The chat's id."""
    return f"crowd{number:04}"


if __name__ == "__main__":
    main()
