"""Web Push out: what a device reads, and what its service may answer."""

import base64
import json
import logging
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from chalicelib.domain.push import SERVICES, Subscription
from chalicelib.gateways.push import LONGEST_PAYLOAD, Outcome, Push, State
from tests.builders import NOON
from tests.pushes import ORIGIN, PushServices

KEY = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"  # of RFC 8291's example, with its public half
PUBLIC = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
OTHER_KEY = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
SUBJECT = "https://agencia.exemplo.com.br"
HOSTS = " ".join([ORIGIN, *SERVICES])
TOKEN = "dGVzdC1hcy1nb29kLWFzLWEta2V5"
TEXT = "um segredo entre nós"
A_DAY = timedelta(days=1)
# A browser's keys, as RFC 8291 shows them.
FCM = Subscription(
    f"https://fcm.googleapis.com/fcm/send/{TOKEN}",
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "BTBZMqHH6r4Tts7J_aSIgg",
)


def answering(answer, key=KEY):
    def respond(request):
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    return Push(lambda: key, SUBJECT, HOSTS, httpx.MockTransport(respond))


def send(push, subscription=FCM, payload=b"{}", topic="chat", ttl=A_DAY):
    return push.send(subscription, payload, topic=topic, ttl=ttl, now=NOON)


@pytest.fixture
def services():
    return PushServices()


def subscribed(services, key=PUBLIC):
    device = services.device(application_server_key=key)
    return device, Subscription(device["endpoint"], device["p256dh"], device["auth"])


def over(services, key=KEY):
    return Push(lambda: key, SUBJECT, HOSTS, services.transport)


def test_the_device_reads_what_was_sent(services):
    """NOTIF-4 RFC 8291"""
    device, subscription = subscribed(services)
    push = over(services)
    assert push.public_key() == PUBLIC
    payload = json.dumps({"name": "Zoë 😀"}, ensure_ascii=False)
    assert send(push, subscription, payload.encode(), "a-_9") == Outcome(State.SENT)
    (message,) = services.messages(device)
    assert message["payload"] == payload
    assert (message["error"], message["topic"], message["ttl"]) == (None, "a-_9", 86_400)
    assert message["urgency"] == "high"


@pytest.mark.parametrize("length", [1, 2_999, LONGEST_PAYLOAD])
def test_whatever_its_length(services, length):
    device, subscription = subscribed(services)
    assert send(over(services), subscription, b"x" * length).state == State.SENT
    assert services.messages(device)[0]["payload"] == "x" * length


def test_one_of_a_topic_takes_the_place_of_the_one_before(services):
    """NOTIF-4"""
    device, subscription = subscribed(services)
    push = over(services)
    for payload, topic in ((b"1", "ana"), (b"2", "rui"), (b"3", "ana")):
        send(push, subscription, payload, topic)
    assert [one["payload"] for one in services.messages(device)] == ["2", "3"]


def test_nobody_elses_key_is_taken(services):
    """RFC 8292 §4.2"""
    device, subscription = subscribed(services)
    assert send(over(services, OTHER_KEY), subscription) == Outcome(State.REFUSED)
    assert services.messages(device) == []


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("gone", Outcome(State.GONE)),
        ("down", Outcome(State.LATER)),
        ("limited", Outcome(State.LATER, timedelta(seconds=2))),
        ("on", Outcome(State.SENT)),
    ],
)
def test_what_the_service_does_is_what_becomes_of_it(services, state, outcome):
    """NOTIF-4"""
    device, subscription = subscribed(services)
    services.state(device, state=state)
    assert send(over(services), subscription) == outcome
    assert len(services.messages(device)) == (state == "on")


def test_who_unsubscribed_is_gone(services):
    """NOTIF-4"""
    device, subscription = subscribed(services)
    services.http.delete(f"/devices/{device['id']}")
    assert send(over(services), subscription) == Outcome(State.GONE)


SECONDS = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (httpx.Response(201), Outcome(State.SENT)),
        (httpx.Response(200), Outcome(State.SENT)),
        (httpx.Response(202, content=b"x" * 1_000_000), Outcome(State.SENT)),
        (httpx.Response(404), Outcome(State.GONE)),
        (httpx.Response(410, json={"reason": "Unregistered"}), Outcome(State.GONE)),
        (httpx.Response(400), Outcome(State.REFUSED)),
        (httpx.Response(401), Outcome(State.REFUSED)),
        (httpx.Response(403, json={"reason": "BadJwtToken"}), Outcome(State.REFUSED)),
        (httpx.Response(403, content=b"[" * 100_000), Outcome(State.REFUSED)),
        (httpx.Response(403, json=["x"]), Outcome(State.REFUSED)),
        (httpx.Response(413), Outcome(State.REFUSED)),
        (httpx.Response(301, headers={"location": "https://x.test"}), Outcome(State.REFUSED)),
        (httpx.Response(500), Outcome(State.LATER)),
        (httpx.Response(502, html="<html>"), Outcome(State.LATER)),
        (httpx.Response(429), Outcome(State.LATER)),
        (httpx.Response(429, headers={"retry-after": "30"}), Outcome(State.LATER, 30 * SECONDS)),
        (httpx.Response(503, headers={"retry-after": " 5 "}), Outcome(State.LATER, 5 * SECONDS)),
        (httpx.Response(503, headers={"retry-after": "999999999"}), Outcome(State.LATER, A_DAY)),
        (httpx.Response(503, headers={"retry-after": "-5"}), Outcome(State.LATER)),
        (httpx.Response(503, headers={"retry-after": "soon"}), Outcome(State.LATER)),
        (httpx.Response(503, headers={"retry-after": "9" * 5000}), Outcome(State.LATER)),
        (httpx.ConnectError("no"), Outcome(State.LATER)),
        (httpx.ConnectTimeout("no"), Outcome(State.LATER)),
        (httpx.ReadTimeout("no"), Outcome(State.LATER)),
        (httpx.RemoteProtocolError("cut"), Outcome(State.LATER)),
    ],
)
def test_every_answer_has_its_outcome(answer, outcome):
    """NOTIF-4"""
    assert send(answering(answer)) == outcome


@pytest.mark.parametrize(
    ("away", "after"), [(90, 90 * SECONDS), (-90, timedelta(0)), (90 * 86_400, A_DAY)]
)
def test_a_service_may_say_a_date(away, after):
    """RFC 9110 §10.2.3"""
    date = (NOON + away * SECONDS).strftime("%a, %d %b %Y %H:%M:%S GMT")
    answer = httpx.Response(503, headers={"retry-after": date})
    assert send(answering(answer)) == Outcome(State.LATER, after)


def test_an_answer_that_is_cut_counts():
    class Cut(httpx.SyncByteStream):
        def __iter__(self):
            yield b"x"
            raise httpx.ReadError("cut")

    assert send(answering(httpx.Response(410, stream=Cut()))) == Outcome(State.GONE)


def test_a_long_answer_is_left():
    class Long(httpx.SyncByteStream):
        def __iter__(self):
            yield from [b"x" * 1_000] * 10
            raise AssertionError("read on")

    assert send(answering(httpx.Response(201, stream=Long()))) == Outcome(State.SENT)


def requested(subscription=FCM, **given):
    seen = []

    def remember(request):
        seen.append(request)
        return httpx.Response(201)

    send(answering(remember), subscription, **given)
    return seen[0]


def test_it_is_signed_for_one_service_and_half_a_day():
    """RFC 8292"""
    request = requested()
    scheme, _, told = request.headers["authorization"].partition(" ")
    parts = dict(one.split("=", 1) for one in told.split(","))
    assert (scheme, parts.keys(), parts["k"]) == ("vapid", {"t", "k"}, PUBLIC)
    raw = base64.urlsafe_b64decode(PUBLIC + "=")
    x, y = (base64.urlsafe_b64encode(one).decode().rstrip("=") for one in (raw[1:33], raw[33:]))
    key = ECKey.import_key({"kty": "EC", "crv": "P-256", "x": x, "y": y})
    assert jwt.decode(parts["t"], key, algorithms=["ES256"]).claims == {
        "aud": "https://fcm.googleapis.com",
        "exp": int((NOON + timedelta(hours=12)).timestamp()),
        "sub": SUBJECT,
    }


@pytest.mark.parametrize(("ttl", "told"), [(A_DAY, "86400"), (-A_DAY, "0"), (1.9 * SECONDS, "1")])
def test_headers_are_those_of_the_standard(ttl, told):
    """NOTIF-9 RFC 8030 §5"""
    request = requested(ttl=ttl)
    assert request.method == "POST"
    assert str(request.url) == FCM.endpoint
    names = ("content-encoding", "topic", "ttl", "urgency")
    assert [request.headers[name] for name in names] == ["aes128gcm", "chat", told, "high"]
    assert request.extensions["timeout"] == {"connect": 2, "read": 5, "write": 5, "pool": 2}


def test_no_two_pushes_are_encrypted_alike():
    """RFC 8291 §3.1"""
    one, other = requested().content, requested().content
    assert one[:16] != other[:16]  # the salt
    assert one[21:86] != other[21:86]  # the key
    assert TEXT.encode() not in requested(payload=TEXT.encode()).content


@pytest.mark.parametrize(
    ("payload", "topic"),
    [
        (b"x" * (LONGEST_PAYLOAD + 1), "chat"),
        (b"", "chat"),
        (b"{}", ""),
        (b"{}", "x" * 33),
        (b"{}", "a/b"),
        (b"{}", "ã"),
        (b"{}", "chat\n"),
    ],
)
def test_what_no_service_takes_is_a_fault_of_ours(payload, topic):
    with pytest.raises(ValueError, match=r"payload|topic"):
        send(answering(AssertionError("called")), payload=payload, topic=topic)


@pytest.mark.parametrize(
    "endpoint",
    ["https://evil.test/x", "http://127.0.0.1:9/x", "https://169.254.169.254/", "", "\ud800"],
)
def test_whoever_is_no_push_service_is_never_called(endpoint):
    """DESIGN §9"""
    push = answering(AssertionError("called"))
    assert not push.accepts(endpoint)
    assert send(push, Subscription(endpoint, FCM.p256dh, FCM.auth)) == Outcome(State.REFUSED)
    assert push.accepts(FCM.endpoint)


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", FCM.auth),
        (FCM.p256dh[:-4], FCM.auth),
        ("B" + "A" * 86, FCM.auth),
        ("ç", FCM.auth),
        ("\ud800", FCM.auth),
        (FCM.p256dh, ""),
        (FCM.p256dh, FCM.auth[:-2]),
        (FCM.p256dh, "*"),
    ],
)
def test_keys_that_no_browser_made_are_refused_unused(p256dh, auth):
    push = answering(AssertionError("called"))
    assert send(push, Subscription(FCM.endpoint, p256dh, auth)) == Outcome(State.REFUSED)


def test_no_redirect_is_followed():
    """DESIGN §9"""
    hosts = []

    def redirect(request):
        hosts.append(request.url.host)
        return httpx.Response(307, headers={"location": "https://evil.test/"})

    assert send(answering(redirect)) == Outcome(State.REFUSED)
    assert hosts == ["fcm.googleapis.com"]


class Service(BaseHTTPRequestHandler):
    """Takes every push. `came_from` is who connected, for each."""

    protocol_version = "HTTP/1.1"
    came_from: ClassVar[list[object]] = []

    def do_POST(self):
        self.came_from.append(self.client_address)
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(201)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def test_a_connection_serves_several_pushes_and_no_proxy_comes_between(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        origin = f"http://127.0.0.1:{server.server_port}"
        push = Push(lambda: KEY, SUBJECT, origin)
        subscription = Subscription(f"{origin}/push/x", FCM.p256dh, FCM.auth)
        outcomes = [send(push, subscription) for _ in range(3)]
        server.shutdown()
    assert outcomes == [Outcome(State.SENT)] * 3
    assert len(Service.came_from) == 3
    assert len(set(Service.came_from)) == 1


def test_the_key_is_asked_for_once_and_not_before_it_is_needed():
    asked = []

    def key():
        asked.append(1)
        return KEY

    push = Push(key, SUBJECT, HOSTS, httpx.MockTransport(lambda _: httpx.Response(201)))
    assert asked == []
    push.public_key()
    send(push)
    send(push)
    assert asked == [1]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(201, text=TOKEN),
        httpx.Response(403, json={"reason": "BadJwtToken", "message": FCM.endpoint}),
        httpx.Response(400, json={"reason": FCM.endpoint, "error": TEXT}),
        httpx.Response(400, json={"error": TEXT}),
        httpx.Response(400, html=f"<html>{TOKEN}</html>"),
        httpx.Response(307, headers={"location": FCM.endpoint}),
        httpx.Response(503, text=TOKEN),
        httpx.ConnectError(f"{FCM.endpoint} {TEXT}"),
    ],
)
def test_nothing_secret_gets_out(answer, caplog):
    """OPS-3"""
    caplog.set_level(logging.DEBUG)
    push = answering(answer)
    outcome = send(push, payload=TEXT.encode())
    shown = str([vars(one) for one in caplog.records]) + caplog.text + repr((push, FCM, outcome))
    for secret in (TOKEN, TEXT, KEY, FCM.auth, FCM.p256dh):
        assert secret not in shown


def test_a_refusal_is_told_to_the_operator(caplog):
    """OPS-3"""
    send(answering(httpx.Response(403, json={"reason": "BadJwtToken"})))
    (line,) = caplog.records
    assert line.levelname == "WARNING"
    told = vars(line)
    assert (told["host"], told["status"], told["reason"]) == (
        "https://fcm.googleapis.com",
        403,
        "BadJwtToken",
    )
