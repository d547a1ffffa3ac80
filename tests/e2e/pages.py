"""What people see and do: the desk's page and the phone's page in a browser."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

Json = dict[str, Any]
Which = re.Pattern[str] | Callable[[str], bool]
LIST = '[data-testid="chat-row"]'
MESSAGE = '[data-testid="message"]'
TEXT = '[data-testid="message-text"]'
STATUS = '[data-testid="message-status"]'
ENTERING_MS = 60_000  # the first page waits until each of its functions has started


class Held:
    """Requests of a page that wait, those of one method and address, until they are released."""

    def __init__(self, page: Page, which: Which, method: str) -> None:
        self.page, self.which, self.method = page, which, method
        self.requests: list[Route] = []
        self.released = False
        page.route(which, self._meet)

    def _meet(self, route: Route) -> None:
        if self.released or route.request.method != self.method:
            route.continue_()
        else:
            self.requests.append(route)

    def release(self) -> None:
        """Let all go on, and those that come later too."""
        self.released = True
        for request in self.requests:
            request.continue_()
        self.page.unroute(self.which, self._meet)


class DeskPage:
    """One agent's page."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def log_in(self, email: str, password: str, tab: str = "all") -> None:
        """Enter by the login form, and wait until the list is there and live."""
        self.page.goto(f"{self.address}/chats?tab={tab}")
        self.page.get_by_test_id("login-email").fill(email)
        self.page.get_by_test_id("login-password").fill(password)
        self.page.get_by_test_id("login-submit").click()
        self.until_live()
        self.page.evaluate("window.sameLoad = true")

    def until_live(self) -> None:
        """Wait until the list is loaded and the socket is open."""
        expect(self.page.locator(LIST).first).to_be_visible(timeout=ENTERING_MS)
        expect(self.page.get_by_test_id("connection-state")).to_have_attribute(
            "data-state", "online", timeout=ENTERING_MS
        )

    def was_reloaded(self) -> bool:
        """Whether this is another load of the page than the one that logged in."""
        return not self.page.evaluate("window.sameLoad === true")

    def row(self, name: str) -> Locator:
        """The row of that contact; it must be among those in sight."""
        named = self.page.get_by_test_id("row-name").get_by_text(name, exact=True)
        return self.page.locator(LIST).filter(has=named)

    def open(self, name: str) -> str:
        """Enter the chat of that contact; its id."""
        self.row(name).click()
        expect(self.page.locator(MESSAGE).first).to_be_visible()
        found = re.search(r"/chats/([^?/]+)", self.page.url)
        assert found, self.page.url
        return found[1]

    def message(self, text: str) -> Locator:
        """The balloon with exactly that text."""
        words = self.page.locator(TEXT).get_by_text(text, exact=True)
        shown = self.page.locator(TEXT).filter(has_text=re.compile(f"^{re.escape(text)}$"))
        return self.page.locator(MESSAGE).filter(has=shown.or_(words))

    def texts(self) -> list[str]:
        """The texts of the conversation as drawn, from the top."""
        messages = self.page.locator(MESSAGE).all()
        shown = [
            (box["y"], message.locator(TEXT).inner_text())
            for message in messages
            if (box := message.bounding_box())
        ]
        return [text for _, text in sorted(shown)]

    def write(self, text: str) -> None:
        """Send a text by the message bar."""
        self.page.get_by_test_id("bar-input").fill(text)
        self.page.get_by_test_id("bar-input").press("Enter")

    def expect_status(self, text: str, status: str) -> None:
        """Wait until the ticks of that message say so."""
        expect(self.message(text)).to_have_attribute("data-status", status)
        expect(self.message(text).locator(STATUS)).to_be_visible()

    def tick_colour(self, text: str) -> tuple[int, int, int]:
        """Red, green and blue of the ticks, each from 0 to 255."""
        drawn = self.message(text).locator(f"{STATUS} svg")
        colour = str(drawn.evaluate("element => getComputedStyle(element).color"))
        red, green, blue = (int(float(part)) for part in re.findall(r"[\d.]+", colour)[:3])
        return red, green, blue

    def expect_agent(self, name: str, agent: str) -> None:
        """Wait until the row of that contact carries the agent's icon."""
        icon = self.row(name).get_by_test_id("row-agent")
        expect(icon).to_have_attribute("aria-label", f"Atendente: {agent}")


class PhonePage:
    """The simulator's page with the phone of one contact open."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def add(self, name: str, number: str) -> None:
        """Open the page and the phone of somebody new."""
        self.page.goto(self.address)
        self.page.get_by_test_id("add-contact").click()
        self.page.get_by_test_id("contact-name").fill(name)
        self.page.get_by_test_id("contact-number").fill(number)
        self.page.get_by_test_id("contact-save").click()
        expect(self.page.get_by_test_id("phone-input")).to_be_visible()

    def open(self, address: str) -> None:
        """Open the page and the phone of somebody known, beside those that are open already."""
        if not self.page.url.startswith(self.address):
            self.page.goto(self.address)
        self.page.get_by_test_id("pick-contact").select_option(address)
        expect(self.phone(address).get_by_test_id("phone-input")).to_be_visible()

    def phone(self, address: str) -> Locator:
        """The phone of that contact, when several are open."""
        return self.page.get_by_test_id(f"phone-{address}")

    def add_on(self, channel: str, name: str, username: str = "") -> None:
        """Open the page and the phone of somebody new on Instagram or Messenger."""
        self.page.goto(self.address)
        self.page.get_by_test_id("add-contact").click()
        self.page.get_by_test_id("contact-channel").select_option(channel)
        self.page.get_by_test_id("contact-name").fill(name)
        if username:
            self.page.get_by_test_id("contact-username").fill(username)
        self.page.get_by_test_id("contact-save").click()
        expect(self.page.get_by_test_id("phone-input")).to_be_visible()

    def send_kind(self, name: str) -> None:
        """Choose one of the kinds behind «+»: voice, location, contacts, sticker, storyMention…"""
        self.page.get_by_test_id("phone-attach").click()
        self.page.get_by_test_id(f"attach-{name}").click()

    def choose_files(self, *files: Any) -> None:
        """Send files of one's own, as Playwright takes them."""
        self.page.get_by_test_id("phone-file").set_input_files(list(files))

    def message(self, text: str) -> Locator:
        """The bubble that holds that text."""
        return self.page.get_by_test_id("phone-message").filter(has_text=text)

    def last(self, kind: str) -> Locator:
        """The newest bubble of that kind: image, audio, location, template, deleted…"""
        return self.page.locator(f'[data-testid="phone-message"][data-kind="{kind}"]').last

    def react(self, bubble: Locator, emoji: str) -> None:
        """Put that emoji on a message, or take it back where it is already there."""
        self._tool(bubble, f'[data-testid="phone-react"][data-emoji="{emoji}"]')

    def reply(self, bubble: Locator, text: str) -> None:
        """Answer that message, quoting it."""
        self._tool(bubble, '[data-testid="phone-reply"]')
        self.write(text)

    def edit(self, bubble: Locator, text: str) -> None:
        """Write that own message anew."""
        self._tool(bubble, '[data-testid="phone-edit"]')
        self.write(text)

    def unsend(self, bubble: Locator) -> None:
        """Take that own message back."""
        self._tool(bubble, '[data-testid="phone-unsend"]')

    def press(self, bubble: Locator, title: str) -> None:
        """Press a button of a template, menu or quick reply below that message."""
        line = bubble.locator("xpath=..")
        line.get_by_test_id("phone-choice").filter(has_text=title).click()

    def _tool(self, bubble: Locator, selector: str) -> None:
        bubble.hover()
        bubble.locator("xpath=..").locator(selector).click()

    def look(self) -> None:
        """Look at the page again; the phone that was open still is."""
        self.page.goto(self.address)
        expect(self.page.get_by_test_id("phone-input")).to_be_visible()

    def look_away(self) -> None:
        """Leave the page: nothing is read by its phones."""
        self.page.goto("about:blank")

    def write(self, text: str) -> None:
        """Type and send."""
        self.page.get_by_test_id("phone-input").fill(text)
        self.page.get_by_test_id("phone-send").click()

    def expect_message(self, text: str) -> None:
        """Wait until the phone shows a message with that text."""
        expect(self.page.get_by_test_id("phone-message").filter(has_text=text)).to_be_visible()
