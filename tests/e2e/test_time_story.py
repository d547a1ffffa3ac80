"""Time and flows as their users see them, on the page and on the phone: a menu, the next agent, a
template while the contact is blocked, a closing, a session that ends (SES, SCH, CLOSE, FLOW).
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import screenshot
from tests.e2e.test_panel import REASON, REASONS, Desk, Entering, enter
from tests.e2e.test_prepared import put_template
from tests.e2e.test_routing import seen
from tests.e2e.waiting import at_once, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.agent import Agent
    from tests.e2e.phones import Contact, Phones

__all__ = ["enter"]

SETTINGS_AGE = 5  # seconds after which every function has read the settings anew
ON_TIME_MS = 150_000  # a minute, what its queue and its function take, and a busy machine
HERE = ZoneInfo("America/Sao_Paulo")


@pytest.fixture(scope="module")
def chatbot(every_phone: Phones, ana: Agent) -> Iterator[None]:
    """The seeded welcome flow answers, and a template may be sent; as before afterwards."""
    put_template(every_phone, "lembrete_da_visita", "Oi, {{1}}, esperamos por você.")
    before = ana.get("/settings")
    flows = ana.get("/flows")["flows"]
    (welcome,) = [one["flow_id"] for one in flows if one["name"] == "Boas-vindas"]
    ana.ask("PUT", "/settings", json={"chatbot": True, "main_flow_id": welcome})
    time.sleep(SETTINGS_AGE)
    yield
    ana.put_back_settings(before)
    time.sleep(SETTINGS_AGE)


def wrote_ago(contact: Contact, text: str, ago: timedelta) -> None:
    """A message that is so old when it comes: its session is shorter by that."""
    at = int(time.time() - ago.total_seconds())
    several = [{"text": text, "timestamp": at}]
    contact.phones.ask("POST", f"/contacts/{contact.wa_id}/messages", json=several)


def held_by(ana: Agent, contact: Contact) -> str:
    """The agent whom the flow gave the chat to."""
    chat_id = ana.chat_of(contact.name)
    held: str = until(lambda: ana.row(chat_id)["agent_id"], "an agent holds it")
    return held


def fill_moment(desk: Desk, name: str, at: datetime) -> None:
    """Type a day and an hour as people there say them."""
    there = at.astimezone(HERE)
    desk.see(f"{name}-day").fill(f"{there:%d/%m/%Y}")
    desk.see(f"{name}-clock").fill(f"{there:%H:%M}")


def choose_template(desk: Desk, name: str) -> None:
    """Pick it in the open window's list, and fill its one variable with the contact's name."""
    desk.see("template-field").click()
    desk.page.get_by_role("option").filter(has_text=name).first.click()
    desk.see("template-value-body.1").fill("{nome}")


@pytest.mark.usefixtures("chatbot")
def test_contacts_who_choose_at_the_same_moment_are_shared_out_evenly(
    phones: Phones, ana: Agent
) -> None:
    """FLOW-5: one turn each, whoever was faster."""
    contacts = [phones.somebody() for _ in range(8)]
    for one in contacts:
        one.writes("Oi")
    for one in contacts:
        until(lambda one=one: "Com o que podemos ajudar?" in str(one.thread()), "the menu")
    at_once(lambda one: one.writes("Quero comprar"), contacts, len(contacts))
    shares = Counter(held_by(ana, one) for one in contacts)
    sellers = [one for one in ana.get("/users")["users"] if "vendas" in one["department_ids"]]
    active = [one for one in sellers if one["active"]]
    assert len(shares) == min(len(active), len(contacts))
    assert max(shares.values()) - min(shares.values()) <= 1


@pytest.mark.usefixtures("chatbot")
def test_the_menu_hands_each_contact_to_the_next_agent(
    phones: Phones, ana: Agent, enter: Entering
) -> None:
    """FLOW-1 FLOW-4 FLOW-5 ROW-5 TAB-5: the page shows it live, the phone has the words."""
    of_ana = enter("ana")
    first, second = phones.somebody(), phones.somebody()
    first.writes("Boa tarde")
    row = of_ana.row(first.name)
    expect(row.get_by_test_id("row-automation")).to_be_visible()
    until(lambda: "Com o que podemos ajudar?" in str(first.thread()), "the menu is on the phone")
    of_ana.open(first.name)
    expect(of_ana.see("to-flow")).to_contain_text("Um fluxo espera pelo contato")
    of_ana.page.screenshot(path=screenshot("time-1-menu"))

    first.writes("Quero comprar")
    expect(row.get_by_test_id("row-agent")).to_be_visible()
    expect(row.get_by_test_id("row-department")).to_have_text("Vendas")
    expect(row.get_by_test_id("row-automation")).to_have_count(0)
    second.writes("Oi")
    until(lambda: "Com o que podemos ajudar?" in str(second.thread()), "the menu, once more")
    second.writes("1")
    agents = [held_by(ana, one) for one in (first, second)]
    assert agents[0] != agents[1]
    of_ana.page.screenshot(path=screenshot("time-2-handed-over"))
    assert not of_ana.was_reloaded()


def test_a_template_that_is_due_while_the_contact_is_blocked_goes_out_after(
    phones: Phones, ana: Agent, enter: Entering, chatbot: None
) -> None:
    """SCH-1 SCH-3 SCH-4 BLOCK-2 CLOSE-2 CLOSE-3: and the closing comes at its time."""
    contact = phones.somebody()
    contact.writes("Posso passar aí hoje?")
    of_ana = enter("ana")
    of_ana.open(contact.name)
    of_ana.see("schedule-message").click()
    choose_template(of_ana, "lembrete_da_visita")
    of_ana.see("schedule-save").click()
    expect(of_ana.see("schedule-window")).to_contain_text("Preencha a data e a hora.")
    fill_moment(of_ana, "schedule", datetime.now(UTC) - timedelta(minutes=5))
    of_ana.see("schedule-save").click()
    expect(of_ana.see("schedule-window")).to_contain_text("ainda não passaram")
    due = datetime.now(UTC).replace(second=0) + timedelta(minutes=1)
    if due - datetime.now(UTC) < timedelta(seconds=20):
        due += timedelta(minutes=1)
    fill_moment(of_ana, "schedule", due)
    of_ana.see("schedule-opens-yes").locator("..").click()
    of_ana.page.screenshot(path=screenshot("time-3-schedule"))
    of_ana.see("schedule-save").click()
    card = of_ana.see("schedule")
    expect(card).to_contain_text("lembrete_da_visita")
    expect(card).to_contain_text("Abre o atendimento")
    of_ana.expect_line("message_scheduled", "Ana Souza agendou a mensagem lembrete_da_visita para")

    of_ana.see("block").click()
    expect(of_ana.see("schedules-blocked")).to_be_visible()
    expect(card).to_have_attribute("data-state", "held", timeout=ON_TIME_MS)
    expect(of_ana.see("schedule-state")).to_contain_text("Aguardando o desbloqueio até")
    of_ana.page.screenshot(path=screenshot("time-4-held"))
    assert "esperamos por você" not in str(contact.thread())
    of_ana.see("block").click()
    expect(card).to_have_count(0, timeout=ON_TIME_MS)
    arrived = f"Oi, {contact.name}, esperamos por você."
    until(lambda: arrived in contact.received(), "the template is on the phone")
    of_ana.see("schedules-past").click()
    expect(card).to_have_attribute("data-state", "done")
    expect(of_ana.see("attendance-state")).to_have_text("Aberto")

    of_ana.see("close-attendance").click()
    of_ana.see("close-minutes").fill("1")
    of_ana.see("farewell").fill("")
    of_ana.see(REASON).select_option(REASONS[1])
    of_ana.see("close-now").click()
    expect(of_ana.see("scheduled-closing")).to_be_visible()
    expect(of_ana.see("attendance-state")).to_have_text("Encerrado", timeout=ON_TIME_MS)
    of_ana.page.screenshot(path=screenshot("time-5-closed"))
    assert contact.received().count(arrived) == 1
    assert not of_ana.was_reloaded()


def test_a_session_goes_from_open_to_expiring_to_expired_on_the_open_page(
    phones: Phones, ana: Agent, davi: Agent, enter: Entering
) -> None:
    """SES-2 ROW-3: by the clock alone, without a message or an act."""
    of_davi = enter("davi", "mine")
    soon, over = phones.somebody(), phones.somebody()
    wrote_ago(soon, "Até logo", timedelta(hours=23, minutes=29, seconds=15))
    wrote_ago(over, "Adeus", timedelta(hours=23, minutes=59))
    for one in (soon, over):
        hits = until(lambda one=one: ana.get("/search", q=one.name)["hits"], "the chat is found")
        chat_id = hits[0]["row"]["chat_id"]
        body = {"agent_id": davi.agent_id(), "seen": seen(ana, chat_id)}
        ana.ask("PUT", f"/chats/{chat_id}/agent", json=body)
    of_soon, of_over = (of_davi.row(one.name).get_by_test_id("row-session") for one in (soon, over))
    expect(of_over).to_have_text("Expirando")
    expect(of_soon).to_have_count(0)
    expect(of_soon).to_have_text("Expirando", timeout=ON_TIME_MS)
    of_davi.page.screenshot(path=screenshot("time-6-expiring"))
    expect(of_over).to_have_text("Expirado", timeout=ON_TIME_MS)
    of_davi.page.screenshot(path=screenshot("time-7-expired"))
    assert not of_davi.was_reloaded()
