"""What contacts send, seen, heard and downloaded in a real browser (INB-5, INB-6, CHAT-1)."""

import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from infra.package import ROOT
from local.simulator.samples import SAMPLES
from local.stack import Stack
from local.users import PASSWORD
from tests.e2e.agent import Agent
from tests.e2e.conftest import PATIENCE_MS, SCREEN, screenshot
from tests.e2e.pages import MESSAGE, DeskPage, Held
from tests.e2e.phones import Contact, Phones
from tests.e2e.waiting import until

Json = dict[str, Any]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE_OF_THE_CHAT = """tags =>
  axe.run(document.querySelector("[data-index]").closest("section").parentElement,
    { runOnly: tags, resultTypes: ["violations"] })"""
FETCH_MS = 60_000  # a file goes through the worker, whose function may have to start
SEEDED = {
    "whatsapp": "00000000000d0000",
    "instagram": "00000000000d1000",
    "facebook": "00000000000d2000",
}


class Conversation(DeskPage):
    """Ana's page with one chat open."""

    def enter(self, chat_id: str) -> None:
        """Open the chat by its address."""
        self.page.goto(f"{self.address}/chats/{chat_id}?tab=all")
        expect(self.page.locator(MESSAGE).first).to_be_visible()

    def kind(self, name: str) -> Locator:
        """The newest balloon of that kind."""
        return self.page.locator(f'{MESSAGE}[data-kind="{name}"]').last

    def part(self, kind: str, test_id: str) -> Locator:
        """A part of that balloon, once it is drawn."""
        found = self.kind(kind).get_by_test_id(test_id)
        expect(found).to_be_visible(timeout=FETCH_MS)
        return found

    def seen(self, picture: Locator) -> None:
        """Wait until a picture is drawn."""
        image = picture.locator("img")
        expect(image).to_have_js_property("complete", True)
        expect(image).not_to_have_js_property("naturalWidth", 0)

    def saved(self, download: Callable[[], None]) -> bytes:
        """What the browser stores after that click."""
        with self.page.expect_download() as waiting:
            download()
        return Path(waiting.value.path()).read_bytes()


@pytest.fixture(scope="module")
def conversation(browser: Browser, stack: Stack, ana: Agent) -> Iterator[Conversation]:
    """Ana's page, logged in once; the doors that it enters by have started before."""
    ana.rows(pages=1)
    ana.ticket()
    context = browser.new_context(
        viewport=SCREEN,  # type: ignore[arg-type]
        locale="pt-BR",
        timezone_id="America/Sao_Paulo",
        accept_downloads=True,
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    opened = Conversation(page, stack.web)
    opened.log_in("ana@example.com", PASSWORD)
    yield opened
    context.close()


@pytest.fixture
def desk(conversation: Conversation, request: pytest.FixtureRequest) -> Iterator[Conversation]:
    """The same page; what it complains of fails the story, what it showed then is kept."""
    page = conversation.page
    complaints: list[str] = []

    def complain(error: Any) -> None:
        complaints.append(str(error))

    page.on("pageerror", complain)
    yield conversation
    page.remove_listener("pageerror", complain)
    if getattr(request.node, "failed", False):
        page.screenshot(path=screenshot(f"failed-{request.node.name}"))
    page.unroute_all()
    page.set_viewport_size(SCREEN)  # type: ignore[arg-type]
    assert complaints == []


def chat_of(ana: Agent, contact: Contact) -> str:
    """The chat of somebody who has just written."""
    return ana.chat_of(contact.name, seconds=60)


def middle(box: Locator) -> float:
    """Where its top is on the screen."""
    found = box.bounding_box()
    assert found
    return found["y"]


def test_pictures_are_looked_at_over_the_page(
    phones: Phones, ana: Agent, desk: Conversation
) -> None:
    """INB-5 INB-6 CHAT-1: by keyboard from the balloon to the pictures and back, and downloaded."""
    page = desk.page
    bia, lia = phones.somebody(), phones.somebody_on("instagram")
    bia.sends("image", caption="uma só")
    lia.sends("image")
    desk.enter(chat_of(ana, bia))
    picture = desk.part("image", "picture")
    desk.seen(picture)
    picture.press("Enter")
    window = page.get_by_role("dialog", name="Imagem ampliada")
    expect(window.locator("img")).to_be_visible()
    expect(window.get_by_role("button", name="Próxima")).to_have_count(0)
    wide = window.locator("img").bounding_box()
    window.get_by_role("button", name="Aumentar").click()
    expect(window.get_by_role("button", name="Diminuir")).to_be_enabled()
    assert wide
    until(lambda: (window.locator("img").bounding_box() or wide)["width"] > wide["width"], "larger")
    content = desk.saved(window.get_by_test_id("lightbox-download").click)
    assert content == SAMPLES["image"].content
    page.keyboard.press("Escape")
    expect(window).to_have_count(0)
    expect(picture).to_be_focused()
    assert "/chats/" in page.url

    lia.sends("image", count=2)
    desk.enter(chat_of(ana, lia))
    tiles = desk.part("image", "album").get_by_test_id("picture")
    expect(tiles).to_have_count(2)
    expect(page.get_by_test_id("picture")).to_have_count(3)
    expect(page.get_by_test_id("picture").first).to_be_enabled()
    tiles.nth(0).click()
    counter = window.locator(".yarl__counter")
    expect(counter).to_have_text("2 / 3")
    page.keyboard.press("ArrowRight")
    expect(counter).to_have_text("3 / 3")
    expect(window.get_by_role("button", name="Próxima")).to_be_disabled()
    page.keyboard.press("ArrowLeft")
    window.get_by_role("button", name="Anterior").click()
    expect(counter).to_have_text("1 / 3")  # the picture of the message before
    page.screenshot(path=screenshot("conversation-lightbox"))
    page.keyboard.press("Escape")
    expect(window).to_have_count(0)
    expect(tiles.nth(0)).to_be_focused()


@pytest.mark.parametrize("channel", ["whatsapp", "instagram"])
def test_a_voice_note_is_heard(
    channel: str, phones: Phones, ana: Agent, desk: Conversation
) -> None:
    """INB-5: played, stopped, gone through by mouse and keyboard, and faster."""
    if channel == "whatsapp":
        contact = phones.somebody()
        contact.sends("audio", voice=True)
    else:
        contact = phones.somebody_on(channel)
        contact.sends("voice")
    desk.enter(chat_of(ana, contact))
    player = desk.part("audio", "player")
    expect(player).to_have_accessible_name("Mensagem de voz")
    seek, play = player.get_by_test_id("seek"), player.get_by_test_id("play")
    expect(seek).to_be_enabled()
    whole = float(seek.get_attribute("max") or 0)
    assert 2 < whole < 4
    expect(player.locator("rect")).to_have_count(44)  # its shape, not the plain bar

    box = seek.bounding_box()
    assert box
    seek.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    half = float(seek.input_value())
    assert abs(half - whole / 2) < whole / 10
    seek.press("ArrowLeft")
    assert float(seek.input_value()) == pytest.approx(half - whole / 10, abs=0.11)
    seek.press("End")
    assert float(seek.input_value()) == pytest.approx(whole, abs=0.11)
    seek.press("Home")
    assert float(seek.input_value()) == 0
    expect(seek).to_have_attribute("aria-valuetext", re.compile(r"^0:00 de 0:0\d$"))

    speed = player.get_by_test_id("speed")
    for shown in ("1,5×", "2×"):
        speed.click()
        expect(speed).to_have_text(shown)
    play.click()
    expect(player).to_have_attribute("data-playing", "true")
    until(lambda: float(seek.input_value()) > 0.5, "it is heard", 30)
    play.press("Enter")
    expect(player).to_have_attribute("data-playing", "false")
    stopped = float(seek.input_value())
    assert 0 < stopped < whole
    play.click()
    expect(player).to_have_attribute("data-playing", "true")
    expect(player).to_have_attribute("data-playing", "false")  # at its end
    expect(seek).to_have_value("0")
    speed.click()
    expect(speed).to_have_text("1×")


def test_a_video_keeps_its_room_and_a_document_is_downloaded(
    phones: Phones, ana: Agent, desk: Conversation
) -> None:
    """INB-5 INB-6"""
    contact = phones.somebody()
    contact.sends("video", caption="olha")
    contact.sends_file("proposta final.pdf", SAMPLES["document"].content, "application/pdf")
    desk.enter(chat_of(ana, contact))
    video = desk.part("video", "video")
    until(lambda: video.evaluate("one => one.readyState") >= 1, "its first bytes came")
    told = video.evaluate("one => [one.videoWidth / one.videoHeight, one.clientHeight]")
    assert told[1] == 240
    expect(video).to_have_js_property("clientWidth", min(320, max(200, round(240 * told[0]))))
    video.evaluate("one => { one.muted = true; return one.play(); }")
    until(lambda: video.evaluate("one => one.currentTime") > 0.2, "it plays")

    document = desk.part("document", "document")
    expect(document).to_contain_text("proposta final.pdf")
    expect(document).to_contain_text("PDF · 652 B")
    with desk.page.expect_download() as waiting:
        document.press("Enter")
    assert waiting.value.suggested_filename == "proposta final.pdf"
    assert Path(waiting.value.path()).read_bytes() == SAMPLES["document"].content


def test_a_file_that_does_not_come_says_so_and_is_fetched_again(
    phones: Phones, ana: Agent, desk: Conversation
) -> None:
    """INB-6: pending, failed with its reason, asked for, there; the next message waits for none."""
    contact = phones.somebody()
    contact.writes("oi")
    desk.enter(chat_of(ana, contact))
    phones.misbehave(media_fault="redirect", slow_media_ms=1500)
    contact.sends("image", caption="a foto")
    image = desk.kind("image")
    expect(image.get_by_test_id("file-pending")).to_have_text("Baixando…")
    before = image.bounding_box()
    contact.writes("chegou?")
    expect(desk.message("chegou?")).to_be_visible()
    failed = desk.part("image", "file-failed")
    expect(failed).to_contain_text("A Meta recusou a entrega deste arquivo.")
    desk.page.screenshot(path=screenshot("conversation-failed"))
    phones.misbehave(reset=True)
    again = failed.get_by_test_id("file-again")
    again.click()
    picture = desk.part("image", "picture")
    desk.seen(picture)
    after = image.bounding_box()
    assert before
    assert after
    assert before["width"] <= after["width"]


def test_what_instagram_does_not_keep_is_said_to_be_gone(
    phones: Phones, ana: Agent, desk: Conversation
) -> None:
    """INB-6: a link that leads nowhere is no hole; what comes after it is shown."""
    contact = phones.somebody_on("instagram")
    for kind in ("image", "video", "voice"):
        contact.sends(kind)
    contact.writes("depois")
    chat_id = chat_of(ana, contact)
    phones.misbehave(expired_links=True)
    desk.enter(chat_id)
    for kind in ("image", "video"):
        expect(desk.part(kind, "file-gone")).to_have_text("Não está mais disponível.")
    player = desk.part("audio", "player")
    player.get_by_test_id("play").click()
    expect(player.get_by_role("alert")).to_have_text("Não está mais disponível.")
    expect(desk.message("depois")).to_be_visible()
    desk.page.screenshot(path=screenshot("conversation-gone"))


def test_nothing_moves_when_a_picture_comes(phones: Phones, ana: Agent, desk: Conversation) -> None:
    """CHAT-1: what is read stays where it is while files above it and below it are drawn."""
    contact = phones.somebody()
    contact.writes("no alto")
    for kind in ("image", "video", "sticker"):
        contact.sends(kind)
    contact.writes(f"lido {secrets.token_hex(2)}", "depois")
    chat_id = chat_of(ana, contact)
    files = ("image", "video", "sticker")
    until(
        lambda: [
            one["files"][0]["state"] for one in ana.messages(chat_id) if one["files"]
        ] == ["ready"] * len(files),
        "the files are there", 60,
    )  # fmt: skip
    page = desk.page
    held = Held(page, re.compile("/files/|X-Amz-|\\.webp"), "GET")
    desk.page.set_viewport_size({"width": 1440, "height": 1100})
    desk.enter(chat_id)
    for _ in range(200):
        if len(held.requests) >= len(files):
            break
        page.wait_for_timeout(50)  # lets the browser's events in
    assert len(held.requests) >= len(files)
    sticker = desk.part("sticker", "sticker")
    expect(sticker).to_have_attribute("data-loaded", "false")  # a shape, not a hole
    read = desk.message("depois")
    places = [desk.kind(kind) for kind in files]
    before = [middle(one) for one in (read, *places)]
    held.release()
    desk.seen(desk.part("image", "picture"))
    expect(sticker).to_have_attribute("data-loaded", "true")
    video = desk.part("video", "video")
    until(lambda: video.evaluate("one => one.readyState") >= 1, "the video's first bytes came")
    expect(video).to_have_js_property("clientHeight", 240)
    assert [middle(one) for one in (read, *places)] == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_barred_from_any_kind(scheme: Any, desk: Conversation) -> None:
    """INB-5: WCAG 2.2 AA by axe, over chats of every kind, whole."""
    page: Page = desk.page
    page.emulate_media(color_scheme=scheme)
    axe = AXE.read_text()
    found: list[Json] = []
    for channel, chat_id in SEEDED.items():
        page.set_viewport_size({"width": 1440, "height": 900})
        desk.enter(chat_id)
        page.set_viewport_size({"width": 1440, "height": 3400})  # all of it is drawn
        expect(page.get_by_text("Início da conversa")).to_be_visible()
        expect(page.get_by_test_id("seek").first).to_be_enabled()
        page.evaluate(axe)
        found += page.evaluate(AXE_OF_THE_CHAT, WCAG)["violations"]
        page.screenshot(path=screenshot(f"conversation-{channel}-{scheme}"))
    page.emulate_media(color_scheme="light")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
