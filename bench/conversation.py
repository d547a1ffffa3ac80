"""A chat of ten thousand messages in the page: entered, scrolled to its beginning, searched."""

from __future__ import annotations

import itertools
import statistics
import time
from urllib.parse import urlsplit

from playwright.sync_api import Page

from bench import made_up
from bench.figures import Figure, percentile

MESSAGES = 10_000
SHOWN_BUDGET_MS = 150  # as a tab's first page after its answer
FRAMES_BUDGET = 50
JUMP_BUDGET_PX = 1
PIXELS = 240  # a frame: 14,400 pixels a second
PATIENCE_S = 240
ENTERED = 12  # other chats of the same length

# When an answer of a door has been read off the wire.
ANSWERED = """
(() => {
  const { fetch } = window;
  window.doors = [];
  window.fetch = async (...given) => {
    const answer = await fetch(...given);
    const { pathname } = new URL(answer.url);
    if (!pathname.includes("/api/chats/")) return answer;
    const text = await answer.text();
    window.doors.push({ at: performance.now(), pathname });
    return new Response(text, { status: answer.status, headers: answer.headers });
  };
})();
"""
PAINTED = """
  const frame = () => new Promise(requestAnimationFrame);
  const painted = () => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(performance.now());
    port2.postMessage(null);
  });
"""
ENTER = f"""
async (chat) => {{
  {PAINTED}
  const row = document.querySelector(`[data-testid=chat-row][data-chat-id="${{chat}}"]`);
  const name = row.querySelector("[data-testid=row-name]").textContent;
  const before = window.doors.length;
  row.querySelector("button").click();
  for (;;) {{
    await frame();
    const answer = window.doors.slice(before).find((one) => one.pathname.endsWith(`/${{chat}}`));
    const shown = document.querySelector("[data-testid=conversation] h2")?.textContent;
    if (answer && shown === name && document.querySelector("[data-testid=message]"))
      return (await painted()) - answer.at;
  }}
}}
"""
SEARCH = f"""
async () => {{
  {PAINTED}
  const before = window.doors.length;
  const searches = () =>
    window.doors.slice(before).filter((one) => one.pathname.endsWith("/message-search"));
  document.querySelector("[data-testid=message-search-submit]").click();
  for (;;) {{
    await frame();
    if (searches().length > 0 && document.querySelector("[data-testid=message-hit]")) {{
      const at = await painted();
      return {{ after: at - searches()[0].at, answers: searches().length }};
    }}
  }}
}}
"""
# Upwards from wherever it stands, in equal steps, until the beginning or for so many frames.
# `moved`: how far what is read moved beside the steps, from one painted frame to the next.
TO_THE_BEGINNING = f"""
async ([pixels, patience]) => {{
  {PAINTED}
  let scroller = document.querySelector("[data-testid=message]");
  while (getComputedStyle(scroller).overflowY !== "auto") scroller = scroller.parentElement;
  const balloons = () => [...scroller.querySelectorAll("[data-testid=message]")];
  const top = (element) => element.getBoundingClientRect().top;
  const middle = () => {{
    const half = top(scroller) + scroller.clientHeight / 2;
    return balloons().find((one) => top(one) >= half - 200 && top(one) <= half + 200);
  }};
  const times = [], moved = [], seen = new Set();
  const until = performance.now() + patience;
  let waited = 0;
  while (performance.now() < until) {{
    times.push(await frame());
    for (const one of balloons()) seen.add(one.dataset.key);
    const read = middle();
    const stood = read && top(read);
    const from = scroller.scrollTop;
    scroller.scrollTop = from - pixels;
    const step = from - scroller.scrollTop;
    // As by a wheel, where the event comes before what is drawn in the same frame.
    scroller.dispatchEvent(new Event("scroll"));
    await painted();
    if (read?.isConnected) moved.push(Math.abs(top(read) - stood - step));
    waited = step === 0 ? waited + 1 : 0;
    if (waited > 120) break;
  }}
  times.length -= waited;
  return {{ times, seen: seen.size, moved }};
}}
"""


def prepare(page: Page) -> made_up.LongChat:
    """Lets the page find such chats, and their files; to be called before it is opened."""
    desk = made_up.LongChat(MESSAGES)
    page.add_init_script(ANSWERED)
    page.route(lambda url: "/api/" in url and "/chats/" in url, desk.answer)
    page.route(lambda url: urlsplit(url).path.startswith(made_up.FILES), made_up.answer_file)
    return desk


def measure(page: Page, desk: made_up.LongChat) -> list[Figure]:
    """From a page whose list is live, and holds made-up rows."""
    return entering(page) + scrolling(page, desk) + searching(page, desk)


def entering(page: Page) -> list[Figure]:
    """From the only answer that entering needs to the painted messages, each for the first time."""
    taken = []
    for number in range(1, ENTERED + 1):
        taken.append(page.evaluate(ENTER, made_up.row(number)["chat_id"]))
        page.wait_for_timeout(300)
    title = f"chat of {MESSAGES:,} messages shown after its answer"
    return [
        Figure(f"{title} p50", statistics.median(taken[1:]), "ms", SHOWN_BUDGET_MS),
        Figure(f"{title} p95", percentile(taken[1:], 95), "ms", SHOWN_BUDGET_MS),
        Figure("  the first one, with the conversation's scripts", taken[0], "ms"),
    ]


def scrolling(page: Page, desk: made_up.LongChat) -> list[Figure]:
    """All of it from the newest to the oldest message, every page fetched on the way."""
    page.bring_to_front()
    page.evaluate(ENTER, made_up.row(0)["chat_id"])
    page.wait_for_timeout(1_000)
    desk.pages = 0
    found = page.evaluate(TO_THE_BEGINNING, [PIXELS, PATIENCE_S * 1000])
    times = found["times"]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    return [
        Figure(
            f"{found['seen']:,} messages, newest to oldest",
            1000 * len(gaps) / (times[-1] - times[0]),
            "frames/s",
            FRAMES_BUDGET,
            at_least=True,
        ),
        Figure("  messages seen on the way", found["seen"], "", MESSAGES, at_least=True),
        Figure("  pages that arrived meanwhile", desk.pages, ""),
        Figure("  a frame, p99", percentile(gaps, 99), "ms"),
        Figure("  what is read moved at most", max(found["moved"]), "px", JUMP_BUDGET_PX),
        Figure("  times it moved", sum(by > JUMP_BUDGET_PX for by in found["moved"]), ""),
    ]


def searching(page: Page, desk: made_up.LongChat) -> list[Figure]:
    """First hits are there with the first part, while the others are still being looked for."""
    page.get_by_test_id("message-search-toggle").click()
    page.get_by_test_id("message-search-input").fill("entrega")
    taken, answers = [], []
    for _ in range(5):
        found = page.evaluate(SEARCH)
        taken.append(found["after"])
        answers.append(found["answers"])
        until = time.monotonic() + 10
        while (
            time.monotonic() < until
            and page.locator("[data-testid=message-search-progress][data-state=looking]").count()
        ):
            page.wait_for_timeout(50)
        page.get_by_test_id("message-search-toggle").click()
        page.get_by_test_id("message-search-toggle").click()
        page.get_by_test_id("message-search-input").fill("entrega")
    return [
        Figure(
            "first hits shown after the first answer",
            statistics.median(taken),
            "ms",
            SHOWN_BUDGET_MS,
        ),
        Figure("  answers until then", max(answers), "", 1),
    ]
