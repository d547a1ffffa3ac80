"""Templates filled in the browser, in the bar and in «Novo chat» (SEND-2, SEND-3, NEW-1)."""

import re
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from local.simulator.samples import SAMPLES
from local.stack import Stack
from tests.e2e.agent import Agent
from tests.e2e.conftest import SCREEN, entered, screenshot
from tests.e2e.pages import Held
from tests.e2e.phones import Contact, Phones
from tests.e2e.waiting import until

Json = dict[str, Any]
SIZES = ((1024, 768), (390, 844), (1440, 900))


@pytest.fixture(scope="module")
def page(browser: Browser, stack: Stack, ana: Agent) -> Iterator[Page]:
    """Ana's page, the same for all these stories."""
    desk = entered(browser, stack, ana)
    yield desk.page
    desk.page.context.close()


@pytest.fixture(autouse=True)
def kept(request: pytest.FixtureRequest, page: Page) -> Iterator[None]:
    """What Ana saw when the story failed."""
    yield
    if getattr(request.node, "failed", False):
        page.screenshot(path=screenshot(f"failed-{request.node.name}"))
    page.set_viewport_size(SCREEN)  # type: ignore[arg-type]


def seen(page: Page, name: str) -> None:
    """Pictures of it in three sizes, light, and one dark; nothing of it stands outside."""
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=screenshot(f"{name}-dark"))
    page.emulate_media(color_scheme="light")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=screenshot(f"{name}-{width}"))
        inside = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert inside, f"{name} is wider than {width}"


def pick(page: Page, name: str) -> None:
    """Choose a template by its name and category."""
    page.get_by_test_id("template-field").click()
    page.get_by_test_id("finder-choice").filter(has_text=name).click()


def file_of(sample: str) -> Any:
    """A sample as a file chooser gives it."""
    one = SAMPLES[sample]
    return {"name": one.name, "mimeType": one.mime_type, "buffer": one.content}


def costs(page: Page, amount: str) -> None:
    """Wait until the price is exactly that, in dollars."""
    price = page.get_by_test_id("template-price")
    expect(price).to_have_text(re.compile(rf"^Custo estimado: US\$\s{amount}(?!\d)"))


def last_shown(contact: Contact, text: str) -> Json:
    """What the phone shows with that text, once it does."""

    def look() -> Json | None:
        return next((one for one in contact.shown() if text in one["text"]), None)

    found = until(look, f"«{text}» arrives", 60)
    assert found
    return found


class Window:
    """The bar's window for templates in one chat."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.preview = page.get_by_test_id("template-preview")

    def begin(self, name: str) -> None:
        """Open it and choose that template."""
        self.page.get_by_test_id("bar-attach").click()
        self.page.get_by_test_id("attach-template").click()
        pick(self.page, name)

    def value(self, variable: str) -> Locator:
        """The field of a variable."""
        return self.page.get_by_test_id(f"template-value-{variable}")

    def send(self) -> None:
        """Send it; the window closes."""
        self.page.get_by_test_id("template-send").click()
        expect(self.page.get_by_test_id("template-window")).to_have_count(0)


def test_a_template_is_filled_looked_at_and_sent_from_the_bar(
    stack: Stack, phones: Phones, ana: Agent, page: Page
) -> None:
    """SEND-2, SEND-3: pictures, coupons, videos, documents, named values and ends of addresses."""
    contact = phones.somebody()
    contact.writes("oi")
    page.goto(f"{stack.web}/chats/{ana.chat_of(contact.name)}?tab=all")
    window = Window(page)
    value, preview = window.value, window.preview

    window.begin("boas_vindas (Marketing)")
    page.get_by_test_id("template-send").click()
    expect(page.get_by_text("Escolha o arquivo que vai no topo da mensagem.")).to_be_visible()
    expect(page.get_by_text("Preencha esta variável.")).to_have_count(2)
    value("header.file").set_input_files(file_of("document"))
    expect(page.get_by_text("escolha um destes tipos: JPEG, PNG")).to_be_visible()
    uploads = Held(page, lambda url: "/api/" not in url, "POST")
    value("header.file").set_input_files(file_of("png"))
    expect(page.get_by_text(re.compile(r"Enviando… \d+%"))).to_be_visible()
    value("body.1").fill("{nome}")
    value("button.0").fill("BEMVINDO")
    uploads.release()
    picture = preview.locator("img")
    expect(picture).to_be_visible()
    expect(page.get_by_text("Enviando…")).to_have_count(0)
    assert picture.evaluate("async (one) => (await one.decode(), one.naturalWidth)") > 0
    expect(preview).to_contain_text(f"Que bom ter você aqui, {contact.name}!")
    costs(page, "0,0625")
    seen(page, "template-bar")
    assert contact.attempts() == []
    window.send()
    shown = last_shown(contact, f"Que bom ter você aqui, {contact.name}!")
    assert [file["kind"] for file in shown["files"]] == ["image"]
    assert phones.http.get(shown["files"][0]["url"]).content == SAMPLES["png"].content
    assert shown["buttons"][0]["code"] == "BEMVINDO"

    window.begin("catalogo_novo (Marketing)")
    value("header.file").set_input_files(file_of("video"))
    expect(preview).to_contain_text("video.mp4")
    value("body.nome").fill("Bia")
    value("body.colecao").fill("de verão")
    expect(preview).to_contain_text("Bia, a coleção de verão chegou.")
    window.send()
    shown = last_shown(contact, "a coleção de verão")
    assert [file["kind"] for file in shown["files"]] == ["video"]

    window.begin("nota_fiscal (Utilidade)")
    value("header.file").set_input_files(file_of("document"))
    expect(preview).to_contain_text("proposta.pdf")
    value("body.1").fill("Bia")
    value("body.2").fill("8812")
    value("button.0").fill("8812")
    costs(page, "0,0068")
    window.send()
    shown = last_shown(contact, "Segue a nota fiscal do pedido 8812.")
    assert [file["kind"] for file in shown["files"]] == ["document"]
    assert shown["buttons"][0]["href"] == "https://loja.example/pedidos/8812"


def test_what_a_template_is_bound_to_is_there_when_it_is_chosen(
    stack: Stack, phones: Phones, ana: Agent, page: Page
) -> None:
    """SEND-3: bound once, it is filled for everybody; for once, something else may be typed."""
    [template] = [
        one["template"]
        for one in ana.get("/template-list")["templates"]
        if one["template"]["name"] == "confirmar_endereco"
    ]
    path = f"/template-list/{template['template_id']}/bindings"
    ana.ask("PUT", path, json={"bindings": {"body.1": "{nome}", "body.2": "77"}})
    window = Window(page)
    for typed in ("77", "78"):
        contact = phones.somebody()
        contact.writes("oi")
        page.goto(f"{stack.web}/chats/{ana.chat_of(contact.name)}?tab=all")
        window.begin("confirmar_endereco (Utilidade)")
        expect(window.value("body.1")).to_have_value("{nome}")
        expect(window.value("body.2")).to_have_value("77")
        window.value("body.2").fill(typed)
        window.value("body.3").fill("Rua A, 1")
        said = f"O pedido {typed} vai para Rua A, 1. Está certo, {contact.name}?"
        expect(window.preview).to_have_text(said)
        window.send()
        last_shown(contact, said)
    ana.ask("PUT", path, json={"bindings": {}})


def test_a_new_chat_shows_what_will_be_read_and_what_it_costs(
    phones: Phones, ana: Agent, page: Page
) -> None:
    """NEW-1, SEND-2, SEND-3: the price is of the number's country; of some none is known."""
    number = f"119{60_000_000 + secrets.randbelow(40_000_000)}"
    contact = phones.somebody(wa_id=f"55{number}")
    page.get_by_test_id("new-chat").click()
    page.get_by_test_id("new-chat-name").fill(contact.name)
    page.get_by_test_id("new-chat-foreign-yes").click()
    pick(page, "lembrete_consulta (Utilidade)")
    for phone, price in (
        ("+54 9 11 2345-6789", "0,026"),
        ("+56 9 6123 4567", "0,02"),
        ("+57 321 1234567", "0,0008"),
    ):
        page.get_by_test_id("new-chat-phone").fill(phone)
        costs(page, price)
    page.get_by_test_id("new-chat-phone").fill("+351 912 345 678")
    expect(page.get_by_text("Custo estimado: não conhecido para este país")).to_be_visible()
    page.get_by_test_id("new-chat-foreign-no").click()
    page.get_by_test_id("new-chat-phone").fill(number)
    costs(page, "0,0068")
    for variable, value in {
        "header.nome": "{nome}",
        "body.nome": "{nome}",
        "body.profissional": "Dra. Sônia",
        "body.dia": "25/11",
        "body.hora": "14h30",
    }.items():
        page.get_by_test_id(f"new-chat-value-{variable}").fill(value)
    preview = page.get_by_test_id("template-preview")
    expect(preview).to_contain_text(f"Consulta de {contact.name}")
    expect(preview).to_contain_text("Dra. Sônia está marcada para 25/11, às 14h30.")
    seen(page, "template-new-chat")
    assert contact.attempts() == []
    page.get_by_test_id("new-chat-send").click()
    shown = last_shown(contact, "Dra. Sônia está marcada")
    assert shown["heading"] == f"Consulta de {contact.name}"
