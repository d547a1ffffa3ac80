"""One fresh stack for the session, agents who use it, and a browser."""

import itertools
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from infra.deploy import make_user
from infra.package import ROOT
from local.stack import CHANNEL, Stack, running
from local.users import PASSWORD
from tests.e2e.agent import Agent
from tests.e2e.pages import DeskPage
from tests.e2e.phones import Phones
from tests.e2e.waiting import at_once

SCREENSHOTS = ROOT / ".local" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=PreloadTopChromeWebUI",
]
PATIENCE_MS = 20_000  # the first page waits until its functions have started
SCREEN = {"width": 1440, "height": 900}
MEMORY_NEEDED = 6_000_000_000  # bytes, for 100 functions at the same time


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--stack`: whether the emulator enforces the functions' roles."""
    parser.addoption(
        "--stack",
        choices=["open", "auth"],
        default="auth",
        help="auth: the functions' roles are enforced, as on AWS; open: nothing is",
    )


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    """A stack of its own, seeded, on free ports, gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="atendente-", dir=roomy_memory()) as home,
        running(home=Path(home), auth=request.config.getoption("--stack") == "auth") as one,
    ):
        yield one


def roomy_memory() -> str | None:
    """A folder in memory if there is one of that size: the emulator unpacks the desk's 3,000 files
    for every function that starts, which takes a disk two seconds, one after the other."""
    memory = Path("/dev/shm")
    if memory.is_dir() and shutil.disk_usage(memory).free > MEMORY_NEEDED:
        return str(memory)
    return None


@pytest.fixture(scope="session")
def every_phone(stack: Stack) -> Phones:
    """The simulator, as long as its stack."""
    return Phones(
        stack.simulator, f"{stack.api}/webhooks/whatsapp", stack.app_secret, dict(CHANNEL)
    )


@pytest.fixture
def phones(every_phone: Phones) -> Iterator[Phones]:
    """The simulator; what it did wrong for one test it does right for the next."""
    yield every_phone
    every_phone.misbehave(reset=True)


@pytest.fixture(scope="session")
def signed_in(stack: Stack) -> Callable[[str], Agent]:
    """The agent with that e-mail, signed in."""

    def sign_in(email: str) -> Agent:
        return Agent(stack.api, stack.web, stack.token(email), email)

    return sign_in


@pytest.fixture(scope="session")
def ana(signed_in: Callable[[str], Agent]) -> Agent:
    """She may do everything."""
    return signed_in("ana@example.com")


@pytest.fixture(scope="session")
def bruno(signed_in: Callable[[str], Agent]) -> Agent:
    """He has the four tabs."""
    return signed_in("bruno@example.com")


@pytest.fixture(scope="session")
def davi(signed_in: Callable[[str], Agent]) -> Agent:
    """He sees only the chats that he holds."""
    return signed_in("davi@example.com")


@pytest.fixture(scope="session")
def hire(stack: Stack) -> Callable[..., list[Agent]]:
    """So many agents more, signed in, with the four tabs each, or with every permission."""
    numbers = itertools.count(1)

    def made(number: int) -> dict[str, str]:
        email, name = f"agente-{number:02}@example.com", f"Agente {number:02}"
        sub = make_user(stack.place, stack.outputs["UserPoolId"], email, name, PASSWORD)
        return {"sub": sub, "email": email, "name": name}

    def hired(count: int, *, everything: bool = False) -> list[Agent]:
        stack.token("ana@example.com")  # makes the client that all of them sign in by
        logins = at_once(made, list(itertools.islice(numbers, count)), 4)
        subprocess.run(
            [sys.executable, "-m", "tests.e2e.hire"],
            cwd=ROOT,
            env=stack.environment(),
            input=json.dumps([{**one, "everything": everything} for one in logins]),
            text=True,
            check=True,
        )
        tokens = at_once(lambda one: stack.token(one["email"], PASSWORD), logins, 4)
        return [
            Agent(stack.api, stack.web, token, login["name"])
            for login, token in zip(logins, tokens, strict=True)
        ]

    return hired


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=CHROMIUM_OPTIONS, headless=True
        )
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Pages in browsers of their own, as on different computers.

    When the test fails, what they show is kept in .local/screenshots.
    """
    contexts: list[BrowserContext] = []

    def open_page(**facts: Any) -> Page:
        context = browser.new_context(
            **{
                "viewport": SCREEN,
                "locale": "pt-BR",
                "timezone_id": "America/Sao_Paulo",
                # A worker asks past the routes that tests lay; those about it let it in.
                "service_workers": "block",
                **facts,
            }
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        return page

    yield open_page
    failed = getattr(request.node, "failed", False)
    for number, context in enumerate(contexts):
        for page in context.pages if failed else []:
            page.screenshot(path=screenshot(f"failed-{request.node.name}-{number}"))
        context.close()


def entered(browser: Browser, stack: Stack, agent: Agent) -> DeskPage:
    """A page in a browser of its own where that agent has logged in, for a whole file's stories;
    the doors it enters by have started before. Whoever asked for it closes its context."""
    agent.rows(pages=1)
    agent.ticket()
    context = browser.new_context(
        viewport=SCREEN,  # type: ignore[arg-type]
        locale="pt-BR",
        timezone_id="America/Sao_Paulo",
        service_workers="block",
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    desk = DeskPage(page, stack.web)
    desk.log_in(agent.name, PASSWORD)
    return desk


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Let fixtures know, when they end, that their test failed."""
    report = yield
    if report.when == "call":
        item.failed = report.failed  # type: ignore[attr-defined]
    return report


def screenshot(name: str) -> Path:
    """Where the picture of that name goes."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    safe = "".join(one if one.isalnum() or one in "-_" else "-" for one in name)
    return SCREENSHOTS / f"{safe}.png"
