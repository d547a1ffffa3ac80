"""Files as S3 keeps them: signed addresses that are safe to give out, and versions that go."""

from tempfile import SpooledTemporaryFile
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from moto import mock_aws

from chalicelib.gateways import files
from chalicelib.gateways.files import Facts, Files, contact_pictures, message_files

PNG = "pictures/contact/c1/a.png"


@pytest.fixture
def bucket(monkeypatch):
    """A bucket that keeps versions, as the template's does."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        here = Files("media", "sa-east-1")
        here.client.create_bucket(
            Bucket="media", CreateBucketConfiguration={"LocationConstraint": "sa-east-1"}
        )
        here.client.put_bucket_versioning(
            Bucket="media", VersioningConfiguration={"Status": "Enabled"}
        )
        yield here


def versions(bucket):
    found = bucket.client.list_object_versions(Bucket="media")
    return len(found.get("Versions", [])) + len(found.get("DeleteMarkers", []))


@pytest.mark.parametrize("region", ["sa-east-1", "us-east-1"])
def test_addresses_are_at_the_host_that_the_page_may_reach(bucket, region):
    """DESIGN 9: the policy names the bucket's regional host."""
    here = Files("media", region)
    host = f"media.s3.{region}.amazonaws.com"
    assert urlsplit(here.address(PNG)).hostname == host
    assert urlsplit(here.upload(PNG, "image/png", 10)["url"]).hostname == host


@pytest.mark.parametrize(
    ("key", "content_type", "disposition"),
    [
        ("a.png", "image/png", None),
        ("a.jpg", "image/jpeg", None),
        ("a.webp", "image/webp", None),
        ("a.svg", "application/octet-stream", "attachment"),
        ("a.html", "application/octet-stream", "attachment"),
        ("a", "application/octet-stream", "attachment"),
    ],
)
def test_only_pictures_are_shown_and_all_else_is_a_download(bucket, key, content_type, disposition):
    """DESIGN 9: whatever type the file was stored with."""
    asked = parse_qs(urlsplit(bucket.address(f"pictures/{key}")).query)
    assert asked["response-content-type"] == [content_type]
    assert asked.get("response-content-disposition", [None]) == [disposition]


def test_whether_a_file_is_there(bucket):
    """INFO-2"""
    assert not bucket.holds(PNG)
    bucket.put(PNG, b"png", "image/png")
    assert bucket.holds(PNG)


def test_erasing_leaves_no_version_and_nothing_of_a_neighbour_goes(bucket, monkeypatch):
    """LGPD"""
    monkeypatch.setattr(files, "VERSIONS_AT_ONCE", 4)
    for number in range(6):
        bucket.put(f"pictures/contact/c1/{number}.png", b"png")
    bucket.put("pictures/contact/c1/0.png", b"another")
    bucket.delete(["pictures/contact/c1/1.png"])
    bucket.put("pictures/contact/c10/a.png", b"png")
    rounds = 1
    while not bucket.erase(contact_pictures("c1")):
        rounds += 1
    assert rounds > 1
    assert versions(bucket) == 1
    assert bucket.holds("pictures/contact/c10/a.png")
    assert bucket.erase(contact_pictures("c1"))


def test_an_address_is_given_again_while_it_is_good_for_an_hour(bucket, monkeypatch):
    """ADM-4: so that browsers do not fetch a picture anew with every list of names."""
    at = [1000.0]
    monkeypatch.setattr(files.time, "monotonic", lambda: at[0])
    signed = iter(["first", "second"])
    monkeypatch.setattr(bucket, "_signed", lambda key: next(signed))
    assert bucket.address(PNG) == bucket.address(PNG) == "first"
    at[0] += files.REUSED_SECONDS
    assert bucket.address(PNG) == "first"
    at[0] += 1
    assert bucket.address(PNG) == "second"


# --- files of messages ------------------------------------------------------------------------


def asked_of(address):
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@pytest.mark.parametrize(
    ("mime_type", "shown_as"),
    [
        ("image/jpeg", "image/jpeg"),
        ("audio/ogg; codecs=opus", "audio/ogg"),
        ("Video/MP4", "video/mp4"),
        ("image/svg+xml", None),
        ("text/html", None),
        ("text/html; x=image/jpeg", None),
        ("application/pdf", None),
        ("application/xhtml+xml", None),
        ("text/javascript", None),
        ("image/jpeg\r\nx: y", None),
        ("", None),
        (None, None),
    ],
)
def test_only_what_no_browser_runs_is_shown_in_the_page(bucket, mime_type, shown_as):
    """DESIGN 9"""
    asked = asked_of(bucket.shown("media/c1/x", mime_type))
    assert asked["response-content-type"] == (shown_as or "application/octet-stream")
    assert asked["response-content-disposition"] == ("inline" if shown_as else "attachment")
    assert asked["X-Amz-Expires"] == "600"


@pytest.mark.parametrize(
    "name",
    ["foto.jpg", "orçamento 2026 «final».pdf", 'a"; filename=x.html', "a\r\nb: c", "👩‍👩‍👧.png"],
)
def test_a_download_is_saved_under_its_name_and_never_shown(bucket, name):
    """DESIGN 9"""
    asked = asked_of(bucket.download("media/c1/x", name))
    assert asked["response-content-type"] == "application/octet-stream"
    kind, _, named = asked["response-content-disposition"].partition("; ")
    assert kind == "attachment"
    start, _, encoded = named.partition("''")
    assert start == "filename*=UTF-8"
    assert unquote(encoded) == name
    assert encoded.isascii()
    assert not {"\r", "\n", '"', ";", " "} & set(encoded)


def test_a_name_that_no_encoding_knows_can_be_downloaded(bucket):
    """DESIGN 9"""
    asked = asked_of(bucket.download("media/c1/x", "a\ud800.jpg"))
    assert asked["response-content-disposition"].endswith("a%3F.jpg")


def test_a_file_is_written_from_its_beginning_and_read_piece_by_piece(bucket):
    """INB-6: one that does not fit in memory, too."""
    with SpooledTemporaryFile(max_size=10) as content:
        content.write(b"x" * 100_000)
        bucket.put_file("media/c1/x", content, "video/mp4")
    assert bucket.facts("media/c1/x") == Facts(100_000, "video/mp4")
    with bucket.open("media/c1/x") as read:
        assert read.read(10) == b"x" * 10
    assert bucket.facts("media/c1/nothing") is None


def test_a_copy_stays_when_what_it_was_made_of_goes(bucket):
    """SEND-5: twice is as good as once."""
    bucket.put("uploads/ana/x.jpg", b"jpg", "image/jpeg")
    for _ in range(2):
        bucket.copy("uploads/ana/x.jpg", "media/c1/x")
    bucket.delete(["uploads/ana/x.jpg"])
    assert bucket.facts("media/c1/x") == Facts(3, "image/jpeg")


def test_what_meta_fetches_is_called_what_it_is(bucket):
    """SEND-5 META.md §8"""
    asked = asked_of(bucket.for_meta("media/c1/x", "image/jpeg"))
    assert asked["response-content-type"] == "image/jpeg"
    assert int(asked["X-Amz-Expires"]) == 3600


def test_the_files_of_an_erased_contacts_messages_go_in_every_version(bucket):
    """LGPD"""
    bucket.put("media/c1/x", b"1", "image/jpeg")
    bucket.put("media/c1/x", b"2", "image/jpeg")
    bucket.delete(["media/c1/x"])
    bucket.put("media/c10/x", b"3", "image/jpeg")
    assert bucket.erase(message_files("c1"))
    assert versions(bucket) == 1
    assert bucket.holds("media/c10/x")
