"""The main job: a message reaches the agents' screens, the answer reaches the phone."""

import time
from collections.abc import Callable
from contextlib import suppress

from playwright.sync_api import BrowserContext, Page, expect

from infra.place import Place
from local.stack import Stack
from local.users import PASSWORD
from tests.e2e.agent import Agent
from tests.e2e.conftest import screenshot
from tests.e2e.pages import DeskPage, PhonePage
from tests.e2e.phones import Contact, Phones
from tests.e2e.waiting import until

GREY_SPREAD = 45  # of 255: how far the parts of a grey may lie apart


def is_grey(colour: tuple[int, int, int]) -> bool:
    """Whether no part stands out."""
    return max(colour) - min(colour) <= GREY_SPREAD


def is_green(colour: tuple[int, int, int]) -> bool:
    """Whether green is the strongest part, clearly."""
    red, green, blue = colour
    return green > red + GREY_SPREAD and green > blue


def cut(stack: Stack, agent: Agent) -> None:
    """Close every socket of that agent, as the gateway does after two hours."""
    rows = stack.client("dynamodb").scan(TableName=stack.outputs["ConnectionsTable"])["Items"]
    place = Place(
        stack.place.region, stack.live.replace("ws://", "http://"), stack.place.credentials
    )
    gateway = place.client("apigatewaymanagementapi")
    agent_id = agent.agent_id()
    for row in rows:
        if row["pk"]["S"] == "LIVE" and row["agent_id"]["S"] == agent_id:
            with suppress(gateway.exceptions.GoneException):
                gateway.delete_connection(ConnectionId=row["sk"]["S"])


def test_a_message_reaches_two_agents_and_the_answer_reaches_the_phone(
    stack: Stack,
    phones: Phones,
    ana: Agent,
    bruno: Agent,
    new_page: Callable[[], Page],
) -> None:
    """INB-1, LIVE-1 to LIVE-4, CHAT-1, CHAT-4, SEND-1, ROUTE-4, ROW-1, ROW-4, READ-1"""
    name, number = "Marina Duarte", "5511987650001"
    of_ana, of_bruno = (DeskPage(new_page(), stack.web) for _ in range(2))
    of_ana.log_in("ana@example.com", PASSWORD)
    of_bruno.log_in("bruno@example.com", PASSWORD)
    phone = PhonePage(new_page(), stack.simulator)
    phone.add(name, f"+{number}")

    phone.write("Oi! Vocês entregam em Santos ainda esta semana?")
    for desk in (of_ana, of_bruno):
        expect(desk.row(name)).to_be_visible()
        expect(desk.row(name).get_by_test_id("row-unread")).to_have_text("1")
    of_ana.page.screenshot(path=screenshot("1-row"))
    chat_id = of_ana.open(name)
    assert of_bruno.open(name) == chat_id
    for desk in (of_ana, of_bruno):
        expect(desk.message("Oi! Vocês entregam em Santos ainda esta semana?")).to_be_visible()
        expect(desk.row(name).get_by_test_id("row-unread")).to_have_count(0)

    time.sleep(1)  # Meta's times are in seconds
    phone.write("São três caixas, o pedido é o 48213")
    for desk in (of_ana, of_bruno):
        expect(desk.message("São três caixas, o pedido é o 48213")).to_be_visible()
    phone.page.screenshot(path=screenshot("2-phone"))
    phone.look_away()

    answer = "Olá, Marina! Sim: despachamos hoje e chega na quinta-feira. Posso confirmar?"
    of_ana.write(answer)
    for desk in (of_ana, of_bruno):
        desk.expect_status(answer, "delivered")
        desk.expect_agent(name, "Ana Souza")
        assert is_grey(desk.tick_colour(answer)), desk.tick_colour(answer)
    of_bruno.page.screenshot(path=screenshot("3-delivered"))

    phone.look()
    phone.expect_message(answer)
    for desk in (of_ana, of_bruno):
        desk.expect_status(answer, "read")
        assert is_green(desk.tick_colour(answer)), desk.tick_colour(answer)
    phone.page.screenshot(path=screenshot("4-phone-answered"))

    missed = [
        "Pode confirmar, por favor.",
        "Quem recebe é a Júlia, na portaria.",
        "Muito obrigada!",
    ]
    offline: BrowserContext = of_bruno.page.context
    offline.set_offline(True)
    cut(stack, bruno)
    expect(of_bruno.page.get_by_test_id("resync")).to_be_visible()
    contact = Contact(phones, name, number)
    contact.writes(*missed)
    expect(of_ana.message(missed[-1])).to_be_visible()
    of_bruno.page.get_by_test_id("resync").click()
    failed = of_bruno.page.get_by_test_id("resync-failed")
    expect(failed).to_contain_text(
        "Não foi possível reconectar ao servidor. Verifique sua conexão com a internet."
    )
    of_bruno.page.screenshot(path=screenshot("5-offline"))
    for text in missed:
        expect(of_bruno.message(text)).to_have_count(0)

    offline.set_offline(False)
    resync = of_bruno.page.get_by_test_id("resync")
    if resync.is_visible():  # unless the page was faster
        resync.click(timeout=2_000, no_wait_after=True)
    expect(resync).to_have_count(0)
    everything = [
        "Oi! Vocês entregam em Santos ainda esta semana?",
        "São três caixas, o pedido é o 48213",
        answer,
        *missed,
    ]
    for desk in (of_ana, of_bruno):
        expect(desk.message(missed[-1])).to_be_visible()
        until(lambda desk=desk: desk.texts() == everything, "every message once, in order", 10)
        expect(desk.row(name).get_by_test_id("row-preview")).to_have_text(missed[-1])
        assert not desk.was_reloaded()
    live = seen(of_bruno)
    of_ana.page.screenshot(path=screenshot("6-resynced"))
    of_bruno.page.reload()
    of_bruno.until_live()
    until(lambda: of_bruno.texts() == everything, "the same after a fresh load", 10)
    assert seen(of_bruno) == live


def seen(desk: DeskPage) -> tuple[list[str], list[str], str]:
    """What the page shows: the rows, the counts of the tabs, and the header of the chat."""
    desk.page.mouse.move(0, 0)  # a row under the mouse shows its menu instead of its time
    rows = [row.inner_text() for row in desk.page.locator('[data-testid="chat-row"]').all()[:8]]
    counts = desk.page.locator('[data-testid^="tab-count-"]').all_inner_texts()
    return rows, counts, desk.page.get_by_test_id("header-held").inner_text()


def test_a_cut_socket_comes_back_by_itself(
    stack: Stack, phones: Phones, ana: Agent, new_page: Callable[[], Page]
) -> None:
    """LIVE-3: nobody touches the page; nothing is missing and nothing is there twice."""
    contact = phones.somebody("Otávio Braga")
    contact.writes("Bom dia")
    desk = DeskPage(new_page(), stack.web)
    desk.log_in("ana@example.com", PASSWORD)
    desk.open(contact.name)
    for round_ in range(2):
        cut(stack, ana)
        contact.writes(f"durante o corte {round_}")
    contact.writes("depois do corte")
    expect(desk.message("depois do corte")).to_be_visible()
    desk.until_live()
    texts = ["Bom dia", "durante o corte 0", "durante o corte 1", "depois do corte"]
    until(lambda: desk.texts() == texts, "every message once, in order", 10)
    assert not desk.was_reloaded()


def test_what_was_written_without_a_connection_leaves_once_it_is_back(
    stack: Stack, phones: Phones, ana: Agent, new_page: Callable[[], Page]
) -> None:
    """SEND-12, CHAT-4: a clock until then, and once on the phone."""
    contact = phones.somebody("Lívia Prado")
    contact.writes("Tem alguém?")
    desk = DeskPage(new_page(), stack.web)
    desk.log_in("ana@example.com", PASSWORD)
    desk.open(contact.name)
    desk.page.context.set_offline(True)
    desk.write("Escrevi sem internet")
    expect(desk.message("Escrevi sem internet")).to_have_attribute("data-status", "queued")
    assert contact.attempts() == []
    desk.page.context.set_offline(False)
    desk.expect_status("Escrevi sem internet", "delivered")
    assert contact.sent() == ["Escrevi sem internet"]
    assert desk.texts() == ["Tem alguém?", "Escrevi sem internet"]


def test_a_failure_is_explained_and_sent_again_from_the_page(
    stack: Stack, phones: Phones, ana: Agent, new_page: Callable[[], Page]
) -> None:
    """CHAT-5, CHAT-6"""
    contact = phones.somebody("Rafael Teles")
    contact.writes("Pode me responder aqui?")
    phones.error(contact, 131026, times=1)
    desk = DeskPage(new_page(), stack.web)
    desk.log_in("ana@example.com", PASSWORD)
    desk.open(contact.name)
    desk.write("Claro que sim")
    desk.expect_status("Claro que sim", "failed")
    desk.message("Claro que sim").get_by_test_id("message-status").hover()
    expect(desk.page.get_by_test_id("failure-code")).to_have_text("Código 131026")
    desk.page.screenshot(path=screenshot("7-failed"))
    desk.page.get_by_test_id("retry").click()
    until(lambda: contact.sent() == ["Claro que sim"], "the new attempt at Meta")
    again = desk.message("Claro que sim").last
    expect(again).to_have_attribute("data-status", "delivered")
    expect(desk.message("Claro que sim").first).to_have_attribute("data-status", "failed")


def test_a_dead_token_raises_a_banner_until_it_lives_again(
    stack: Stack, phones: Phones, ana: Agent, new_page: Callable[[], Page]
) -> None:
    """INB-10"""
    contact = phones.somebody("Tânia Moraes")
    contact.writes("Olá")
    desk = DeskPage(new_page(), stack.web)
    desk.log_in("ana@example.com", PASSWORD)
    desk.open(contact.name)
    phones.misbehave(expired_token=True)
    desk.write("Não sai")
    desk.expect_status("Não sai", "failed")
    banner = desk.page.get_by_test_id("channel-banner")
    expect(banner).to_contain_text("Token de Acesso")
    contact.writes("Mas eu continuo aqui")
    expect(desk.message("Mas eu continuo aqui")).to_be_visible()
    desk.page.screenshot(path=screenshot("8-token"))
    phones.misbehave(expired_token=False)
    desk.write("Agora sai")
    desk.expect_status("Agora sai", "delivered")
    expect(banner).to_have_count(0)


def test_a_wrong_password_is_said_plainly(stack: Stack, new_page: Callable[[], Page]) -> None:
    """PERM-3"""
    page = new_page()
    page.goto(stack.web)
    page.get_by_test_id("login-email").fill("ana@example.com")
    page.get_by_test_id("login-password").fill("errada")
    page.get_by_test_id("login-submit").click()
    expect(page.get_by_test_id("login-failure")).to_have_text("E-mail ou senha incorretos.")
