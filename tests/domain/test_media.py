"""Files of messages: what each channel takes, what a file is, and where it lies."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.inbound import Attachment
from chalicelib.domain.media import (
    BYTES,
    CONTAINERS,
    LARGEST,
    MEGABYTE,
    RULES,
    SAFE_TYPES,
    UPLOAD,
    File,
    container,
    is_upload_of,
    kept_key,
    length,
    of_attachment,
    plain_type,
    rule_for,
    true_type,
    upload_key,
    view,
)

MATROSKA = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01"


def iso(brand):
    return struct.pack(">I", 24) + b"ftyp" + brand + bytes(16)


# --- what a file is ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("beginning", "is_"),
    [
        (iso(b"isom"), "iso"),
        (iso(b"mp41"), "iso"),
        (iso(b"avc1"), "iso"),
        (iso(b"dash"), "iso"),
        (iso(b"M4A "), "iso"),
        (iso(b"3gp5"), "iso"),
        (iso(b"qt  "), "iso"),
        (b"OggS\0\x02" + bytes(26), "ogg"),
        (MATROSKA, "matroska"),
        (b"#!AMR\n", "amr"),
        (b"RIFF\x24\x08\0\0WAVEfmt ", "wave"),
        (b"RIFF\x24\x08\0\0AVI LIST", None),
        (b"RIFF\x24\x08\0\0WEBPVP8 ", None),
        (b"ID3\x03\0\0\0\0\0\x23", "mpeg"),
        (b"\xff\xfb\x90\x44", "mpeg"),
        (b"\xff\xfa\x90\x44", "mpeg"),
        (b"\xff\xf3\x90\x44", "mpeg"),
        (b"\xff\xf2\x90\x44", "mpeg"),
        (b"\xff\xe3\x18\xc4", "mpeg"),
        (b"\xff\xf1\x50\x80", "adts"),
        (b"\xff\xf9\x50\x80", "adts"),
        (b"\xff\xff\xff\xff", None),
        (b"\xff\xeb\x90\x44", None),
        (b"\xff\xfb", None),
        (b"\xff\xd8\xff\xe0", None),
        (b"<html><script>", None),
        (b"\0\0\0\0ftypo", "iso"),
        (b"<a>\0ftyp<script>", "iso"),
        (b"%PDF-1.7", None),
        (b"PK\x03\x04", None),
        (b"", None),
        (b"\xff", None),
    ],
)
def test_a_sound_or_video_is_known_by_how_it_begins(beginning, is_):
    """INB-6"""
    assert container(beginning) == is_


@given(st.binary(max_size=40))
def test_no_bytes_are_too_strange_to_be_looked_at(beginning):
    """INB-6"""
    assert container(beginning) in {None, *(one for few in CONTAINERS.values() for one in few)}


PDF = b"%PDF-1.7"
JPEG = b"\xff\xd8\xff\xe0"


@pytest.mark.parametrize(
    ("kind", "told", "picture", "beginning", "is_"),
    [
        ("image", "image/jpeg", "image/jpeg", JPEG, "image/jpeg"),
        ("image", "IMAGE/JPG", "image/jpeg", JPEG, "image/jpeg"),
        ("image", "image/jpeg", "image/png", b"\x89PNG", BYTES),
        ("image", "image/jpeg", None, b"<svg", BYTES),
        ("image", "image/svg+xml", None, b"<svg", "image/svg+xml"),
        ("image", None, "image/webp", b"RIFF", "image/webp"),
        ("image", None, None, b"<svg", BYTES),
        ("sticker", "image/webp", "image/webp", b"RIFF", "image/webp"),
        ("audio", "audio/ogg; codecs=opus", None, b"OggS", "audio/ogg"),
        ("audio", "audio/ogg", None, b"<html>", BYTES),
        ("audio", "audio/mp3", None, b"ID3\x03", "audio/mpeg"),
        ("audio", "audio/aac", None, iso(b"M4A "), "audio/aac"),
        ("audio", None, None, iso(b"M4A "), "audio/mp4"),
        ("video", None, None, iso(b"M4A "), "video/mp4"),
        ("video", "application/octet-stream", None, iso(b"isom"), "video/mp4"),
        ("video", "video/mp4", None, iso(b"isom"), "video/mp4"),
        ("video", "video/mp4", "image/gif", b"GIF89a", BYTES),
        ("video", "video/quicktime", None, iso(b"qt  "), "video/quicktime"),
        ("document", "application/pdf", None, PDF, "application/pdf"),
        ("document", None, None, PDF, BYTES),
        ("document", None, None, iso(b"isom"), BYTES),
        ("document", "text/html", None, b"<html>", "text/html"),
        ("document", "nonsense\r\nX-Evil: 1", None, b"x", BYTES),
        ("document", "a" * 500 + "/b", None, b"x", BYTES),
    ],
)
def test_a_file_is_what_was_told_unless_its_bytes_say_otherwise(
    kind, told, picture, beginning, is_
):
    """INB-6 DESIGN 9"""
    assert true_type(kind, told, picture, beginning) == is_


@given(
    st.sampled_from(["image", "audio", "video", "document", "sticker"]),
    st.one_of(st.none(), st.sampled_from(sorted(SAFE_TYPES)), st.text(max_size=30)),
    st.binary(max_size=40),
)
def test_no_page_is_ever_shown_what_begins_as_none_of_its_types(kind, told, beginning):
    """DESIGN 9: what is shown inline is a picture that was read as one, or begins as its type."""
    found = true_type(kind, told, None, beginning)
    if found in SAFE_TYPES:
        assert container(beginning) in CONTAINERS[found]


@pytest.mark.parametrize(
    ("told", "plain"),
    [
        ("audio/ogg; codecs=opus", "audio/ogg"),
        (" Image/JPEG ", "image/jpeg"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",) * 2,
        ("", None),
        (None, None),
        ("image", None),
        ("image/", None),
        ("image/jpeg\r\n", "image/jpeg"),
        ("ima ge/jpeg", None),
        ("image/jp\ney", None),
        ("é/x", None),
    ],
)
def test_a_type_is_read_without_what_follows_it(told, plain):
    """INB-6"""
    assert plain_type(told) == plain


# --- what a channel takes ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "mime_type", "kind", "limit"),
    [
        ("whatsapp", "image/jpeg", "image", 5),
        ("whatsapp", "image/webp", "document", 100),
        ("whatsapp", "audio/ogg; codecs=opus", "audio", 16),
        ("whatsapp", "audio/webm", "document", 100),
        ("whatsapp", "video/mp4", "video", 16),
        ("whatsapp", "application/zip", "document", 100),
        ("facebook", "image/gif", "image", 8),
        ("facebook", "audio/ogg", "document", 25),
        ("instagram", "image/png", "image", 8),
        ("instagram", "application/pdf", "document", 25),
        ("instagram", "application/zip", None, None),
        ("instagram", "audio/ogg", None, None),
        ("instagram", "not a type", None, None),
    ],
)
def test_a_file_is_sent_as_the_first_kind_that_fits(channel, mime_type, kind, limit):
    """SEND-5 META.md §5 §8"""
    found = rule_for(channel, mime_type)
    if kind is None:
        assert found is None
    else:
        assert (found["kind"], found["limit"]) == (kind, limit * MEGABYTE)


def test_every_channel_can_say_something_aloud():
    """SEND-8: a voice note's type is one that the channel takes as sound."""
    for channel, rules in RULES.items():
        assert rules["voice_types"]
        for one in rules["voice_types"]:
            assert rule_for(channel, one)["kind"] == "audio", (channel, one)


@pytest.mark.parametrize(
    ("channel", "text", "counted"),
    [
        ("whatsapp", "ação", 4),
        ("whatsapp", "👩‍👩‍👧", 5),
        ("instagram", "ação", 6),
        ("instagram", "👩‍👩‍👧", 18),
        ("instagram", "\ud800", 1),
        ("facebook", "ação", 4),
    ],
)
def test_a_text_is_as_long_as_its_channel_counts_it(channel, text, counted):
    """SEND-10"""
    assert length(channel, text) == counted


# --- how far a file got -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "given", "state", "reason"),
    [
        ("whatsapp", {"provider_id": "m1"}, "pending", None),
        ("facebook", {"url": "https://scontent.xx.fbcdn.net/x"}, "pending", None),
        ("instagram", {"url": "https://lookaside.fbsbx.com/x"}, "linked", None),
        ("instagram", {}, "failed", "gone"),
        ("whatsapp", {}, "failed", "gone"),
    ],
)
def test_what_arrives_is_to_be_fetched_and_instagrams_is_linked(channel, given, state, reason):
    """INB-6"""
    found = of_attachment(Attachment("image", **given), channel)
    assert (found.state, found.reason) == (state, reason)


def test_a_screen_is_never_told_where_a_file_is_or_came_from():
    """PERM-2: addresses are asked for apart."""
    file = File(
        "image",
        "ready",
        key="media/c1/secret",
        thumbnail="media/c1/secret.webp",
        url="https://secret",
        provider_id="secret",
        sha256="secret",
        remote_id="secret",
    )
    assert "secret" not in str(view(file))


# --- keys -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "his"),
    [
        (upload_key("ana", "0" * 16, "jpg"), True),
        (upload_key("beto", "0" * 16, "jpg"), False),
        (f"uploads/ana/{'0' * 16}.jpg/../../x", False),
        (f"uploads/ana/../beto/{'0' * 16}.jpg", False),
        (f"media/c1/{'0' * 16}.jpg", False),
        (f"uploads/ana/{'0' * 15}.jpg", False),
        (f"uploads/ana/{'0' * 16}.", False),
        (f"uploads/ana/{'0' * 16}.jpg\n", False),
        ("", False),
    ],
)
def test_an_upload_is_of_whoever_made_it(key, his):
    """SEND-5 PERM-2"""
    assert is_upload_of(key, "ana") is his


def test_an_upload_says_whose_it_is():
    """SEND-5"""
    assert UPLOAD.fullmatch(upload_key("a-1_B", "0123456789abcdef", "webp"))[1] == "a-1_B"


def test_files_of_a_chat_lie_together():
    """LGPD"""
    assert kept_key("c1", "x").startswith("media/c1/")
    assert LARGEST == 104_857_600
