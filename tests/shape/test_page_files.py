"""How the built page is served: what is kept, what is asked for each time, and what comes last."""

import asyncio

import httpx
import pytest
from moto import mock_aws

from infra import deploy
from infra.deploy import page_files, upload_page
from infra.place import Place
from local.web import application
from tests.fakes import REGION

KEPT = ["assets/index-C1.js", "assets/sw.js"]
ASKED = ["config.json", "favicon.svg", "index.html", "manifest.webmanifest", "sw.js"]
FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture
def page(tmp_path):
    """A built page: one file of each kind."""
    for name in KEPT + ASKED:
        if name != "config.json":
            file = tmp_path / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(name)
    return tmp_path


def test_the_worker_comes_last_and_the_page_before_it(page):
    """NOTIF-4 OPS-2"""
    names = [path.relative_to(page).as_posix() for path in page_files(page)]
    assert names[-2:] == ["index.html", "sw.js"]
    assert sorted(names) == sorted(KEPT + [name for name in ASKED if name != "config.json"])


def test_only_files_named_after_their_content_are_kept(page, monkeypatch):
    """NOTIF-4 OPS-2"""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setattr(deploy, "WEB", page)
    with mock_aws():
        place = Place(REGION)
        s3 = place.client("s3")
        s3.create_bucket(Bucket="page")
        stack = {"WebBucketName": "page", "DistributionId": distribution(place)}
        upload_page(place, stack, {}, say=lambda _: None)
        cache = {
            name: s3.head_object(Bucket="page", Key=name)["CacheControl"] for name in KEPT + ASKED
        }
        manifest = s3.head_object(Bucket="page", Key="manifest.webmanifest")["ContentType"]
    assert cache == dict.fromkeys(KEPT, FOR_EVER) | dict.fromkeys(ASKED, "no-cache")
    assert manifest.startswith("application/manifest+json")


def distribution(place: Place) -> str:
    """A distribution of CloudFront's, of which nothing matters here but that it is there."""
    behaviour = {"TargetOriginId": "page", "ViewerProtocolPolicy": "redirect-to-https"}
    origin = {
        "Id": "page",
        "DomainName": "page.s3.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    made = place.client("cloudfront").create_distribution(
        DistributionConfig={
            "CallerReference": "page",
            "Comment": "",
            "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [origin]},
            "DefaultCacheBehavior": behaviour,
        }
    )
    return made["Distribution"]["Id"]


def served(page, *names: str) -> dict[str, httpx.Headers]:
    """The headers with which the local web server gives those files out."""
    server = application(page, "http://127.0.0.1:1", {}, [], [], [])

    async def ask() -> dict[str, httpx.Headers]:
        transport = httpx.ASGITransport(server)
        async with httpx.AsyncClient(transport=transport, base_url="http://page") as client:
            return {name: (await client.get(f"/{name}")).headers for name in names}

    return asyncio.run(ask())


def test_a_developers_machine_serves_them_alike(page):
    """NOTIF-4"""
    headers = served(page, *KEPT, *ASKED)
    cache = {name: told["cache-control"] for name, told in headers.items()}
    assert cache == dict.fromkeys(KEPT, FOR_EVER) | dict.fromkeys(ASKED, "no-cache")


def test_the_policy_lets_the_page_have_a_worker_and_a_manifest(page):
    """NOTIF-4"""
    policy = served(page, "index.html")["index.html"]["content-security-policy"]
    assert {"worker-src 'self'", "manifest-src 'self'"} <= set(policy.split("; "))
