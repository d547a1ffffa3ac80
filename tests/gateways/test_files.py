"""Files as S3 keeps them: signed addresses that are safe to give out, and versions that go."""

from urllib.parse import parse_qs, urlsplit

import pytest
from moto import mock_aws

from chalicelib.gateways import files
from chalicelib.gateways.files import Files, contact_pictures

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
