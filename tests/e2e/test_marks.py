"""Marks on messages, and moving about in a chat, on open pages: quotes, reactions both ways, edits,
deletions, internal messages, the search in a chat and the way back (CHAT-7, FIND-2, SEND-7).
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from infra.package import ROOT
from local.stack import Stack
from tests.e2e.agent import Agent
from tests.e2e.conftest import SCREEN, entered, screenshot
from tests.e2e.pages import MESSAGE, TEXT, DeskPage
from tests.e2e.phones import Contact, Json, Phones
from tests.e2e.waiting import until

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NARROW = {"width": 390, "height": 780}
LABEL = "Mensagem interna, não será enviada para o contato"


@pytest.fixture(scope="module")
def of_ana(browser: Browser, stack: Stack, ana: Agent) -> Iterator[DeskPage]:
    """Ana's page, the same for all these stories."""
    desk = entered(browser, stack, ana)
    yield desk
    desk.page.context.close()


@pytest.fixture(scope="module")
def of_bruno(browser: Browser, stack: Stack, bruno: Agent) -> Iterator[DeskPage]:
    """Bruno's page, on another computer."""
    desk = entered(browser, stack, bruno)
    yield desk
    desk.page.context.close()


@pytest.fixture(autouse=True)
def kept(request: pytest.FixtureRequest, of_ana: DeskPage) -> Iterator[None]:
    """What Ana saw when the story failed."""
    yield
    if getattr(request.node, "failed", False):
        of_ana.page.screenshot(path=screenshot(f"failed-{request.node.name}"))
    of_ana.page.set_viewport_size(SCREEN)  # type: ignore[arg-type]


def look_at(desk: DeskPage, chat_id: str, **more: str) -> None:
    """Enter that chat by its address."""
    asked = "".join(f"&{name}={value}" for name, value in more.items())
    desk.page.goto(f"{desk.address}/chats/{chat_id}?tab=all{asked}")
    expect(desk.page.locator(MESSAGE).first).to_be_visible()
    expect(desk.page.get_by_test_id("connection-state")).to_have_attribute("data-state", "online")


def id_of(contact: Contact, text: str) -> str:
    """The provider's id of what shows that text on the phone."""

    def look() -> str | None:
        shown = [one for one in contact.thread() if one["shown"]["text"] == text]
        return str(shown[-1]["id"]) if shown else None

    found = until(look, f"the phone shows {text}")
    assert found
    return found


def quotes(contact: Contact, message_id: str, text: str) -> None:
    """Answer that message."""
    if contact.channel == "whatsapp":
        contact.sends("text", text=text, context={"id": message_id})
    else:
        contact.sends("text", text=text, quotes=message_id)


def reactions(contact: Contact, message_id: str) -> Json:
    """What is on that message, on the phone."""
    found: Json = next(one for one in contact.thread() if one["id"] == message_id)["reactions"]
    return found


def open_menu(desk: DeskPage, message: Locator) -> Locator:
    message.hover()
    message.get_by_test_id("message-menu").click()
    menu = desk.page.get_by_test_id("message-menu-open")
    expect(menu).to_be_visible()
    return menu


def expect_inside(page: Page, part: Locator) -> None:
    """All of it is in the window, and nothing lies over it."""
    expect(part).to_be_visible()
    seen = """(part) => {
      const box = part.getBoundingClientRect();
      const inside = box.left >= 0 && box.top >= 0 && box.width > 0 &&
        box.right <= window.innerWidth && box.bottom <= window.innerHeight;
      const corners = [[box.left, box.top], [box.right, box.top], [box.left, box.bottom],
        [box.right, box.bottom]].map(([x, y]) =>
          [x + (x === box.left ? 12 : -12), y + (y === box.top ? 12 : -12)]);
      const on = corners.every(([x, y]) => part.contains(document.elementFromPoint(x, y)));
      return inside && on;
    }"""
    until(lambda: part.evaluate(seen), "all of it is in the window, on top")


def expect_accessible(page: Page) -> None:
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run({ runOnly: tags })", WCAG)["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("channel", ["whatsapp", "instagram", "facebook"])
def test_what_the_contact_does_to_messages_is_mirrored_on_two_pages(
    phones: Phones, ana: Agent, of_ana: DeskPage, of_bruno: DeskPage, channel: str
) -> None:
    """CHAT-7: quoted, reacted to, edited and taken back, while both look."""
    contact = phones.somebody() if channel == "whatsapp" else phones.somebody_on(channel)
    contact.writes("primeira", "segunda", "terceira")
    chat_id = ana.chat_of(contact.name)
    until(lambda: len(ana.texts(chat_id)) == 3, "all three are there")
    pages = (of_ana, of_bruno)
    for desk in pages:
        look_at(desk, chat_id)
    first, second, third = (id_of(contact, one) for one in ("primeira", "segunda", "terceira"))

    quotes(contact, first, "respondo à primeira")
    contact.reacts(second, "😮")
    for desk in pages:
        expect(desk.message("respondo à primeira").get_by_test_id("quote")).to_contain_text(
            "primeira"
        )
        expect(desk.message("segunda").get_by_test_id("reaction")).to_have_text("😮")
    contact.reacts(second)
    for desk in pages:
        expect(desk.message("segunda").get_by_test_id("reaction")).to_have_count(0)

    contact.does("edit", message_id=second, text="segunda, corrigida")
    for desk in pages:
        edited = desk.message("segunda, corrigida")
        expect(edited).to_contain_text("editada")
        expect(desk.message("segunda")).to_have_count(0)
    if channel == "facebook":  # Messenger tells nobody of what is taken back
        return
    key = of_ana.message("terceira").get_attribute("data-key")
    contact.does("deletion", message_id=third)
    for desk in pages:
        gone = desk.page.locator(f'{MESSAGE}[data-key="{key}"]')
        expect(gone.get_by_test_id("deleted")).to_have_text("Mensagem apagada")
        expect(gone.locator(TEXT)).to_have_count(0)
        expect(gone.get_by_test_id("message-menu")).to_have_count(0)
    of_ana.page.screenshot(path=screenshot(f"marks-{channel}"))
    look_at(of_bruno, chat_id)
    gone = of_bruno.page.locator(f'{MESSAGE}[data-key="{key}"]')
    expect(gone.get_by_test_id("deleted")).to_be_visible()
    expect(of_bruno.message("segunda, corrigida")).to_contain_text("editada")


def test_a_reaction_is_chosen_by_keyboard_or_mouse_and_arrives(
    phones: Phones, ana: Agent, of_ana: DeskPage, of_bruno: DeskPage
) -> None:
    """CHAT-7: on the phone and on another page, changed and taken back; the focus returns."""
    contact = phones.somebody()
    contact.wrote(*(f"linha {number}" for number in range(20)), "reaja a isto")
    chat_id = ana.chat_of(contact.name)
    until(lambda: len(ana.texts(chat_id)) == 21, "all are there")
    ana.read(chat_id, ana.messages(chat_id)[-1]["key"])
    for desk in (of_ana, of_bruno):
        look_at(desk, chat_id)
    page, told = of_ana.page, id_of(contact, "reaja a isto")
    message = of_ana.message("reaja a isto")
    button = message.get_by_test_id("message-menu")

    button.focus()
    page.keyboard.press("Enter")
    menu = page.get_by_test_id("message-menu-open")
    expect(menu.get_by_test_id("react").first).to_be_focused()
    expect_accessible(page)
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(menu.get_by_test_id("react").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    for desk in (of_ana, of_bruno):
        mark = desk.message("reaja a isto").get_by_test_id("reaction")
        expect(mark).to_have_text("❤️")
        expect(mark).to_have_attribute("data-state", "sent")
        expect(mark).to_have_attribute("title", re.compile("Ana Souza"))
    assert reactions(contact, told).get("business") == "❤️"

    open_menu(of_ana, message).get_by_test_id("more-reactions").click()
    picker = page.get_by_test_id("emoji-picker")
    expect(picker.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(picker).to_have_count(0)
    expect(button).to_be_focused()
    open_menu(of_ana, message).get_by_test_id("more-reactions").click()
    picker.get_by_role("combobox").fill("foguete")
    picker.get_by_role("option", name="foguete").first.click()
    expect(of_bruno.message("reaja a isto").get_by_test_id("reaction")).to_have_text("🚀")
    until(lambda: reactions(contact, told).get("business") == "🚀", "the phone shows the new one")

    open_menu(of_ana, message).get_by_role("menuitem", name="Retirar a reação 🚀").click()
    expect(of_bruno.message("reaja a isto").get_by_test_id("reaction")).to_have_count(0)
    until(lambda: not reactions(contact, told).get("business"), "the phone shows none")


@pytest.mark.parametrize("screen", [SCREEN, NARROW], ids=["1440", "390"])
def test_the_menu_and_its_emojis_are_whole_in_the_window(
    phones: Phones, ana: Agent, of_ana: DeskPage, screen: dict[str, int]
) -> None:
    """CHAT-7: near every edge, of theirs and of ours."""
    contact = phones.somebody()
    contact.wrote(*(f"linha {number}" for number in range(20)))
    chat_id = ana.chat_of(contact.name)
    until(lambda: len(ana.texts(chat_id)) == 20, "all are there")
    sent = ana.answer(chat_id, "uma resposta, um pouco mais longa do que as outras linhas")
    ana.until_status(chat_id, sent["key"], "delivered")
    ana.read(chat_id, sent["key"])
    page = of_ana.page
    look_at(of_ana, chat_id)
    page.set_viewport_size(screen)  # type: ignore[arg-type]
    expect(of_ana.message(sent["text"])).to_be_in_viewport()
    line = page.locator(MESSAGE).filter(has_text="linha")
    frame = page.get_by_role("region", name="Mensagens").bounding_box()
    assert frame
    highest = next(
        one
        for one in line.all()
        if (box := one.bounding_box()) and frame["y"] < box["y"] < frame["y"] + 200
    )
    for name, message in (("highest", highest), ("lowest", of_ana.message(sent["text"]))):
        menu = open_menu(of_ana, message)
        expect_inside(page, menu)
        button = message.get_by_test_id("message-menu").bounding_box()
        box = menu.bounding_box()
        assert button
        assert box
        assert abs(box["x"] + box["width"] - button["x"] - button["width"]) < box["width"]
        menu.get_by_test_id("more-reactions").click()
        picker = page.get_by_test_id("emoji-picker")
        expect(picker.get_by_role("combobox")).to_be_focused()
        expect_inside(page, picker)
        page.screenshot(path=screenshot(f"marks-picker-{screen['width']}-{name}"))
        page.keyboard.press("Escape")
        expect(picker).to_have_count(0)


def test_a_search_lists_every_place_and_leads_there_however_old(
    phones: Phones, ana: Agent, of_ana: DeskPage
) -> None:
    """FIND-2 CHAT-7: without accents, with what stands around it; its address can be shared; a
    quote leads as far; the way back is counted; what is not there is said."""
    contact = phones.somebody()
    old = "Combinação número um"
    texts = [f"linha {number}" for number in range(160)]
    texts[12], texts[80], texts[150] = old, "a COMBINACAO do meio", "combinação nova"
    contact.wrote(*texts)
    chat_id = ana.chat_of(contact.name)
    phones.quiet(90)
    until(lambda: ana.row(chat_id)["preview"] == "linha 159", "all are there", 60)
    ana.read(chat_id, ana.opened(chat_id)["page"]["messages"][-1]["key"])
    page = of_ana.page
    look_at(of_ana, chat_id)
    page.get_by_test_id("message-search-toggle").click()
    words = page.get_by_test_id("message-search-input")
    expect(words).to_be_focused()
    words.fill("combinacao")
    words.press("Enter")
    hits = page.get_by_test_id("message-hit")
    expect(page.get_by_test_id("message-search-progress")).to_have_attribute("data-state", "done")
    shown = [hit.locator("bdi").last.inner_text() for hit in hits.all()]
    assert shown == ["combinação nova", "a COMBINACAO do meio", old]
    expect(hits.last.locator("mark")).to_have_text("Combinação")
    hits.last.click()
    expect(of_ana.message(old)).to_be_in_viewport()
    expect(of_ana.message("linha 11")).to_be_in_viewport()
    expect(of_ana.message("linha 13")).to_be_in_viewport()
    key = of_ana.message(old).get_attribute("data-key")
    assert parse_qs(urlsplit(page.url).query)["message"] == [key]
    expect_accessible(page)
    page.screenshot(path=screenshot("marks-search"))
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("message-search")).to_have_count(0)
    expect(page.get_by_test_id("message-search-toggle")).to_be_focused()

    page.reload()
    expect(of_ana.message(old)).to_be_in_viewport()
    contact.writes("cheguei agora")
    latest = page.get_by_test_id("jump-latest")
    expect(latest).to_have_text("1")
    latest.click()
    expect(of_ana.message("cheguei agora")).to_be_in_viewport()
    expect(latest).to_have_count(0)
    assert "message" not in parse_qs(urlsplit(page.url).query)

    quotes(contact, id_of(contact, old), "sobre aquela")
    of_ana.message("sobre aquela").get_by_test_id("quote").click()
    expect(of_ana.message(old)).to_be_in_viewport()
    latest.click()
    expect(of_ana.message("sobre aquela")).to_be_in_viewport()

    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    for gone in (f"{key}"[:-4] + "0000", "nunca-houve"):
        look_at(of_ana, chat_id, message=gone)
        refused = page.get_by_test_id("jump-refused")
        expect(refused).to_contain_text("Esta mensagem não está mais nesta conversa.")
        expect_inside(page, refused)
        refused.get_by_role("button", name="Fechar").click()
        expect(refused).to_have_count(0)
        assert "message" not in parse_qs(urlsplit(page.url).query)
    page.screenshot(path=screenshot("marks-search-390"))


def test_an_internal_message_is_red_labelled_and_stays_inside(
    phones: Phones, ana: Agent, of_ana: DeskPage, of_bruno: DeskPage
) -> None:
    """SEND-7: on both pages; it is quoted and found, and never reacted to."""
    contact = phones.somebody()
    contact.writes("oi")
    chat_id = ana.chat_of(contact.name)
    for desk in (of_ana, of_bruno):
        look_at(desk, chat_id)
    of_ana.write("/interna cuidado com o prazo")
    for desk in (of_ana, of_bruno):
        note = desk.message("cuidado com o prazo")
        expect(note.get_by_test_id("internal")).to_have_text(LABEL)
        drawn = note.get_by_test_id("internal").evaluate("one => getComputedStyle(one).color")
        red, green, blue = (int(part) for part in re.findall(r"\d+", drawn)[:3])
        assert red > 2 * max(green, blue)
    menu = open_menu(of_ana, of_ana.message("cuidado com o prazo"))
    expect(menu.get_by_test_id("reply")).to_be_visible()
    expect(menu.get_by_test_id("react")).to_have_count(0)
    of_ana.page.keyboard.press("Escape")
    of_ana.page.get_by_test_id("message-search-toggle").click()
    words = of_ana.page.get_by_test_id("message-search-input")
    words.fill("prazo")
    words.press("Enter")
    expect(of_ana.page.get_by_test_id("message-hit")).to_have_attribute("data-internal", "true")
    of_ana.page.screenshot(path=screenshot("marks-internal"))
    expect_accessible(of_ana.page)
    phones.quiet()
    assert contact.attempts() == []
