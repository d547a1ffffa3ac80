"""What the agent's page and the phone's page show of one conversation, and that they agree."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page

from tests.e2e.waiting import until

Json = dict[str, Any]
# Scrolls from the top to the end, as far as is loaded; of each message what is drawn, in order.
ON_THE_DESK = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const place = document.querySelector("[data-index]")?.parentElement;
  if (!place) return [];
  const scroller = place.parentElement;
  const found = new Map();
  const read = (line) => {
    const one = line.querySelector("[data-testid=message], [data-testid=system-line]");
    if (!one) return;
    const all = (name) => [...one.querySelectorAll(`[data-testid=${name}]`)];
    const pictures = [...one.querySelectorAll("img")];
    found.set(Number(line.dataset.index), {
      kind: one.dataset.kind ?? one.dataset.code ?? "system",
      author: one.dataset.author ?? "system",
      internal: one.dataset.internal === "true",
      status: one.dataset.status ?? "",
      has: [...one.querySelectorAll("[data-testid]")].map((part) => part.dataset.testid),
      words: [one.innerText, ...[...one.querySelectorAll("[aria-label]")]
        .map((part) => part.ariaLabel)].join(" "),
      text: all("message-text").map((part) => part.innerText),
      reactions: all("reaction").map((part) => part.innerText),
      broken: pictures.filter((part) => !part.complete || part.naturalWidth === 0).length,
    });
  };
  for (let top = 0; ; top += scroller.clientHeight / 2) {
    scroller.scrollTop = top;
    await frame();
    await frame();
    const loading = [...place.querySelectorAll("img")].filter((part) => !part.complete);
    await Promise.race([Promise.all(loading.map((part) => part.decode().catch(() => null))),
      new Promise((done) => setTimeout(done, 1000))]);
    for (const line of place.querySelectorAll("[data-index]")) read(line);
    if (top + scroller.clientHeight >= scroller.scrollHeight) break;
  }
  return [...found].sort(([one], [other]) => one - other).map(([, one]) => one);
}"""
ON_THE_PHONE = """(phone) => [...phone.querySelectorAll("[data-testid=phone-message]")]
  .map((one) => ({
    kind: one.dataset.kind,
    ours: one.classList.contains("theirs"),
    has: [...one.querySelectorAll("[data-testid]")].map((part) =>
      part.dataset.testid === "phone-file-shown" ? part.dataset.kind : part.dataset.testid),
    words: one.parentElement.innerText,
    text: [...one.querySelectorAll(".words:not(.gone)")].map((part) => part.innerText),
    gone: one.querySelector(".gone") !== null,
    reactions: (one.querySelector("[data-testid=phone-reaction]")?.innerText ?? "").split(" "),
    broken: [...one.querySelectorAll("img")].filter((part) => {
      part.loading = "eager";
      return !part.complete || part.naturalWidth === 0;
    }).length,
  }))"""
# What either page calls the parts of a message.
PARTS = {
    "picture": "image", "image": "image", "sticker": "sticker", "player": "audio",
    "audio": "audio", "video": "video", "document": "document", "place": "location",
    "phone-location": "location", "contact-card": "card", "phone-card": "card", "order": "order",
    "phone-order": "order", "shared": "link", "phone-link": "link", "story": "story",
    "phone-story": "story", "referral": "referral", "phone-referral": "referral",
    "quote": "quote", "phone-quote": "quote", "file-pending": "pending",
    "file-gone": "nothing", "file-failed": "nothing",
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """One message on one of the screens."""

    ours: bool
    kind: str
    author: str
    status: str
    internal: bool
    has: tuple[str, ...]
    text: str
    words: str
    reactions: tuple[str, ...]
    broken: int

    @property
    def parts(self) -> tuple[str, ...]:
        """What it consists of beside words, in terms that both screens share."""
        return tuple(sorted(PARTS[one] for one in self.has if one in PARTS))


def on_the_desk(page: Page) -> list[Shown]:
    """The open conversation from the top, as far as it is loaded, system lines among it."""
    return [
        _shown(
            one,
            ours=one["author"] in ("agent", "device"),
            has=["file-failed"] if one["kind"] == "unsupported" else [],
        )
        for one in page.evaluate(ON_THE_DESK)
    ]


def on_the_phone(phone: Locator) -> list[Shown]:
    """The open conversation from the top."""
    return [
        _shown(
            one,
            ours=one["ours"],
            has=["deleted"] if one["kind"] == "deleted" else ["file-gone"] if one["gone"] else [],
        )
        for one in phone.evaluate(ON_THE_PHONE)
    ]


def _shown(one: Json, *, ours: bool, has: list[str]) -> Shown:
    return Shown(
        ours=ours,
        kind=one["kind"],
        author=one.get("author", ""),
        status=one.get("status", ""),
        internal=one.get("internal", False),
        has=(*one["has"], *has),
        text=" ".join(" ".join(one["text"]).split()),
        words=" ".join(one["words"].split()),
        reactions=tuple(sorted(filter(None, (given.strip() for given in one["reactions"])))),
        broken=one["broken"],
    )


def agree(desk: Page, phone: Locator, seconds: float = 60) -> list[tuple[Shown, Shown]]:
    """The messages of both screens side by side, once both show the same ones in the same order.

    The same: who wrote it, what it consists of, its text, the reactions to it, or that it was taken
    back. Internal messages and system lines are the desk's alone.
    """

    def look() -> list[tuple[Shown, Shown]]:
        here = [one for one in on_the_desk(desk) if one.author != "system" and not one.internal]
        there = on_the_phone(phone)
        for number, (one, other) in enumerate(zip(here, there, strict=False)):
            differ = differences(one, other)
            assert not differ, f"message {number} differs in {differ}:\n{one}\n{other}"
        assert len(here) == len(there), (here[len(there) :], there[len(here) :])
        return list(zip(here, there, strict=True))

    return until(look, "both screens show the same", seconds)


def differences(desk: Shown, phone: Shown) -> list[str]:
    """In what the two differ, if they are of one message."""
    return [
        name
        for name, same in (
            ("author", desk.ours == phone.ours),
            ("deletion", ("deleted" in desk.has) == ("deleted" in phone.has)),
            ("parts", desk.parts == phone.parts),
            ("text on the desk", desk.text in phone.words),
            ("text on the phone", phone.text in desk.words),
            ("reactions", desk.reactions == phone.reactions),
            ("pictures", desk.broken == phone.broken == 0),
        )
        if not same
    ]
