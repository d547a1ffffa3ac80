"""What is scheduled, held and booked comes due, and whoever makes or keeps it is killed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.commands import appointment, block, schedule
from chalicelib.commands.sync_templates import sync
from chalicelib.domain.instants import iso
from chalicelib.stores import bells, schedules
from tests.builders import PORTFOLIO
from tests.faults.desk import AGENTS
from tests.faults.start_stories import TEMPLATE
from tests.faults.stories import Story, bia_was_closed, bia_wrote

if TYPE_CHECKING:
    from tests.faults.desk import Desk

ANA, BETO, CAIO = AGENTS
SOON = timedelta(seconds=30)  # by the queue: nobody needs to wait for a schedule


def _asked(desk: Desk, *, opens: bool) -> dict[str, Any]:
    values = {"body.1": "{nome}"}
    return {
        "due_at": iso(desk.clock() + SOON),
        "template": {"name": "retomar", "language": "pt_BR", "values": values},
        "opens": opens,
        "flow_id": None,
    }


def bia_was_closed_and_there_are_templates(desk: Desk) -> str:
    """A chat without an open attendance."""
    desk.graph.told = [TEMPLATE]
    sync(desk.world, PORTFOLIO, 1)
    return bia_was_closed(desk)


def bia_is_blocked_when_it_is_due(desk: Desk) -> tuple[str, str]:
    """A template is held."""
    desk.graph.told = [TEMPLATE]
    sync(desk.world, PORTFOLIO, 1)
    chat_id = bia_wrote(desk)
    key = desk.key()
    asked = _asked(desk, opens=False)
    schedule.add(desk.world, CAIO, chat_id, key, asked)
    block.block(desk.world, CAIO, chat_id)
    desk.until_quiet()
    assert _state(chat_id, key) == "held"
    return chat_id, key


def _state(chat_id: str, key: str) -> str | None:
    found = schedules.find([chat_id], key)
    return None if found is None else found.state


def _goes_out(desk: Desk, chat_id: str) -> None:
    """It opens the chat, with nobody."""
    key, asked = desk.key(), _asked(desk, opens=True)
    desk.do(lambda world: schedule.add(world, CAIO, chat_id, key, asked), function="add")
    desk.until_quiet()
    assert _state(chat_id, key) == "done"
    assert len(desk.graph.sent) == 1


def _is_freed(desk: Desk, known: tuple[str, str]) -> None:
    """It goes out at once."""
    chat_id, key = known
    desk.do(lambda world: block.unblock(world, CAIO, chat_id), function="unblock")
    desk.until_quiet()
    assert _state(chat_id, key) == "done"
    assert len(desk.graph.sent) == 1


def _is_reminded_of(desk: Desk, chat_id: str) -> None:
    """Booked for so soon that Beto hears of it at once."""
    key, at = desk.key(), iso(desk.clock() + timedelta(minutes=15) + SOON)

    def books(world: Any) -> Any:
        given = {"title": "Visita", "at": at, "agent_id": BETO.agent_id}
        return appointment.book(world, CAIO, chat_id, key, **given)

    desk.do(books, function="book")
    desk.until_quiet()
    assert [one.subject for one in bells.load(BETO.agent_id)] == [key]


STORIES = [
    Story(
        "scheduled_template",
        {
            "add": "GetItem BatchGetItem GetItem Query TransactWriteItems",
            "dispatch": "SendMessageBatch SendMessageBatch",
            "run_due": "BatchGetItem GetItem UpdateItem BatchGetItem GetItem GetItem"
            " TransactWriteItems",
        },
        bia_was_closed_and_there_are_templates,
        _goes_out,
    ),
    Story(
        "held_template",
        {
            "unblock": "GetItem Query TransactWriteItems",
            "run_due": "BatchGetItem GetItem GetItem GetItem TransactWriteItems",
        },
        bia_is_blocked_when_it_is_due,
        _is_freed,
    ),
    Story(
        "reminder",
        {
            "book": "GetItem BatchGetItem GetItem Query TransactWriteItems",
            "run_due": "BatchGetItem GetItem TransactWriteItems",
        },
        bia_wrote,
        _is_reminded_of,
    ),
]
