"""The header and the right column in a browser, each change seen live by the page beside it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from local.marks import REASON_FIELD, REASONS
from local.stack import Stack
from local.users import PASSWORD
from tests.e2e.agent import Agent
from tests.e2e.conftest import screenshot
from tests.e2e.pages import DeskPage
from tests.e2e.phones import Phones

REASON = f"closing-{REASON_FIELD.replace('-', '_')}"
Entering = Callable[..., "Desk"]


class Desk(DeskPage):
    """A page with the panel beside the conversation."""

    def see(self, test_id: str) -> Any:
        """What carries that name on the page."""
        return self.page.get_by_test_id(test_id)

    def forward(self, to: str, name: str) -> str:
        """Choose a name under «Encaminhar para …» and say «Sim»; the question that was asked."""
        self.see(f"to-{to}").click()
        self.see("finder-search").fill(name)
        self.see("finder-choice").filter(has_text=name).first.click()
        question = self.page.get_by_role("dialog").get_by_role("heading").inner_text()
        self.see("assign-yes").click()
        return str(question)

    def expect_held(self, *names: str) -> None:
        """Wait until the header names whoever holds the chat, agent first (ROUTE-9)."""
        expect(self.see("header-held")).to_have_text(" · ".join(names) or "Sem agente")

    def expect_line(self, code: str, words: str) -> None:
        """Wait until the conversation says so in a quiet line (CHAT-3)."""
        line = self.page.locator(f'[data-testid="system-line"][data-code="{code}"]').last
        expect(line).to_contain_text(words)


@pytest.fixture
def enter(stack: Stack, new_page: Callable[[], Page]) -> Entering:
    """The page of an agent, logged in."""

    def entered(email: str, tab: str = "all") -> Desk:
        desk = Desk(new_page(), stack.web)
        desk.log_in(f"{email}@example.com", PASSWORD, tab)
        return desk

    return entered


def test_forwarded_answered_twice_and_closed_with_a_field_seen_live_by_the_other_page(
    phones: Phones, ana: Agent, enter: Entering
) -> None:
    """ROUTE-2, ROUTE-5, ROUTE-6, ROUTE-7, ROUTE-9, CHAT-2, CHAT-3, CHAT-8, CLOSE-1, CLOSE-6,
    CLOSE-7"""
    contact = phones.somebody("Helena Prates")
    contact.writes("Preciso de ajuda com a minha entrega")
    of_ana, of_bruno = enter("ana"), enter("bruno")
    chat_id = of_ana.open(contact.name)
    of_bruno.open(contact.name)

    asked = of_ana.forward("department", "Suporte")
    assert asked == "Tem certeza que deseja salvar esse departamento?"
    for desk in (of_ana, of_bruno):
        desk.expect_held("Suporte")
        said = "Ana Souza encaminhou a conversa para o departamento Suporte"
        desk.expect_line("assigned_to_department", said)
    of_bruno.write("Oi, Helena! Já estou vendo.")
    for desk in (of_ana, of_bruno):
        desk.expect_held("Bruno Lima", "Suporte")
        desk.expect_line("took", "Bruno Lima assumiu a conversa")
    of_ana.write("Posso ajudar também.")
    for desk in (of_ana, of_bruno):
        expect(desk.message("Posso ajudar também.")).to_be_visible()
        desk.expect_held("Bruno Lima", "Suporte")
    protocol = ana.opened(chat_id)["chat"]["protocol"]
    expect(of_bruno.see("protocol")).to_have_text(protocol)

    of_bruno.see("header-close").click()
    of_bruno.see("farewell").fill("Obrigado, até a próxima!")
    of_bruno.see("close-now").click()
    expect(of_bruno.see("close-failed")).to_have_text("Confira os campos marcados.")
    of_bruno.page.screenshot(path=screenshot("panel-1-closing"))
    of_bruno.see(REASON).select_option(REASONS[1])
    of_bruno.see("close-now").dblclick()
    expect(of_bruno.see("close-window")).to_have_count(0)
    for desk in (of_ana, of_bruno):
        desk.expect_held()
        desk.expect_line("closed", f"Bruno Lima encerrou o atendimento {protocol}")
        expect(desk.message("Obrigado, até a próxima!")).to_be_visible()
        expect(desk.see("attendance-state")).to_have_text("Encerrado")
        assert not desk.was_reloaded()
    of_ana.see("section-history").get_by_role("button").first.click()
    record = of_ana.see("attendance").filter(has_text=protocol)
    expect(record).to_contain_text(REASONS[1])
    expect(record).to_contain_text("Bruno Lima")
    of_ana.page.screenshot(path=screenshot("panel-2-closed"))
    closings = [
        one
        for one in ana.messages(chat_id)
        if one["line"] is not None and one["line"]["code"] == "closed"
    ]
    assert len(closings) == 1


def test_with_and_without_permission_6_side_by_side(phones: Phones, enter: Entering) -> None:
    """TAB-2, TAB-6: Elisa has it; Bruno is of another department."""
    contact = phones.somebody("Ícaro Bastos")
    contact.writes("Quero um orçamento")
    of_ana = enter("ana")
    of_bruno, of_elisa = enter("bruno", "open"), enter("elisa", "open")
    for desk in (of_bruno, of_elisa):
        expect(desk.row(contact.name)).to_be_visible()
    of_ana.open(contact.name)
    of_ana.forward("department", "Vendas")
    expect(of_bruno.row(contact.name)).to_have_count(0)
    expect(of_elisa.row(contact.name)).to_contain_text("Vendas")
    of_elisa.open(contact.name)
    of_elisa.expect_held("Vendas")
    of_ana.forward("department", "Suporte")
    expect(of_bruno.row(contact.name)).to_contain_text("Suporte")
    of_elisa.expect_held("Suporte")


def test_only_with_permission_5_may_a_chat_of_someone_else_be_passed_on(
    phones: Phones, enter: Entering
) -> None:
    """ROUTE-1, PERM-1"""
    contact = phones.somebody("Jussara Melo")
    contact.writes("Boa tarde")
    of_ana, of_bruno = enter("ana"), enter("bruno")
    of_ana.open(contact.name)
    of_bruno.open(contact.name)
    assert of_ana.forward("agent", "Ana") == "Tem certeza que deseja adicionar esse agente?"
    of_bruno.expect_held("Ana Souza")
    expect(of_bruno.see("to-agent")).to_be_disabled()
    expect(of_bruno.see("forward-locked")).to_contain_text("permissão de trocar o agente")
    assert of_ana.forward("agent", "Bruno") == "Tem certeza que deseja alterar o agente?"
    of_bruno.expect_held("Bruno Lima")
    of_bruno.expect_line("assigned_to_agent", "Ana Souza encaminhou a conversa para Bruno Lima")
    expect(of_bruno.see("to-agent")).to_be_enabled()


def test_blocking_takes_effect_on_the_click_on_both_pages(
    phones: Phones, ana: Agent, enter: Entering
) -> None:
    """BLOCK-1, BLOCK-3, SEND-11, ROW-6"""
    contact = phones.somebody("Kátia Nobre")
    contact.writes("Oi")
    of_ana, of_bruno = enter("ana"), enter("bruno")
    of_ana.open(contact.name)
    of_bruno.open(contact.name)
    expect(of_bruno.see("block")).to_be_disabled()
    of_ana.see("block").click()
    expect(of_ana.see("block")).to_have_text("Desbloquear Contato")
    for desk in (of_ana, of_bruno):
        expect(desk.see("bar-locked")).to_have_text(
            "Contato bloqueado, não é possível enviar ou receber mensagem"
        )
        desk.expect_line("blocked", "Ana Souza bloqueou o contato")
    of_ana.page.screenshot(path=screenshot("panel-3-blocked"))
    of_ana.see("block").click()
    for desk in (of_ana, of_bruno):
        expect(desk.see("bar-input")).to_be_visible()
        desk.expect_line("unblocked", "Ana Souza desbloqueou o contato")


def test_a_block_that_meta_refuses_stands_and_is_tried_again(
    phones: Phones, ana: Agent, enter: Entering
) -> None:
    """BLOCK-3"""
    contact = phones.somebody("Olívia Serra")
    contact.writes("Oi")
    of_ana = enter("ana")
    chat_id = of_ana.open(contact.name)
    phones.misbehave(expired_token=True)
    of_ana.see("block").click()
    expect(of_ana.see("meta-failed")).to_contain_text("a Meta não o aceitou")
    expect(of_ana.see("bar-locked")).to_be_visible()
    assert ana.row(chat_id)["blocked"]
    of_ana.page.screenshot(path=screenshot("panel-5-meta-failed"))
    phones.misbehave(expired_token=False)
    of_ana.see("meta-failed").get_by_role("button").click()
    expect(of_ana.see("meta-failed")).to_have_count(0)
    expect(of_ana.see("meta-pending")).to_have_count(0)
    assert ana.row(chat_id)["blocked"]


def test_notes_and_tags_reach_the_other_page_of_who_may_see_them(
    phones: Phones, ana: Agent, enter: Entering
) -> None:
    """INFO-4, INFO-5, INFO-7: Bruno lacks «Observações do contato»."""
    contact = phones.somebody("Lauro Pinto")
    contact.writes("Oi")
    tag = ana.ask("POST", "/tags", json={"name": "Painel", "color": "teal"})
    first, second, of_bruno = enter("ana"), enter("ana"), enter("bruno")
    chat_id = first.open(contact.name)
    second.open(contact.name)
    of_bruno.open(contact.name)
    expect(of_bruno.see("section-contact")).to_contain_text("Editar dados")
    expect(of_bruno.see("section-notes")).to_have_count(0)

    first.see("add-note").click()
    first.see("note-input").fill("Ligar para confirmar o endereço")
    first.see("note-date").fill("31/12/2026")
    first.see("note-to").select_option(label="Bruno Lima")
    first.see("note-save").dblclick()
    for desk in (first, second):
        expect(desk.see("note")).to_have_count(1)
        expect(desk.see("note")).to_contain_text("Para 31/12/2026")
        expect(desk.see("note")).to_contain_text("Para Bruno Lima")
    second.see("edit-note").click()
    second.see("note-input").fill("Endereço confirmado")
    second.see("note-save").click()
    expect(first.see("note-text")).to_have_text("Endereço confirmado")
    first.see("note-card").click()
    expect(
        first.page.get_by_text("Tem certeza que deseja excluir essa observação?")
    ).to_be_visible()
    first.see("drop-note-yes").click()
    for desk in (first, second):
        expect(desk.see("note")).to_have_count(0)

    first.see("add-tag").click()
    first.see("finder-search").fill("painel")
    first.page.keyboard.press("Enter")
    for desk in (first, second, of_bruno):
        expect(desk.see("tags")).to_contain_text("Painel")
    of_bruno.page.get_by_label("Remover a etiqueta Painel").click()
    for desk in (first, second, of_bruno):
        expect(desk.see("tags")).to_have_count(0)
    assert ana.row(chat_id)["tags"] == []
    ana.ask("DELETE", f"/tags/{tag['tag_id']}")


def test_what_is_known_of_the_contact_is_edited_with_errors_beside_the_fields(
    phones: Phones, enter: Entering
) -> None:
    """INFO-1, INFO-2, INFO-3: and Bruno sees the CPF masked."""
    contact = phones.somebody("Zé")
    contact.writes("Oi")
    of_ana, of_bruno = enter("ana"), enter("bruno")
    of_ana.open(contact.name)
    of_bruno.open(contact.name)
    of_ana.see("edit-contact").click()
    of_ana.see("edit-cpf").fill("529.982.247-24")
    of_ana.see("edit-birth_date").fill("1/2/1980")
    of_ana.see("edit-save").click()
    expect(of_ana.page.get_by_text("CPF inválido: confira os números.")).to_be_visible()
    of_ana.see("edit-cpf").fill("529.982.247-25")
    of_ana.see("edit-save").click()
    expect(of_ana.see("fact-cpf")).to_have_text("529.982.247-25")
    expect(of_ana.see("fact-birth_date")).to_have_text("01/02/1980")
    expect(of_bruno.see("fact-birth_date")).to_have_text("01/02/1980")
    expect(of_bruno.see("fact-cpf")).to_have_text("•••.•••.•••-25")
    of_bruno.see("edit-contact").click()
    expect(of_bruno.see("edit-cpf")).to_be_disabled()
    of_bruno.page.keyboard.press("Escape")

    of_ana.see("edit-name").click()
    of_ana.see("name-input").fill("José da Silva")
    of_ana.page.keyboard.press("Enter")
    for desk in (of_ana, of_bruno):
        expect(desk.see("panel-name")).to_have_text("José da Silva")
        expect(desk.see("given-name")).to_have_text("No aplicativo: Zé")
        expect(desk.row("José da Silva")).to_be_visible()
    of_ana.see("broadcasts").click()
    expect(of_bruno.see("broadcasts")).not_to_be_checked()


def test_a_stale_screen_is_told_and_put_right(
    phones: Phones, ana: Agent, bruno: Agent, enter: Entering
) -> None:
    """CLOSE-1, ROUTE-1: what somebody else did in the meantime stands."""
    contact = phones.somebody("Mirela Couto")
    contact.writes("Oi")
    of_ana = enter("ana")
    chat_id = of_ana.open(contact.name)
    of_ana.forward("department", "Suporte")
    of_ana.expect_held("Suporte")
    bruno_id = bruno.agent_id()

    def overtaken(route: Route) -> None:
        """Bruno is faster: he has the chat when Ana's command comes."""
        bruno.answer(chat_id, "Deixa comigo")
        route.continue_()

    of_ana.page.route(f"**/api/chats/{chat_id}/department", overtaken)
    of_ana.forward("department", "Vendas")
    expect(of_ana.see("assign-failed")).to_contain_text("Esta conversa mudou")
    of_ana.expect_held("Bruno Lima", "Suporte")
    assert ana.row(chat_id)["agent_id"] == bruno_id
    of_ana.page.screenshot(path=screenshot("panel-4-stale"))
    of_ana.page.unroute(f"**/api/chats/{chat_id}/department")
    of_ana.page.keyboard.press("Escape")

    of_ana.see("header-close").click()
    expect(of_ana.see("close-now")).to_be_enabled()
    protocol = ana.opened(chat_id)["chat"]["protocol"]
    fields = {REASON_FIELD: REASONS[0]}
    bruno.ask("POST", f"/chats/{chat_id}/close", json={"protocol": protocol, "fields": fields})
    expect(of_ana.see("close-outcome")).to_contain_text("já foi encerrado")
    of_ana.page.keyboard.press("Escape")
    of_ana.expect_held()
    expect(of_ana.see("close-attendance")).to_be_disabled()


def test_who_closes_what_they_may_not_read_any_more_is_told_why(
    phones: Phones, ana: Agent, davi: Agent, enter: Entering
) -> None:
    """TAB-7: Davi sees only the chats that he holds."""
    contact = phones.somebody("Nadir Falcão")
    contact.writes("Oi")
    chat_id = ana.chat_of(contact.name)
    opened = ana.opened(chat_id)["chat"]
    seen = {
        "agent_id": opened["row"]["agent_id"],
        "department_id": opened["row"]["department_id"],
        "protocol": opened["protocol"],
    }
    body = {"agent_id": davi.agent_id(), "seen": seen}
    ana.ask("PUT", f"/chats/{chat_id}/agent", json=body)
    of_davi = enter("davi", "mine")
    of_davi.open(contact.name)
    of_davi.page.keyboard.press("Control+k")
    of_davi.page.get_by_placeholder("Buscar ações e conversas…").fill("Encerrar")
    of_davi.page.keyboard.press("Enter")
    of_davi.see(REASON).select_option(REASONS[0])
    of_davi.see("close-now").click()
    expect(of_davi.page.get_by_text("Esta conversa saiu das suas listas")).to_be_visible()
    expect(of_davi.row(contact.name)).to_have_count(0)
