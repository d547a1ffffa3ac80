"""One message of every kind, each way, on each channel, compared on the agent's screen and the
phone's; and what must be one although it is told ten times (INB, CHAT-7, SEND)."""

import random
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from local.simulator.samples import SAMPLES, Sample
from local.stack import CHANNEL, Stack
from local.users import PASSWORD
from tests.e2e.agent import Agent
from tests.e2e.conftest import CHROMIUM, CHROMIUM_OPTIONS, PATIENCE_MS, SCREEN, screenshot
from tests.e2e.pages import DeskPage, PhonePage
from tests.e2e.phones import Contact, Phones
from tests.e2e.screens import agree, on_the_desk
from tests.e2e.waiting import at_once, until

Json = dict[str, Any]
CHANNELS = ("whatsapp", "instagram", "facebook")
MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@dataclass(frozen=True)
class Kind:
    """What a contact sends, and what the agent's page must show of it."""

    wish: Json
    kind: str
    words: str = ""
    parts: tuple[str, ...] = ()
    has: str = ""


class Screens:
    """The agent's page and the phones' page, side by side as on two computers."""

    def __init__(self, stack: Stack, desk: Page, phones: Page) -> None:
        self.stack = stack
        self.desk = DeskPage(desk, stack.web)
        self.phones = PhonePage(phones, stack.simulator)
        self.complaints: list[str] = []
        desk.on("pageerror", lambda error: self.complaints.append(str(error)))
        desk.on("console", lambda said: self._hear(said.type, said.text))

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(text)


@pytest.fixture(scope="module")
def screens(stack: Stack, browser: Browser) -> Iterator[Screens]:
    """Ana is logged in once for the whole file; her microphone beeps."""
    talking = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*CHROMIUM_OPTIONS, *MICROPHONE], headless=True
    )
    pages = []
    for _ in range(2):
        context = talking.new_context(
            viewport=SCREEN,  # type: ignore[arg-type]
            locale="pt-BR",
            timezone_id="America/Sao_Paulo",
        )
        pages.append(context.new_page())
        pages[-1].set_default_timeout(PATIENCE_MS)
    both = Screens(stack, *pages)
    both.desk.log_in("ana@example.com", PASSWORD)
    yield both
    talking.close()


@pytest.fixture
def both(screens: Screens, request: pytest.FixtureRequest) -> Iterator[Screens]:
    """The two pages with no phone open yet; what the agent's complains of fails the test."""
    screens.phones.page.goto(screens.stack.simulator)
    screens.phones.page.evaluate("localStorage.clear()")
    screens.phones.page.reload()
    screens.complaints.clear()
    yield screens
    if getattr(request.node, "failed", False):
        for name, page in (("desk", screens.desk.page), ("phone", screens.phones.page)):
            page.screenshot(path=screenshot(f"failed-{request.node.name}-{name}"))
    assert screens.complaints == []


def whatsapp() -> list[Kind]:
    """WhatsApp's kinds (META.md 2)."""
    first = f"wamid.{secrets.token_hex(16)}"

    def answer(kind: str, **content: Any) -> Json:
        return {"type": "interactive", "interactive": {"type": kind, kind: content}}

    form = answer("nfm_reply", name="flow", body="Enviado", response_json='{"cidade": "Bauru"}')
    return [
        Kind({"text": "Bom dia! 😀 <b>ção</b>", "id": first}, "text", "Bom dia! 😀 <b>ção</b>"),
        Kind({"text": "citando", "context": {"id": first}}, "text", "<b>ção</b> citando", QUOTE),
        Kind({"type": "image", "caption": "olha a foto"}, "image", "olha a foto", ("image",)),
        Kind({"type": "video", "caption": "e o vídeo"}, "video", "e o vídeo", ("video",)),
        Kind({"type": "audio"}, "audio", "Áudio", ("audio",)),
        Kind({"type": "audio", "voice": True}, "audio", "Mensagem de voz", ("audio",)),
        Kind(
            {"type": "document", "filename": "orçamento.pdf"},
            *("document", "orçamento.pdf PDF · 652 B", ("document",)),
        ),
        Kind({"type": "sticker"}, "sticker", parts=("sticker",)),
        Kind({"type": "sticker", "animated": True}, "sticker", parts=("sticker",)),
        Kind({"type": "location"}, "location", "MASP Av. Paulista, 1578", ("location",)),
        Kind({"type": "contacts"}, "contacts", "Marina Lopes Papelaria Lopes", ("card",)),
        Kind({"type": "order"}, "order", "2 × caneca-azul R$ 39,90", ("order",)),
        Kind({"type": "interactive"}, "choice", "Entrega Prazo e rastreio", has="choice"),
        Kind(answer("button_reply", id="sim", title="Quero"), "choice", "Quero", has="choice"),
        Kind(form, "choice", "Enviado cidade: Bauru", has="choice"),
        Kind(
            answer("call_permission_reply", response="accept"),
            *("unsupported", "Mensagem não suportada (call_permission_reply)", NOTHING),
        ),
        Kind({"type": "button"}, "choice", "Continuar", has="choice"),
        Kind({"text": "repassando", "forwarded": True}, "text", "Encaminhada repassando"),
        Kind(
            {"text": "vi o anúncio", "referral": True},
            *("text", "Chegou por um anúncio Canecas personalizadas", ("referral",)),
        ),
        Kind(
            {"type": "image", "too_large": True},
            *("image", "maior do que o limite de 100 MB", NOTHING),
        ),
        Kind({"type": "unsupported"}, "unsupported", "Mensagem não suportada (poll)", NOTHING),
        Kind(
            {"type": "hologram", "hologram": {"id": 1}},
            *("unsupported", "Mensagem não suportada (hologram)", NOTHING),
        ),
    ]


def of_both(first: str) -> list[Kind]:
    """What Instagram and Messenger have in common (META.md 8)."""
    return [
        Kind({"text": "Bom dia! 😀 <b>ção</b>", "id": first}, "text", "Bom dia! 😀 <b>ção</b>"),
        Kind({"text": "citando", "quotes": first}, "text", "<b>ção</b> citando", QUOTE),
        Kind({"text": "de lado", "standby": True}, "text", "de lado"),
        Kind({"type": "image", "text": "olha"}, "image", "olha", ("image",)),
        Kind({"type": "image", "count": 3}, "image", parts=("image",) * 3, has="album"),
        Kind({"type": "gif"}, "image", parts=("image",)),
        Kind({"type": "video"}, "video", parts=("video",)),
        Kind({"type": "voice"}, "audio", "Mensagem de voz", ("audio",)),
        Kind({"type": "quick_reply"}, "choice", "Resposta escolhida Sim", has="choice"),
        Kind({"type": "postback"}, "choice", "Falar com atendente", has="choice"),
        Kind(
            {"text": "vi o anúncio", "referral": True},
            *("text", "Chegou por um anúncio Canecas personalizadas", ("referral",)),
        ),
        Kind({"type": "referral"}, "referral", "Chegou por um link folheto", ("referral",)),
        Kind({"type": "optin"}, "referral", "avise-me", ("referral",)),
        Kind({"type": "unsupported"}, "unsupported", "Mensagem não suportada", NOTHING),
        Kind({"type": "hologram"}, "unsupported", "não suportada (hologram)", NOTHING),
    ]


def instagram() -> list[Kind]:
    """Instagram's kinds, and the shapes in which it tells them."""
    story = "Mencionou você em um story Ver story"
    return [
        *of_both(f"m_{secrets.token_hex(16)}"),
        *(
            Kind({"text": f"como {shape}", "shape": shape}, "text", f"como {shape}")
            for shape in ("changes", "flat", "bare")
        ),
        Kind({"type": "like_heart"}, "text", "❤️"),
        Kind({"type": "story_mention"}, "story_mention", story, ("story",)),
        Kind({"type": "story_reply"}, "text", "Respondeu ao seu story Ver story", ("story",)),
        Kind({"type": "ig_post"}, "share", "Coleção nova na loja", ("link",)),
        Kind({"type": "share"}, "share", "Publicação compartilhada", ("link",)),
        Kind({"type": "ig_reel"}, "share", "Bastidores", ("link",)),
        Kind({"type": "ephemeral"}, "unsupported", "não suportada (ephemeral)", NOTHING),
        Kind({"type": "ice_breaker", "title": "Prazo?"}, "choice", "Prazo?", has="choice"),
    ]


def facebook() -> list[Kind]:
    """Messenger's kinds."""
    return [
        *of_both(f"m_{secrets.token_hex(16)}"),
        Kind({"type": "file"}, "document", "PDF · 652 B", ("document",)),
        Kind({"type": "sticker"}, "sticker", parts=("sticker",)),
        Kind({"type": "location"}, "location", "Minha localização", ("location",)),
        Kind({"type": "fallback"}, "share", "Canecas", ("link",)),
    ]


QUOTE = ("quote",)
NOTHING = ("nothing",)
KINDS = {"whatsapp": whatsapp, "instagram": instagram, "facebook": facebook}
# What the agent sends, as both screens have it in the end, and how it is called on the wire.
SENDS_EVERYWHERE: list[tuple[str, tuple[str, ...], str]] = [
    ("text", QUOTE, "Respondo a isto"),
    ("text", (), "Olá! Tudo bem? 😀"),
    *((kind, (kind,), "") for kind in ("image", "document", "video", "audio", "audio")),
]
SENDS_DIRECT = [
    *SENDS_EVERYWHERE,
    ("text", (), "Marta Reis +5511988887777"),
    ("image", ("image",), ""),
    ("text", (), "Estamos aqui"),
]
INVITATION = "Olá, Rui! Seu atendimento 77 ficou sem resposta. Podemos continuar por aqui?"
COUPON = "Que bom ter você aqui, Rui! 🎉 Use o cupom BEMVINDO na primeira compra."
SENDS = {
    "whatsapp": [
        *SENDS_EVERYWHERE,
        ("contacts", ("card",), ""),
        ("image", ("image",), "Estamos aqui"),
        ("template", ("image",), COUPON),
        ("template", (), INVITATION),
    ],
    "instagram": SENDS_DIRECT,
    "facebook": SENDS_DIRECT,
}
VOICE = 6
WIRE_EVERYWHERE = ["text", "text", "image"]
WIRE_DIRECT = [*WIRE_EVERYWHERE, "file", "video", "audio", "audio", "text", "image", "text"]
WIRE = {
    "whatsapp": [
        *WIRE_EVERYWHERE,
        *("document", "video", "audio", "audio", "contacts", "image", "template", "template"),
    ],
    "instagram": WIRE_DIRECT,
    "facebook": WIRE_DIRECT,
}
REACTS = {"whatsapp": ["reaction"], "instagram": ["react"], "facebook": []}
REACTIONS = {name for names in REACTS.values() for name in names}
# What Meta tells of a contact, and the lines that it leaves in the chat.
HANDOVERS: list[tuple[str, Json]] = [("take_thread_control", {}), ("pass_thread_control", {})]
TOLD: dict[str, list[tuple[str, Json]]] = {
    "whatsapp": [
        ("preferences", {"value": "stop"}),
        ("preferences", {"value": "resume"}),
        ("number", {"wa_id": f"55219{secrets.randbelow(10**8):08}"}),
    ],
    "instagram": HANDOVERS,
    "facebook": HANDOVERS,
}
TELLS = {
    "whatsapp": ["marketing_stopped", "marketing_resumed", "number_changed"],
    "instagram": ["control_lost", "control_gained"],
    "facebook": ["control_lost", "control_gained"],
}
LINES = {line for lines in TELLS.values() for line in lines}
SECRET = "segredo"
COLD = 150  # seconds: the first files of a stack wait until their function has started


def given(sample: Sample) -> FilePayload:
    """A file as a person chooses it."""
    mime_type = sample.mime_type.partition(";")[0]
    return {"name": sample.name, "mimeType": mime_type, "buffer": sample.content}


class Story:
    """One contact, whose chat and phone are both open."""

    def __init__(self, both: Screens, contact: Contact, chat_id: str) -> None:
        self.contact = contact
        self.chat_id = chat_id
        self.channel = contact.channel
        self.desk = both.desk
        self.page = both.desk.page
        self.phones = both.phones
        self.page.goto(f"{both.stack.web}/chats/{chat_id}?tab=all")
        self.phones.open(contact.wa_id)
        self.phone = self.phones.phone(contact.wa_id)

    def bubble(self, text: str) -> Locator:
        """The message on the phone with that text in it."""
        return self.phone.get_by_test_id("phone-message").filter(has_text=text).first

    def menu(self, text: str) -> None:
        """Open what can be done with that message on the agent's page."""
        self.desk.message(text).hover()
        self.desk.message(text).get_by_test_id("message-menu").click()
        expect(self.page.get_by_test_id("message-menu-open")).to_be_visible()

    def reply(self, text: str, answer: str) -> None:
        """Answer that message, quoting it."""
        self.menu(text)
        self.page.get_by_test_id("reply").click()
        expect(self.page.get_by_test_id("bar-reply")).to_be_visible()
        self.desk.write(answer)

    def attach(self, kind: str, sample: Sample) -> None:
        """Choose a file by the menu of the bar; it goes at once."""
        self.page.get_by_test_id("bar-attach").click()
        with self.page.expect_file_chooser() as chosen:
            self.page.get_by_test_id(f"attach-{kind}").click()
        chosen.value.set_files(given(sample))

    def record(self) -> None:
        """Say something for a second."""
        self.page.get_by_test_id("bar-record").click()
        expect(self.page.get_by_test_id("voice-time")).to_have_text("0:01")
        self.page.get_by_test_id("voice-stop").click()

    def card(self) -> None:
        """Hand out somebody's number."""
        self.page.get_by_test_id("bar-attach").click()
        self.page.get_by_test_id("attach-contact").click()
        self.page.get_by_test_id("card-name").fill("Marta Reis")
        self.page.get_by_test_id("card-phone").fill("11 98888-7777")
        self.page.get_by_test_id("card-send").click()

    def template(self, name: str, file: Sample | None, **values: str) -> None:
        """Send an approved template; `file` is its header's."""
        self.page.get_by_test_id("bar-attach").click()
        self.page.get_by_test_id("attach-template").click()
        self.page.get_by_test_id("template-field").click()
        self.page.get_by_test_id("finder-search").fill(name)
        self.page.get_by_test_id("finder-choice").first.click()
        for variable, value in values.items():
            place = variable.replace("_", ".")
            self.page.get_by_test_id(f"template-value-{place}").fill(value)
        if file:
            self.page.get_by_test_id("template-value-header.file").set_input_files(given(file))
            preview = self.page.get_by_test_id("template-preview").locator("img")
            expect(preview).to_be_visible()
        self.page.get_by_test_id("template-send").click()
        expect(self.page.get_by_test_id("template-window")).to_have_count(0)

    def internal(self) -> None:
        """Write, attach and quote among colleagues."""
        self.desk.write(f"/interna {SECRET} um")
        expect(self.desk.message(f"{SECRET} um")).to_have_attribute("data-internal", "true")
        self.page.get_by_test_id("bar-internal").check()
        self.attach("document", SAMPLES["document"])
        self.reply(f"{SECRET} um", f"{SECRET} dois")
        self.page.get_by_test_id("bar-internal").uncheck()

    def pause(self) -> None:
        """Until the next second: a contact's time has no fractions, and orders the messages."""
        time.sleep(1.02 - time.time() % 1)


@pytest.fixture(scope="module")
def map_reply(ana: Agent) -> Iterator[str]:
    """The name of a quick reply with a picture."""
    sample, name = SAMPLES["image"], f"mapa{secrets.token_hex(3)}"
    size = len(sample.content)
    asked = {"content_type": sample.mime_type, "size": size, "name": sample.name}
    upload = ana.ask("POST", "/uploads", json=asked)
    file = (sample.name, sample.content, sample.mime_type)
    httpx.post(upload["url"], data=upload["fields"], files={"file": file}).raise_for_status()
    held = {"key": upload["key"], "name": sample.name}
    wanted = {"name": name, "text": "Estamos aqui", "file": held}
    made = ana.ask("POST", "/quick-replies", json=wanted)
    yield name
    ana.ask("DELETE", f"/quick-replies/{made['quick_reply_id']}")


def person_on(channel: str, phones: Phones) -> Contact:
    """Somebody new."""
    return phones.somebody() if channel == "whatsapp" else phones.somebody_on(channel)


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_kind_goes_both_ways_and_both_screens_agree(
    channel: str, phones: Phones, ana: Agent, both: Screens, map_reply: str
) -> None:
    """INB-5, INB-6, INB-9, CHAT-7, SEND-1, SEND-2, SEND-5 to SEND-9

    Each kind has its rendering, what is unknown a placeholder that names it, and what is written
    among colleagues is on no phone and in no request.
    """
    contact = person_on(channel, phones)
    kinds = [*KINDS[channel](), Kind({"text": "Pode me ajudar?"}, "text", "Pode me ajudar?")]
    began = int(time.time()) - len(kinds)
    told = [{**one.wish, "timestamp": began + at} for at, one in enumerate(kinds)]
    phones.ask("POST", f"/contacts/{contact.wa_id}/messages", json=told)
    story = Story(both, contact, ana.chat_of(contact.name, 60))
    until(lambda: every_file_is_there(ana, story.chat_id, len(kinds)), "the files", COLD)
    shown = agree(story.page, story.phone)
    for wanted, (one, _) in zip(kinds, shown, strict=True):
        assert (one.kind, one.parts) == (wanted.kind, wanted.parts), (wanted, one)
        assert wanted.words in one.words, (wanted, one)
        assert not wanted.has or wanted.has in one.has, (wanted, one)

    the_agent_sends_everything(story, map_reply)
    shown = agree(story.page, story.phone)[len(kinds) :]
    assert [(one.kind, one.parts, one.text) for one, _ in shown] == SENDS[channel]
    assert {one.author for one, _ in shown} == {"agent"}
    assert all("Mensagem de voz" in one.words for one in shown[VOICE])
    if channel == "whatsapp":
        assert all("Continuar Já resolvi" in one.words for one in shown[-1])
    until(lambda: read_by_the_contact(story.page), "the contact has read all of it", 60)
    pictures = [one for one in ana.messages(story.chat_id) if one["author"] == "agent"]
    size = next(one["files"][0] for one in pictures if one["kind"] == "image")
    assert (size["width"], size["height"]) == (640, 420)  # so that its balloon has its shape
    accepted = [one["type"] for one in contact.attempts() if one["accepted"]]
    assert [one for one in accepted if one in REACTIONS] == REACTS[channel]
    assert [one for one in accepted if one not in REACTIONS] == WIRE[channel]
    among_colleagues = [one for one in on_the_desk(story.page) if one.internal]
    assert [(one.kind, one.parts, one.text) for one in among_colleagues] == [
        ("text", (), f"{SECRET} um"),
        ("document", ("document",), ""),
        ("text", QUOTE, f"{SECRET} dois"),
    ]
    assert SECRET not in str(phones.sent())
    story.page.screenshot(path=screenshot(f"every-kind-{channel}-desk"))
    story.phones.page.screenshot(path=screenshot(f"every-kind-{channel}-phone"))

    the_contact_answers(story)
    agree(story.page, story.phone)
    drawn = on_the_desk(story.page)
    (answered,) = [one for one in drawn if one.text == "Olá! Tudo bem? 😀"]
    assert answered.reactions == ("❤️",)
    (edited,) = [one for one in drawn if one.text == "Pode me ajudar agora?"]
    assert "editada" in edited.words
    (deleted,) = [one for one in drawn if "deleted" in one.has]
    assert "Tudo ótimo" not in deleted.words
    if channel == "whatsapp":
        assert ("choice", QUOTE, "Continuar") in [(one.kind, one.parts, one.text) for one in drawn]
    for what, more in TOLD[channel]:
        story.pause()
        contact.does(what, **more)
    until(lambda: told_of_the_contact(story), "the lines of what Meta told")


def the_agent_sends_everything(story: Story, map_reply: str) -> None:
    """By the message bar and the menus, one after the other, without waiting for Meta."""
    story.menu("Pode me ajudar?")
    if REACTS[story.channel]:
        story.page.get_by_test_id("react").first.click()
    else:
        expect(story.page.get_by_test_id("react")).to_have_count(0)
        story.page.keyboard.press("Escape")
    story.reply("Pode me ajudar?", "Respondo a isto")
    story.desk.write("Olá! Tudo bem? 😀")
    story.internal()
    for kind in ("image", "document", "video"):
        story.attach(kind, SAMPLES[kind])
    story.attach("audio", SAMPLES["audio" if story.channel == "whatsapp" else "m4a"])
    story.record()
    story.card()
    bar = story.page.get_by_test_id("bar-input")
    bar.press_sequentially(f"/{map_reply}")
    expect(story.page.get_by_test_id("bar-choice")).to_have_count(1)
    bar.press("Enter")
    expect(story.page.get_by_test_id("bar-file")).to_be_visible()
    bar.press("Enter")
    if story.channel == "whatsapp":
        story.template("boas_vindas", SAMPLES["png"], body_1="Rui", button_0="BEMVINDO")
        story.template("retomar_atendimento", None, body_1="Rui", body_2="77")


def the_contact_answers(story: Story) -> None:
    """On the phone: reactions, one taken back, an answer taken back, an edit and a button."""
    phone = story.phones
    first, second = story.bubble("Respondo a isto"), story.bubble("Olá! Tudo bem?")
    story.pause()
    phone.react(first, "👍")
    phone.react(second, "❤️")
    expect(first.get_by_test_id("phone-reaction")).to_have_text("👍")
    story.pause()
    phone.react(first, "👍")
    phone.reply(second, "Tudo ótimo")
    phone.edit(story.bubble("Pode me ajudar?"), "Pode me ajudar agora?")
    phone.unsend(story.bubble("Tudo ótimo"))
    if story.channel == "whatsapp":
        story.pause()
        phone.press(story.bubble("Seu atendimento 77"), "Continuar")


def every_file_is_there(ana: Agent, chat_id: str, count: int) -> bool:
    """Whether so many messages are in the chat, and no file is on its way any more."""
    messages = ana.messages(chat_id)
    assert len(messages) >= count, len(messages)
    pending = [
        one["kind"] for one in messages for file in one["files"] if file["state"] == "pending"
    ]
    assert not pending, pending
    return True


def told_of_the_contact(story: Story) -> bool:
    """Whether the lines of it stand in the chat, in order."""
    lines = [one.kind for one in on_the_desk(story.page) if one.kind in LINES]
    assert lines == TELLS[story.channel], lines
    return True


def read_by_the_contact(page: Page) -> bool:
    """Whether all of ours has two green ticks."""
    ours = [one for one in on_the_desk(page) if one.ours and not one.internal]
    unread = [(one.kind, one.text, one.status) for one in ours if one.status != "read"]
    assert not unread, unread
    return True


# --- one of each, however often it is told ------------------------------------------------------

COPIES = 10


@pytest.mark.parametrize("channel", CHANNELS)
def test_ten_copies_at_once_of_everything_are_one_of_each(
    channel: str, stack: Stack, phones: Phones, ana: Agent, both: Screens
) -> None:
    """INB-3, INB-4, INB-8, CHAT-7

    A file, a text, a reaction to it, an edit, a deletion and what was written elsewhere: all of
    them mixed, the marks before and after what they mark.
    """
    contact = person_on(channel, phones)
    now = int(time.time()) - 10
    wishes: list[Json] = [
        {"type": "image", "timestamp": now},
        {"text": "fica", "timestamp": now + 1},
        {"text": "antes", "timestamp": now + 2},
        {"text": "some", "timestamp": now + 3},
    ]
    quiet = [{**one, "told": False} for one in wishes]
    told = phones.ask("POST", f"/contacts/{contact.wa_id}/messages", json=quiet)
    _, stays, changes, goes = (one["id"] for one in told)
    told += [
        contact.does("reaction", message_id=stays, emoji="😮", told=False),
        contact.does("edit", message_id=changes, text="depois", told=False),
        contact.does("deletion", message_id=goes, told=False),
        contact.does("echo", text="pelo aplicativo", timestamp=now + 4, told=False),
    ]
    bodies = [copied(one["wire"], copy) for one in told for copy in range(COPIES)]
    random.shuffle(bodies)
    answers = at_once(lambda body: phones.post(body, channel=channel), bodies, COPIES)
    assert {one.status_code for one in answers} == {200}

    story = Story(both, contact, ana.chat_of(contact.name, 60))
    shown = [one for one, _ in agree(story.page, story.phone)]
    assert [(one.author, one.parts, one.text, one.reactions) for one in shown] == [
        ("contact", ("image",), "", ()),
        ("contact", (), "fica", ("😮",)),
        ("contact", (), "depois", ()),
        ("contact", (), "", ()),
        ("device", (), "pelo aplicativo", ()),
    ]
    assert "deleted" in shown[3].has
    nothing_waits(stack)
    agree(story.page, story.phone)
    chat_id = ana.chat_of(contact.name)
    assert len(ana.messages(chat_id)) == len(shown)
    held = stack.client("s3").list_objects_v2(
        Bucket=stack.outputs["MediaBucketName"], Prefix=f"media/{chat_id}/"
    )
    stored = [one["Size"] for one in held.get("Contents", [])]
    once = [] if channel == "instagram" else [len(SAMPLES["image"].content)]  # linked, not stored
    assert [size for size in stored if size == len(SAMPLES["image"].content)] == once, stored
    story.page.screenshot(path=screenshot(f"every-kind-{channel}-copies"))


def copied(told: Any, copy: int) -> Any:
    """The same events; every second copy with one field more in each, so that it is no longer the
    same bytes, and no queue takes it for what it has had already."""
    if isinstance(told, list):
        return [copied(one, copy) for one in told]
    if not isinstance(told, dict):
        return told
    more = {"copy": copy} if copy % 2 and "timestamp" in told else {}
    return {name: copied(one, copy) for name, one in told.items()} | more


def nothing_waits(stack: Stack) -> None:
    """Wait until what was told, and the files that it asked for, are all handled."""
    sqs = stack.client("sqs")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

    def look() -> bool:
        for queue in ("InboundQueueUrl", "FetchQueueUrl"):
            told = sqs.get_queue_attributes(QueueUrl=stack.outputs[queue], AttributeNames=names)
            assert set(told["Attributes"].values()) == {"0"}, (queue, told["Attributes"])
        return True

    until(look, "the queues are empty", 60)


@pytest.mark.parametrize("channel", ["instagram", "facebook"])
def test_an_echo_that_comes_before_the_answer_is_the_same_message(
    channel: str, phones: Phones, ana: Agent, both: Screens
) -> None:
    """INB-8, SEND-12: of a text and of a picture, never shown twice on the way."""
    contact = person_on(channel, phones)
    contact.writes("oi")
    chat_id = ana.chat_of(contact.name, 60)
    story = Story(both, contact, chat_id)
    phones.misbehave(slow_answer_ms=1500)
    story.page.evaluate(
        """(text) => {
          window.most = 0;
          const count = () => [...document.querySelectorAll("[data-testid=message-text]")]
            .filter((one) => one.innerText === text).length;
          new MutationObserver(() => { window.most = Math.max(window.most, count()); })
            .observe(document.body, { subtree: true, childList: true, characterData: true });
        }""",
        "já respondo",
    )
    story.desk.write("já respondo")
    story.attach("image", SAMPLES["image"])
    agree(story.page, story.phone)
    until(lambda: read_by_the_contact(story.page), "the contact has read both", 60)
    assert story.page.evaluate("window.most") == 1
    ours = [one for one in ana.messages(chat_id) if one["author"] != "contact" and not one["line"]]
    assert [(one["author"], one["kind"]) for one in ours] == [("agent", "text"), ("agent", "image")]
    assert len([one for one in contact.attempts() if one["accepted"]]) == 2


# --- a token that died --------------------------------------------------------------------------


def test_a_dead_token_is_told_and_mended_in_the_browser(
    stack: Stack, phones: Phones, ana: Agent, both: Screens
) -> None:
    """INB-10, CHAT-5, ADM-1: what the contact writes goes on; only what we send stops."""
    kept = f"{stack.outputs['SecretsPrefix']}/whatsapp/{CHANNEL['account']}/token"
    found = stack.client("ssm").get_parameter(Name=kept, WithDecryption=True)
    good = found["Parameter"]["Value"]
    contact = phones.somebody()
    contact.writes("oi")
    chat_id = ana.chat_of(contact.name, 60)
    desk, page = both.desk, both.desk.page
    banner = page.get_by_test_id("channel-banner")
    page.goto(f"{stack.web}/chats/{chat_id}?tab=all")
    phones.misbehave(expired_token=True)
    desk.write("com o token vencido")
    expect(desk.message("com o token vencido")).to_have_attribute("data-status", "failed")
    expect(banner).to_contain_text("Token de Acesso")
    contact.writes("ainda aí?")
    expect(desk.message("ainda aí?")).to_be_visible()
    page.screenshot(path=screenshot("every-kind-dead-token"))

    phones.misbehave(expired_token=False)
    page.goto(f"{stack.web}/canais")
    expect(banner).to_be_visible()
    row = page.get_by_test_id("channels-row").filter(has_text=CHANNEL["display"])
    row.get_by_role("button").first.click()
    page.get_by_test_id("channel-token").fill(good)
    page.get_by_test_id("channel-save").click()
    expect(banner).to_have_count(0)
    page.goto(f"{stack.web}/chats/{chat_id}?tab=all")
    expect(desk.message("ainda aí?")).to_be_visible()
    desk.write("voltamos")
    expect(desk.message("voltamos")).to_have_attribute("data-status", "delivered")
    assert contact.received() == ["voltamos"]
