"""Schedules, flows and dates from the panel and their pages, in a browser (SCH, INFO-6, INFO-8)."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import ROOT, screenshot
from tests.e2e.test_panel import Desk, Entering, enter
from tests.e2e.test_time_story import HERE, SETTINGS_AGE, fill_moment
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.agent import Agent
    from tests.e2e.phones import Phones

__all__ = ["enter"]

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SURVEY = "Pesquisa de satisfação"


@pytest.fixture(scope="module")
def chatbot(ana: Agent) -> Iterator[None]:
    """The chatbot is on, so that flows may be forwarded to; as before afterwards."""
    before = ana.get("/settings")
    flows = {one["name"]: one["flow_id"] for one in ana.get("/flows")["flows"]}
    ana.ask("PUT", "/settings", json={"chatbot": True, "main_flow_id": flows["Boas-vindas"]})
    time.sleep(SETTINGS_AGE)
    yield
    ana.put_back_settings(before)
    time.sleep(SETTINGS_AGE)


def tomorrow(hour: int) -> datetime:
    """An hour of the agency's next day."""
    at = datetime.now(HERE).replace(hour=hour, minute=30, second=0, microsecond=0)
    return (at + timedelta(days=1)).astimezone(UTC)


def schedule_flow(desk: Desk, name: str, at: datetime) -> None:
    """By the panel's window."""
    desk.see("schedule-new-flow").click()
    desk.see("schedule-flow").select_option(label=name)
    fill_moment(desk, "schedule", at)
    desk.see("schedule-save").click()
    expect(desk.see("schedule-window")).to_have_count(0)


def accessible(desk: Desk) -> None:
    """WCAG 2.2 AA by axe."""
    desk.page.evaluate(AXE.read_text())
    found = desk.page.evaluate("tags => axe.run({ runOnly: tags })", WCAG)["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_scheduled_flows_are_changed_removed_and_brought_back(
    phones: Phones, ana: Agent, enter: Entering
) -> None:
    """SCH-2 SCH-3 SCH-5: every open page follows."""
    contact = phones.somebody()
    contact.writes("Oi")
    of_ana, of_bruno = enter("ana"), enter("bruno")
    chat_id = of_ana.open(contact.name)
    of_bruno.open(contact.name)
    schedule_flow(of_ana, SURVEY, tomorrow(9))
    schedule_flow(of_ana, "Boas-vindas", tomorrow(10))
    for desk in (of_ana, of_bruno):
        expect(desk.see("schedule")).to_have_count(2)
    of_ana.see("edit-schedule").first.click()
    expect(of_ana.see("schedule-clock")).to_have_value("09:30")
    fill_moment(of_ana, "schedule", tomorrow(11))
    of_ana.page.screenshot(path=screenshot("schedules-1-edit"))
    of_ana.see("schedule-save").click()
    for desk in (of_ana, of_bruno):
        expect(desk.see("schedule").last).to_contain_text("amanhã às 11:30")
        expect(desk.see("schedule").last).to_contain_text(SURVEY)
    accessible(of_ana)

    of_ana.see("remove-flows").click()
    for desk in (of_ana, of_bruno):
        expect(desk.see("schedule")).to_have_count(0)
    of_ana.see("restore-flows").click()
    for desk in (of_ana, of_bruno):
        expect(desk.see("schedule")).to_have_count(2)

    of_ana.see("schedule-card").first.click()
    question = of_ana.page.get_by_role("dialog").get_by_role("heading")
    expect(question).to_have_text("Tem certeza que deseja excluir esse agendamento?")
    of_ana.see("drop-schedule-yes").click()
    for desk in (of_ana, of_bruno):
        expect(desk.see("schedule")).to_have_count(1)
    states = [one["state"] for one in ana.get(f"/chats/{chat_id}/schedules")["schedules"]]
    assert states == ["pending"]
    assert not of_ana.was_reloaded()


def test_a_chat_is_forwarded_to_a_flow(
    phones: Phones, ana: Agent, enter: Entering, chatbot: None
) -> None:
    """FLOW-2: the attendance is closed without a window, and the phone has the flow's words."""
    contact = phones.somebody()
    contact.writes("Oi")
    until(lambda: contact.received(), "the main flow answers")
    of_ana = enter("ana")
    chat_id = of_ana.open(contact.name)
    of_ana.write("Olá! Eu mesma atendo.")
    protocol = until(lambda: ana.opened(chat_id)["chat"]["protocol"], "it is attended")
    of_ana.see("to-flow").click()
    of_ana.see("finder-search").fill("satisf")
    of_ana.see("finder-choice").filter(has_text=SURVEY).click()
    window = of_ana.see("flow-window")
    expect(window).to_contain_text("Tem certeza que deseja encaminhar para esse fluxo?")
    expect(window).to_contain_text(f"O atendimento {protocol} é encerrado")
    of_ana.page.screenshot(path=screenshot("schedules-2-flow"))
    of_ana.see("flow-yes").dblclick()
    expect(window).to_have_count(0)
    expect(of_ana.see("attendance-state")).to_have_text("Encerrado")
    of_ana.expect_line("flow_started", f"Ana Souza encaminhou a conversa para o fluxo {SURVEY}")
    expect(of_ana.see("to-flow")).to_contain_text("Um fluxo espera pelo contato")
    lines = [one["line"]["code"] for one in ana.messages(chat_id) if one["line"]]
    assert lines.count("flow_started") == 1


def test_dates_are_booked_from_panel_and_page(phones: Phones, ana: Agent, enter: Entering) -> None:
    """INFO-6 INFO-8"""
    contact = phones.somebody()
    contact.writes("Podemos marcar?")
    of_ana = enter("ana")
    of_ana.open(contact.name)
    of_ana.see("add-appointment").click()
    of_ana.see("appointment-save").click()
    expect(of_ana.see("appointment-window")).to_contain_text("Escreva um título.")
    of_ana.see("appointment-title").fill("Visita técnica")
    fill_moment(of_ana, "appointment", tomorrow(15))
    of_ana.see("appointment-agent").select_option(label="Bruno Lima")
    of_ana.see("appointment-save").click()
    card = of_ana.see("appointment")
    expect(card).to_contain_text("Visita técnica")
    expect(card).to_contain_text("amanhã às 15:30")
    expect(card).to_contain_text("Bruno Lima")

    of_ana.page.goto(f"{of_ana.address}/agendas?dia={tomorrow(15).astimezone(HERE):%Y-%m-%d}")
    mine = of_ana.see("agenda-date").filter(has_text=contact.name)
    expect(mine).to_contain_text("15:30 Visita técnica")
    accessible(of_ana)
    of_ana.page.screenshot(path=screenshot("schedules-3-agenda"))
    mine.click()
    of_ana.see("appointment-edit").click()
    fill_moment(of_ana, "appointment", tomorrow(16))
    of_ana.see("appointment-save").click()
    expect(mine).to_contain_text("16:30 Visita técnica")
    mine.click()
    of_ana.see("appointment-drop").click()
    of_ana.see("drop-appointment-yes").click()
    expect(mine).to_have_count(0)


def test_the_page_of_scheduled_messages_finds_makes_and_deletes_them(
    phones: Phones, ana: Agent, enter: Entering
) -> None:
    """SCH-6"""
    contact = phones.somebody()
    contact.writes("Oi")
    ana.chat_of(contact.name)
    of_ana = enter("ana")
    of_ana.page.goto(f"{of_ana.address}/mensagens-agendadas")
    of_ana.see("add-flow").click()
    of_ana.see("contact-search").fill(contact.name)
    of_ana.see("contact-hit").first.click()
    expect(of_ana.see("schedule-window")).to_contain_text(f"Para {contact.name}")
    of_ana.see("schedule-flow").select_option(label=SURVEY)
    fill_moment(of_ana, "schedule", tomorrow(8))
    of_ana.see("schedule-save").click()
    row = of_ana.page.get_by_role("row").filter(has_text=contact.name)
    expect(row).to_contain_text(SURVEY)
    expect(row).to_contain_text("amanhã às 08:30")
    accessible(of_ana)
    of_ana.page.screenshot(path=screenshot("schedules-4-page"))
    of_ana.see("filter-kind").select_option("message")
    expect(row).to_have_count(0)
    of_ana.see("filter-kind").select_option("flow")
    expect(row).to_have_count(1)
    row.click()
    of_ana.see("schedule-drop").click()
    of_ana.see("drop-schedule-yes").click()
    expect(row).to_have_count(0)
