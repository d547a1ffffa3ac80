"""The phone page in a browser: every kind is drawn, sent, and stays text (CHAT-7, INB-5)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route, expect, sync_playwright

from .direct import Direct
from .running import NUMBER, Simulator

CHROMIUM = Path("/usr/bin/chromium")
ADDRESS = "5511987654321"
TRICK = "<img src=x onerror=\"window.broken = 1\"><b>oi</b> 'x'"
KINDS = {
    "whatsapp": [
        "voice", "location", "contacts", "sticker", "animated", "order", "forwarded", "ad",
        "unsupported",
    ],
    "instagram": [
        "voice", "pictures", "heart", "storyMention", "storyReply", "post", "reel", "ephemeral",
        "iceBreaker", "postback", "referral", "unsupported",
    ],
    "facebook": [
        "voice", "pictures", "location", "sticker", "fallback", "postback", "referral", "ad",
        "unsupported",
    ],
}  # fmt: skip

TYPES = {
    "foto.jpg": "image/jpeg",
    "voz.ogg": "audio/ogg",
    "video.mp4": "video/mp4",
    "proposta.pdf": "application/pdf",
}

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="no browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-features=PreloadTopChromeWebUI"],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, simulator: Simulator) -> Iterator[Page]:
    """The simulator's page; a problem that its script or policy reports fails the test."""
    context = browser.new_context(viewport={"width": 1300, "height": 1000}, locale="pt-BR")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    page.set_default_timeout(10_000)
    yield page
    context.close()
    assert problems == []


def opened(simulator: Simulator, page: Page, channel: str) -> str:
    """The phone of somebody on that channel; their address."""
    address = ADDRESS
    if channel == "whatsapp":
        simulator.ask("POST", "/contacts", json={"wa_id": ADDRESS, "name": "Maria"})
    else:
        address = Direct(simulator, channel).address
    page.goto(str(simulator.http.base_url))
    page.get_by_test_id("pick-contact").select_option(address)
    expect(page.get_by_test_id("phone-input")).to_be_visible()
    return address


def bubbles(page: Page):
    return page.get_by_test_id("phone-message")


@pytest.mark.parametrize("channel", list(KINDS))
def test_the_person_sends_every_kind(simulator, page, channel):
    address = opened(simulator, page, channel)
    for count, name in enumerate(KINDS[channel], 1):
        page.get_by_test_id("phone-attach").click()
        page.get_by_test_id(f"attach-{name}").click()
        expect(bubbles(page)).to_have_count(count)
    told = [one["shown"]["kind"] for one in simulator.thread(address)]
    drawn = page.locator("[data-testid=phone-message]").evaluate_all(
        "all => all.map(one => one.dataset.kind)"
    )
    assert drawn == told
    broken = page.locator(".bubble img").evaluate_all(
        "async all => { await Promise.all(all.map(one => { one.loading = 'eager';"
        " return one.decode(); })); return all.filter(one => !one.naturalWidth).length; }"
    )
    assert broken == 0
    expect(page.locator(".bubble audio").first).to_have_js_property("error", None)


@pytest.mark.parametrize("channel", list(KINDS))
def test_texts_answers_edits_reactions_and_deletions(simulator, page, channel):
    address = opened(simulator, page, channel)
    write = page.get_by_test_id("phone-input")
    write.fill(TRICK)
    write.press("Enter")
    expect(bubbles(page)).to_have_count(1)
    expect(bubbles(page).first.locator(".words")).to_have_text(TRICK)
    assert page.locator(".bubble b, .bubble img").count() == 0
    assert page.evaluate("window.broken") is None

    line = page.locator(".line").first
    bubbles(page).first.hover()
    line.locator('[data-testid="phone-react"][data-emoji="❤️"]').click()
    expect(page.get_by_test_id("phone-reaction")).to_have_text("❤️")
    bubbles(page).first.hover()
    line.get_by_test_id("phone-reply").click()
    write.fill("respondendo")
    write.press("Enter")
    expect(page.get_by_test_id("phone-quote")).to_contain_text("oi</b>")
    bubbles(page).nth(1).hover()
    page.locator(".line").nth(1).get_by_test_id("phone-edit").click()
    write.fill("corrigido")
    write.press("Enter")
    expect(bubbles(page).nth(1)).to_contain_text("corrigido")
    expect(bubbles(page).nth(1).get_by_test_id("phone-edited")).to_be_visible()
    bubbles(page).nth(1).hover()
    page.locator(".line").nth(1).get_by_test_id("phone-unsend").click()
    expect(bubbles(page).nth(1)).to_contain_text("Mensagem apagada")
    first = simulator.thread(address)[0]
    assert first["reactions"] == {"contact": "❤️"}
    bubbles(page).first.hover()
    line.locator('[data-testid="phone-react"][data-emoji="❤️"]').click()
    expect(page.get_by_test_id("phone-reaction")).to_have_count(0)


def test_what_the_business_sends_on_whatsapp(simulator, page):
    opened(simulator, page, "whatsapp")
    simulator.write()
    media = {}
    for name, mime_type in TYPES.items():
        content = simulator.http.get(f"/samples/{name}").content
        media[name] = simulator.graph(
            "POST", f"{NUMBER}/media", data={"messaging_product": "whatsapp"},
            files={"file": (name, content, mime_type)},
        ).json()["id"]  # fmt: skip
    card = {"name": {"formatted_name": TRICK, "first_name": "x"}, "phones": [{"phone": "+55 11"}]}
    bodies = [
        {"type": "image", "image": {"id": media["foto.jpg"], "caption": TRICK}},
        {"type": "audio", "audio": {"id": media["voz.ogg"], "voice": True}},
        {"type": "video", "video": {"id": media["video.mp4"]}},
        {"type": "document", "document": {"id": media["proposta.pdf"], "filename": TRICK}},
        {"type": "contacts", "contacts": [card]},
        {"type": "location", "location": {"latitude": -23.5, "longitude": -46.6, "name": TRICK}},
        {"type": "template", "template": {
            "name": "catalogo_novo", "language": {"code": "pt_BR"},
            "components": [
                {"type": "header", "parameters": [
                    {"type": "video", "video": {"id": media["video.mp4"]}}
                ]},
                {"type": "body", "parameters": [
                    {"type": "text", "parameter_name": "nome", "text": "Maria"},
                    {"type": "text", "parameter_name": "colecao", "text": "de verão"},
                ]},
            ],
        }},
    ]  # fmt: skip
    for body in bodies:
        answer = simulator.send(**body)
        assert answer.status_code == 200, answer.text
    theirs = page.locator(".bubble.theirs")
    expect(theirs).to_have_count(len(bodies))
    expect(theirs.nth(1).locator(".voice")).to_be_visible()
    expect(theirs.nth(3).locator("a[download]")).to_be_visible()
    expect(theirs.nth(6)).to_contain_text("Maria, a coleção de verão chegou")
    choice = page.get_by_test_id("phone-choice")
    expect(choice).to_have_count(3)
    assert choice.nth(1).get_attribute("href") == "https://loja.example/catalogo"
    choice.nth(0).click()
    expect(page.locator(".bubble.own").last).to_contain_text("Quero ver")
    assert page.evaluate("window.broken") is None
    assert page.locator(".bubble b").count() == 0


@pytest.mark.parametrize("channel", ["instagram", "facebook"])
def test_what_the_business_sends_elsewhere(simulator, page, channel):
    opened(simulator, page, channel)
    person = Direct(simulator, channel)
    mid = person.write()["id"]
    person.send(message={"text": TRICK}, reply_to={"mid": mid})
    base = str(simulator.http.base_url).rstrip("/")
    person.attach("image", f"{base}/samples/foto.jpg")
    person.attach("audio", f"{base}/samples/audio.m4a")
    person.attach("file", f"{base}/samples/proposta.pdf")
    question = {"content_type": "text", "title": "Sim", "payload": "SIM"}
    person.send(message={"text": "Pode ser?", "quick_replies": [question]})
    theirs = page.locator(".bubble.theirs")
    expect(theirs).to_have_count(5)
    expect(theirs.first.get_by_test_id("phone-quote")).to_contain_text("oi")
    expect(theirs.nth(1).locator("img")).to_be_visible()
    page.get_by_test_id("phone-choice").click()
    expect(page.locator(".bubble.own").last).to_contain_text("Sim")
    told = person.until("message", 7)
    assert any(one["message"].get("quick_reply") == {"payload": "SIM"} for one in told)
    assert page.evaluate("window.broken") is None


def test_a_menu_is_tapped(simulator, page):
    """FLOW-4: buttons at once, a list behind its button; each tap tells its own payload."""
    opened(simulator, page, "whatsapp")
    simulator.write()
    buttons = [
        {"type": "reply", "reply": {"id": f"r1/menu/{title}", "title": title}}
        for title in ("Vendas", TRICK[:20])
    ]
    rows = [
        {"id": "r1/lista/boleto", "title": "Boleto", "description": TRICK[:72]},
        {"id": "r1/lista/nota", "title": "Nota fiscal"},
    ]
    asked = [
        {"type": "button", "body": {"text": "Qual setor?"}, "action": {"buttons": buttons}},
        {"type": "list", "body": {"text": "Qual assunto?"},
         "action": {"button": "Assuntos", "sections": [{"rows": rows}]}},
    ]  # fmt: skip
    for interactive in asked:
        answer = simulator.send(type="interactive", interactive=interactive)
        assert answer.status_code == 200, answer.text
    lines = page.locator(".line.theirs")
    expect(lines).to_have_count(2)
    menu, list_ = lines.nth(0), lines.nth(1)
    expect(menu.get_by_test_id("phone-choice")).to_have_count(2)
    menu.get_by_test_id("phone-choice").first.click()
    expect(page.locator(".bubble.own").last).to_contain_text("Vendas")
    row = list_.get_by_test_id("phone-choice").first
    expect(row).to_be_hidden()
    list_.get_by_test_id("phone-list").click()
    row.click()
    expect(page.locator(".bubble.own").last).to_contain_text("Boleto")
    expect(page.locator(".bubble.own").last.get_by_test_id("phone-quote")).to_contain_text(
        "Qual assunto?"
    )
    simulator.until(lambda: len(simulator.product.messages()) == 3)
    assert [one["interactive"] for one in simulator.product.messages()[1:]] == [
        {"type": "button_reply", "button_reply": buttons[0]["reply"]},
        {"type": "list_reply", "list_reply": rows[0]},
    ]
    assert page.evaluate("window.broken") is None


@pytest.mark.parametrize(("channel", "username"), [("instagram", "bia.prado"), ("facebook", "")])
def test_somebody_new(simulator, page, channel, username):
    page.goto(str(simulator.http.base_url))
    page.get_by_test_id("add-contact").click()
    page.get_by_test_id("contact-channel").select_option(channel)
    expect(page.get_by_test_id("contact-number")).to_be_hidden()
    page.get_by_test_id("contact-name").fill("Bia Prado")
    if username:
        page.get_by_test_id("contact-username").fill(username)
    page.get_by_test_id("contact-save").click()
    page.get_by_test_id("phone-input").fill("oi")
    page.get_by_test_id("phone-send").click()
    expect(bubbles(page)).to_have_count(1)
    contact = simulator.ask("GET", "/contacts")[-1]
    assert (contact["channel"], contact["username"]) == (channel, username or None)
    assert contact["user_id"].isdigit()


def test_what_is_told_while_the_thread_is_on_its_way_stays(simulator, page):
    address = opened(simulator, page, "facebook")
    page.wait_for_load_state("networkidle")
    late: list[tuple[Route, APIResponse]] = []
    page.route(f"**/contacts/{address}/messages", lambda route: late.append((route, route.fetch())))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # it reads anew
    while not late:
        page.wait_for_timeout(20)
    simulator.ask("POST", f"/contacts/{address}/messages", json={"text": "a tempo"})
    expect(bubbles(page)).to_have_count(1)
    route, before = late[0]
    with page.expect_response(f"**/contacts/{address}/messages"):
        route.fulfill(response=before)
    page.evaluate("new Promise(done => setTimeout(done, 100))")
    expect(bubbles(page)).to_have_text([re.compile("a tempo")])
