"""A running simulator for each test, and a product whose answers the test decides."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from local.simulator.__main__ import server
from local.simulator.options import Options
from local.simulator.world import World

from .running import ACCOUNT, NUMBER, SECRET, TOKEN, Clock, Product, Simulator

Start = Callable[..., Simulator]


Start = Callable[..., Simulator]


@pytest.fixture(scope="session")
def product() -> Product:
    """One product for all simulators; `simulator` empties it before each test."""
    return Product()


@pytest.fixture(scope="session")
def started(product: Product) -> Iterator[Simulator]:
    """The one simulator that most tests share, because a start costs more than a test."""
    simulator = begin(product)
    yield simulator
    simulator.stop()


@pytest.fixture
def simulator(started: Simulator, product: Product) -> Simulator:
    """A simulator as if just started."""
    started.until(lambda: started.ask("GET", "/health")["in_flight"] == 0)
    started.ask("POST", "/reset")
    started.clock.ahead = timedelta(0)
    product.forget()
    return started


@pytest.fixture
def start(product: Product) -> Iterator[Start]:
    """Starts simulators of one's own; given the same `state` a second continues the first."""
    running: list[Simulator] = []

    def begin_one(**changes: Any) -> Simulator:
        running.append(begin(product, **changes))
        return running[-1]

    product.forget()
    yield begin_one
    for simulator in running:
        simulator.stop()


def begin(product: Product, **changes: Any) -> Simulator:
    """A simulator on a free port, in a thread of its own."""
    given: dict[str, Any] = {
        "webhook": "http://product.test/webhook", "app_secret": SECRET, "token": TOKEN,
        "verify_token": "verify", "phone_number_id": NUMBER, "waba_id": ACCOUNT,
        "display": "+55 11 4000-1234", "delivered_after": 0.02, "read_after": 0.02,
    }  # fmt: skip
    clock = Clock()
    options = Options(**given | changes)
    world = World(options, clock, transport=httpx.MockTransport(product.answer))
    # asyncio turns Nagle's algorithm off only where the protocol is named: 40 ms per answer.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    uvicorn = server(world, "127.0.0.1", 0)
    thread = threading.Thread(target=lambda: asyncio.run(uvicorn.serve([listening])))
    thread.start()
    host, port = listening.getsockname()
    http = httpx.Client(base_url=f"http://{host}:{port}", trust_env=False, timeout=10)

    def stop() -> None:
        http.close()
        uvicorn.should_exit = True
        thread.join()
        listening.close()

    simulator = Simulator(http, product, clock, stop)
    simulator.until(lambda: uvicorn.started)
    return simulator
