"""An attendance that is closed later, on the real stack and in a browser (CLOSE-2, CLOSE-3)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from local.marks import REASON_FIELD, REASONS
from local.stack import Stack
from local.users import PASSWORD
from tests.e2e.agent import Agent
from tests.e2e.conftest import screenshot
from tests.e2e.phones import Phones
from tests.e2e.test_panel import REASON, Desk, Entering
from tests.e2e.test_routing import close, lines, seen, written_by
from tests.e2e.waiting import stays, until

ON_TIME_MS = 150_000  # a minute, what its queue and its function take, and a busy machine


@pytest.fixture
def enter(stack: Stack, new_page: Callable[[], Page]) -> Entering:
    """The page of an agent, logged in."""

    def entered(email: str, tab: str = "all") -> Desk:
        desk = Desk(new_page(), stack.web)
        desk.log_in(f"{email}@example.com", PASSWORD, tab)
        return desk

    return entered


def put_off(desk: Desk, minutes: int, on_reply: str = "", farewell: str = "") -> None:
    """Close the open chat by its window, so many minutes from now."""
    desk.see("close-attendance").click()
    desk.see("close-minutes").fill(str(minutes))
    expect(desk.see("on-reply-keep")).to_be_checked()
    if on_reply:
        desk.see(f"on-reply-{on_reply}").check()
    desk.see("farewell").fill(farewell)
    desk.see(REASON).select_option(REASONS[1])
    desk.see("close-now").click()
    expect(desk.see("close-window")).to_have_count(0)


def test_it_closes_by_itself_at_its_time_whatever_the_contact_writes(
    phones: Phones, ana: Agent, enter: Entering
) -> None:
    """CLOSE-2, CLOSE-4, CLOSE-6, CLOSE-7, CLOSE-8, CHAT-3: both pages follow without an act."""
    contact = phones.somebody("Olívia Sampaio")
    contact.writes("Era só isso, obrigada")
    of_ana, of_bruno = enter("ana"), enter("bruno")
    chat_id = of_ana.open(contact.name)
    of_bruno.open(contact.name)
    protocol = ana.opened(chat_id)["chat"]["protocol"]

    of_ana.see("close-attendance").click()
    of_ana.see("close-minutes").fill("1")
    expect(of_ana.see("close-at")).to_contain_text(re.compile(r"(hoje|amanhã) às \d\d:\d\d"))
    of_ana.page.screenshot(path=screenshot("closing-1-window"))
    of_ana.see("farewell").fill("Até a próxima!")
    of_ana.see(REASON).select_option(REASONS[1])
    of_ana.see("close-now").click()
    expect(of_ana.see("close-window")).to_have_count(0)
    for desk in (of_ana, of_bruno):
        card = desk.see("scheduled-closing")
        expect(card).to_contain_text(re.compile(r"(hoje|amanhã) às \d\d:\d\d"))
        expect(card).to_contain_text("Não será cancelado se o contato responder")
        expect(card).to_contain_text("por Ana Souza")
        desk.expect_line("closing_scheduled", "Ana Souza agendou o encerramento para")
        expect(desk.see("attendance-state")).to_have_text("Aberto")
    of_ana.see("scheduled-closing").scroll_into_view_if_needed()
    of_ana.page.screenshot(path=screenshot("closing-2-scheduled"))
    contact.writes("Mais uma coisa…")
    expect(of_ana.message("Mais uma coisa…")).to_be_visible()
    expect(of_ana.see("scheduled-closing")).to_be_visible()

    for desk in (of_ana, of_bruno):
        state = desk.see("attendance-state")
        expect(state).to_have_text("Encerrado", timeout=ON_TIME_MS)
        expect(desk.see("scheduled-closing")).to_have_count(0)
        said = f"O atendimento {protocol} foi encerrado na hora marcada por Ana Souza"
        desk.expect_line("closed_on_time", said)
        expect(desk.message("Até a próxima!")).to_be_visible()
        assert not desk.was_reloaded()
    of_ana.page.screenshot(path=screenshot("closing-3-closed"))
    until(lambda: contact.received() == ["Até a próxima!"], "the farewell on the phone, once")
    [record] = ana.get(f"/chats/{chat_id}/attendances")["attendances"]
    assert (record["protocol"], record["closed_by"]) == (protocol, ana.agent_id())
    assert record["farewell"] == "Até a próxima!"
    kept = {one["field_id"]: one["value"] for one in record["fields"]}
    assert kept[REASON_FIELD] == REASONS[1]


def test_the_contacts_answer_cancels_it_where_that_was_chosen(
    phones: Phones, ana: Agent, enter: Entering
) -> None:
    """CLOSE-2: an agent's message does not."""
    contact = phones.somebody("Plínio Furtado")
    contact.writes("Vou verificar e já volto")
    of_ana = enter("ana")
    chat_id = of_ana.open(contact.name)
    put_off(of_ana, 30, "cancel")
    card = of_ana.see("scheduled-closing")
    expect(card).to_contain_text("Será cancelado se o contato responder")
    of_ana.write("Combinado, fico esperando.")
    until(lambda: contact.received() == ["Combinado, fico esperando."], "the answer")
    assert stays(lambda: ana.opened(chat_id)["chat"]["closing"], 1) is not None
    expect(card).to_be_visible()

    contact.writes("Voltei!")
    expect(card).to_have_count(0)
    said = "O contato respondeu: o encerramento agendado foi cancelado"
    of_ana.expect_line("closing_cancelled", said)
    expect(of_ana.see("attendance-state")).to_have_text("Aberto")
    assert ana.opened(chat_id)["chat"]["closing"] is None
    assert not of_ana.was_reloaded()


def test_a_click_and_sim_cancel_it_for_everyone(
    phones: Phones, ana: Agent, enter: Entering
) -> None:
    """CLOSE-3, CLOSE-8: whoever is about to do the same is told that there is none any more."""
    contact = phones.somebody("Quitéria Nunes")
    contact.writes("Oi")
    of_ana, of_bruno = enter("ana"), enter("bruno")
    chat_id = of_ana.open(contact.name)
    of_bruno.open(contact.name)
    put_off(of_ana, 60)
    of_ana.see("scheduled-closing-open").click()
    question = of_ana.page.get_by_role("dialog").get_by_role("heading")
    expect(question).to_have_text("Tem certeza que deseja cancelar o encerramento agendado?")
    of_ana.see("cancel-closing").get_by_role("button", name="Não").click()
    expect(question).to_have_count(0)
    expect(of_ana.see("scheduled-closing")).to_be_visible()

    of_ana.see("header-close").click()
    expect(of_ana.see("close-replaces")).to_contain_text("Este o substitui")
    of_ana.page.keyboard.press("Escape")
    of_bruno.see("scheduled-closing-open").click()
    expect(of_bruno.see("cancel-closing-yes")).to_be_visible()
    of_ana.see("scheduled-closing-open").click()
    of_ana.page.screenshot(path=screenshot("closing-4-cancel"))
    of_ana.see("cancel-closing-yes").dblclick()
    for desk in (of_ana, of_bruno):
        expect(desk.see("scheduled-closing")).to_have_count(0)
        desk.expect_line("closing_cancelled", "Ana Souza cancelou o encerramento agendado")
    gone = of_bruno.see("cancel-closing-outcome")
    expect(gone).to_contain_text("Não há mais encerramento agendado")
    of_bruno.page.keyboard.press("Escape")
    expect(gone).to_have_count(0)
    expect(of_ana.see("cancel-closing-yes")).to_have_count(0)
    assert lines(ana, chat_id) == ["closing_scheduled", "closing_cancelled"]


def test_there_is_one_closing_of_one_attendance(phones: Phones, ana: Agent, bruno: Agent) -> None:
    """CLOSE-3, CLOSE-8: a new one replaces it, and it dies with its attendance."""
    _, chat_id = written_by(phones, ana)
    protocol = seen(ana, chat_id)["protocol"]
    before = datetime.now(UTC)
    assert close(ana, chat_id, protocol, minutes=60)[0] == 200
    assert close(bruno, chat_id, protocol, minutes=5, on_reply="cancel")[0] == 200
    closing = ana.opened(chat_id)["chat"]["closing"]
    assert (closing["by"], closing["on_reply"]) == (bruno.agent_id(), "cancel")
    at = datetime.fromisoformat(closing["at"])
    assert before + timedelta(minutes=5) <= at < before + timedelta(minutes=10)

    ana.ask("DELETE", f"/chats/{chat_id}/closings/{protocol}")
    again = ana.ask("DELETE", f"/chats/{chat_id}/closings/{protocol}")
    assert again["chat"]["closing"] is None
    assert lines(ana, chat_id) == ["closing_scheduled", "closing_scheduled", "closing_cancelled"]

    assert close(ana, chat_id, protocol, minutes=60)[0] == 200
    assert close(bruno, chat_id, protocol)[0] == 200
    chat = ana.opened(chat_id)["chat"]
    assert (chat["protocol"], chat["closing"]) == (None, None)
    late = ana.ask("DELETE", f"/chats/{chat_id}/closings/{protocol}", expect=409)
    assert (late["code"], late["chat"]["protocol"]) == ("moved_on", None)
