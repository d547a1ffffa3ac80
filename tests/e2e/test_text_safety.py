"""Text of other people is shown as text, whatever it pretends to be (DESIGN §9)."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from local.stack import Stack
from local.users import PASSWORD
from tests.e2e.agent import Agent
from tests.e2e.pages import TEXT, DeskPage, PhonePage
from tests.e2e.phones import Phones
from tests.e2e.waiting import until

TRICKS = [
    "<script>window.broken = 1</script>",
    "<img src=x onerror='window.broken = 2'>",
    '"><svg onload="window.broken = 3"></svg>',
    "<iframe srcdoc='<script>parent.broken = 4</script>'></iframe>",
    "[aqui](javascript:window.broken=5) javascript:window.broken=6",
    "<a href='javascript:window.broken=7'>clique</a>",
    "{{constructor.constructor('window.broken=8')()}} $t(app.name) {{name}} ${name}",
    "&lt;b&gt;não é negrito&lt;/b&gt; <b>nem isto</b>",
    'https://example.com/"onmouseover="window.broken=9',
    "virado: \u202egpj.exe e o resto",
    "\u2067isolado sem fim",
    "\u200bsem largura\u200b \ufeff",
    "مرحبا، كيف الحال؟ order 123",
]
NAME = "<img src=x onerror='window.broken = 10'>\u202eodarit"


def test_names_and_texts_are_shown_as_text(
    stack: Stack, phones: Phones, ana: Agent, new_page: Callable[[], Page]
) -> None:
    """Nothing runs, nothing is built from it, and nothing around it turns round."""
    contact = phones.somebody(NAME)
    contact.wrote(*TRICKS)
    page = new_page()
    shouted: list[str] = []
    page.on("dialog", lambda dialog: (shouted.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: shouted.append(str(error)))
    desk = DeskPage(page, stack.web)
    chat_id = ana.chat_of(NAME)
    until(lambda: len(ana.messages(chat_id)) == len(TRICKS), "all tricks")
    desk.log_in("ana@example.com", PASSWORD)
    row = page.locator(f'[data-chat-id="{chat_id}"]')
    row.click()
    expect(row.get_by_test_id("row-name")).to_have_text(NAME)
    heading = page.get_by_test_id("conversation").get_by_role("heading").first
    expect(heading).to_have_text(NAME)

    shown = page.locator(TEXT)
    expect(shown.first).to_be_visible()
    for trick in TRICKS[-1:] + TRICKS[:1]:
        expect(shown.get_by_text(trick, exact=True).first).to_be_attached()
    page.locator(TEXT).first.scroll_into_view_if_needed()
    drawn = shown.evaluate_all("elements => elements.map(element => element.textContent)")
    assert set(drawn) <= set(TRICKS)
    built = "script, img, svg, iframe, b, style, object, embed, [onerror], [onload], [onmouseover]"
    for part in (shown, row.get_by_test_id("row-name"), row.get_by_test_id("row-preview")):
        assert part.locator(built).count() == 0
    links = shown.locator("a").evaluate_all("links => links.map(link => link.protocol)")
    assert set(links) <= {"https:", "http:"}

    for text in (TRICKS[0], TRICKS[9]):
        desk.write(f"resposta {text}")
        until(lambda text=text: f"resposta {text}" in contact.received(), "the answer on the phone")
    assert page.evaluate("document.documentElement.dir || 'ltr'") == "ltr"
    for balloon in page.locator('[data-testid="message"]').all():
        edge = balloon.evaluate("element => getComputedStyle(element).direction")
        assert edge == "ltr"
    assert page.evaluate("window.broken") is None
    assert shouted == []


def test_the_phone_shows_text_as_text_too(
    stack: Stack, phones: Phones, ana: Agent, new_page: Callable[[], Page]
) -> None:
    """The simulator is a page like any other."""
    contact = phones.somebody(f"{NAME} no celular")
    contact.writes("oi")
    chat_id = ana.chat_of(contact.name)
    page = new_page()
    shouted: list[str] = []
    page.on("dialog", lambda dialog: (shouted.append(dialog.message), dialog.dismiss()))
    phone = PhonePage(page, stack.simulator)
    page.goto(stack.simulator)
    page.get_by_test_id("pick-contact").select_option(contact.wa_id)
    for trick in TRICKS[:4]:
        ana.answer(chat_id, trick)
        phone.expect_message(trick)
    assert page.locator(".bubble script, .bubble img, .bubble iframe").count() == 0
    assert page.evaluate("window.broken") is None
    assert shouted == []
