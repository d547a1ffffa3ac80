"""The stand-in for push services and devices: as strict as they, and as unreliable as told."""

import time
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from local.push import MOST_BYTES
from local.push_device import Keys, Undecryptable, derived, from_text, to_text
from tests.pushes import ORIGIN, PushServices

KEY = ECKey.generate_key("P-256", private=True)
# The example of RFC 8291 §5 and its appendix A.
EXAMPLE = Keys.from_text("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94", "BTBZMqHH6r4Tts7J_aSIgg")
EXAMPLE_BODY = from_text(
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
    "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
    "lcy4a-fN"
)


def public(key):
    told = key.as_dict(private=False)
    return to_text(b"\x04" + from_text(told["x"]) + from_text(told["y"]))


def vapid(clock, key=KEY, shown=None, algorithm="ES256", **claims):
    given = {
        "aud": ORIGIN,
        "exp": int((clock() + timedelta(hours=12)).timestamp()),
        "sub": "mailto:ana@exemplo.com.br",
    }
    kept = {name: value for name, value in (given | claims).items() if value is not None}
    signing = OctKey.import_key("0" * 32) if algorithm == "HS256" else key
    token = jwt.encode({"alg": algorithm}, kept, signing)
    return f"vapid t={token}, k={shown or public(key)}"


def push(services, device, body=EXAMPLE_BODY, **headers):
    given = {
        "authorization": vapid(services.clock),
        "ttl": "60",
        "content-encoding": "aes128gcm",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    kept = {name: value for name, value in given.items() if value is not None}
    return services.http.post(device["endpoint"], content=body, headers=kept)


@pytest.fixture
def services():
    return PushServices()


def test_the_example_of_the_standard_is_read():
    """RFC 8291 §5"""
    assert to_text(EXAMPLE.point) == (
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    )
    assert EXAMPLE.read(EXAMPLE_BODY) == b"When I grow up, I want to be a watermelon"


@pytest.mark.parametrize("changed", [0, 20, 21, 40, 86, 100, len(EXAMPLE_BODY) - 1])
def test_what_was_changed_on_the_way_is_not(changed):
    """RFC 8291 §4"""
    body = bytearray(EXAMPLE_BODY)
    body[changed] ^= 1
    with pytest.raises(Undecryptable):
        EXAMPLE.read(bytes(body))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        EXAMPLE_BODY[:20],
        EXAMPLE_BODY[:86],
        EXAMPLE_BODY[:90],
        EXAMPLE_BODY[:16] + b"\0\0\0\x12" + EXAMPLE_BODY[20:],
    ],
)
def test_nor_what_is_no_push(body):
    with pytest.raises(Undecryptable):
        EXAMPLE.read(body)


def sealed(record):
    """For the example's browser, with the ending and the padding that stand in `record`."""
    sender, salt = Keys.made(), bytes(16)
    secret = sender.private.exchange(ec.ECDH(), EXAMPLE.private.public_key())
    purpose = b"WebPush: info\0" + EXAMPLE.point + sender.point
    shared = derived(EXAMPLE.auth, secret, purpose, 32)
    key = derived(salt, shared, b"Content-Encoding: aes128gcm\0", 16)
    nonce = derived(salt, shared, b"Content-Encoding: nonce\0", 12)
    head = salt + (4096).to_bytes(4, "big") + bytes([65]) + sender.point
    return head + AESGCM(key).encrypt(nonce, record, None)


def test_padding_is_left_away():
    """RFC 8188 §2"""
    assert EXAMPLE.read(sealed(b"oi\x02\0\0\0")) == b"oi"
    assert EXAMPLE.read(sealed(b"oi\0\x02")) == b"oi\0"


@pytest.mark.parametrize("record", [b"oi\x01", b"oi", b"\0\0", b""])
def test_a_record_that_is_not_the_last_is_no_push(record):
    """RFC 8291 §4"""
    with pytest.raises(Undecryptable):
        EXAMPLE.read(sealed(record))


def test_keys_show_nothing_of_themselves():
    assert repr(EXAMPLE) == "Keys(…)"


def test_a_device_is_what_a_browser_tells(services):
    one, other = services.device(), services.device()
    assert one["endpoint"].startswith(f"{ORIGIN}/push/")
    assert len(from_text(one["p256dh"])) == 65
    assert len(from_text(one["auth"])) == 16
    for part in ("id", "endpoint", "p256dh", "auth"):
        assert one[part] != other[part]
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_text(one["p256dh"]))


def test_what_cannot_be_read_is_kept_and_said(services):
    device = services.device()
    taken = push(services, device, topic="a-_9", urgency="high")
    assert taken.status_code == 201
    assert taken.headers["location"].startswith(f"{ORIGIN}/message/")
    push(services, device, content_encoding="aesgcm")
    push(services, device, b"")
    first, *others = services.messages(device)
    assert first == {
        "id": taken.headers["location"].rpartition("/")[2],
        "payload": None,
        "error": "encrypted for other keys, or changed on the way",
        "topic": "a-_9",
        "ttl": 60,
        "urgency": "high",
        "at": services.clock().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "delivered": False,
    }
    assert [one["error"] for one in others] == [
        "not encoded as aes128gcm",
        "the header is not that of a push",
    ]


def test_a_topic_takes_the_place_of_what_did_not_arrive(services):
    """RFC 8030 §5.4"""
    device = services.device()

    def topics(**query):
        return [(one["topic"], one["delivered"]) for one in services.messages(device, **query)]

    for topic in ("a", "b", "a", None, None):
        push(services, device, topic=topic)
    assert topics() == [("b", False), ("a", False), (None, False), (None, False)]
    assert topics(deliver="true") == [("b", True), ("a", True), (None, True), (None, True)]
    push(services, device, topic="a")
    assert topics()[1:] == [("a", True), (None, True), (None, True), ("a", False)]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"ttl": None}, 400),
        ({"ttl": "-1"}, 400),
        ({"ttl": "1.5"}, 400),
        ({"ttl": "0"}, 201),
        ({"topic": "x" * 33}, 400),
        ({"topic": "x" * 32}, 201),
        ({"topic": "a.b"}, 400),
        ({"topic": ""}, 400),
        ({"urgency": "at-once"}, 400),
        ({"authorization": None}, 401),
        ({"authorization": "Bearer x"}, 401),
        ({"authorization": "vapid"}, 401),
        ({"authorization": "vapid t=x"}, 401),
        ({"authorization": "vapid t=x, k=x"}, 403),
    ],
)
def test_headers_are_those_of_the_standard(services, headers, status):
    """RFC 8030 §5, RFC 8292 §3"""
    device = services.device()
    assert push(services, device, **headers).status_code == status
    assert len(services.messages(device)) == (status == 201)


OTHER = ECKey.generate_key("P-256", private=True)


@pytest.mark.parametrize(
    ("signed", "status"),
    [
        ({}, 201),
        ({"key": OTHER}, 403),
        ({"key": OTHER, "shown": public(KEY)}, 403),
        ({"shown": public(OTHER)}, 403),
        ({"shown": "B" + "A" * 86}, 403),
        ({"algorithm": "HS256"}, 403),
        ({"aud": "https://fcm.googleapis.com"}, 403),
        ({"aud": f"{ORIGIN}/"}, 403),
        ({"aud": None}, 403),
        ({"exp": None}, 403),
        ({"sub": None}, 403),
        ({"sub": "http://exemplo.com.br"}, 403),
        ({"sub": "https://exemplo.com.br"}, 201),
        ({"sub": "http://127.0.0.1:8400"}, 201),
    ],
)
def test_a_push_is_signed_by_who_was_subscribed_to(services, signed, status):
    """RFC 8292 §4.2"""
    device = services.device(application_server_key=public(KEY))
    pushed = push(services, device, authorization=vapid(services.clock, **signed))
    assert pushed.status_code == status, pushed.text


@pytest.mark.parametrize(("hours", "status"), [(-1, 403), (1, 201), (24, 201), (25, 403)])
def test_a_signature_is_good_for_a_day_at_most(services, hours, status):
    """RFC 8292 §2"""
    device = services.device()
    exp = int((services.clock() + timedelta(hours=hours)).timestamp())
    signed = vapid(services.clock, exp=exp)
    assert push(services, device, authorization=signed).status_code == status


def test_more_than_services_take_is_not_taken(services):
    """RFC 8030 §7.2"""
    device = services.device()
    assert push(services, device, b"x" * (MOST_BYTES + 1)).status_code == 413
    assert push(services, device, b"x" * MOST_BYTES).status_code == 201


def test_who_unsubscribed_is_gone_and_who_never_was_is_unknown(services):
    """RFC 8030 §7.3"""
    device = services.device()
    assert push(services, {"endpoint": f"{ORIGIN}/push/x"}).status_code == 404
    assert services.http.delete(f"/devices/{device['id']}").json() == {"done": True}
    assert push(services, device).status_code == 410
    assert services.http.delete(f"/devices/{device['id']}").status_code == 404


@pytest.mark.parametrize(("state", "status"), [("gone", 410), ("down", 503), ("limited", 429)])
def test_a_service_fails_as_often_as_told(services, state, status):
    device = services.device()
    assert services.state(device, state=state, times=2).json() == {"state": state, "times": 2}
    answers = [push(services, device) for _ in range(3)]
    assert [one.status_code for one in answers] == [status, status, 201]
    assert answers[0].headers.get("retry-after") == {429: "2"}.get(status)
    services.state(device, state=state)
    assert {push(services, device).status_code for _ in range(3)} == {status}
    services.state(device, state="on")
    assert push(services, device).status_code == 201


def test_a_slow_service_takes_it_and_says_so_late():
    late = timedelta(milliseconds=60)
    services = PushServices(slow=late)
    device = services.device()
    services.state(device, state="slow", times=1)
    began = time.monotonic()
    assert push(services, device).status_code == 201
    assert time.monotonic() - began >= late.total_seconds()
    assert len(services.messages(device)) == 1


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/devices", b"["),
        ("/devices", b"[]"),
        ("/devices", b'{"application_server_key": "x"}'),
        ("/devices", b'{"application_server_key": 7}'),
        ("/devices", b'{"application_server_key": "%s"}' % (b"A" * 87)),
        ("{device}/state", b'{"state": "off"}'),
        ("{device}/state", b'{"state": "down", "times": 0}'),
        ("{device}/state", b'{"state": "down", "times": "2"}'),
        ("{device}/state", b""),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(services, path, asked):
    device = services.device()
    answer = services.http.post(path.format(device=f"/devices/{device['id']}"), content=asked)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_everything_is_there_after_a_restart(tmp_path):
    before = PushServices(tmp_path / "push")
    device, gone = before.device(application_server_key=public(KEY)), before.device()
    push(before, device, topic="a")
    before.state(device, state="down", times=1)
    before.http.delete(f"/devices/{gone['id']}")
    after = PushServices(tmp_path / "push")
    assert after.http.get("/health").json() == {"ok": True, "devices": 1}
    assert after.messages(device) == before.messages(device)
    foreign = vapid(after.clock, key=OTHER)
    statuses = [
        push(after, device).status_code,
        push(after, device, authorization=foreign).status_code,
        push(after, device).status_code,
        push(after, gone).status_code,
    ]
    assert statuses == [503, 403, 201, 410]
