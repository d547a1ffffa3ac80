"""A file is on its way to be sent: where it goes, and what is refused before anybody waits."""

import pytest

from chalicelib.commands.upload import upload
from chalicelib.domain import errors
from chalicelib.domain.media import LARGEST, is_upload_of
from tests.builders import agent

ANA = agent("ana")
MEGABYTE = 1024 * 1024


def asked(**facts):
    return {
        "channel": "whatsapp",
        "content_type": "image/jpeg",
        "size": 1000,
        "name": "foto.JPG",
    } | facts


def test_an_upload_is_the_agents_own_and_of_one_type_and_size(world):
    """SEND-5"""
    given = upload(world, ANA, asked())
    assert is_upload_of(given["key"], "ana")
    assert not is_upload_of(given["key"], "beto")
    assert given["key"].endswith(".jpg")
    assert given["fields"]["Content-Type"] == "image/jpeg"
    assert given["limit"] == 5 * MEGABYTE
    assert upload(world, ANA, asked())["key"] != given["key"]


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"size": 5 * MEGABYTE}, None),
        ({"size": 5 * MEGABYTE + 1}, ("too_large", 5 * MEGABYTE, "image")),
        ({"content_type": "video/mp4", "size": 16 * MEGABYTE}, None),
        ({"content_type": "video/mp4", "size": 16 * MEGABYTE + 1}, ("too_large",)),
        ({"content_type": "application/zip", "size": LARGEST}, None),
        ({"content_type": "application/zip", "size": LARGEST + 1}, ("too_large",)),
        ({"channel": "instagram", "content_type": "application/zip"}, ("type",)),
        ({"channel": "instagram", "content_type": "audio/ogg"}, ("type",)),
        ({"channel": "instagram", "content_type": "application/pdf"}, None),
        ({"channel": "facebook", "content_type": "application/zip", "size": 25 * MEGABYTE}, None),
        (
            {"channel": "facebook", "content_type": "application/zip", "size": 25 * MEGABYTE + 1},
            ("too_large", 25 * MEGABYTE, "document"),
        ),
        ({"channel": None, "content_type": "audio/webm", "size": LARGEST}, None),
        ({"channel": None, "size": LARGEST + 1}, ("too_large", LARGEST, None)),
    ],
)
def test_what_the_channel_does_not_take_is_refused_before_it_is_sent(world, facts, refusal):
    """SEND-5 SEND-7: an internal message may carry anything up to a hundred megabytes."""
    if refusal is None:
        assert upload(world, ANA, asked(**facts))["limit"] >= asked(**facts)["size"]
        return
    with pytest.raises(errors.FileRefused) as caught:
        upload(world, ANA, asked(**facts))
    told = caught.value.fields
    assert (told["reason"], told.get("limit"), told.get("kind"))[: len(refusal)] == refusal


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("contrato.pdf", ".pdf"),
        ("FOTO.JPEG", ".jpeg"),
        ("sem nome", ".bin"),
        ("x.tar.gz", ".gz"),
        ("x.muitolongoassim", ".bin"),
        ("../../etc/passwd", ".bin"),
        ("x.p/df", ".bin"),
        (".htaccess", ".htaccess"),
        ("ação.é", ".bin"),
        ("x.", ".bin"),
    ],
)
def test_a_name_gives_its_ending_and_no_more(world, name, ending):
    """SEND-5"""
    key = upload(world, ANA, asked(name=name))["key"]
    assert is_upload_of(key, "ana") is True
    assert key.endswith(ending)
