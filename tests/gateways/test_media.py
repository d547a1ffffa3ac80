"""Files at Meta: whom the token is shown to, and what of what comes is believed."""

import base64
import socket
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import httpx
import pytest

from chalicelib.domain.delivery import Refused
from chalicelib.domain.media import LARGEST
from chalicelib.gateways.meta import media
from chalicelib.gateways.meta.graph import Graph
from chalicelib.gateways.meta.media import Found, NotFetched, Patience, download, may_fetch, resolve

TOKEN = "EAAsecretTOKEN0123456789"
OWN = ("https://graph.facebook.com", "https://graph.instagram.com")
LOOKASIDE = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&hash=a"
CDN = "https://scontent.xx.fbcdn.net/v/t1/photo.jpg"
BYTES = b"a picture, let us say" * 50


def fetched(answer, url=LOOKASIDE, *, own=OWN, token=TOKEN, **told):
    """The bytes, and every request that went out for them."""
    seen, into = [], BytesIO()

    def respond(request):
        seen.append(request)
        return answer(request) if callable(answer) else answer

    told = {"patience": Patience(), **told}
    taken = download(
        url, into, own=own, token=token, transport=httpx.MockTransport(respond), **told
    )
    assert taken.length == len(into.getvalue())
    return into.getvalue(), seen


def stream(body, **headers):
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(200, stream=httpx.ByteStream(body), headers=given)


def problem(answer, url=LOOKASIDE, **given):
    """Why it could not be had, and whether that is for good."""
    with pytest.raises(NotFetched) as caught:
        fetched(answer, url, **given)
    assert TOKEN not in str(caught.value)
    return caught.value.reason, caught.value.for_good


# --- where the token goes ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "may"),
    [
        (LOOKASIDE, True),
        (CDN, True),
        ("https://scontent.cdninstagram.com/v/x.mp4", True),
        ("https://graph.facebook.com/v25.0/1", True),
        ("https://lookaside.fbsbx.com:443/x", True),
        ("https://LOOKASIDE.FBSBX.COM/x", True),
        ("http://lookaside.fbsbx.com/x", False),
        ("https://fbsbx.com.evil.example/x", False),
        ("https://evilfbsbx.com/x", False),
        ("https://evil.example/?lookaside.fbsbx.com", False),
        ("https://lookaside.fbsbx.com@evil.example/x", False),
        ("https://user:secret@lookaside.fbsbx.com/x", False),
        ("https://lookaside.fbsbx.com\\@evil.example/x", False),
        ("https://169.254.169.254/latest/meta-data", False),
        ("http://169.254.170.2/credentials", False),
        ("http://localhost/x", False),
        ("https://127.0.0.1/x", False),
        ("file:///etc/passwd", False),
        ("ftp://lookaside.fbsbx.com/x", False),
        ("//lookaside.fbsbx.com/x", False),
        ("https://lookaside.fbsbx.com:99999999/x", False),
        ("https://[::1", False),
        ("https://", False),
        ("", False),
    ],
)
def test_only_addresses_of_meta_are_fetched(url, may):
    """INB-6 DESIGN 9"""
    assert may_fetch(url, OWN) is may
    if not may:
        assert problem(stream(BYTES), url) == ("refused", True)


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("http://127.0.0.1:8401/whatsapp_business/attachments/?mid=1", True),
        ("http://127.0.0.1:8402/x", False),
        ("https://127.0.0.1:8401/x", False),
        ("http://localhost:8401/x", False),
    ],
)
def test_on_the_embedded_stack_the_simulator_is_meta_and_no_neighbour_of_it(url, may):
    """INB-6"""
    assert may_fetch(url, ("http://127.0.0.1:8401", "http://127.0.0.1:8401")) is may


def test_the_token_and_a_name_go_to_the_first_address():
    """INB-6: many report 4xx without a User-Agent."""
    found, (request,) = fetched(stream(BYTES))
    assert found == BYTES
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["user-agent"] == "Atendente"
    assert request.headers["accept-encoding"] == "identity"


def test_what_needs_no_token_is_asked_for_without_one():
    """INB-6"""
    _, (request,) = fetched(stream(BYTES), CDN, token=None)
    assert "authorization" not in request.headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_carries_the_token_on(status):
    """INB-6: neither to another host nor back to the same one."""
    back = LOOKASIDE + "&again=1"

    def answer(request):
        if str(request.url) == LOOKASIDE:
            return httpx.Response(status, headers={"location": CDN})
        if str(request.url) == CDN:
            return httpx.Response(status, headers={"location": back})
        return stream(BYTES)

    found, requests = fetched(answer)
    assert found == BYTES
    assert [str(one.url) for one in requests] == [LOOKASIDE, CDN, back]
    assert ["authorization" in one.headers for one in requests] == [True, False, False]


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/x",
        "http://lookaside.fbsbx.com/x",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "//evil.example/x",
    ],
)
def test_a_redirect_away_from_meta_is_not_followed(location):
    """INB-6 DESIGN 9"""
    seen = []

    def answer(request):
        seen.append(str(request.url))
        return httpx.Response(302, headers={"location": location})

    assert problem(answer) == ("refused", True)
    assert seen == [LOOKASIDE]


@pytest.mark.parametrize("location", ["https://[", "https://lookaside.fbsbx.com:x/", "\x00"])
def test_a_redirect_to_what_is_no_address_ends_the_try(location):
    """INB-6"""
    assert problem(httpx.Response(302, headers={"location": location}))[0] in (
        "refused",
        "unreachable",
    )


@pytest.mark.parametrize("headers", [{}, {"location": ""}, {"location": "/round/and/round"}])
def test_redirects_come_to_an_end(headers):
    """INB-6"""
    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(302, headers=headers)

    assert problem(answer) == ("refused", True)
    assert len(seen) == 4


# --- what comes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "reason", "token"),
    [
        (401, "refused", True),
        (403, "refused", True),
        (404, "gone", False),
        (410, "gone", False),
        (400, "unreachable", False),
        (206, "unreachable", False),
        (204, "unreachable", False),
        (429, "unreachable", False),
        (500, "unreachable", False),
        (503, "unreachable", False),
    ],
)
def test_what_an_answer_means(status, reason, token):
    """INB-6: none of them is for good."""
    with pytest.raises(NotFetched) as caught:
        fetched(httpx.Response(status, content=b"x"))
    told = caught.value
    assert (told.reason, told.token, told.for_good) == (reason, token, False)


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("no"),
        httpx.ConnectTimeout("no"),
        httpx.ReadTimeout("no"),
        httpx.ReadError("cut"),
        httpx.RemoteProtocolError("peer closed connection"),
    ],
)
def test_a_connection_that_fails_is_tried_again_later(error):
    """INB-6"""

    def answer(request):
        raise error

    assert problem(answer) == ("unreachable", False)


@pytest.mark.parametrize(
    ("answer", "told", "outcome"),
    [
        (stream(BYTES), {"size": len(BYTES)}, None),
        (stream(BYTES), {"size": None}, None),
        (stream(BYTES, content_length=str(len(BYTES))), {}, None),
        (stream(BYTES, content_length=str(len(BYTES) + 1)), {}, "mismatch"),
        (stream(BYTES[:-1]), {"size": len(BYTES)}, "mismatch"),
        (stream(BYTES + b"."), {"size": len(BYTES)}, "mismatch"),
        (stream(BYTES), {"digest": sha256(b"another").hexdigest()}, "mismatch"),
        (stream(b""), {}, "mismatch"),
        (stream(BYTES, content_length="many"), {}, None),
    ],
)
def test_what_is_cut_or_changed_on_the_way_is_not_taken(answer, told, outcome):
    """INB-6: it is fetched again."""
    if outcome is None:
        assert fetched(answer, **told)[0] == BYTES
    else:
        assert problem(answer, **told) == (outcome, False)


class Endless(httpx.SyncByteStream):
    """Bytes without end, counted."""

    def __init__(self, limit):
        self.given, self.limit = 0, limit

    def __iter__(self):
        while self.given < self.limit:
            self.given += 1 << 20
            yield bytes(1 << 20)


def test_what_meta_says_is_too_large_is_not_asked_for():
    """INB-6"""
    seen = []

    def answer(request):
        seen.append(request)
        return stream(BYTES)

    assert problem(answer, size=LARGEST + 1) == ("too_large", True)
    assert seen == []


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_an_address_without_a_token_that_is_refused_has_run_out(status):
    """INB-6: Messenger's addresses are keys of their own."""
    with pytest.raises(NotFetched) as caught:
        fetched(httpx.Response(status, content=b"x"), CDN, token=None)
    told = caught.value
    assert (told.reason, told.token, told.for_good) == ("gone", False, False)


def test_a_hundred_megabytes_are_taken_and_one_byte_more_is_not(monkeypatch):
    """INB-6: announced, or found out on the way; the rest is not read."""
    assert LARGEST == 100 * 1024 * 1024
    announced = stream(b"x", content_length=str(LARGEST + 1))
    assert problem(announced) == ("too_large", True)
    endless = Endless(10 * LARGEST)
    monkeypatch.setattr(media, "LARGEST", 3 << 20)
    assert problem(httpx.Response(200, stream=endless)) == ("too_large", True)
    assert endless.given == 4 << 20
    whole = httpx.Response(200, stream=Endless(3 << 20))
    assert len(fetched(whole)[0]) == 3 << 20


def test_a_download_that_takes_for_ever_is_given_up():
    """INB-6"""
    assert problem(stream(BYTES), patience=Patience(timedelta(0))) == ("unreachable", False)


@contextmanager
def server(*parts, pause=0.0):
    """A server of one connection that says these bytes, with pauses, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                for part in parts:
                    try:
                        connection.sendall(part)
                    except OSError:
                        return
                    time.sleep(pause)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def real(origin, patience=None):
    into = BytesIO()
    with pytest.raises(NotFetched) as caught:
        download(f"{origin}/x", into, own=(origin,), token=TOKEN, patience=patience or Patience())
    return caught.value.reason, caught.value.for_good


def test_a_body_that_ends_early_is_noticed():
    """INB-6: over a real connection."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
    with server(head, b"x" * 99) as origin:
        assert real(origin) == ("unreachable", False)
    with server(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"5\r\nabcde\r\n"
    ) as origin:
        assert real(origin) == ("unreachable", False)


def test_bytes_that_trickle_do_not_hold_the_worker():
    """INB-6: over a real connection; every byte is a sign of life, and yet it ends."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
    began = time.monotonic()
    with server(head, *[b"x"] * 90, pause=0.05) as origin:
        assert real(origin, Patience(timedelta(seconds=0.3))) == ("unreachable", False)
    assert time.monotonic() - began < 3


def test_a_silent_server_does_not_hold_the_worker(monkeypatch):
    """INB-6"""
    monkeypatch.setattr(media, "SILENCE_SECONDS", 0.2)
    with server(b"HTTP/1.1 200 OK\r\n", b"", pause=2) as origin:
        assert real(origin) == ("unreachable", False)


# --- digests ----------------------------------------------------------------------------------

DIGEST = sha256(b"\xfb\xff").digest()
OTHER = sha256(b"x").digest()


@pytest.mark.parametrize(
    ("told", "same"),
    [
        (DIGEST.hex(), True),
        (DIGEST.hex().upper(), True),
        (base64.b64encode(DIGEST).decode(), True),
        (base64.b64encode(DIGEST).decode().rstrip("="), True),
        (base64.urlsafe_b64encode(DIGEST).decode(), True),
        (base64.urlsafe_b64encode(DIGEST).decode().rstrip("="), True),
        (f" {DIGEST.hex()}\n", True),
        (OTHER.hex(), False),
        (base64.b64encode(OTHER).decode(), False),
        (base64.urlsafe_b64encode(OTHER).decode().rstrip("="), False),
        ("", True),  # in no form that anybody knows: it says nothing
        ("sha256", True),
        ("x" * 64, True),
        ("né", True),
    ],
)
def test_a_digest_is_read_in_every_form_in_which_meta_writes_it(told, same):
    """INB-6 META.md §5"""
    assert media.same_digest(told, DIGEST) is same


# --- asking where a file is -------------------------------------------------------------------


def resolved(body, status=200):
    seen = []

    def respond(request):
        seen.append(request)
        return httpx.Response(status, json=body)

    graph = Graph(
        "https://graph.facebook.com", "v25.0", TOKEN, transport=httpx.MockTransport(respond)
    )
    return resolve(graph, "13/../4?x", "106"), seen


def test_a_file_is_asked_for_by_its_id_and_our_number():
    """META.md §5"""
    told = {
        "messaging_product": "whatsapp",
        "url": LOOKASIDE,
        "mime_type": "image/jpeg",
        "sha256": "abc",
        "file_size": "1050",
        "id": "13",
    }
    found, (request,) = resolved(told)
    assert str(request.url) == (
        "https://graph.facebook.com/v25.0/13%2F..%2F4%3Fx?phone_number_id=106"
    )
    assert found == Found(LOOKASIDE, "image/jpeg", 1050, "abc")


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"url": None, "mime_type": 7, "sha256": [], "file_size": "large"},
        {"url": ["https://lookaside.fbsbx.com"], "file_size": -1},
        {"file_size": True},
        {"file_size": 1.5},
    ],
)
def test_what_meta_does_not_tell_is_not_guessed(told):
    """META.md §5"""
    found, _ = resolved(told)
    assert (found.url, found.mime_type, found.digest) == ("", None, None)
    assert found.size is None


def test_a_file_that_is_gone_is_refused():
    """META.md §5"""
    error = {"error": {"message": "(#100) no object", "code": 100, "error_subcode": 33}}
    with pytest.raises(Refused):
        resolved(error, 400)
