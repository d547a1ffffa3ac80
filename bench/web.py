"""The page in a real browser: what it loads, how soon it shows what, how it scrolls and ages."""

from __future__ import annotations

import gzip
import secrets
import shutil
import statistics
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from playwright.sync_api import BrowserContext, CDPSession, Page, Response, Route, sync_playwright

from bench import conversation, made_up
from bench.figures import Figure, percentile
from bench.latency import AGENT, execute, signed, webhook
from infra.package import ROOT
from local.stack import Stack

SCRIPT_BUDGET_KB = 250
SHOWN_BUDGET_MS = 100
FRAMES_BUDGET = 50
MESSAGES = 30
PAUSE_MS = 1_100  # the channel's times are whole seconds: each message is newer than the last
CONTACT = {"wa_id": "5511912340002", "name": "Vista na página", "user_id": "BR.9000000000000002"}
ROWS = 10_000
ROWS_A_PAGE = 500
WHEEL_PIXELS = 120  # a frame: 7,200 pixels a second, a hundred rows
WHEEL_FRAMES = 300
WHOLE_LIST_FRAMES = 600
PATIENCE_MS = 60_000
TAB_BUDGET_MS = 150
CACHED_BUDGET_MS = 50
GROWTH_BUDGET_MB = 5
CACHED_CHATS = 8
ROUNDS = 5
SHIFT_CHATS = 60  # more than the page keeps
SWITCHES = 1_000
WARM_UP_SWITCHES = 200

# When a message's frame reaches the page, and when its balloon has been painted.
WATCH = """
(() => {
  const received = {}, shown = {};
  window.bench = { received, shown };
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        const at = performance.now();
        for (const event of JSON.parse(data).events ?? [])
          if (event.type === "message") received[event.message.text] ??= at;
      });
    }
  };
  new MutationObserver(() => {
    for (const { textContent: text } of document.querySelectorAll("[data-testid=message-text]"))
      if (text in received && !(text in shown)) {
        shown[text] = null;
        requestAnimationFrame(() => {
          const painted = new MessageChannel();
          painted.port1.onmessage = () => { shown[text] = performance.now(); };
          painted.port2.postMessage(null);
        });
      }
  }).observe(document, { subtree: true, childList: true, characterData: true });
})();
"""

# When a page of the list has been read off the wire.
ANSWERED = """
(() => {
  const { fetch } = window;
  window.answered = [];
  window.fetch = async (...given) => {
    const answer = await fetch(...given);
    if (!new URL(answer.url).pathname.endsWith("/api/chats")) return answer;
    const text = await answer.text();
    const first = JSON.parse(text).chats?.[0]?.chat_id;
    window.answered.push({ at: performance.now(), first });
    return new Response(text, { status: answer.status, headers: answer.headers });
  };
})();
"""
# `frame` comes before a frame is painted, `painted` after that same one was.
PAINTED = """
  const frame = () => new Promise(requestAnimationFrame);
  const painted = () => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(performance.now());
    port2.postMessage(null);
  });
"""
CHANGE_TAB = f"""
async (tab) => {{
  {PAINTED}
  const before = window.answered.length;
  const button = document.querySelector(`[data-testid=tab-${{tab}}]`);
  button.click();
  for (;;) {{
    await frame();
    const answer = window.answered[before];
    const shown = document.querySelector("[data-testid=chat-row]")?.dataset.chatId;
    if (answer && button.getAttribute("aria-current") && shown === answer.first)
      return (await painted()) - answer.at;
  }}
}}
"""
OPEN_CHAT = f"""
async (chat) => {{
  {PAINTED}
  const row = document.querySelector(`[data-testid=chat-row][data-chat-id="${{chat}}"]`);
  const name = row.querySelector("[data-testid=row-name]").textContent;
  const began = performance.now();
  row.querySelector("button").click();
  for (;;) {{
    await frame();
    const shown = document.querySelector("[data-testid=conversation] h2")?.textContent;
    if (shown === name && document.querySelector("[data-testid=message]"))
      return (await painted()) - began;
  }}
}}
"""

EMPTY = """
<div style="height: 700px; width: 400px; overflow-y: auto">
  <div data-testid="chat-row" style="height: {height}px"></div>
</div>
"""
SCROLLER = """
let scroller = document.querySelector("[data-testid=chat-row]");
while (getComputedStyle(scroller).overflowY !== "auto") scroller = scroller.parentElement;
"""
TO_THE_END = f"""
() => {{
  {SCROLLER}
  scroller.scrollTop = scroller.scrollHeight;
  return scroller.scrollHeight;
}}
"""
SCROLL = f"""
([pixels, frames]) => new Promise((resolve) => {{
  {SCROLLER}
  let top = scroller.scrollTop = 0;
  const times = [];
  const step = (at) => {{
    times.push(at);
    if (times.length > frames) resolve(times);
    else {{ scroller.scrollTop = top += pixels; requestAnimationFrame(step); }}
  }};
  requestAnimationFrame(step);
}})
"""


def measure(stack: Stack, say: Callable[[str], None]) -> list[Figure]:
    """All of it, logged in as an agent of the demonstration. Empty when the page is not built."""
    if not (ROOT / "web" / "dist" / "index.html").is_file():
        say("web: web/dist is empty, run `npm run build` in web/ first")
        return []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox"],
        )
        # The worker's own loading, a moment later, is not the page's; what is answered here is.
        context = browser.new_context(
            viewport={"width": 1440, "height": 900}, locale="pt-BR", service_workers="block"
        )
        context.set_default_timeout(PATIENCE_MS)
        try:
            log_in(context, stack)
            say("web: first screen")
            figures = first_screen(context, stack)
            say(f"web: {MESSAGES} messages")
            figures += messages(context, stack)
            say("web: tabs and chats")
            figures += tabs(context, stack)
            figures += cached_chats(context, stack)
            say(f"web: {SWITCHES:,} chats")
            figures += shift(context, stack)
            say(f"web: a chat of {conversation.MESSAGES:,} messages")
            figures += long_chat(context, stack)
            say(f"web: {ROWS:,} rows")
            figures += scrolling(context, stack)
        finally:
            browser.close()
    return figures


def log_in(context: BrowserContext, stack: Stack) -> None:
    """Once, by the form; the pages after this one find themselves logged in."""
    page = context.new_page()
    page.goto(f"{stack.web}/chats?tab=all")
    page.get_by_test_id("login-email").fill(AGENT)
    page.get_by_test_id("login-password").fill(
        next(one["password"] for one in stack.users if one["email"] == AGENT)
    )
    page.get_by_test_id("login-submit").click()
    until_live(page)
    page.close()


def until_live(page: Page) -> None:
    """Rows are there and the socket is open."""
    page.get_by_test_id("chat-row").first.wait_for()
    page.locator("[data-testid=connection-state][data-state=online]").wait_for(state="attached")


def first_screen(context: BrowserContext, stack: Stack) -> list[Figure]:
    """The JavaScript that was really loaded until the list was live, compressed as on the way."""
    page = context.new_page()
    scripts: dict[str, Response] = {}

    def loaded(response: Response) -> None:
        if response.request.resource_type == "script" or response.url.endswith(".js"):
            scripts[response.url] = response

    page.on("response", loaded)
    began = time.monotonic()
    page.goto(f"{stack.web}/chats?tab=all")
    until_live(page)
    live_after = (time.monotonic() - began) * 1000
    page.wait_for_load_state("networkidle")
    size = sum(len(gzip.compress(one.body(), 6)) for one in scripts.values())
    page.close()
    return [
        Figure("first screen's JavaScript, gzipped", size / 1000, "KB", SCRIPT_BUDGET_KB),
        Figure("first screen live, from navigation", live_after, "ms"),
    ]


def messages(context: BrowserContext, stack: Stack) -> list[Figure]:
    """From the frame on the socket to the painted balloon, in the chat that is open."""
    url = f"{execute(stack, stack.outputs['RestAPIId'])}/webhooks/whatsapp"

    def say(text: str) -> None:
        body = webhook(text, CONTACT)
        httpx.post(url, content=body, headers=signed(stack, body), timeout=30).raise_for_status()

    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(f"{stack.web}/chats?tab=all")
    until_live(page)
    say("bench")
    page.get_by_test_id("chat-row").filter(has_text=CONTACT["name"]).first.click()
    page.get_by_test_id("message").first.wait_for()
    page.wait_for_timeout(2_000)
    marks = [f"bench-{secrets.token_hex(8)}" for _ in range(MESSAGES)]
    for mark in marks:
        say(mark)
        page.wait_for_timeout(PAUSE_MS)
    until = time.monotonic() + PATIENCE_MS / 1000
    while not all((seen := page.evaluate("window.bench"))["shown"].get(mark) for mark in marks):
        if time.monotonic() > until:
            raise TimeoutError("a message was never shown")
        page.wait_for_timeout(100)
    taken = [seen["shown"][mark] - seen["received"][mark] for mark in marks]
    page.close()
    return [
        Figure(
            "message shown after its event p50", statistics.median(taken), "ms", SHOWN_BUDGET_MS
        ),
        Figure("message shown after its event p95", percentile(taken, 95), "ms", SHOWN_BUDGET_MS),
    ]


def tabs(context: BrowserContext, stack: Stack) -> list[Figure]:
    """From the answer of a tab's first page to its painted rows."""
    page = context.new_page()
    page.add_init_script(ANSWERED)
    page.goto(f"{stack.web}/chats?tab=all")
    until_live(page)
    taken = [
        page.evaluate(CHANGE_TAB, tab)
        for _ in range(ROUNDS)
        for tab in ("open", "in_service", "mine", "all")
    ]
    page.close()
    return [Figure("tab shown after its answer p95", percentile(taken, 95), "ms", TAB_BUDGET_MS)]


def cached_chats(context: BrowserContext, stack: Stack) -> list[Figure]:
    """From the click on a chat that was open before to its painted messages."""
    page = context.new_page()
    page.goto(f"{stack.web}/chats?tab=all")
    until_live(page)
    named = dict(
        page.get_by_test_id("chat-row").evaluate_all(
            """rows => rows.map((row) =>
                [row.querySelector("[data-testid=row-name]").textContent, row.dataset.chatId])"""
        )
    )
    chats = list(named.values())[:CACHED_CHATS]
    for chat in chats:
        page.evaluate(OPEN_CHAT, chat)
        page.wait_for_timeout(500)
    taken = [page.evaluate(OPEN_CHAT, chat) for _ in range(ROUNDS) for chat in chats]
    page.close()
    return [
        Figure("cached chat shown p50", statistics.median(taken), "ms", CACHED_BUDGET_MS),
        Figure("cached chat shown p95", percentile(taken, 95), "ms", CACHED_BUDGET_MS),
    ]


def shift(context: BrowserContext, stack: Stack) -> list[Figure]:
    """What memory the page has gained after entering a thousand chats, one after the other.

    More chats than it keeps, answered here: the page is measured, not the desk.
    """
    page = context.new_page()
    desk = made_up.LongChat(made_up.MESSAGES_A_PAGE)
    page.route(lambda address: "/api/" in address and "/chats/" in address, desk.answer)
    page.route(
        lambda address: urlsplit(address).path.startswith(made_up.FILES), made_up.answer_file
    )
    page.route(lambda address: urlsplit(address).path == "/api/chats", answer_few_rows)
    page.goto(f"{stack.web}/chats?tab=all")
    until_live(page)
    developer = context.new_cdp_session(page)
    before, nodes_before = {}, {}
    for switch in range(WARM_UP_SWITCHES + SWITCHES):
        if switch == WARM_UP_SWITCHES:
            before, nodes_before = memory(developer)
        page.keyboard.press("k" if switch // (SHIFT_CHATS - 1) % 2 else "j")
        page.get_by_test_id("message").first.wait_for()
    after, nodes_after = memory(developer)
    page.close()
    grown = (after["usedSize"] - before["usedSize"]) / 1e6
    return [
        Figure(f"memory gained by {SWITCHES:,} chats", max(grown, 0), "MB", GROWTH_BUDGET_MB),
        Figure("  the heap after them", after["usedSize"] / 1e6, "MB"),
        Figure("  nodes gained", nodes_after["nodes"] - nodes_before["nodes"], ""),
    ]


def memory(developer: CDPSession) -> tuple[dict[str, Any], dict[str, Any]]:
    """The heap and the nodes that are really held."""
    for _ in range(3):
        developer.send("HeapProfiler.collectGarbage")
    return developer.send("Runtime.getHeapUsage"), developer.send("Memory.getDOMCounters")


def answer_few_rows(route: Route) -> None:
    """A list of so many chats, all on one page."""
    rows = [made_up.row(number) for number in range(SHIFT_CHATS)]
    made_up.fulfil(route, {"chats": rows, "cursor": None})


def long_chat(context: BrowserContext, stack: Stack) -> list[Figure]:
    """A chat of ten thousand messages, answered here as the desk would."""
    page = context.new_page()
    desk = conversation.prepare(page)
    page.route(lambda address: urlsplit(address).path == "/api/chats", answer_few_rows)
    page.goto(f"{stack.web}/chats?tab=all")
    until_live(page)
    figures = conversation.measure(page, desk)
    page.close()
    return figures


def scrolling(context: BrowserContext, stack: Stack) -> list[Figure]:
    """Ten thousand rows, all loaded: as by a wheel, and from end to end in ten seconds.

    Beside each, an empty page scrolled by the same steps: what this machine's browser can do now.
    """
    page, empty = context.new_page(), context.new_page()
    page.route(lambda address: urlsplit(address).path == "/api/chats", answer_rows)
    page.goto(f"{stack.web}/chats?tab=all")
    until_live(page)
    row = page.get_by_test_id("chat-row").first.evaluate("row => row.closest('li').offsetHeight")
    until = time.monotonic() + PATIENCE_MS / 1000
    while (height := page.evaluate(TO_THE_END)) < ROWS * row and time.monotonic() < until:
        page.wait_for_timeout(50)
    empty.set_content(EMPTY.format(height=height))
    figures = []
    for name, pixels, frames in (
        ("wheel", WHEEL_PIXELS, WHEEL_FRAMES),
        ("end to end in 10 s", height // WHOLE_LIST_FRAMES, WHOLE_LIST_FRAMES),
    ):
        title = f"{height // row:,} rows, {name}"
        figures += [
            Figure(title, rate(page, pixels, frames), "frames/s", FRAMES_BUDGET, at_least=True),
            Figure("  an empty page, the same steps", rate(empty, pixels, frames), "frames/s"),
        ]
    page.close()
    empty.close()
    return figures


def rate(page: Page, pixels: int, frames: int) -> float:
    """Frames a second while its list is scrolled by so many pixels in each."""
    page.bring_to_front()
    page.wait_for_timeout(500)
    times = page.evaluate(SCROLL, [pixels, frames])
    return float(1000 * (len(times) - 1) / (times[-1] - times[0]))


def answer_rows(route: Route) -> None:
    """A page of the list as the door would answer it; the cursor is simply the next number."""
    asked = parse_qs(urlsplit(route.request.url).query)
    first = int(asked.get("cursor", ["0"])[0])
    last = min(first + ROWS_A_PAGE, ROWS)
    rows = [made_up.row(number) for number in range(first, last)]
    made_up.fulfil(route, {"chats": rows, "cursor": str(last) if last < ROWS else None})
