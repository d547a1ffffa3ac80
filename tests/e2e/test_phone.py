"""The page as an app on a phone: permission, notifications, an offline start (NOTIF-4…9)."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from infra.package import ROOT
from local.stack import Stack
from local.users import PASSWORD
from tests.e2e.agent import Agent
from tests.e2e.conftest import screenshot
from tests.e2e.handsets import Handset
from tests.e2e.pages import DeskPage
from tests.e2e.phones import Contact, Phones
from tests.e2e.test_notification_doors import give, until_told, why
from tests.e2e.waiting import stays, until

Json = dict[str, Any]
DOORS = re.compile("/api/")
PHONE = {"width": 390, "height": 844}
# What this Chromium lacks: a push service of its maker's, and somebody who answers its question.
BROWSER = """([device, key, answer]) => {
  Object.defineProperty(navigator, 'standalone', { get: () => true });
  const bytes = Uint8Array.from(
    atob(key.replaceAll('-', '+').replaceAll('_', '/')), one => one.charCodeAt(0)).buffer;
  const subscription = {
    endpoint: device.endpoint,
    options: { applicationServerKey: bytes, userVisibleOnly: true },
    toJSON: () => ({ keys: { p256dh: device.p256dh, auth: device.auth } }),
    unsubscribe: async () => { localStorage.removeItem('subscribed'); return true; },
  };
  PushManager.prototype.getSubscription = async () =>
    localStorage.getItem('subscribed') ? subscription : null;
  PushManager.prototype.subscribe = async () => {
    localStorage.setItem('subscribed', 'yes');
    return subscription;
  };
  const permission = () => localStorage.getItem('permission') ?? 'default';
  Object.defineProperty(Notification, 'permission', { get: permission });
  Notification.requestPermission = async () => {
    if (permission() === 'default') localStorage.setItem('permission', answer);
    return permission();
  };
}"""
TRAY = """async () => {
  const registration = await navigator.serviceWorker.ready;
  const shown = await registration.getNotifications();
  return shown.map(({ title, body, tag, silent, renotify, data }) =>
    ({ title, body, tag, silent, renotify, data }));
}"""
ACT = """async ([what, tag]) => {
  const [notification] = await self.registration.getNotifications({ tag });
  self.dispatchEvent(new NotificationEvent(what, { notification }));
  if (what === 'notificationclose') notification.close();
}"""


class App(DeskPage):
    """The page, installed on a phone with a service worker of its own."""

    def __init__(self, page: Page, stack: Stack, handset: Handset) -> None:
        super().__init__(page, stack.web)
        self.handset = handset
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.registrations: list[str] = []
        self.cdp.on("ServiceWorker.workerRegistrationUpdated", self._registered)
        self.cdp.send("ServiceWorker.enable")

    def _registered(self, event: Json) -> None:
        self.registrations += [one["registrationId"] for one in event["registrations"]]

    def enters(self, agent: Agent) -> None:
        """Log in, and wait until the worker is there."""
        self.log_in(email_of(agent), PASSWORD)
        self.until_worker()

    def until_worker(self) -> None:
        """Wait until the page's service worker has all that it keeps, and is in charge."""
        controlled = "() => navigator.serviceWorker.controller !== null"
        until(lambda: self.page.evaluate(controlled), "the worker is in charge", 60)

    def allows(self) -> None:
        """Say yes to notifications, as on first entering."""
        self.page.get_by_test_id("push-allow").click()
        expect(self.page.get_by_test_id("push-ask")).to_have_count(0)

    def gets(self, *previews: str) -> list[Json]:
        """The service delivers the last of these to the browser; what lies in the tray then."""
        came = self.handset.until_shown(*previews)
        raw = self.handset.http.get(f"/devices/{self.handset.device['id']}/messages").json()
        assert len(raw) == len(came)
        self.delivers(raw[-1]["payload"])
        shown: list[Json] = until(
            lambda: [one for one in self.tray() if one["body"] == previews[-1]], "a notification"
        )
        return shown

    def delivers(self, payload: str) -> None:
        """Hand the service worker a push, as the browser does once it is decrypted."""
        message = {
            "origin": self.address,
            "registrationId": self.registrations[-1],
            "data": payload,
        }
        self.cdp.send("ServiceWorker.deliverPushMessage", message)

    def tray(self) -> list[Json]:
        """The notifications that lie there."""
        found: list[Json] = self.page.evaluate(TRAY)
        return found

    def act(self, what: str, chat_id: str) -> None:
        """What the system tells the service worker of a notification."""
        (worker,) = self.page.context.service_workers
        worker.evaluate(ACT, [what, chat_id])

    def loses_network(self) -> None:
        """No network, not even for a moment while a page is loaded, when Chromium forgets it."""
        self.page.context.set_offline(True)
        self.page.context.route(DOORS, lambda route: route.abort())

    def has_network_again(self) -> None:
        """And the browser says so."""
        self.page.context.unroute(DOORS)
        self.page.context.set_offline(False)
        self.page.evaluate("window.dispatchEvent(new Event('online'))")

    def goes_to_profile(self) -> None:
        """Leave the chats, so that the phone is told again (NOTIF-5)."""
        self.page.goto(f"{self.address}/perfil")
        expect(self.page.get_by_test_id("bell")).to_be_visible()


def email_of(agent: Agent) -> str:
    """The login of somebody hired."""
    return f"{agent.name.lower().replace(' ', '-')}@example.com"


@pytest.fixture
def rosa(hire: Callable[..., list[Agent]]) -> Agent:
    """Somebody new, of no department."""
    return hire(1)[0]


@pytest.fixture
def install(stack: Stack, new_page: Callable[..., Page]) -> Callable[..., App]:
    """The app on a new phone; `answer` is what the agent says when the browser asks."""

    def installed(agent: Agent, answer: str = "granted") -> App:
        page = new_page(
            viewport=PHONE,
            has_touch=True,
            is_mobile=True,
            device_scale_factor=2,
            service_workers="allow",
            permissions=["notifications"],
        )
        handset = Handset(stack.push, agent, None)
        given = f"({BROWSER})({json.dumps([handset.device, handset.key, answer])})"
        page.context.add_init_script(script=given)
        return App(page, stack, handset)

    return installed


def contact_of(agent: Agent, ana: Agent, phones: Phones, name: str) -> tuple[Contact, str]:
    """Somebody whose chat the agent was given."""
    contact = phones.somebody(name)
    contact.writes("oi")
    chat_id = ana.chat_of(contact.name)
    give(ana, chat_id, agent)
    until_told(agent, chat_id, "assignment")
    return contact, chat_id


def test_the_page_can_be_installed(stack: Stack, install: Callable[..., App], rosa: Agent) -> None:
    """NOTIF-6: what browsers ask of an app."""
    app = install(rosa)
    app.enters(rosa)
    manifest = app.cdp.send("Page.getAppManifest")
    assert manifest["errors"] == []
    told = manifest["data"]
    for words in ('"lang":"pt-BR"', '"display":"standalone"', '"purpose":"maskable"', "512x512"):
        assert words in told.replace(": ", ":"), told
    errors = app.cdp.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # Tests look into windows of their own, as private ones are, which install nothing.
    assert [one["errorId"] for one in errors if one["errorId"] != "in-incognito"] == []


def test_on_first_entering_the_agent_is_told_why_and_asked(
    install: Callable[..., App], rosa: Agent
) -> None:
    """NOTIF-6: and not again for two weeks; the settings turn it on at any time."""
    app = install(rosa)
    app.enters(rosa)
    ask = app.page.get_by_test_id("push-ask")
    expect(ask).to_be_visible()
    expect(ask).to_contain_text("nome do contato e o começo da mensagem")
    app.page.screenshot(path=screenshot("phone-ask"))
    app.page.get_by_test_id("push-later").click()
    app.page.reload()
    app.until_live()
    expect(ask).to_have_count(0)
    assert rosa.get("/me/push")["devices"] == []

    app.page.get_by_test_id("user-menu").click()
    app.page.screenshot(path=screenshot("phone-menu"))
    app.page.get_by_test_id("menu-phone").click()
    expect(app.page.get_by_test_id("push-devices-empty")).to_be_visible()
    app.page.get_by_test_id("push-switch").click()
    device = app.page.get_by_test_id("push-device")
    expect(device).to_have_attribute("data-here", "true")
    app.page.screenshot(path=screenshot("phone-settings"))
    (known,) = rosa.get("/me/push")["devices"]
    assert re.search(r" no ", known["label"]), known
    device.get_by_role("button").click()
    expect(app.page.get_by_test_id("push-devices-empty")).to_be_visible()
    assert rosa.get("/me/push")["devices"] == []


def test_a_message_is_shown_once_and_a_click_opens_its_chat(
    install: Callable[..., App], rosa: Agent, ana: Agent, phones: Phones
) -> None:
    """NOTIF-4, NOTIF-6, NOTIF-9: by a real service worker, from the desk's own encrypted push."""
    contact, chat_id = contact_of(rosa, ana, phones, "Zuleide Alves")
    app = install(rosa)
    app.enters(rosa)
    app.allows()
    app.goes_to_profile()
    until(lambda: rosa.get("/me/push")["devices"], "the phone is known")
    contact.writes("Tem para amanhã?", "Alô?", "Oi?")
    until_told(rosa, chat_id, count=3)
    (shown,) = app.gets("Tem para amanhã?")
    assert (shown["title"], shown["body"]) == ("Zuleide Alves", "Tem para amanhã?")
    assert (shown["tag"], shown["silent"], shown["renotify"]) == (chat_id, False, True)
    assert set(shown["data"]) == {"chat_id", "id"}
    reasons = [one["push"]["because"] for one in why(rosa, chat_id)]
    assert reasons == ["told", "pushed_already", "pushed_already"]

    app.act("notificationclick", chat_id)
    expect(app.page).to_have_url(re.compile(rf"/chats/{chat_id}"))
    expect(app.message("Oi?")).to_be_visible()
    until(lambda: app.tray() == [], "a clicked notification is gone")
    app.page.screenshot(path=screenshot("phone-chat"))
    contact.writes("Obrigada!")
    assert until_told(rosa, chat_id, count=4)[-1]["push"]["because"] == "pwa_visible"
    app.goes_to_profile()
    contact.writes("Mais uma coisa")
    app.gets("Tem para amanhã?", "Mais uma coisa")
    app.act("notificationclose", chat_id)
    until(lambda: app.tray() == [], "a dismissed notification is gone")

    def armed() -> bool:
        contact.writes("de novo")
        told = why(rosa, chat_id)
        return bool(told[-1]["push"]["because"] == "told")

    until(armed, "a dismissed contact is pushed again", 60)


def test_a_push_that_comes_twice_is_heard_once_and_one_that_is_none_is_shown_plainly(
    install: Callable[..., App], rosa: Agent
) -> None:
    """NOTIF-4: services deliver at least once, and browsers demand that something is shown."""
    app = install(rosa)
    app.enters(rosa)
    app.allows()
    pushed = {"id": "1", "chat_id": "c1", "name": "Bia", "preview": "", "kind": "audio", "at": ""}
    app.delivers(json.dumps(pushed))
    (shown,) = until(app.tray, "a notification")
    assert (shown["title"], shown["body"], shown["renotify"]) == ("Bia", "Áudio", True)
    app.delivers(json.dumps(pushed))
    until(lambda: app.tray()[0]["renotify"] is False, "the same again makes no sound")
    app.delivers(json.dumps({**pushed, "id": "2", "preview": "<b>oi</b>"}))
    until(lambda: app.tray()[0]["body"] == "<b>oi</b>", "the next takes its place")
    app.delivers("não é JSON")
    until(lambda: len(app.tray()) == 2, "something is shown of what cannot be read")
    assert {one["body"] for one in app.tray()} == {"<b>oi</b>", "Nova mensagem"}


def test_who_logs_out_is_told_of_nothing_there_any_more(
    install: Callable[..., App], rosa: Agent
) -> None:
    """PERM-2, NOTIF-4"""
    app = install(rosa)
    app.enters(rosa)
    app.allows()
    until(lambda: rosa.get("/me/push")["devices"], "the phone is known")
    pushed = {"id": "1", "chat_id": "c1", "name": "Bia", "preview": "oi", "kind": "text", "at": ""}
    app.delivers(json.dumps(pushed))
    until(app.tray, "a notification")
    app.page.get_by_test_id("user-menu").click()
    app.page.get_by_test_id("logout").click()
    expect(app.page.get_by_test_id("login-email")).to_be_visible()
    assert rosa.get("/me/push")["devices"] == []
    assert app.tray() == []


def test_a_denied_permission_is_said_with_the_way_back(
    install: Callable[..., App], rosa: Agent
) -> None:
    """NOTIF-8"""
    app = install(rosa, "denied")
    app.enters(rosa)
    app.page.get_by_test_id("push-allow").click()
    notice = app.page.get_by_test_id("push-denied")
    expect(notice).to_contain_text("As notificações estão bloqueadas")
    expect(notice).to_contain_text("«Configurações do site» → «Notificações»")
    app.page.screenshot(path=screenshot("phone-denied"))
    app.page.get_by_test_id("push-denied-close").click()
    app.page.get_by_test_id("user-menu").click()
    app.page.get_by_test_id("menu-phone").click()
    window = app.page.get_by_role("dialog")
    expect(window).to_contain_text("«Configurações do site» → «Notificações»")
    app.page.keyboard.press("Escape")
    # Back from the system's settings, where it was allowed.
    app.page.evaluate("localStorage.setItem('permission', 'granted')")
    app.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    until(lambda: rosa.get("/me/push")["devices"], "it is turned on by itself")


def test_without_a_network_the_app_shows_how_it_was_and_sends_later(
    install: Callable[..., App], rosa: Agent, ana: Agent, phones: Phones
) -> None:
    """SEND-12, LIVE-3: the last list and chats, marked as old; what is written goes out once."""
    contact, chat_id = contact_of(rosa, ana, phones, "Yara Couto")
    app = install(rosa)
    app.enters(rosa)
    app.page.get_by_test_id("push-later").click()
    app.open(contact.name)
    app.write("Olá, Yara!")
    app.expect_status("Olá, Yara!", "delivered")
    app.page.wait_for_timeout(5_000)  # what is kept is written once the page rests
    app.loses_network()
    app.page.reload()
    expect(app.page.get_by_test_id("as-it-was").first).to_contain_text("Sem conexão. Como estava")
    expect(app.message("Olá, Yara!")).to_be_visible()
    app.write("escrita sem conexão")
    expect(app.message("escrita sem conexão")).to_be_visible()
    app.page.screenshot(path=screenshot("phone-offline-chat"))
    app.page.goto(f"{app.address}/chats?tab=all")
    expect(app.row(contact.name)).to_be_visible()
    app.page.screenshot(path=screenshot("phone-offline-list"))
    app.page.goto(f"{app.address}/chats/{'0' * 16}?tab=all")
    expect(app.page.get_by_test_id("needs-connection-chat")).to_be_visible()
    app.page.goto(f"{app.address}/chats/{chat_id}?tab=all")
    expect(app.message("escrita sem conexão")).to_be_visible()
    assert rosa.texts(chat_id).count("escrita sem conexão") == 0

    app.has_network_again()
    app.expect_status("escrita sem conexão", "delivered")
    expect(app.page.get_by_test_id("as-it-was")).to_have_count(0)
    assert stays(lambda: rosa.texts(chat_id).count("escrita sem conexão"), 2) == 1
    app.page.get_by_test_id("user-menu").click()
    app.page.get_by_test_id("logout").click()
    expect(app.page.get_by_test_id("login-email")).to_be_visible()
    app.page.context.set_offline(True)
    app.page.reload()
    expect(app.page.get_by_test_id("login-email")).to_be_visible()
    assert contact.name not in app.page.content()


@contextmanager
def another_version() -> Iterator[None]:
    """The page was deployed anew: its worker is another file."""
    worker = ROOT / "web" / "dist" / "sw.js"
    before = worker.read_text()
    worker.write_text(f"{before}\n// another version\n")
    try:
        yield
    finally:
        worker.write_text(before)


def test_a_new_version_is_offered_and_taken_when_the_agent_says_so(
    install: Callable[..., App], rosa: Agent
) -> None:
    """The page never loads itself anew under somebody's hands."""
    app = install(rosa)
    app.enters(rosa)
    app.page.get_by_test_id("push-later").click()
    notice = app.page.get_by_test_id("update-notice")
    with another_version():
        app.page.evaluate(
            "navigator.serviceWorker.getRegistration().then(one => one.update()).then(() => 1)"
        )
        expect(notice).to_contain_text("Nova versão disponível")
        app.page.screenshot(path=screenshot("phone-update"))
        assert not app.was_reloaded()
        with app.page.expect_event("load"):
            app.page.get_by_test_id("update-take").click()
        app.until_live()
        assert app.was_reloaded()
        expect(notice).to_have_count(0)
