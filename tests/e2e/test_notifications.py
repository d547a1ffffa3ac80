"""The scenarios of the help page, one by one: bell, sound, and why, with two agents (NOTIF)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from local.stack import Stack
from local.users import PASSWORD
from tests.e2e.agent import Agent, client_key
from tests.e2e.conftest import screenshot
from tests.e2e.pages import DeskPage
from tests.e2e.phones import Contact, Phones
from tests.e2e.test_notification_doors import give, give_department, until_told
from tests.e2e.waiting import stays, until

CONTACTS = "/contatos"
SOUNDS = "performance.getEntriesByName('notification-sound').length"
# Headless pages are all in sight; this is what a browser says of one that is not.
HIDE = """hidden => {
  Object.defineProperty(document, 'visibilityState', {
    configurable: true, get: () => (hidden ? 'hidden' : 'visible'),
  });
  document.dispatchEvent(new Event('visibilitychange'));
}"""


class Sitting(DeskPage):
    """A page of an agent who may be told of something."""

    @property
    def bell(self) -> Locator:
        """The bell at the top."""
        return self.page.get_by_test_id("bell")

    @property
    def entries(self) -> Locator:
        """The rows of its list."""
        return self.page.get_by_test_id("bell-entry")

    def goes_to_profile(self) -> None:
        """Sit on another page than the chats: one that every user has."""
        self.page.goto(f"{self.address}/perfil")
        expect(self.bell).to_be_visible()
        # Browsers let a page be heard once somebody has touched it.
        self.page.get_by_role("main").click()

    def expect_unseen(self, count: int) -> None:
        """Wait until the dot says so."""
        expect(self.bell).to_have_attribute("data-unseen", str(count))

    def sounds(self) -> int:
        """How many sounds this browser tab has made."""
        return int(self.page.evaluate(SOUNDS))

    def hides(self, *, hidden: bool = True) -> None:
        """The browser tab goes out of sight, or the window is minimised."""
        self.page.evaluate(HIDE, hidden)


class Story:
    """Two agents, the contacts who write to them, and whoever gives chats away."""

    def __init__(self, stack: Stack, phones: Phones, ana: Agent, agents: list[Agent]) -> None:
        self.stack = stack
        self.phones = phones
        self.ana = ana
        self.nina, self.otto = agents

    def contact_of(self, agent: Agent, name: str) -> tuple[Contact, str]:
        """Somebody whose chat was given to the agent; the decision about that is made."""
        contact = self.phones.somebody(name)
        contact.writes("oi")
        chat_id = self.ana.chat_of(contact.name)
        give(self.ana, chat_id, agent)
        until_told(agent, chat_id, "assignment")
        return contact, chat_id

    def until_seated(self, agent: Agent, *pages: str) -> None:
        """Wait until the desk knows that the agent sits at these pages and no others."""
        agent_id = agent.agent_id()

        def look() -> bool:
            rows = self.stack.client("dynamodb").scan(
                TableName=self.stack.outputs["ConnectionsTable"]
            )["Items"]
            seats = [
                row["page"]["S"]
                for row in rows
                if row["pk"]["S"] == "LIVE" and row["agent_id"]["S"] == agent_id and "page" in row
            ]
            assert sorted(seats) == sorted(pages), seats
            return True

        until(look, f"{agent.name} sits at {pages}")


@pytest.fixture(scope="module")
def agents(hire: Callable[..., list[Agent]]) -> list[Agent]:
    """Nina and Otto, with the four tabs."""
    return hire(2)


@pytest.fixture
def story(stack: Stack, phones: Phones, ana: Agent, agents: list[Agent]) -> Story:
    """What a test tells, with empty bells."""
    for agent in agents:
        newest = agent.get("/me/notifications")["newest"]
        if newest is not None:
            agent.ask("POST", "/me/notifications/clear", json={"through": newest})
    return Story(stack, phones, ana, agents)


@pytest.fixture
def sit(stack: Stack, new_page: Callable[[], Page]) -> Callable[..., Sitting]:
    """A browser in which that agent has logged in; `beside`: one more tab of that browser."""

    def sits(agent: Agent | None = None, *, beside: Sitting | None = None) -> Sitting:
        if beside is not None:
            context: BrowserContext = beside.page.context
            page = context.new_page()
            desk = Sitting(page, stack.web)
            page.goto(f"{stack.web}/chats?tab=all")
            desk.until_live()
            return desk
        assert agent is not None
        desk = Sitting(new_page(), stack.web)
        email = f"{agent.name.lower().replace(' ', '-')}@example.com"
        desk.log_in(email, PASSWORD)
        return desk

    return sits


def test_away_from_the_chat_an_agent_hears_of_a_message_and_finds_it_at_the_bell(
    story: Story, sit: Callable[..., Sitting]
) -> None:
    """NOTIF-1, NOTIF-2: a click opens the chat, and the dot goes on every page of theirs."""
    contact, chat_id = story.contact_of(story.nina, "Bela Antunes")
    first = sit(story.nina)
    second = sit(beside=first)
    for page in (first, second):
        page.goes_to_profile()
    story.until_seated(story.nina, "other", "other")
    before = first.sounds() + second.sounds()
    unseen = int(first.bell.get_attribute("data-unseen") or 0)
    contact.writes("Vocês atendem no sábado?")
    for page in (first, second):
        page.expect_unseen(unseen + 1)
        expect(page.page).to_have_title(re.compile(rf"^\({unseen + 1}\) "))
        expect(page.page.locator("link[rel~=icon]").first).to_have_attribute(
            "href", re.compile("^data:image/svg")
        )
    until(lambda: first.sounds() + second.sounds() == before + 1, "one of the tabs is heard")
    assert stays(lambda: first.sounds() + second.sounds(), 2) == before + 1

    first.bell.click()
    entry = first.entries.first
    expect(entry).to_contain_text("Bela Antunes")
    expect(entry.get_by_test_id("bell-text")).to_have_text(
        "Nova mensagem: Vocês atendem no sábado?"
    )
    first.page.screenshot(path=screenshot("bell-list"))
    for page in (first, second):
        page.expect_unseen(0)
    entry.get_by_role("link").click()
    expect(first.page).to_have_url(re.compile(rf"/chats/{chat_id}"))
    expect(first.message("Vocês atendem no sábado?")).to_be_visible()


def test_at_the_chat_nobody_is_disturbed_until_it_is_out_of_sight(
    story: Story, sit: Callable[..., Sitting]
) -> None:
    """NOTIF-1, NOTIF-2: hidden, it is heard, and still not at the bell."""
    contact, chat_id = story.contact_of(story.nina, "Caetano Reis")
    page = sit(story.nina)
    page.page.get_by_test_id("connection-state").click()
    story.until_seated(story.nina, "chat")
    unseen = int(page.bell.get_attribute("data-unseen") or 0)
    contact.writes("visível")
    (told,) = until_told(story.nina, chat_id)
    assert (told["bell"]["because"], told["sound"]["because"]) == (
        "chat_page_open",
        "chat_page_visible",
    )
    assert page.sounds() == 0
    page.hides()
    # The page says so by its socket: once that is known, the next message is heard.
    until(lambda: heard_after(contact, page), "a hidden page is heard", 60)
    page.expect_unseen(unseen)
    page.hides(hidden=False)


def heard_after(contact: Contact, page: Sitting) -> bool:
    """Whether the page makes a sound once that contact writes again."""
    before = page.sounds()
    contact.writes("e agora?")
    page.page.wait_for_timeout(1_500)
    return page.sounds() > before


def test_the_sound_icon_is_remembered_for_the_user(
    story: Story, sit: Callable[..., Sitting]
) -> None:
    """NOTIF-1: on another computer, too."""
    contact, chat_id = story.contact_of(story.otto, "Dália Mota")
    here, elsewhere = sit(story.otto), sit(story.otto)
    for page in (here, elsewhere):
        page.goes_to_profile()
    story.until_seated(story.otto, "other", "other")
    sound = elsewhere.page.get_by_test_id("sound")
    expect(sound).to_have_attribute("aria-pressed", "true")
    here.page.get_by_test_id("sound").click()
    expect(sound).to_have_attribute("aria-pressed", "false")
    contact.writes("silêncio")
    assert until_told(story.otto, chat_id)[0]["sound"]["because"] == "muted"
    assert stays(lambda: here.sounds() + elsewhere.sounds(), 2) == 0
    sound.click()
    expect(here.page.get_by_test_id("sound")).to_have_attribute("aria-pressed", "true")
    contact.writes("som")
    until(lambda: here.sounds() + elsewhere.sounds() == 2, "each computer is heard")


def test_one_is_removed_or_all_and_both_can_be_undone(
    story: Story, sit: Callable[..., Sitting]
) -> None:
    """NOTIF-2"""
    contact, chat_id = story.contact_of(story.otto, "Elis Ramos")
    page, elsewhere = sit(story.otto), sit(story.otto)
    for one in (page, elsewhere):
        one.goes_to_profile()
    story.until_seated(story.otto, "other", "other")
    contact.writes("um", "dois", "três")
    until_told(story.otto, chat_id, count=3)
    page.bell.click()
    elsewhere.bell.click()
    expect(page.entries).to_have_count(4)
    middle = page.entries.filter(has_text="dois")
    middle.get_by_test_id("bell-remove").click()
    for one in (page, elsewhere):
        expect(one.entries).to_have_count(3)
        expect(one.entries.filter(has_text="dois")).to_have_count(0)
    page.page.get_by_test_id("bell-undo").click()
    for one in (page, elsewhere):
        expect(one.entries).to_have_count(4)
    page.page.get_by_test_id("bell-clear").click()
    for one in (page, elsewhere):
        expect(one.page.get_by_test_id("bell-empty")).to_be_visible()
    page.page.screenshot(path=screenshot("bell-empty"))
    page.page.get_by_test_id("bell-undo").click()
    for one in (page, elsewhere):
        expect(one.entries).to_have_count(4)


def test_a_department_hears_of_it_and_whoever_is_not_of_it_does_not(
    story: Story, sit: Callable[..., Sitting], bruno: Agent, stack: Stack, new_page: Any
) -> None:
    """NOTIF-3, ROUTE-2"""
    contact = story.phones.somebody("Flávia Serra")
    contact.writes("oi")
    chat_id = story.ana.chat_of(contact.name)
    of_bruno = Sitting(new_page(), stack.web)
    of_bruno.log_in("bruno@example.com", PASSWORD)
    of_nina = sit(story.nina)
    for page in (of_bruno, of_nina):
        page.goes_to_profile()
    story.until_seated(bruno, "other")
    mine = of_nina.bell.get_attribute("data-unseen")
    give_department(story.ana, chat_id, "Suporte")
    until_told(bruno, chat_id, "assignment")
    contact.writes("alguém do suporte?")
    until_told(bruno, chat_id)
    of_bruno.bell.click()
    about = of_bruno.entries.filter(has_text="Flávia Serra")
    expect(about).to_have_count(2)
    expect(about.last.get_by_test_id("bell-text")).to_have_text(
        "Atendimento encaminhado para o departamento Suporte"
    )
    assert stays(of_nina.sounds, 1) == 0
    assert of_nina.bell.get_attribute("data-unseen") == mine


def test_a_forwarded_note_stands_at_the_bell_at_once(
    story: Story, sit: Callable[..., Sitting], hire: Callable[..., list[Agent]]
) -> None:
    """INFO-4, NOTIF-2: also for who sits at the chat; it makes no sound."""
    (sue,) = hire(1, everything=True)
    contact = story.phones.somebody("Hugo Farias")
    contact.writes("oi")
    chat_id = story.ana.chat_of(contact.name)
    page = sit(sue)
    page.expect_unseen(0)
    note = {"client_key": client_key(), "text": "Ligar amanhã", "to_agent_id": sue.agent_id()}
    story.ana.ask("POST", f"/contacts/{chat_id}/notes", json=note)
    page.expect_unseen(1)
    assert page.sounds() == 0
    page.bell.click()
    entry = page.entries.filter(has_text="Hugo Farias")
    expect(entry.get_by_test_id("bell-text")).to_have_text("Observação: Ligar amanhã")
    entry.get_by_role("link").click()
    expect(page.page).to_have_url(re.compile(rf"/chats/{chat_id}"))


def test_the_window_says_why(story: Story, sit: Callable[..., Sitting]) -> None:
    """NOTIF-7"""
    contact, chat_id = story.contact_of(story.nina, "Gil Prado")
    page = sit(story.nina)
    story.until_seated(story.nina, "chat")
    contact.writes("por quê?")
    until_told(story.nina, chat_id)
    page.bell.click()
    page.page.get_by_test_id("bell-why").click()
    about = page.page.locator(f'[data-testid="decision"][data-chat-id="{chat_id}"]')
    expect(about).to_have_count(2)
    message = about.first
    expect(message).to_contain_text("Nova mensagem")
    expect(message).to_contain_text("Não: a página do Chat estava aberta.")
    expect(message).to_contain_text("Não: a página do Chat estava visível.")
    expect(message).to_contain_text("Não: nenhum celular estava com as notificações ativadas.")
    expect(about.last).to_contain_text("Atendimento encaminhado para você")
    page.page.screenshot(path=screenshot("why-notified"))
    page.page.keyboard.press("Escape")
    expect(about).to_have_count(0)
