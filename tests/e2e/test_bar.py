"""The message bar in a real browser: attached, recorded, typed, kept and completed (SEND)."""

import base64
import io
import re
from collections.abc import Callable, Iterator

import av
import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from local.stack import Stack
from local.users import PASSWORD
from tests.e2e.agent import Agent
from tests.e2e.conftest import CHROMIUM, CHROMIUM_OPTIONS, PATIENCE_MS, SCREEN, screenshot
from tests.e2e.pages import MESSAGE, DeskPage
from tests.e2e.phones import Contact, Phones
from tests.e2e.waiting import until

MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEUlEQVR42mP4z8CABzGMSqNLAwDLmVfRsA9NpAAAAABJRU5ErkJggg=="
)
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


@pytest.fixture
def page(talking: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page with that microphone; what it complains of fails the test."""
    context = talking.new_context(
        viewport=SCREEN,  # type: ignore[arg-type]
        locale="pt-BR",
        timezone_id="America/Sao_Paulo",
    )
    page = context.new_page()
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
    context.close()
    assert complaints == []


@pytest.fixture
def open_chat(stack: Stack, phones: Phones, ana: Agent, page: Page) -> Callable[..., DeskPage]:
    """Log in and enter the chat of somebody who has just written."""

    def opened(contact: Contact) -> DeskPage:
        contact.writes("oi")
        chat_id = ana.chat_of(contact.name)
        desk = DeskPage(page, stack.web)
        desk.log_in("ana@example.com", PASSWORD)
        page.goto(f"{stack.web}/chats/{chat_id}?tab=all")
        expect(page.get_by_test_id("bar-input")).to_be_visible()
        return desk

    return opened


def give(page: Page, name: str, how: str) -> None:
    """Paste a picture into the bar, or do with it what a mouse that drags does."""
    page.evaluate(FILE_EVENT, [base64.b64encode(PNG).decode(), name, "image/png", how])


def last_sent(contact: Contact, seconds: float = 60) -> dict:  # type: ignore[type-arg]
    """The newest send that Meta accepted for this person."""

    def look() -> dict | None:  # type: ignore[type-arg]
        accepted = [one for one in contact.attempts() if one["accepted"]]
        return accepted[-1]["body"] if accepted else None

    found = until(look, f"something sent to {contact.name}", seconds)
    assert found
    return found


def test_a_voice_note_recorded_in_the_page_arrives_as_ogg_opus(
    phones: Phones, page: Page, open_chat: Callable[..., DeskPage]
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
    channel: str, phones: Phones, page: Page, ana: Agent, open_chat: Callable[..., DeskPage]
) -> None:
    """SEND-5, SEND-6, SEND-8, SEND-10: a voice that phones play, pictures, and a card as text."""
    before = ana.get("/settings")
    ana.ask("PUT", "/settings", json={**before, "name_prefix": True})
    try:
        contact = phones.somebody_on(channel)
        desk = open_chat(contact)
        desk.write("com nome")
        name = "" if channel == "instagram" else f"{ana.get('/me')['agent']['name']}:\n"
        until(lambda: contact.sent() == [f"{name}com nome"], "the text arrives", 60)
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

        page.get_by_test_id("bar-attach").click()
        expect(page.get_by_test_id("attach-template")).to_have_count(0)
        page.get_by_test_id("attach-contact").click()
        page.get_by_test_id("card-name").fill("Marta Reis")
        page.get_by_test_id("card-send").click()
        expect(page.get_by_test_id("contact-card")).to_be_visible()
        page.get_by_test_id("card-email").fill("marta@example.com")
        page.get_by_test_id("card-send").click()
        card = "Marta Reis\nmarta@example.com"
        until(lambda: contact.sent()[-1].endswith(card), "the card arrives as text", 60)
        page.screenshot(path=screenshot(f"bar-{channel}"))

        if channel == "instagram":  # Messenger takes any file as a document
            page.get_by_test_id("bar-chooser").set_input_files(HEIC)  # type: ignore[arg-type]
            expect(page.get_by_role("dialog")).to_contain_text("não aceita este tipo de arquivo")
            page.screenshot(path=screenshot("bar-refused"))
    finally:
        ana.ask("PUT", "/settings", json=before)


def kinds(contact: Contact) -> list[str]:
    """Of what kind the files are that the phone shows, in order."""
    return [file["kind"] for one in contact.shown() for file in one["files"]]


def files(phones: Phones, contact: Contact) -> list[bytes]:
    """The files that the phone shows, in order."""
    return [
        phones.http.get(file["url"]).content for one in contact.shown() for file in one["files"]
    ]


def test_a_recording_is_asked_about_or_thrown_away(
    phones: Phones, page: Page, ana: Agent, open_chat: Callable[..., DeskPage]
) -> None:
    """SEND-8"""
    before = ana.get("/settings")
    ana.ask("PUT", "/settings", json={**before, "audio_confirmation": True})
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
        ana.ask("PUT", "/settings", json=before)


def test_a_page_closed_while_recording_loses_nothing_that_was_sent(
    phones: Phones, page: Page, open_chat: Callable[..., DeskPage]
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
    phones: Phones, page: Page, open_chat: Callable[..., DeskPage]
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
    page.screenshot(path=screenshot("bar-preview"))
    page.get_by_test_id("preview-send").click()
    until(
        lambda: last_sent(contact).get("image", {}).get("caption") == "Com legenda", "the caption"
    )


def test_a_drawing_with_a_script_goes_as_a_document_and_is_never_shown(
    phones: Phones, page: Page, ana: Agent, open_chat: Callable[..., DeskPage]
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
    page.wait_for_timeout(500)
    assert page.locator(f"{MESSAGE} img[src*=svg]").count() == 0


def test_an_upload_that_broke_goes_on_by_itself(
    phones: Phones, page: Page, open_chat: Callable[..., DeskPage]
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
    expect(ticks).to_have_attribute(
        "data-status", re.compile("sent|delivered|read"), timeout=60_000
    )
    assert last_sent(contact)["type"] == "document"
    assert len(broken) == 1
    phones.quiet()
    assert len(contact.attempts()) == 1


def test_an_upload_that_is_cancelled_leaves_nothing(
    phones: Phones, page: Page, open_chat: Callable[..., DeskPage]
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
    until(lambda: contact.sent() == ["depois do arquivo"], "the text arrives", 60)
    assert len(contact.attempts()) == 1


def test_4096_characters_go_and_one_more_does_not(
    phones: Phones, page: Page, open_chat: Callable[..., DeskPage]
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
    open_chat: Callable[..., DeskPage],
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
    other = talking.new_page()
    second = DeskPage(other, stack.web)
    second.log_in("ana@example.com", PASSWORD)
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
    other.close()


def test_an_internal_message_is_written_and_never_leaves(
    phones: Phones, page: Page, open_chat: Callable[..., DeskPage]
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
    phones: Phones, page: Page, open_chat: Callable[..., DeskPage]
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
