"""The message bar in a real browser: attached, recorded, typed, kept and completed (SEND)."""

import base64
import io
import random
import re
import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any

import av
import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from local.simulator.samples import SAMPLES
from local.stack import Stack
from tests.e2e.agent import Agent
from tests.e2e.conftest import CHROMIUM, CHROMIUM_OPTIONS, PATIENCE_MS, entered, screenshot
from tests.e2e.pages import MESSAGE, DeskPage
from tests.e2e.phones import Contact, Phones
from tests.e2e.test_sending import uploaded
from tests.e2e.waiting import until

Json = dict[str, Any]
MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
PNG = SAMPLES["png"].content
DAY = 86_400
ARRIVED = re.compile("sent|delivered|read")
HEIC = {"name": "foto.heic", "mimeType": "image/heic", "buffer": b"\0\0\0\x18ftypheic"}
BEEP_SHOWN = """() => [...document.querySelectorAll("[data-testid=voice-recorder] [role=img] span")]
    .some((one) => parseFloat(one.style.height) > 20)"""
FILE_EVENT = """([encoded, name, type, how]) => {
    const bytes = Uint8Array.from(atob(encoded), (one) => one.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], name, { type }));
    const given = { bubbles: true, cancelable: true };
    document.querySelector("[data-testid=bar-input]").dispatchEvent(how === "paste"
        ? new ClipboardEvent("paste", { ...given, clipboardData: data })
        : new DragEvent(how, { ...given, dataTransfer: data }));
}"""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(scope="module")
def talking(browser: Browser) -> Iterator[Browser]:
    """A browser with a microphone that beeps, whose use is allowed."""
    launched = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*CHROMIUM_OPTIONS, *MICROPHONE], headless=True
    )
    yield launched
    launched.close()


@pytest.fixture(scope="module")
def of_ana(talking: Browser, stack: Stack, ana: Agent) -> BrowserContext:
    """Where Ana is logged in, once for all these stories."""
    desk = entered(talking, stack, ana)
    desk.page.close()
    return desk.page.context


@pytest.fixture
def page(of_ana: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of hers with that microphone; what it complains of fails the test."""
    page = of_ana.new_page()
    page.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: (
            complaints.append(said.text)
            if said.type == "error" and "Content Security" in said.text
            else None
        ),
    )
    yield page
    if getattr(request.node, "failed", False) and not page.is_closed():
        page.screenshot(path=screenshot(f"failed-{request.node.name}"))
    page.close()
    assert complaints == []


@pytest.fixture
def open_chat(
    stack: Stack, phones: Phones, ana: Agent, page: Page
) -> Callable[[Contact], DeskPage]:
    """Enter the chat of somebody who has just written."""

    def opened(contact: Contact) -> DeskPage:
        contact.writes("oi")
        page.goto(f"{stack.web}/chats/{ana.chat_of(contact.name)}?tab=all")
        expect(page.get_by_test_id("bar-input")).to_be_visible()
        return DeskPage(page, stack.web)

    return opened


def give(page: Page, name: str, how: str) -> None:
    """Paste a picture into the bar, or do with it what a mouse that drags does."""
    page.evaluate(FILE_EVENT, [base64.b64encode(PNG).decode(), name, "image/png", how])


def drawn(picture: Locator) -> bool:
    """Whether the browser has read that picture and shows it."""
    expect(picture).to_be_visible()
    wide = picture.evaluate("async (one) => (await one.decode(), one.naturalWidth)")
    return bool(wide > 0)


def last_sent(contact: Contact, seconds: float = 60) -> Json:
    """The newest send that Meta accepted for this person."""

    def look() -> Json | None:
        accepted = [one for one in contact.attempts() if one["accepted"]]
        return accepted[-1]["body"] if accepted else None

    found = until(look, f"something sent to {contact.name}", seconds)
    assert found
    return found


def test_a_voice_note_recorded_in_the_page_arrives_as_ogg_opus(
    phones: Phones, page: Page, open_chat: Callable[[Contact], DeskPage]
) -> None:
    """SEND-8"""
    contact = phones.somebody()
    open_chat(contact)
    page.get_by_test_id("bar-record").click()
    expect(page.get_by_test_id("voice-time")).to_have_text("0:02")
    page.wait_for_function(BEEP_SHOWN)
    page.screenshot(path=screenshot("bar-recording"))
    page.get_by_test_id("voice-stop").click()
    body = last_sent(contact)
    assert body["type"] == "audio"
    assert body["audio"].get("voice") is True
    media = body["audio"]["id"]
    content = httpx.get(f"{phones.http.base_url}/media/{media}").content
    assert content.startswith(b"OggS")
    with av.open(io.BytesIO(content)) as sound:
        stream = sound.streams.audio[0]
        assert (stream.codec_context.name, stream.channels, stream.rate) == ("opus", 1, 48_000)
        samples = sum(frame.samples for frame in sound.decode(stream))
    assert 1.5 < samples / 48_000 < 6


@pytest.mark.parametrize("channel", ["instagram", "facebook"])
def test_what_the_bar_offers_arrives_on(
    channel: str, phones: Phones, page: Page, ana: Agent, open_chat: Callable[[Contact], DeskPage]
) -> None:
    """SEND-5, SEND-6, SEND-8, SEND-10: a voice that phones play, pictures, and a card as text."""
    before = ana.get("/settings")
    ana.ask("PUT", "/settings", json={"name_prefix": True})
    try:
        contact = phones.somebody_on(channel)
        desk = open_chat(contact)
        page.get_by_test_id("bar-record").click()
        expect(page.get_by_test_id("voice-time")).to_have_text("0:02")
        page.get_by_test_id("voice-stop").click()
        until(lambda: kinds(contact) == ["audio"], "the voice arrives", 60)
        [sound] = files(phones, contact)
        with av.open(io.BytesIO(sound)) as opened:
            stream = opened.streams.audio[0]
            assert stream.codec_context.name in ("aac", "pcm_s16le")
            rate = stream.rate
            samples = sum(frame.samples for frame in opened.decode(stream))
        assert 1.5 < samples / rate < 6

        give(page, "solta.png", "dragover")
        expect(page.get_by_text("Solte para anexar")).to_be_visible()
        give(page, "solta.png", "drop")
        page.get_by_test_id("preview-send").click()
        until(lambda: kinds(contact) == ["audio", "image"], "the dropped one arrives", 60)
        give(page, "colada.png", "paste")
        page.get_by_test_id("preview-send").click()
        until(lambda: kinds(contact) == ["audio", "image", "image"], "the pasted one arrives", 60)
        assert files(phones, contact)[1:] == [PNG, PNG]
        assert drawn(page.locator("[data-testid=picture] img").last)

        page.get_by_test_id("bar-attach").click()
        expect(page.get_by_test_id("attach-template")).to_have_count(0)
        page.get_by_test_id("attach-contact").click()
        page.get_by_test_id("card-name").fill("Marta Reis")
        page.get_by_test_id("card-send").click()
        expect(page.get_by_test_id("contact-card")).to_be_visible()
        page.get_by_test_id("card-email").fill("marta@example.com")
        page.get_by_test_id("card-send").click()
        card = "Marta Reis\nmarta@example.com"
        desk.write("com nome")
        name = "" if channel == "instagram" else f"{ana.get('/me')['agent']['name']}:\n"
        said = [f"{name}{card}", f"{name}com nome"]
        until(lambda: contact.sent() == said, "card and text arrive, signed on Messenger", 60)
        page.screenshot(path=screenshot(f"bar-{channel}"))

        if channel == "instagram":  # Messenger takes any file as a document
            page.get_by_test_id("bar-chooser").set_input_files(HEIC)  # type: ignore[arg-type]
            expect(page.get_by_role("dialog")).to_contain_text("não aceita este tipo de arquivo")
            page.screenshot(path=screenshot("bar-refused"))
    finally:
        ana.put_back_settings(before)


def kinds(contact: Contact) -> list[str]:
    """Of what kind the files are that the phone shows, in order."""
    return [file["kind"] for one in contact.shown() for file in one["files"]]


def files(phones: Phones, contact: Contact) -> list[bytes]:
    """The files that the phone shows, in order."""
    return [
        phones.http.get(file["url"]).content for one in contact.shown() for file in one["files"]
    ]


def test_a_recording_is_asked_about_or_thrown_away(
    phones: Phones, page: Page, ana: Agent, open_chat: Callable[[Contact], DeskPage]
) -> None:
    """SEND-8"""
    before = ana.get("/settings")
    ana.ask("PUT", "/settings", json={"audio_confirmation": True})
    try:
        contact = phones.somebody()
        open_chat(contact)
        for answer in ("voice-no", "voice-yes"):
            page.get_by_test_id("bar-record").click()
            expect(page.get_by_test_id("voice-time")).to_have_text("0:01")
            page.get_by_test_id("voice-stop").click()
            expect(page.get_by_text("Tem certeza que deseja enviar esse áudio?")).to_be_visible()
            page.screenshot(path=screenshot("bar-voice-ask"))
            page.get_by_test_id(answer).click()
        page.get_by_test_id("bar-record").click()
        expect(page.get_by_test_id("voice-time")).to_have_text("0:01")
        page.get_by_test_id("voice-discard").click()
        expect(page.get_by_test_id("bar-input")).to_be_visible()
        assert last_sent(contact)["type"] == "audio"
        phones.quiet()
        assert len(contact.attempts()) == 1
    finally:
        ana.put_back_settings(before)


def test_a_microphone_that_is_denied_is_explained(
    stack: Stack, phones: Phones, ana: Agent, browser: Browser, of_ana: BrowserContext
) -> None:
    """SEND-8: a headless browser asks nobody, and allows nothing that it was not told to."""
    contact = phones.somebody()
    contact.writes("oi")
    chat_id = ana.chat_of(contact.name)
    asking = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*CHROMIUM_OPTIONS, MICROPHONE[0]], headless=True
    )
    page = asking.new_page(storage_state=of_ana.storage_state(), locale="pt-BR")
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{stack.web}/chats/{chat_id}?tab=all")
    page.get_by_test_id("bar-record").click()
    trouble = page.get_by_test_id("voice-trouble")
    expect(trouble).to_contain_text("não deixa esta página usar")
    expect(trouble).to_contain_text("Clique no cadeado")
    expect(page.get_by_test_id("voice-stop")).to_have_count(0)
    page.screenshot(path=screenshot("bar-voice-denied"))
    understood = page.get_by_role("button", name="Entendi")
    label = understood.get_by_text("Entendi")
    assert label.evaluate("(one) => one.scrollWidth <= one.clientWidth"), "it is cut off"
    understood.click()
    expect(page.get_by_test_id("bar-input")).to_be_focused()
    assert contact.attempts() == []
    asking.close()


def test_a_page_closed_while_recording_loses_nothing_that_was_sent(
    phones: Phones, page: Page, open_chat: Callable[[Contact], DeskPage]
) -> None:
    """SEND-8, SEND-12"""
    contact = phones.somebody()
    desk = open_chat(contact)
    desk.write("antes de fechar")
    page.get_by_test_id("bar-record").click()
    expect(page.get_by_test_id("voice-time")).to_have_text("0:01")
    until(lambda: "antes de fechar" in contact.sent(), "the text arrives", 60)
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    with page.expect_event("close"):
        asked.value.accept()
    assert contact.sent() == ["antes de fechar"]


def test_a_chosen_picture_goes_at_once_and_a_pasted_one_after_a_look(
    phones: Phones, page: Page, open_chat: Callable[[Contact], DeskPage]
) -> None:
    """SEND-5"""
    contact = phones.somebody()
    open_chat(contact)
    page.get_by_test_id("bar-attach").click()
    page.screenshot(path=screenshot("bar-menu"))
    with page.expect_file_chooser() as chosen:
        page.get_by_test_id("attach-image").click()
    chosen.value.set_files([{"name": "foto.png", "mimeType": "image/png", "buffer": PNG}])
    assert last_sent(contact)["type"] == "image"
    give(page, "colada.png", "paste")
    page.get_by_test_id("preview-caption").fill("Com legenda")
    assert drawn(page.get_by_role("dialog").locator("img"))
    page.screenshot(path=screenshot("bar-preview"))
    page.get_by_test_id("preview-send").click()
    until(
        lambda: last_sent(contact).get("image", {}).get("caption") == "Com legenda", "the caption"
    )
    assert drawn(page.locator("[data-testid=picture] img").last)


def test_a_drawing_with_a_script_goes_as_a_document_and_is_never_shown(
    phones: Phones, page: Page, ana: Agent, open_chat: Callable[[Contact], DeskPage]
) -> None:
    """SEND-5"""
    contact = phones.somebody()
    open_chat(contact)
    files = [
        {"name": "mapa.svg", "mimeType": "image/svg+xml", "buffer": SVG},
        {"name": "pagina.html", "mimeType": "text/html", "buffer": b"<script>alert(1)</script>"},
    ]
    page.get_by_test_id("bar-chooser").set_input_files(files)  # type: ignore[arg-type]
    chat_id = ana.chat_of(contact.name)

    def arrived() -> bool:
        told = [one for message in ana.messages(chat_id) for one in message["files"]]
        return [one["kind"] for one in told] == ["document", "document"]

    until(arrived, "both are documents", 60)
    expect(page.get_by_test_id("document")).to_have_count(2)
    assert page.locator(f"{MESSAGE} img").count() == 0


def test_an_upload_that_broke_goes_on_by_itself(
    phones: Phones, page: Page, open_chat: Callable[[Contact], DeskPage]
) -> None:
    """SEND-12"""
    contact = phones.somebody()
    open_chat(contact)
    broken: list[str] = []

    def break_once(route) -> None:  # type: ignore[no-untyped-def]
        if route.request.method == "POST" and not broken:
            broken.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    page.route(lambda url: "/api/" not in url, break_once)
    page.get_by_test_id("bar-chooser").set_input_files(
        [{"name": "contrato.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 " * 2000}]
    )
    ticks = page.locator(MESSAGE).last
    expect(ticks).to_have_attribute("data-status", ARRIVED, timeout=60_000)
    assert last_sent(contact)["type"] == "document"
    assert len(broken) == 1
    phones.quiet()
    assert len(contact.attempts()) == 1


def test_an_upload_that_is_cancelled_leaves_nothing(
    phones: Phones, page: Page, open_chat: Callable[[Contact], DeskPage]
) -> None:
    """SEND-5, SEND-12: what was written after it goes on."""
    contact = phones.somebody()
    desk = open_chat(contact)
    page.route(
        lambda url: "/api/" not in url,
        lambda route: None if route.request.method == "POST" else route.continue_(),
    )
    page.get_by_test_id("bar-chooser").set_input_files(
        [{"name": "contrato.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 " * 2000}]
    )
    expect(page.get_by_test_id("file-pending")).to_contain_text("contrato.pdf")
    desk.write("depois do arquivo")
    page.screenshot(path=screenshot("bar-uploading"))
    page.get_by_test_id("cancel-upload").click()
    expect(page.get_by_test_id("file-pending")).to_have_count(0)
    expect(desk.message("depois do arquivo")).to_have_attribute("data-status", ARRIVED)
    assert contact.sent() == ["depois do arquivo"]
    assert len(contact.attempts()) == 1


def test_4096_characters_go_and_one_more_does_not(
    phones: Phones, page: Page, open_chat: Callable[[Contact], DeskPage]
) -> None:
    """SEND-1"""
    contact = phones.somebody()
    open_chat(contact)
    bar = page.get_by_test_id("bar-input")
    bar.fill("😀" * 4097)
    expect(page.get_by_test_id("bar-count")).to_have_text("1 caractere a mais")
    expect(page.get_by_test_id("bar-send")).to_be_disabled()
    bar.fill("😀" * 4096)
    bar.press("Enter")
    until(lambda: contact.sent() == ["😀" * 4096], "all of it arrives", 60)


def test_what_is_typed_is_there_on_another_computer(
    stack: Stack,
    phones: Phones,
    page: Page,
    ana: Agent,
    open_chat: Callable[[Contact], DeskPage],
    talking: Browser,
) -> None:
    """SEND-12"""
    contact = phones.somebody()
    open_chat(contact)
    chat_id = ana.chat_of(contact.name)
    page.get_by_test_id("bar-input").fill("pela metade")
    until(
        lambda: [one["text"] for one in ana.get("/drafts")["drafts"]] == ["pela metade"],
        "the draft is kept",
    )
    second = entered(talking, stack, ana)
    other = second.page
    begun = second.row(contact.name).get_by_test_id("row-preview")
    expect(begun).to_have_text("Rascunho: pela metade")
    for scheme in ("dark", "light"):
        other.emulate_media(color_scheme=scheme)
        other.screenshot(path=screenshot(f"list-draft-{scheme}"))
    other.goto(f"{stack.web}/chats/{chat_id}?tab=all")
    expect(other.get_by_test_id("bar-input")).to_have_value("pela metade")
    other.get_by_test_id("bar-input").press("Enter")
    until(lambda: ana.get("/drafts")["drafts"] == [], "nothing is left of it")
    assert until(lambda: contact.sent() == ["pela metade"], "it arrives", 60)
    other.context.close()


def test_an_internal_message_is_written_and_never_leaves(
    phones: Phones, page: Page, open_chat: Callable[[Contact], DeskPage]
) -> None:
    """SEND-7"""
    contact = phones.somebody()
    desk = open_chat(contact)
    desk.write("/interna só entre nós")
    expect(desk.message("só entre nós")).to_have_attribute("data-internal", "true")
    page.get_by_test_id("bar-internal").check()
    page.get_by_test_id("bar-input").fill("outra {nome}")
    page.screenshot(path=screenshot("bar-internal"))
    page.get_by_test_id("bar-send").click()
    expect(desk.message("outra {nome}")).to_be_visible()
    page.get_by_test_id("bar-internal").uncheck()
    desk.write("para o contato")
    until(lambda: contact.sent() == ["para o contato"], "only that arrives", 60)
    assert not re.search("entre nós|outra", str(contact.attempts()))


def test_lists_emojis_and_the_contact_card(
    phones: Phones, page: Page, open_chat: Callable[[Contact], DeskPage]
) -> None:
    """SEND-3, SEND-6, SEND-9"""
    contact = phones.somebody(name="Rui")
    open_chat(contact)
    bar = page.get_by_test_id("bar-input")
    bar.press_sequentially("/")
    expect(page.get_by_test_id("bar-choice").first).to_contain_text("/interna")
    page.screenshot(path=screenshot("bar-quick"))
    bar.fill("")
    bar.press_sequentially("Oi {no")
    expect(page.get_by_test_id("bar-choice").first).to_contain_text("Rui")
    page.screenshot(path=screenshot("bar-variables"))
    bar.press("Enter")
    expect(bar).to_have_value("Oi {nome}")
    bar.press("Enter")
    until(lambda: contact.sent() == ["Oi Rui"], "the name is in its place", 60)
    page.get_by_test_id("bar-emoji").click()
    picker = page.locator("emoji-picker")
    expect(picker.locator("button.emoji").first).to_be_visible()
    page.screenshot(path=screenshot("bar-emoji"))
    picker.locator("input[type=search]").fill("coração")
    picker.locator("[role=option] button, button[role=option]").first.click()
    expect(bar).not_to_have_value("")
    page.keyboard.press("Escape")
    bar.fill("")
    page.get_by_test_id("bar-attach").click()
    page.get_by_test_id("attach-contact").click()
    page.get_by_test_id("card-name").fill("Marta Reis")
    page.get_by_test_id("card-phone").fill("11 98888-7777")
    page.screenshot(path=screenshot("bar-card"))
    page.get_by_test_id("card-send").click()
    until(lambda: last_sent(contact)["type"] == "contacts", "the card arrives", 60)


# --- pictures that are made to fit --------------------------------------------------------------


def noise(width: int, height: int, form: str, **more: Any) -> bytes:
    """A picture that nothing makes small, with a red corner above on the left."""
    image = Image.frombytes("RGB", (width, height), random.Random(7).randbytes(width * height * 3))
    image.paste((255, 0, 0), (0, 0, width // 4, height // 4))
    written = io.BytesIO()
    image.save(written, form, **more)
    return written.getvalue()


def is_red(image: Image.Image, across: float, down: float) -> bool:
    """Whether it is red at that part of its width and height."""
    place = (int(image.width * across), int(image.height * down))
    colour = image.convert("RGB").getpixel(place)
    assert isinstance(colour, tuple)
    red, green, blue = colour
    return red > 200 and green < 60 and blue < 60


def test_large_pictures_are_made_to_fit_and_stand_upright(
    phones: Phones, page: Page, open_chat: Callable[[Contact], DeskPage]
) -> None:
    """SEND-5: what is too large, of a type that the channel has not, or held sideways."""
    contact = phones.somebody()
    open_chat(contact)
    sideways = Image.Exif()
    sideways[0x0112] = 6  # what is above in it is its right side
    given = {
        "lado.jpg": ("image/jpeg", noise(2800, 2100, "JPEG", quality=96, exif=sideways)),
        "larga.png": ("image/png", noise(6000, 320, "PNG", compress_level=0)),
        "nova.webp": ("image/webp", noise(400, 300, "WEBP")),
    }
    limit = 5 * 1024 * 1024
    assert [len(content) > limit for _, content in given.values()] == [True, True, False]
    page.get_by_test_id("bar-chooser").set_input_files(
        [
            {"name": name, "mimeType": mime_type, "buffer": content}
            for name, (mime_type, content) in given.items()
        ]
    )
    until(lambda: kinds(contact) == ["image"] * 3, "three pictures arrive", 120)
    arrived = files(phones, contact)
    assert all(len(content) <= limit for content in arrived)
    shown = [Image.open(io.BytesIO(content)) for content in arrived]
    for one in shown:
        one.load()
    assert [one.format for one in shown] == ["JPEG"] * 3
    assert [one.getexif().get(0x0112, 1) for one in shown] == [1] * 3
    side, wide, web = shown
    assert side.width * 4 == side.height * 3
    assert is_red(side, 0.9, 0.1)
    assert not is_red(side, 0.1, 0.1)
    assert wide.width == 4096
    assert is_red(wide, 0.1, 0.1)
    assert web.size == (400, 300)
    assert is_red(web, 0.1, 0.1)
    assert drawn(page.locator("[data-testid=picture] img").last)


def test_a_picture_of_the_contact_stands_where_its_variable_does(
    phones: Phones, page: Page, open_chat: Callable[[Contact], DeskPage]
) -> None:
    """SEND-4: put into the field as WebP, which no channel takes as a picture."""
    contact = phones.somebody()
    desk = open_chat(contact)
    page.get_by_test_id("edit-contact").click()
    page.get_by_test_id("edit-foto_da_fachada-file").set_input_files(
        [{"name": "loja.webp", "mimeType": "image/webp", "buffer": noise(300, 200, "WEBP")}]
    )
    window = page.get_by_test_id("edit-window")
    assert drawn(window.get_by_alt_text("Foto da fachada"))
    page.get_by_test_id("edit-save").click()
    expect(window).to_have_count(0)
    desk.write("A loja, {nome}: {foto_da_fachada} de dia {foto_da_fachada} e de noite")
    until(lambda: kinds(contact) == ["image", "image"], "both pictures arrive", 60)
    assert [one["text"] for one in contact.shown()] == [
        f"A loja, {contact.name}:",
        "de dia e de noite",
    ]
    for content in files(phones, contact):
        picture = Image.open(io.BytesIO(content))
        assert (picture.format, picture.size) == ("JPEG", (300, 200))
        assert is_red(picture, 0.1, 0.1)
    assert drawn(page.locator("[data-testid=picture] img").last)
    page.screenshot(path=screenshot("bar-field-picture"))


def test_a_quick_reply_brings_its_file(
    phones: Phones, page: Page, ana: Agent, open_chat: Callable[[Contact], DeskPage]
) -> None:
    """SEND-3, SEND-9: with its words, in which variables are filled; or without, when taken off."""
    name = f"tabela{secrets.token_hex(2)}"
    file = uploaded(ana, "document", None)
    reply = {
        "name": name,
        "text": "Segue, {nome}",
        "file": {key: file[key] for key in ("key", "name")},
    }
    made = ana.ask("POST", "/quick-replies", json=reply)
    contact = phones.somebody()
    open_chat(contact)
    bar = page.get_by_test_id("bar-input")
    for keep in (True, False):
        bar.press_sequentially(f"/{name}")
        expect(page.get_by_test_id("bar-choice")).to_have_count(1)
        bar.press("Enter")
        expect(bar).to_have_value("Segue, {nome}")
        expect(page.get_by_test_id("bar-file")).to_contain_text(SAMPLES["document"].name)
        if keep:
            page.screenshot(path=screenshot("bar-quick-file"))
        else:
            page.get_by_role("button", name="Tirar o arquivo").click()
            expect(page.get_by_test_id("bar-file")).to_have_count(0)
        bar.press("Enter")
        expect(bar).to_have_value("")
    until(lambda: len(contact.shown()) == 2, "both arrive", 60)
    with_file, without = contact.shown()
    assert [one["kind"] for one in with_file["files"]] == ["document"]
    assert files(phones, contact) == [SAMPLES["document"].content]
    assert [with_file["text"], without["text"]] == [f"Segue, {contact.name}"] * 2
    assert without["files"] == []
    ana.ask("DELETE", f"/quick-replies/{made['quick_reply_id']}")


# --- a session that ended -----------------------------------------------------------------------


@pytest.fixture
def human_agents(ana: Agent) -> Iterator[Callable[[bool], None]]:
    """Let humans answer for seven days, by the agency and by Meta (SEND-14), or not."""
    settings = ana.get("/settings")
    names = ("display", "portfolio", "page", "active", "human_agent")
    kept = {
        one["channel_id"]: {name: one[name] for name in names if name in one}
        for one in ana.get("/channels")["channels"]
        if one["channel"] != "whatsapp"
    }

    def allow(on: bool) -> None:
        ana.ask("PUT", "/settings", json={"human_agent": on})
        for channel_id, facts in kept.items():
            ana.ask("PUT", f"/channels/{channel_id}", json={**facts, "human_agent": on})

    yield allow
    ana.put_back_settings(settings)
    for channel_id, facts in kept.items():
        ana.ask("PUT", f"/channels/{channel_id}", json=facts)


def test_a_shut_bar_says_who_can_open_it_and_humans_may_answer_for_seven_days(
    stack: Stack, phones: Phones, page: Page, ana: Agent, human_agents: Callable[[bool], None]
) -> None:
    """SEND-1, SEND-13, SEND-14: two days and eight days after the contact's last message."""
    desk = DeskPage(page, stack.web)

    def wrote(channel: str, days: int) -> tuple[Contact, str]:
        contact = phones.somebody() if channel == "whatsapp" else phones.somebody_on(channel)
        said = {"text": "oi", "timestamp": int(time.time()) - days * DAY}
        phones.ask("POST", f"/contacts/{contact.wa_id}/messages", json=said)

        def look() -> str | None:
            rows = ana.rows("all", channel=channel)
            return next((one["chat_id"] for one in rows if one["name"] == contact.name), None)

        return contact, until(look, f"the chat of {contact.name}") or ""

    def enter(chat_id: str) -> None:
        page.goto(f"{stack.web}/chats/{chat_id}?tab=all")
        expect(page.get_by_test_id("bar").or_(page.get_by_test_id("bar-locked"))).to_be_visible()

    def shut(channel: str) -> None:
        direct = channel != "whatsapp"
        words = "só o contato pode reabrir a conversa" if direct else "A sessão expirou"
        expect(page.get_by_test_id("bar-locked")).to_contain_text(words)
        expect(page.get_by_test_id("bar-template")).to_have_count(0 if direct else 1)
        page.screenshot(path=screenshot(f"bar-shut-{channel}"))

    def open_to_humans(chat_id: str) -> bool:
        enter(chat_id)
        return page.get_by_test_id("bar").is_visible()

    lately = {channel: wrote(channel, 2) for channel in ("instagram", "facebook", "whatsapp")}
    for channel, (_, chat_id) in lately.items():
        enter(chat_id)
        shut(channel)
    human_agents(True)
    for channel in ("instagram", "facebook"):
        contact, chat_id = lately[channel]
        # What the desk read of its settings it believes for four seconds.
        until(lambda chat_id=chat_id: open_to_humans(chat_id), "humans may")  # type: ignore[misc]
        expect(page.get_by_test_id("bar")).to_contain_text("ainda pode ser enviado")
        expect(page.get_by_test_id("bar")).to_contain_text("4 dias restantes")
        page.screenshot(path=screenshot(f"bar-human-{channel}"))
        desk.write("ainda aqui")
        expect(desk.message("ainda aqui")).to_have_attribute("data-status", ARRIVED)
        sent = last_sent(contact)
        assert contact.sent() == ["ainda aqui"]
        assert (sent["messaging_type"], sent["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")
        enter(wrote(channel, 8)[1])
        shut(channel)
    enter(lately["whatsapp"][1])
    shut("whatsapp")
