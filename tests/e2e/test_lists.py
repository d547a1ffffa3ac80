"""The left column in the browser: orders, filters, search, unread marks, «Novo chat», the link."""

import secrets
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from infra.package import ROOT
from local.stack import Stack
from local.users import PASSWORD
from tests.e2e.agent import Agent
from tests.e2e.conftest import screenshot
from tests.e2e.pages import DeskPage
from tests.e2e.phones import Contact, Json, Phones
from tests.e2e.waiting import until

NewPage = Callable[[], Page]

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EXISTS = "Conversa já existente"


class LeftColumn(DeskPage):
    """One agent's page, seen from its list."""

    def rows(self) -> list[str]:
        """The chats of the rows in sight, from the top."""
        drawn: list[list[Any]] = self.page.evaluate(
            """() => [...document.querySelectorAll("[data-testid=chat-row]")]
                .map((row) => [row.getBoundingClientRect().top, row.dataset.chatId])"""
        )
        return [chat_id for _, chat_id in sorted(drawn)]

    def order(self, name: str) -> None:
        """Order the list."""
        self.page.get_by_test_id("order").select_option(name)

    def filter(self, name: str, words: str) -> None:
        """Choose the value that these words find."""
        if not self.page.get_by_test_id(f"filter-{name}").is_visible():
            self.page.get_by_test_id("filters").click()
        self.page.get_by_test_id(f"filter-{name}").click()
        self.page.get_by_test_id("finder-search").fill(words)
        self.page.get_by_test_id("finder-search").press("Enter")
        expect(self.page.get_by_test_id(f"filter-{name}-remove")).to_be_visible()

    def search(self, words: str) -> list[str]:
        """The names that are found."""
        self.page.get_by_test_id("search").fill(words)
        self.page.get_by_test_id("search").press("Enter")
        expect(self.page.get_by_test_id("search-status")).to_contain_text("encontrada")
        return self.page.get_by_test_id("search-name").all_inner_texts()

    def field(self, name: str) -> Any:
        """A field of «Novo Contato»."""
        if name == "template":
            return self.page.get_by_test_id("template-field")
        return self.page.get_by_test_id(f"new-chat-{name}")

    def choose_template(self, name: str) -> None:
        """Choose a message in «Novo Contato»."""
        self.field("template").click()
        self.page.get_by_test_id("finder-search").fill(name)
        self.page.get_by_test_id("finder-search").press("Enter")
        expect(self.field("template")).to_contain_text(name)

    def problem(self, words: str) -> None:
        """Wait until «Novo Contato» says so."""
        said = self.page.get_by_test_id("new-chat").get_by_text(words).first
        expect(said).to_be_visible()

    def nobody_is_barred(self) -> None:
        """WCAG 2.2 AA by axe."""
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("tags => axe.run({ runOnly: tags })", WCAG)["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


@pytest.fixture
def of_ana(stack: Stack, new_page: NewPage) -> LeftColumn:
    """Ana's page, logged in."""
    desk = LeftColumn(new_page(), stack.web)
    desk.log_in("ana@example.com", PASSWORD)
    return desk


def mobile() -> str:
    """A number that somebody in São Paulo could have, with its area."""
    return f"119{60_000_000 + secrets.randbelow(40_000_000)}"


def person(phones: Phones, name: str) -> Contact:
    """Somebody with a phone, who writes later or never."""
    return phones.somebody(f"{name} {secrets.token_hex(3)}", wa_id=f"55{mobile()}")


def a_tag(agent: Agent) -> Json:
    """A tag that nobody else uses."""
    tag: Json = agent.ask(
        "POST", "/tags", json={"name": f"Etiqueta {secrets.token_hex(3)}", "color": "teal"}
    )
    return tag


def tagged(agent: Agent, contact: Contact, tag: Json) -> str:
    """Mark the contact's chat; its id."""
    chat_id = agent.chat_of(contact.name)
    agent.ask("PUT", f"/contacts/{chat_id}/tags/{tag['tag_id']}")
    return chat_id


def test_who_waits_since_the_morning_stays_first(
    phones: Phones, ana: Agent, of_ana: LeftColumn
) -> None:
    """SORT-1, SORT-3, TAB-2, LIVE-1: first come, first served, whatever arrives meanwhile."""
    tag = a_tag(ana)
    morning = [person(phones, f"Fila {place}") for place in range(3)]
    chats = []
    for contact in morning:
        contact.writes("Bom dia, alguém pode me atender?")
        chats.append(tagged(ana, contact, tag))
    of_ana.page.get_by_test_id("tab-open").click()
    of_ana.order("opened_oldest")
    of_ana.filter("tag", tag["name"])
    until(lambda: of_ana.rows() == chats, "the queue, in the order of opening")

    morning[0].writes("Ainda estou aqui")
    time.sleep(1)  # Meta's times are in seconds
    late = person(phones, "Fila 3")
    late.writes("Oi! Cheguei agora")
    chats.append(tagged(ana, late, tag))
    until(lambda: of_ana.rows() == chats, "who came late stands last, without a reload")
    expect(of_ana.row(morning[0].name).get_by_test_id("row-preview")).to_have_text(
        "Ainda estou aqui"
    )
    of_ana.page.screenshot(path=screenshot("lists-queue"))
    of_ana.order("newest")
    until(lambda: of_ana.rows()[:1] == chats[3:], "by its last message the late one is first")
    of_ana.order("opened_oldest")

    of_ana.row(morning[0].name).click()
    of_ana.write("Bom dia! Já vou ver.")
    until(lambda: of_ana.rows() == chats[1:], "who is served leaves the queue (ROUTE-4)")
    assert not of_ana.was_reloaded()


def test_filters_are_combined_on_the_server_and_kept_in_the_address(
    phones: Phones, ana: Agent, of_ana: LeftColumn
) -> None:
    """FILT-1, TAB-1: each combination is what the rows themselves say, and reload and back work."""
    rows = ana.rows()
    departments = {one["department_id"]: one["name"] for one in ana.get("/me")["departments"]}
    tags = {one["tag_id"]: one["name"] for one in ana.get("/labels")["tags"]}
    sample = next(row for row in rows if row["tags"] and row["department_id"])
    tag, department = sample["tags"][0], sample["department_id"]

    def wanted(*, unread: bool = False, **facts: str) -> set[str]:
        return {
            row["chat_id"]
            for row in rows
            if facts["tag"] in row["tags"]
            and facts.get("department") in (None, row["department_id"])
            and not (unread and row["unread"] == 0)
        }

    def shows(chats: set[str]) -> bool:
        shown = of_ana.rows()
        return set(shown) <= chats and len(shown) >= min(len(chats), 6)

    of_ana.filter("tag", tags[tag])
    until(lambda: shows(wanted(tag=tag)), "the tag's chats")
    of_ana.filter("department", departments[department])
    both = wanted(tag=tag, department=department)
    until(lambda: shows(both), "those of them in the department")
    of_ana.page.get_by_test_id("filter-unread").click()
    unread = wanted(tag=tag, department=department, unread=True)
    until(lambda: shows(unread), "the unread ones of those")
    for part in (f"tag={tag}", f"department={department}", "unread=true"):
        assert part in of_ana.page.url, of_ana.page.url

    of_ana.page.reload()
    until(lambda: shows(unread), "the same after a reload")
    of_ana.page.go_back()
    until(lambda: shows(both), "back is one filter less")
    of_ana.filter("channel", "Facebook")
    expect(of_ana.page.get_by_text("Nenhuma conversa com estes filtros")).to_be_visible()
    of_ana.page.screenshot(path=screenshot("lists-no-match"))
    of_ana.page.get_by_test_id("filter-channel-remove").click()
    until(lambda: shows(both), "and one filter less shows them again")

    # A row enters and leaves by what happens to it, without a reload.
    newcomer = person(phones, "Filtrada")
    newcomer.writes("Olá")
    chat_id = ana.chat_of(newcomer.name)
    ana.ask("PUT", f"/contacts/{chat_id}/tags/{tag}")
    protocol = ana.opened(chat_id)["chat"]["protocol"]
    seen = {"agent_id": None, "department_id": None, "protocol": protocol}
    body = {"department_id": department, "seen": seen}
    ana.ask("PUT", f"/chats/{chat_id}/department", json=body)
    expect(of_ana.row(newcomer.name).get_by_test_id("row-department")).to_have_text(
        departments[department]
    )
    ana.ask("DELETE", f"/contacts/{chat_id}/tags/{tag}")
    expect(of_ana.row(newcomer.name)).to_have_count(0)
    of_ana.page.get_by_test_id("filters-clear").click()
    expect(of_ana.row(newcomer.name)).to_be_visible()


def test_a_chat_is_found_by_name_phone_and_protocol(
    stack: Stack, phones: Phones, ana: Agent, of_ana: LeftColumn, new_page: NewPage
) -> None:
    """FIND-1, PERM-2: from any tab and filter, and by nobody who may not read it."""
    word = "Zuleica" + "".join(secrets.choice("bcdfgh") for _ in range(6))
    contact = phones.somebody(f"{word} Conceição", wa_id=f"55{mobile()}")
    contact.writes("Oi")
    chat_id = ana.chat_of(contact.name)
    protocol = ana.opened(chat_id)["chat"]["protocol"]
    without_ninth = f"{contact.wa_id[2:4]} {contact.wa_id[5:9]}-{contact.wa_id[9:]}"

    of_ana.page.get_by_test_id("tab-mine").click()
    of_ana.filter("tag", "Expirado")
    address = of_ana.page.url
    for words in (word[:10].upper(), f"conceicao {word[:10]}", without_ninth, protocol):
        until(lambda words=words: contact.name in of_ana.search(words), f"found by «{words}»")
    mark = of_ana.page.locator("[data-testid=search-result] mark").first
    expect(mark).to_have_text(protocol)
    of_ana.page.screenshot(path=screenshot("lists-search"))
    of_ana.page.get_by_test_id("search").press("ArrowDown")
    of_ana.page.keyboard.press("Enter")
    expect(of_ana.message("Oi")).to_be_visible()
    of_ana.page.get_by_test_id("search-clear").click()
    of_ana.page.wait_for_url(address.replace("/chats?", f"/chats/{chat_id}?"))

    of_davi = LeftColumn(new_page(), stack.web)
    of_davi.log_in("davi@example.com", PASSWORD, tab="mine")
    of_davi.page.get_by_test_id("search").fill(word)
    expect(of_davi.page.get_by_text("Nada encontrado")).to_be_visible()


def test_an_unread_mark_is_seen_by_all_and_stands_until_the_chat_is_entered_again(
    stack: Stack, phones: Phones, of_ana: LeftColumn, new_page: NewPage
) -> None:
    """READ-1, READ-2, ROW-7: set while the chat is open, seen live by another page."""
    contact = person(phones, "Não lida")
    contact.writes("Pode ver depois")
    of_bruno = LeftColumn(new_page(), stack.web)
    of_bruno.log_in("bruno@example.com", PASSWORD)
    both = (of_ana, of_bruno)
    of_ana.open(contact.name)
    for desk in both:
        expect(desk.row(contact.name)).to_have_attribute("data-unread", "false")

    of_ana.row(contact.name).hover()
    of_ana.row(contact.name).get_by_test_id("row-menu").click()
    of_ana.page.get_by_test_id("mark-unread").click()
    for desk in both:
        expect(desk.row(contact.name)).to_have_attribute("data-unread", "true")
        icon = desk.row(contact.name).get_by_test_id("row-read")
        expect(icon).to_have_attribute("title", "Não lida")
    time.sleep(2)
    expect(of_bruno.row(contact.name)).to_have_attribute("data-unread", "true")
    of_ana.page.screenshot(path=screenshot("lists-unread"))

    of_ana.row(contact.name).click()
    for desk in both:
        expect(desk.row(contact.name)).to_have_attribute("data-unread", "false")
    of_ana.page.locator("body").press("u")
    expect(of_bruno.row(contact.name)).to_have_attribute("data-unread", "true")
    contact.writes("E isto também")
    for desk in both:
        expect(desk.row(contact.name)).to_have_attribute("data-unread", "false")
    assert not of_ana.was_reloaded()


def test_a_new_chat_begins_with_a_template_and_says_what_is_wrong(
    phones: Phones, ana: Agent, of_ana: LeftColumn
) -> None:
    """NEW-1, NEW-2, NEW-3, NEW-5, SEND-2, SEND-12"""
    known = person(phones, "Já cadastrada")
    known.writes("Oi")
    known_chat = ana.chat_of(known.name)
    contact = person(phones, "Pessoa nova")
    passing = {"name": f"some_{secrets.token_hex(3)}", "language": "pt_BR"}
    body = {"type": "BODY", "text": "Isto vai sumir"}
    phones.ask("POST", "/templates", json={**passing, "components": [body]})

    of_ana.page.get_by_test_id("new-chat").click()
    of_ana.field("template").wait_for()
    of_ana.field("send").click()
    of_ana.problem("Escreva o nome do cliente.")
    of_ana.problem("Escreva o número do cliente.")
    of_ana.problem("Escolha a mensagem que será enviada.")
    of_ana.page.screenshot(path=screenshot("new-chat-empty"))

    of_ana.field("name").fill(contact.name)
    of_ana.field("phone").fill("11 1234-5678")
    # The page asks again each time; what the server asks Meta for is a minute old at most.
    until(lambda: offered(of_ana, passing["name"]), "the new template is offered", 90)
    of_ana.field("send").click()
    of_ana.problem("Número inválido. Confira o DDD e os dígitos.")
    of_ana.field("foreign-yes").check()
    of_ana.field("phone").fill("415 555 0123")
    of_ana.field("send").click()
    of_ana.problem("Coloque o prefixo do país antes do número, como em +1.")
    of_ana.field("foreign-no").check()

    # Registered, and written here without the ninth digit.
    of_ana.field("phone").fill(f"{known.wa_id[2:4]}{known.wa_id[5:]}")
    of_ana.field("send").click()
    expect(of_ana.field("exists")).to_contain_text(EXISTS)
    expect(of_ana.field("exists")).to_contain_text(known.name)
    of_ana.page.screenshot(path=screenshot("new-chat-exists"))

    of_ana.field("phone").fill(contact.wa_id[2:])
    phones.ask("DELETE", "/templates", params=passing)
    until(lambda: passing["name"] not in sendable(ana), "the desk has heard that it is gone")
    of_ana.field("send").click()
    of_ana.problem("Nada foi enviado: escolha outra.")

    of_ana.choose_template("retomar_atendimento")
    expect(of_ana.field("template")).to_have_text("retomar_atendimento (Utilidade)")
    of_ana.field("value-body.1").clear()  # the demonstration has it bound to the contact's name
    of_ana.field("send").click()
    of_ana.problem("Preencha esta variável.")
    of_ana.field("value-body.1").fill("Sônia")
    of_ana.field("value-body.2").fill("2026-17")
    preview = of_ana.page.get_by_test_id("template-preview")
    expect(preview).to_contain_text("Olá, Sônia! Seu atendimento 2026-17 ficou sem resposta.")
    of_ana.page.screenshot(path=screenshot("new-chat-filled"))
    assert contact.attempts() == []
    of_ana.field("send").dblclick(no_wait_after=True)
    expect(of_ana.field("send")).to_have_count(0)
    expect(of_ana.page.get_by_test_id("message").first).to_contain_text("Olá, Sônia!")
    of_ana.expect_agent(contact.name, "Ana Souza")
    until(lambda: len(contact.attempts()) == 1, "one template, once, at Meta")
    contact.writes("Oi! Continuo sim")
    expect(of_ana.message("Oi! Continuo sim")).to_be_visible()
    assert len(contact.attempts()) == 1

    of_ana.page.get_by_test_id("new-chat").click()
    of_ana.field("name").fill("Outra vez")
    of_ana.field("phone").fill(known.wa_id[2:])
    of_ana.choose_template("aviso_horario")
    of_ana.field("send").click()
    of_ana.page.get_by_test_id("new-chat-open-existing").click()
    of_ana.page.wait_for_url(f"**/chats/{known_chat}*")


def sendable(agent: Agent) -> set[str]:
    """The names of the templates that the desk offers."""
    return {one["name"] for one in agent.get("/templates")["templates"]}


def offered(desk: LeftColumn, template: str) -> bool:
    """Choose the template, if it is among those that a window opened now offers."""
    name, phone = (desk.field(one).input_value() for one in ("name", "phone"))
    desk.field("template").click()
    desk.page.get_by_test_id("finder-search").fill(template)
    desk.page.get_by_test_id("finder-search").press("Enter")
    if template in desk.field("template").inner_text():
        return True
    desk.page.keyboard.press("Escape")
    desk.page.get_by_test_id("new-chat").get_by_role("button", name="Cancelar").click()
    time.sleep(2)
    desk.page.get_by_test_id("new-chat").click()
    desk.field("template").wait_for()
    desk.field("name").fill(name)
    desk.field("phone").fill(phone)
    return False


def test_a_link_to_a_number_leads_to_its_chat_through_the_login(
    stack: Stack, phones: Phones, ana: Agent, new_page: NewPage
) -> None:
    """NEW-2, NEW-4"""
    contact = person(phones, "Do link")
    contact.writes("Achei vocês pelo site")
    chat_id = ana.chat_of(contact.name)

    def enter(email: str, address: str) -> LeftColumn:
        desk = LeftColumn(new_page(), stack.web)
        desk.page.goto(f"{stack.web}{address}")
        desk.page.get_by_test_id("login-email").fill(email)
        desk.page.get_by_test_id("login-password").fill(PASSWORD)
        desk.page.get_by_test_id("login-submit").click()
        return desk

    for address in ("/?", "/chats?tab=mine&", "/contatos?"):
        desk = enter("ana@example.com", f"{address}target_phone={contact.wa_id[2:]}")
        expect(desk.message("Achei vocês pelo site")).to_be_visible()
        assert f"/chats/{chat_id}" in desk.page.url, desk.page.url
        assert "target_phone" not in desk.page.url, desk.page.url

    nobody = mobile()
    desk = enter("ana@example.com", f"/chats?target_phone={nobody}")
    expect(desk.field("phone")).to_have_value(f"{nobody[:2]} {nobody[2:7]}-{nobody[7:]}")
    assert "target_phone" not in desk.page.url
    desk.page.screenshot(path=screenshot("new-chat-link"))

    desk = enter("davi@example.com", f"/chats?target_phone={contact.wa_id[2:]}")
    expect(desk.field("exists")).to_contain_text(EXISTS)
    expect(desk.field("exists")).not_to_contain_text(contact.name)
    expect(desk.page.get_by_test_id("new-chat-open-existing")).to_have_count(0)


def test_a_tab_that_is_taken_away_leaves_the_screen_and_says_why(
    stack: Stack,
    phones: Phones,
    ana: Agent,
    hire: Callable[[int], list[Agent]],
    new_page: NewPage,
) -> None:
    """TAB-7, PERM-2: within seconds, the open chat and the way back included."""
    [agent] = hire(1)
    mine = agent.agent_id()
    user = next(one for one in ana.get("/users")["users"] if one["agent_id"] == mine)
    contact = person(phones, "Some da lista")
    contact.writes("Oi")
    desk = LeftColumn(new_page(), stack.web)
    desk.log_in(user["email"], PASSWORD)
    desk.open(contact.name)

    def allow(*permissions: str) -> None:
        facts = {name: user[name] for name in ("name", "active", "department_ids")}
        ana.ask("PUT", f"/users/{mine}", json=facts | {"permissions": list(permissions)})

    allow("3", "4")
    remark = desk.page.get_by_test_id("list-remark")
    expect(remark).to_contain_text("«Todos os Chats» não está mais disponível para você.")
    expect(desk.page.get_by_test_id("tab-all")).to_have_count(0)
    expect(desk.page.get_by_text("Esta conversa saiu das suas listas")).to_be_visible()
    expect(desk.row(contact.name)).to_have_count(0)
    assert "tab=mine" in desk.page.url, desk.page.url
    desk.page.screenshot(path=screenshot("lists-tab-gone"))
    allow("1", "2", "3", "4")
    expect(desk.page.get_by_test_id("tab-all")).to_be_visible()
    assert not desk.was_reloaded()


def test_a_session_that_ends_shows_in_its_row_by_the_clock(
    phones: Phones, ana: Agent, of_ana: LeftColumn
) -> None:
    """ROW-3: «Expirando» comes without any message."""
    contact = person(phones, "Expira")
    almost = int(time.time()) - 24 * 3600 + 30 * 60 + 25
    message = [{"text": "Faz quase um dia", "timestamp": almost}]
    phones.ask("POST", f"/contacts/{contact.wa_id}/messages", json=message)
    until(lambda: of_ana.search(contact.name) == [contact.name], "the contact is there")
    chat_id = of_ana.page.get_by_test_id("search-result").get_attribute("data-chat-id")
    tag = a_tag(ana)
    ana.ask("PUT", f"/contacts/{chat_id}/tags/{tag['tag_id']}")
    of_ana.page.goto(f"{of_ana.address}/chats?tab=all&tag={tag['tag_id']}")
    row = of_ana.row(contact.name)
    expect(row).to_be_visible()
    expect(row.get_by_test_id("row-session")).to_have_text("Expirando", timeout=40_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_in_the_left_column_bars_anybody(
    of_ana: LeftColumn, scheme: Any, width: int
) -> None:
    """WCAG 2.2 AA by axe, and nothing wider than the screen."""
    page = of_ana.page
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844 if width == 390 else 900})

    def look(name: str) -> None:
        of_ana.nobody_is_barred()
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, f"{name} is {over} pixels wider than {width}"
        page.screenshot(path=screenshot(f"lists-{name}-{width}-{scheme}"))

    look("list")
    page.get_by_test_id("filters").click()
    page.get_by_test_id("filter-tag").click()
    expect(page.get_by_test_id("finder-choice").first).to_be_visible()
    look("filter")
    page.keyboard.press("Escape")
    page.get_by_test_id("chat-row").first.get_by_test_id("row-menu").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("mark-unread")).to_be_visible()
    look("menu")
    page.keyboard.press("Escape")
    page.get_by_test_id("search").fill("an")
    expect(page.get_by_test_id("search-result").first).to_be_visible()
    look("search")
    page.get_by_test_id("new-chat").click()
    of_ana.choose_template("retomar_atendimento")
    of_ana.field("send").click()
    look("new-chat")
