"""Files that go wrong on their way to the product (INB-6)."""

import base64
import hashlib
import json

import httpx
import pytest

from .direct import Direct
from .running import TOKEN

BEARER = {"authorization": f"Bearer {TOKEN}", "user-agent": "test"}
HUGE = 100 * 1024 * 1024 + 1


def told(simulator, **asked):
    """The media object of a WhatsApp picture that the contact sends."""
    before = len(simulator.product.messages())
    simulator.ask("POST", "/contacts/5511987654321/messages", json={"type": "image", **asked})
    simulator.until(lambda: len(simulator.product.messages()) > before)
    return simulator.product.messages()[-1]["image"]


def address(simulator, media):
    return simulator.graph("GET", media["id"]).json()["url"]


def test_a_good_file_is_what_it_says(simulator):
    media = told(simulator)
    described = simulator.graph("GET", media["id"]).json()
    content = simulator.http.get(described["url"], headers=BEARER).content
    assert len(content) == described["file_size"]
    assert hashlib.sha256(content).hexdigest() == described["sha256"]
    assert base64.b64encode(hashlib.sha256(content).digest()).decode() == media["sha256"]


def test_a_missing_file(simulator):
    media = told(simulator, fault="missing")
    assert simulator.http.get(address(simulator, media), headers=BEARER).status_code == 404


def test_a_file_of_another_type(simulator):
    media = told(simulator, fault="wrong_type")
    answer = simulator.http.get(address(simulator, media), headers=BEARER)
    assert media["mime_type"] == "image/jpeg"
    assert answer.headers["content-type"].startswith("text/html")


def test_a_truncated_file(simulator):
    media = told(simulator, fault="truncated")
    with pytest.raises(httpx.RemoteProtocolError):
        simulator.http.get(address(simulator, media), headers=BEARER)


def test_a_wrong_checksum(simulator):
    media = told(simulator, fault="sha_mismatch")
    described = simulator.graph("GET", media["id"]).json()
    content = simulator.http.get(described["url"], headers=BEARER).content
    assert hashlib.sha256(content).hexdigest() != described["sha256"]


def test_an_address_that_expired_is_followed_by_a_good_one(simulator):
    media = told(simulator, fault="expired")
    assert simulator.http.get(address(simulator, media), headers=BEARER).status_code == 404
    assert simulator.http.get(address(simulator, media), headers=BEARER).status_code == 200


def test_a_redirect_leads_to_another_host_which_tells_what_it_was_given(simulator):
    media = told(simulator, fault="redirect")
    answer = simulator.http.get(address(simulator, media), headers=BEARER)
    assert answer.status_code == 302
    assert httpx.URL(answer.headers["location"]).host != simulator.http.base_url.host
    simulator.http.get(f"/elsewhere/{media['id']}", headers=BEARER)
    asked = simulator.ask("GET", "/elsewhere")
    assert asked == [{"path": f"/elsewhere/{media['id']}", "authorization": True}]


@pytest.mark.parametrize(("fault", "announced"), [("huge", True), ("huge_hidden", False)])
def test_one_byte_too_much_is_streamed(simulator, fault, announced):
    media = told(simulator, fault=fault)
    size = simulator.graph("GET", media["id"]).json()["file_size"]
    assert (size == HUGE) is announced
    with simulator.http.stream("GET", address(simulator, media), headers=BEARER) as answer:
        assert ("content-length" in answer.headers) is announced
        assert next(answer.iter_raw())
        if announced:
            assert int(answer.headers["content-length"]) == HUGE


def test_a_slow_file_comes_in_drops(simulator):
    media = told(simulator, fault="slow")
    with (
        pytest.raises(httpx.ReadTimeout),
        simulator.http.stream(
            "GET", address(simulator, media), headers=BEARER, timeout=httpx.Timeout(5, read=0.3)
        ) as answer,
    ):
        answer.read()


def test_a_fault_can_be_of_every_file(simulator):
    media = told(simulator)
    simulator.misbehave(media_fault="missing")
    assert simulator.http.get(address(simulator, media), headers=BEARER).status_code == 404
    simulator.misbehave(media_fault="")
    assert simulator.http.get(address(simulator, media), headers=BEARER).status_code == 200
    assert simulator.http.post("/misbehave", json={"media_fault": "eaten"}).status_code == 400


@pytest.mark.parametrize(
    ("fault", "status"), [("missing", 404), ("expired", 403), ("redirect", 302)]
)
def test_links_of_messenger_and_instagram_go_wrong_too(simulator, fault, status):
    lia = Direct(simulator, "instagram")
    lia.write(type="image", fault=fault)
    url = lia.until("message")[0]["message"]["attachments"][0]["payload"]["url"]
    assert simulator.http.get(url).status_code == status


def test_a_file_of_ones_own_keeps_its_declared_type(simulator):
    sent = simulator.http.post(
        "/contacts/5511987654321/media",
        files={"file": ("a.jpg", b"<script>alert(1)</script>", "image/jpeg")},
        data={"caption": "oi"},
    ).json()
    shown = simulator.thread()[0]["shown"]
    assert (shown["kind"], shown["text"]) == ("image", "oi")
    assert sent["media_id"] in json.dumps(shown["files"])
