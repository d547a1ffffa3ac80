"""Where the page may have us send pushes."""

import pytest

from chalicelib.domain.push import LONGEST_ENDPOINT, SERVICES, Subscription, accepts, origin

STAND_IN = "http://127.0.0.1:1234"
HOSTS = (STAND_IN, "https://push.test", *SERVICES)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/dGVzdA:APA91b-_x",
        "https://fcm.googleapis.com:443/wp/x",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAAA",
        "https://web.push.apple.com/QGuQyavXutnMH",
        "https://wns2-by3p.notify.windows.com/w/?token=BQYAAAC%2bxyz%3d",
        "https://fcm.googleapis.com/fcm/send/a@b",
        "http://127.0.0.1:1234/push/x",
        "https://push.test/x",
        f"https://fcm.googleapis.com/{'x' * (LONGEST_ENDPOINT - 27)}",
    ],
)
def test_a_push_service_is_sent_to(endpoint):
    """NOTIF-4"""
    assert accepts(endpoint, HOSTS)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "fcm.googleapis.com/x",
        "//fcm.googleapis.com/x",
        "https://fcm.googleapis.com",
        "http://fcm.googleapis.com/x",
        "ftp://fcm.googleapis.com/x",
        "javascript:https://fcm.googleapis.com/x",
        "HTTPS://fcm.googleapis.com/x",
        "https://FCM.googleapis.com/x",
        "https://fcm.googleapis.com.evil.com/x",
        "https://evilfcm.googleapis.com/x",
        "https://evil-push.apple.com/x",
        "https://googleapis.com/x",
        "https://com/x",
        "https://evil.com/fcm.googleapis.com/x",
        "https://evil.com?fcm.googleapis.com/x",
        "https://evil.com#.fcm.googleapis.com/x",
        "https://fcm.googleapis.com@evil.com/x",
        "https://ana:1@fcm.googleapis.com/x",
        "https://@fcm.googleapis.com/x",
        "https://fcm.googleapis.com:443@evil.com/x",
        "https://evil.com\\.fcm.googleapis.com/x",
        "https://evil.com\\@fcm.googleapis.com/x",
        "https:\\\\fcm.googleapis.com/x",
        "https:///fcm.googleapis.com/x",
        "https://fcm.googleapis.com/\\..\\x",
        "https://fcm.googleapis.com/x#y",
        "https://fcm.googleapis.com./x",
        "https://.fcm.googleapis.com/x",
        "https://a..push.apple.com/x",
        "https://fcm.googleapis.com:80/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com:/x",
        "https://fcm.googleapis.com:0443/x",
        "https://fcm.googleapis.com:٤٤٣/x",
        "https://fcm。googleapis。com/x",
        "https://fcm.googleapis.com\u2024evil.com/x",
        "https://fcm.googleapis.com\u2044evil.com/x",
        "https://fcm.gооgleapis.com/x",
        "https://fcm%2egoogleapis.com/x",
        "https://evil.com%2f.push.apple.com/x",
        "https://xn--zzzz.push.apple.com/x",
        "https://-.push.apple.com/x",
        f"https://{'a' * 64}.push.apple.com/x",
        " https://fcm.googleapis.com/x",
        "https://fcm.googleapis.com/x\n",
        "https://fcm.googleapis.com/x y",
        "https://fcm.googleapis.com/x\r\nhost: evil.com",
        "https://fcm.googleapis.com/\x00",
        "https://fcm.goo\tgleapis.com/x",
        "https://127.0.0.1/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://[::1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/x",
        "https://127.0.0.1:1234/push/x",
        "http://127.0.0.1/push/x",
        "http://127.0.0.1:12345/push/x",
        "http://127.0.0.1:1234.evil.com/x",
        "http://127.0.0.1:1234@evil.com/x",
        "http://push.test/x",
        "https://a.push.test/x",
        f"https://fcm.googleapis.com/{'x' * (LONGEST_ENDPOINT - 26)}",
    ],
)
def test_nothing_else_is(endpoint):
    """DESIGN §9"""
    assert not accepts(endpoint, HOSTS)


def test_without_a_service_nobody_is_sent_to():
    assert not accepts("https://fcm.googleapis.com/x", ())
    assert not accepts("https://fcm.googleapis.com/x", ("",))


@pytest.mark.parametrize(
    ("endpoint", "its"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", "https://fcm.googleapis.com"),
        ("https://fcm.googleapis.com:443/x", "https://fcm.googleapis.com"),
        ("http://127.0.0.1:1234/push/x", STAND_IN),
    ],
)
def test_an_origin_is_as_browsers_tell_it(endpoint, its):
    assert origin(endpoint) == its


def test_a_subscription_shows_nothing_of_itself():
    """OPS-3"""
    shown = repr(Subscription("https://fcm.googleapis.com/x", "p256dh", "auth"))
    assert shown == "Subscription(…)"
