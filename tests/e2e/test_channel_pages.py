"""«Canais», «Mensagens template», «Respostas rápidas» and the settings, in the browser."""

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from local.stack import CHANNEL, Stack
from local.users import PASSWORD
from tests.e2e.agent import Agent
from tests.e2e.conftest import PATIENCE_MS, screenshot
from tests.e2e.phones import Phones

Json = dict[str, Any]
NewPage = Callable[[], Page]
SECRETS = ("token", "app_secret", "verify_token")


class Pages:
    """Ana's page, outside the chats, and every body that it was answered."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.bodies: list[str] = []
        page.on("response", self._keep)

    def _keep(self, response: Response) -> None:
        if "/api/" in response.url and response.request.method != "OPTIONS":
            self.bodies.append(response.text())

    def log_in(self, path: str) -> None:
        """Enter by the login form, which leads to the page of that path."""
        self.page.goto(f"{self.address}{path}")
        self.page.get_by_test_id("login-email").fill("ana@example.com")
        self.page.get_by_test_id("login-password").fill(PASSWORD)
        self.page.get_by_test_id("login-submit").click()

    def beside(self, path: str) -> Page:
        """Another tab of hers on the page of that path, once it listens."""
        tab = self.page.context.new_page()
        tab.set_default_timeout(PATIENCE_MS)
        with tab.expect_websocket() as opened:
            tab.goto(f"{self.address}{path}")
        with opened.value.expect_event("framereceived"):
            pass
        return tab

    def row(self, table: str, words: str) -> Locator:
        """The row of that table with those words."""
        return self.page.get_by_test_id(f"{table}-row").filter(has_text=words)

    def enter(self, table: str, words: str) -> None:
        """Open the row with those words."""
        self.row(table, words).get_by_role("button").first.click()


@pytest.fixture
def pages(stack: Stack, new_page: NewPage) -> Pages:
    """A page of hers, not logged in yet."""
    return Pages(new_page(), stack.web)


def test_a_channel_is_connected_once_and_its_secrets_are_never_told(pages: Pages) -> None:
    """ADM-1 OPS-3: wrong ids and an account that is there are said beside their fields."""
    account, told = f"9{secrets.randbelow(10**12):012}", secrets.token_hex(16)
    page = pages.page
    pages.log_in("/canais")
    page.get_by_test_id("add").click()
    page.get_by_test_id("channel-save").click()
    expect(page.get_by_text("Preencha este campo.")).to_have_count(6)
    page.get_by_test_id("channel-display").fill("Filial Norte")
    page.get_by_test_id("channel-account").fill("12 34")
    page.get_by_test_id("channel-portfolio").fill("102290129340398")
    for name in SECRETS:
        page.get_by_test_id(f"channel-{name}").fill(f"{told}{name}")
    page.get_by_test_id("channel-save").click()
    expect(page.get_by_test_id("channel-account")).to_have_attribute("aria-invalid", "true")
    page.get_by_test_id("channel-account").fill("106540352242922")
    page.get_by_test_id("channel-save").click()
    expect(page.get_by_text("Esta conta já está conectada.")).to_be_visible()
    page.screenshot(path=screenshot("channels-exists"))
    page.get_by_test_id("channel-account").fill(account)
    page.get_by_test_id("channel-save").dblclick()
    expect(pages.row("channels", "Filial Norte")).to_have_count(1)

    pages.enter("channels", "Filial Norte")
    expect(page.get_by_test_id("channel-token")).to_have_value("")
    page.screenshot(path=screenshot("channels-one"))
    page.get_by_test_id("channel-active").uncheck()
    page.get_by_test_id("channel-save").click()
    expect(pages.row("channels", "Filial Norte")).to_contain_text("Desligado")
    pages.enter("channels", "Filial Norte")
    page.get_by_test_id("remove").click()
    page.get_by_test_id("confirm-remove-yes").click()
    expect(pages.row("channels", "Filial Norte")).to_have_count(0)
    assert pages.bodies
    assert not [body for body in pages.bodies if told in body]


def test_a_dead_token_is_seen_by_the_test_and_mended_by_a_new_one(
    stack: Stack, pages: Pages, phones: Phones
) -> None:
    """CHAT-5 INB-10 ADM-1: the reason is told on every page until a good token is pasted; a channel
    with chats is not deleted.
    """
    name = f"{stack.outputs['SecretsPrefix']}/whatsapp/{CHANNEL['account']}/token"
    good = stack.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    page = pages.page
    pages.log_in("/canais")
    expect(pages.row("channels", "+55 11 4000-1234")).to_contain_text("Funcionando")
    others = [pages.beside("/configuracoes"), pages.beside("/chats?tab=all")]
    pages.enter("channels", "+55 11 4000-1234")
    phones.misbehave(expired_token=True)
    page.get_by_test_id("channel-test").click()
    expect(page.get_by_test_id("channel-test-failure")).to_contain_text("190")
    for one in (page, *others):
        expect(one.get_by_test_id("channel-banner")).to_contain_text("token de acesso")
    page.screenshot(path=screenshot("channels-refused"))
    others[0].screenshot(path=screenshot("channels-refused-elsewhere"))
    phones.misbehave(reset=True)
    page.get_by_test_id("channel-token").fill(good)
    page.get_by_test_id("channel-save").click()
    for one in (page, *others):
        expect(one.get_by_test_id("channel-banner")).to_have_count(0)
    for one in others:
        one.close()
    pages.enter("channels", "+55 11 4000-1234")
    page.get_by_test_id("channel-test").click()
    expect(page.get_by_test_id("channel-test-outcome")).to_contain_text("tudo certo")
    page.get_by_test_id("remove").click()
    page.get_by_test_id("confirm-remove-yes").click()
    expect(page.get_by_test_id("confirm-remove-failure")).to_be_visible()


def test_a_quick_reply_is_written_changed_and_deleted(pages: Pages) -> None:
    """SEND-9 ADM-1: a name is taken once, case and accents aside; «interna» is kept."""
    word = f"oracao{secrets.token_hex(3)}"
    page = pages.page
    pages.log_in("/respostas-rapidas")
    page.get_by_test_id("add").click()
    page.get_by_test_id("quick-reply-name").fill("Interna")
    page.get_by_test_id("quick-reply-text").fill("Oi, ")
    page.get_by_test_id("quick-reply-save").click()
    expect(page.get_by_text("é o atalho das mensagens internas")).to_be_visible()
    page.get_by_test_id("quick-reply-name").fill(word)
    page.get_by_test_id("quick-reply-file").set_input_files(
        {"name": "preços.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    )
    expect(page.get_by_test_id("quick-reply-file-name")).to_have_text("preços.pdf")
    page.get_by_test_id("quick-reply-save").dblclick()
    expect(pages.row("quick-replies", word)).to_have_count(1)
    page.get_by_test_id("add").click()
    page.get_by_test_id("quick-reply-name").fill(word.upper().replace("ORACAO", "ORAÇÃO"))
    page.get_by_test_id("quick-reply-text").fill("outra")
    page.get_by_test_id("quick-reply-save").click()
    expect(page.get_by_text("Já existe uma resposta rápida com este atalho.")).to_be_visible()
    page.screenshot(path=screenshot("quick-replies-taken"))
    page.keyboard.press("Escape")
    page.get_by_test_id("discard-yes").click()
    pages.enter("quick-replies", word)
    page.get_by_test_id("remove").click()
    page.get_by_test_id("confirm-remove-yes").click()
    expect(pages.row("quick-replies", word)).to_have_count(0)


def test_a_template_that_meta_pauses_changes_on_the_open_page(pages: Pages, phones: Phones) -> None:
    """SEND-2 ADM-1: synchronised on demand, and by Meta's own news."""
    page = pages.page
    pages.log_in("/mensagens-template")
    page.get_by_test_id("sync").click()
    expect(page.get_by_test_id("synced")).to_contain_text("Sincronizado em")
    row = pages.row("templates", "confirmar_endereco")
    expect(row).to_contain_text("Aprovada")
    page.wait_for_timeout(3_000)  # until its socket listens
    phones.ask(
        "POST",
        "/templates",
        json={"name": "confirmar_endereco", "language": "pt_BR", "status": "PAUSED"},
    )
    try:
        expect(row).to_contain_text("Pausada pela Meta")
        page.screenshot(path=screenshot("templates-paused"))
    finally:
        phones.ask(
            "POST",
            "/templates",
            json={"name": "confirmar_endereco", "language": "pt_BR", "status": "APPROVED"},
        )
    expect(row).to_contain_text("Aprovada")


def test_a_switch_of_the_agency_is_kept(pages: Pages, ana: Agent) -> None:
    """READ-1 SEND-8 SEND-10 SEND-14: on the click, and every open page hears of it."""
    before = ana.get("/settings")
    page = pages.page
    pages.log_in("/configuracoes")
    expect(page.get_by_test_id("name-prefix")).to_be_attached()
    other = pages.beside("/configuracoes")
    for name in ("read-receipts", "audio-confirmation", "name-prefix", "human-agent"):
        switch = page.get_by_test_id(name)
        expect(switch).to_be_attached()
        switch.click()
        expect(switch).to_be_checked(checked=not before[name.replace("-", "_")])
        expect(page.get_by_test_id("settings-outcome")).to_contain_text("salva")
        expect(other.get_by_test_id(name)).to_be_checked(checked=not before[name.replace("-", "_")])
        told = ana.get("/settings")
        assert told[name.replace("-", "_")] is not before[name.replace("-", "_")]
    page.screenshot(path=screenshot("settings"))
    ana.put_back_settings(before)
