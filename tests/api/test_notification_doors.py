"""The doors of the bell, the sound and the phones, with good input and bad."""

import pytest

from tests.api.gateway import ask

DEVICE = {
    "endpoint": "https://push.example/one",
    "p256dh": "B" + "A" * 86,
    "auth": "a" * 22,
    "label": "Chrome no Android",
}
SEEN = {"endpoint": DEVICE["endpoint"], "auth": DEVICE["auth"], "chat_id": "c1"}
NOW = {"endpoint": "https://push.example/two", "p256dh": "C" + "A" * 86, "auth": "b" * 22}
ELSEWHERE = NOW | {"endpoint": "https://evil.test/x"}
RENEWED = {"endpoint": DEVICE["endpoint"], "auth": DEVICE["auth"], "subscription": NOW}
ID = f"1795521600000-{'a' * 16}"

pytestmark = pytest.mark.usefixtures("desk_open")


def devices(who="ana"):
    return ask("GET", "/me/push", agent=who).body


def test_a_phone_comes_and_goes():
    """NOTIF-4"""
    assert devices() == {"public_key": "public-key", "devices": []}
    made = ask("PUT", "/me/push", agent="ana", body=DEVICE)
    assert made.status == 200
    (one,) = devices()["devices"]
    assert (one["device_id"], one["label"]) == (made.body["device_id"], "Chrome no Android")
    assert set(one) == {"device_id", "label", "since"}, "no endpoint, no key"
    gone = ask("POST", "/me/push/remove", agent="ana", body={"device_id": one["device_id"]})
    assert (gone.status, devices()["devices"]) == (200, [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "https://evil.example/one"},
        {"endpoint": "javascript:alert(1)"},
        {"endpoint": "https://push.example/" + "x" * 1000},
        {"p256dh": "B"},
        {"auth": "a b"},
        {"label": ""},
        {"label": "x" * 61},
        {"agent_id": "bruno"},
    ],
)
def test_what_is_no_device_is_refused(wrong):
    """NOTIF-4"""
    answer = ask("PUT", "/me/push", agent="ana", body=DEVICE | wrong)
    assert (answer.status, answer.code) == (400, "invalid")
    assert devices()["devices"] == []


def test_a_service_worker_speaks_without_a_login():
    """NOTIF-4 NOTIF-6"""
    ask("PUT", "/me/push", agent="ana", body=DEVICE)
    assert ask("POST", "/push/seen", claims=None, body=SEEN).body == {"done": True}
    renewed = ask("POST", "/push/renewed", claims=None, body=RENEWED)
    assert renewed.status == 200
    (one,) = devices()["devices"]
    assert one["device_id"] == renewed.body["device_id"]


@pytest.mark.parametrize(
    ("door", "body", "status"),
    [
        ("/push/seen", SEEN | {"auth": "x" * 22}, 404),
        ("/push/seen", SEEN | {"endpoint": "https://push.example/other"}, 404),
        ("/push/seen", {"endpoint": DEVICE["endpoint"]}, 400),
        ("/push/seen", SEEN | {"chat_id": "../x"}, 400),
        ("/push/renewed", RENEWED | {"auth": "x" * 22}, 404),
        (
            "/push/renewed",
            RENEWED | {"subscription": NOW | {"endpoint": "https://evil.test/x"}},
            400,
        ),
        ("/push/renewed", RENEWED | {"subscription": None}, 400),
    ],
)
def test_a_stranger_says_nothing(door, body, status):
    """PERM-2"""
    ask("PUT", "/me/push", agent="ana", body=DEVICE)
    assert ask("POST", door, claims=None, body=body).status == status
    assert len(devices()["devices"]) == 1


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff", b"null"])
@pytest.mark.parametrize("door", ["/push/seen", "/push/renewed"])
def test_what_is_no_json_is_told_so(door, raw):
    """NOTIF-4"""
    answer = ask("POST", door, claims=None, raw=raw)
    assert (answer.status, answer.code) == (400, "invalid")


def test_a_body_that_is_too_long_is_not_read():
    answer = ask("POST", "/push/seen", claims=None, raw=b'{"endpoint": "' + b"x" * 70_000 + b'"}')
    assert (answer.status, answer.code) == (413, "too_large")


def test_an_empty_bell():
    """NOTIF-2"""
    empty = {"entries": [], "newest": None, "muted": False}
    assert ask("GET", "/me/notifications", agent="ana").body == empty
    assert ask("GET", "/me/decisions", agent="ana").body == {"decisions": [], "cursor": None}


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("POST", "/me/notifications/clear", {"through": "x"}),
        ("POST", "/me/notifications/clear", {}),
        ("POST", "/me/notifications/restore", {"ids": [ID] * 101}),
        ("POST", "/me/notifications/restore", {"ids": "all"}),
        ("PUT", "/me/notifications/seen", {"through": None}),
        ("PUT", "/me/sound", {"muted": "no way"}),
        ("GET", "/me/decisions?cursor=x", None),
        ("POST", "/me/push/remove", {"device_id": "x"}),
    ],
)
def test_bad_input_is_told_so(method, url, body):
    """NOTIF-2"""
    more = {} if body is None else {"body": body}
    answer = ask(method, url, agent="ana", **more)
    assert (answer.status, answer.code) == (400, "invalid")


@pytest.mark.parametrize("bell_id", [ID, "nothing", "%20"])
def test_an_entry_that_is_not_there_is_gone_already(bell_id):
    """NOTIF-2: the bin may be clicked on two tabs at once."""
    answer = ask("DELETE", f"/me/notifications/{bell_id}", agent="ana")
    assert answer.status == (404 if bell_id == "%20" else 200)


def test_the_sound_is_off_until_it_is_on_again():
    """NOTIF-1"""
    for muted in (True, True, False):
        assert ask("PUT", "/me/sound", agent="ana", body={"muted": muted}).status == 200
        assert ask("GET", "/me/notifications", agent="ana").body["muted"] is muted
