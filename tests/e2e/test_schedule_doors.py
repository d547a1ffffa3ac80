"""What is scheduled goes out on the whole stack, by the queue or by EventBridge's clock (SCH)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.agent import Agent, client_key
from tests.e2e.phones import Contact, Phones
from tests.e2e.test_prepared import put_template
from tests.e2e.waiting import until

Json = dict[str, Any]


@pytest.fixture
def bia(phones: Phones) -> Contact:
    """She wrote just now."""
    contact = phones.somebody()
    contact.writes("oi")
    return contact


@pytest.fixture
def lembrete(phones: Phones, ana: Agent) -> str:
    """A template that may be sent."""
    put_template(phones, "lembrete_agendado", "Olá, {{1}}, até já!")

    def known() -> bool:
        names = {one["name"] for one in ana.get("/templates")["templates"]}
        return "lembrete_agendado" in names

    until(known, "the template is known")
    return "lembrete_agendado"


def after(seconds: float) -> str:
    """An instant of the contract, so long from now."""
    return f"{datetime.now(UTC) + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"


def schedules(ana: Agent, chat_id: str, name: str, seconds: float, **more: Any) -> Json:
    """A template to come."""
    body = {
        "client_key": client_key(),
        "due_at": after(seconds),
        "template": {"name": name, "language": "pt_BR", "values": {"body.1": "{nome}"}},
        **more,
    }
    made: Json = ana.ask("POST", f"/chats/{chat_id}/schedules", json=body)
    return made


def state(ana: Agent, chat_id: str, made: Json) -> Json:
    """The schedule as the panel has it."""
    found = ana.get(f"/chats/{chat_id}/schedules")["schedules"]
    return next(dict(one) for one in found if one["schedule_id"] == made["schedule_id"])


def becomes(ana: Agent, chat_id: str, made: Json, wanted: str, seconds: float) -> None:
    """Wait for its outcome."""

    def look() -> bool:
        now = state(ana, chat_id, made)
        assert now["state"] == wanted, now
        return True

    until(look, f"the schedule becomes {wanted}", seconds)


@pytest.mark.parametrize("seconds", [5, 75], ids=["by the queue", "by the clock"])
def test_a_scheduled_template_is_on_the_phone(
    ana: Agent, bia: Contact, lembrete: str, seconds: int
) -> None:
    """SCH-1 SCH-7: what is due within a minute waits in the queue, the rest at the Scheduler."""
    chat_id = ana.chat_of(bia.name)
    made = schedules(ana, chat_id, lembrete, seconds)
    assert made["state"] == "pending"
    becomes(ana, chat_id, made, "done", seconds + 60)

    def arrived() -> bool:
        return f"Olá, {bia.name}, até já!" in str(bia.thread())

    until(arrived, "the template is on the phone")
    (message,) = [one for one in ana.messages(chat_id) if one["kind"] == "template"]
    assert (message["source"], message["author_name"]) == ("schedule", made["by_name"])


def test_what_was_put_off_or_removed_does_not_go_out(
    ana: Agent, bia: Contact, lembrete: str
) -> None:
    """SCH-3 SCH-5: seen by what was due after it and went out."""
    chat_id = ana.chat_of(bia.name)
    put_off = schedules(ana, chat_id, lembrete, 8)
    removed = schedules(ana, chat_id, lembrete, 8)
    path = f"/chats/{chat_id}/schedules"
    template = {"name": lembrete, "language": "pt_BR", "values": {"body.1": "depois"}}
    body = {"version": 1, "due_at": after(3600), "template": template}
    assert ana.ask("PUT", f"{path}/{put_off['schedule_id']}", json=body)["version"] == 2
    ana.ask("DELETE", f"{path}/{removed['schedule_id']}")
    last = schedules(ana, chat_id, lembrete, 12)
    becomes(ana, chat_id, last, "done", 60)
    assert len([one for one in ana.messages(chat_id) if one["kind"] == "template"]) == 1
    assert state(ana, chat_id, put_off)["state"] == "pending"
    (listed,) = [one for one in ana.get("/schedules")["schedules"] if one["chat_id"] == chat_id]
    assert listed["schedule_id"] == put_off["schedule_id"]


def test_who_is_unblocked_in_time_gets_it_at_once(ana: Agent, bia: Contact, lembrete: str) -> None:
    """SCH-4"""
    chat_id = ana.chat_of(bia.name)
    made = schedules(ana, chat_id, lembrete, 5)
    ana.ask("PUT", f"/chats/{chat_id}/block")
    becomes(ana, chat_id, made, "held", 60)
    ana.ask("DELETE", f"/chats/{chat_id}/block")
    becomes(ana, chat_id, made, "done", 30)


def test_an_appointment_is_booked_listed_and_taken_away(ana: Agent, bia: Contact) -> None:
    """INFO-6 INFO-8: its reminder, due at once, finds its way through the roles."""
    chat_id = ana.chat_of(bia.name)
    path = f"/chats/{chat_id}/appointments"
    body = {"client_key": client_key(), "at": after(600), "title": "Visita"}
    made = ana.ask("POST", path, json=body)
    today = datetime.now(UTC).date()
    days = {"since": str(today - timedelta(days=1)), "until": str(today + timedelta(days=1))}

    def reminded() -> bool:
        (one,) = ana.get(path)["appointments"]
        return bool(one["version"] == 2)  # its reminder was written

    until(reminded, "the reminder is written", 60)
    found = ana.get("/appointments", **days)["appointments"]
    assert made["appointment_id"] in {one["appointment_id"] for one in found}
    ana.ask("DELETE", f"{path}/{made['appointment_id']}")
    assert ana.get(path)["appointments"] == []
