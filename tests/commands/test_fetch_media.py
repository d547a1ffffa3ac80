"""Files that contacts sent: fetched, looked at, stored once, and what is shown meanwhile."""

import base64
import hashlib
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import httpx
import pytest
from PIL import Image, ImageFile

from chalicelib.commands import erase_contact as erasing
from chalicelib.commands import fetch_media as fetching
from chalicelib.commands import settle as settling
from chalicelib.commands.fetch_media import LAST, WAITS, fetch, fetch_again
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.domain.chat import merge
from chalicelib.domain.media import BYTES, File, view
from chalicelib.domain.revision import revised
from chalicelib.gateways import pictures
from chalicelib.gateways.meta import media as meta
from chalicelib.gateways.meta.graph import Graph
from chalicelib.gateways.secrets import ChannelSecrets
from chalicelib.queries.files import addresses
from chalicelib.stores import channels
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change
from tests.builders import ACCOUNT, NOON, TABS, agent, chat, join, message, put

GRAPH = "http://graph.invalid"
PLACE = "https://lookaside.fbsbx.com/whatsapp_business/attachments/"
ANA = agent("ana")


def picture(width=64, height=48, *, format_="JPEG", mode="RGB", orientation=None, noise=False):
    """A picture's bytes; with `noise` they are many."""
    image = Image.effect_noise((width, height), 90).convert(mode) if noise else None
    image = image or Image.new(mode, (width, height), 128)
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    written = BytesIO()
    image.save(written, format_, exif=exif) if orientation else image.save(written, format_)
    return written.getvalue()


JPEG = picture()
OGG = b"OggS\0\x02" + bytes(20) + b"\x01\x13OpusHead" + bytes(300)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(document.domain)</script>"


class Meta:
    """Meta's two hosts: what a file is said to be, what comes, and what goes wrong, in order."""

    def __init__(self, world, monkeypatch):
        self.files = {"m1": JPEG}
        self.types = {}
        self.lies = {}  # told instead of what is true
        self.problems = []  # of the next downloads: answers, bytes, exceptions; None is none
        self.refusals = []  # answers of Graph
        self.good_token = "token"
        self.asked, self.downloaded = [], []
        transport = httpx.MockTransport(self.answer)
        world.graph = lambda token: Graph(GRAPH, "v25.0", token, transport=transport)
        world.instagram = world.graph
        download = meta.download
        monkeypatch.setattr(
            fetching.meta, "download", lambda *a, **k: download(*a, **k, transport=transport)
        )

    def answer(self, request):
        if request.url.host == "graph.invalid":
            return self.told(request)
        return self.given(request)

    def told(self, request):
        media_id = request.url.path.rpartition("/")[2]
        self.asked.append(media_id)
        refusal = self.refusals.pop(0) if self.refusals else None
        if refusal is not None:
            return refusal
        if request.headers["authorization"] != f"Bearer {self.good_token}":
            return refused(190, 401)
        if media_id not in self.files:
            return refused(100)
        content = self.files[media_id]
        told = {
            "url": f"{PLACE}?mid={media_id}&ext={len(self.asked)}",
            "mime_type": self.types.get(media_id, "image/jpeg"),
            "sha256": hashlib.sha256(content).hexdigest(),
            "file_size": len(content),
        }
        return httpx.Response(200, json=told | self.lies)

    def given(self, request):
        self.downloaded.append(request)
        problem = self.problems.pop(0) if self.problems else None
        if isinstance(problem, Exception):
            raise problem
        if isinstance(problem, bytes):
            return httpx.Response(200, stream=httpx.ByteStream(problem))
        if problem is not None:
            return problem
        media_id = request.url.params.get("mid") or request.url.path.rpartition("/")[2]
        kind = self.types.get(media_id, "image/jpeg")
        return httpx.Response(
            200,
            stream=httpx.ByteStream(self.files[media_id]),
            headers={"content-type": kind},
        )


def refused(code, status=400):
    return httpx.Response(status, json={"error": {"message": "no", "code": code}})


@pytest.fixture
def at_meta(world, monkeypatch):
    join(ANA)
    return Meta(world, monkeypatch)


def pending(*files, **facts):
    """What Bia sent at noon."""
    files = files or (File("image", "pending", mime_type="image/jpeg", provider_id="m1"),)
    given = {"author": "contact", "agent_id": None, "status": None, "kind": "image", **facts}
    return message("", files=files, **given)


def received(*files, **facts):
    one = pending(*files, **facts)
    put(chat(), one)
    return one.key


def files(key, chat_id="c1"):
    return store.load_message(chat_id, key).files


def outcome(key):
    return [(one.state, one.reason) for one in files(key)]


# --- as it should be --------------------------------------------------------------------------


def test_a_picture_is_stored_under_its_chat_and_known_by_its_message(world, at_meta):
    """INB-6"""
    key = received()
    before = store.load("c1")
    assert fetch(world, "c1", key, 1) is None
    (one,) = files(key)
    assert (one.state, one.mime_type, one.size) == ("ready", "image/jpeg", len(JPEG))
    assert (one.width, one.height, one.thumbnail) == (64, 48, None)
    assert one.key.startswith("media/c1/")
    assert world.files.stored == {one.key: JPEG}
    assert world.files.types[one.key] == "image/jpeg"
    after = store.load("c1")
    assert (after.rev, after.touched) == (before.rev + 1, (key,))
    assert store.load_message("c1", key).to_do is None
    assert after.row_rev == before.row_rev  # no list moves


def test_what_a_screen_sees_of_it(world, at_meta):
    """INB-6: pending, then ready with addresses; never where it came from."""
    key = received()
    (shown,) = [view(one) for one in files(key)]
    assert (shown["state"], shown["reason"]) == ("pending", None)
    assert addresses(world, ANA, "c1", [key])["files"] == []
    fetch(world, "c1", key, 1)
    (shown,) = [view(one) for one in files(key)]
    assert shown["state"] == "ready"
    assert "m1" not in str(shown)
    (address,) = addresses(world, ANA, "c1", [key])["files"]
    assert (address["key"], address["index"]) == (key, 0)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_large_picture_gets_a_small_one_turned_as_it_was_held(world, at_meta, orientation):
    """INB-6"""
    content = picture(1600, 1200, noise=True, orientation=orientation)
    at_meta.files["m1"] = content
    key = received()
    fetch(world, "c1", key, 1)
    (one,) = files(key)
    lying = orientation in (6, 8)
    assert (one.width, one.height) == ((1200, 1600) if lying else (1600, 1200))
    small = Image.open(BytesIO(world.files.stored[one.thumbnail]))
    assert small.format == "WEBP"
    assert small.size == ((360, 480) if lying else (480, 360))
    assert len(world.files.stored[one.thumbnail]) < 100_000 < len(content)
    assert one.thumbnail.startswith("media/c1/")


def test_a_voice_note_and_a_document_stay_what_they_are(world, at_meta):
    """INB-6"""
    at_meta.files |= {"a": OGG, "d": b"%PDF-1.7 ..."}
    at_meta.types |= {"a": "audio/ogg; codecs=opus", "d": "application/pdf"}
    key = received(
        File("audio", "pending", provider_id="a", voice=True),
        File("document", "pending", provider_id="d", name="contrato.pdf"),
        kind="document",
    )
    assert fetch(world, "c1", key, 1) is None
    audio, document = files(key)
    assert (audio.mime_type, audio.voice, audio.width) == ("audio/ogg", True, None)
    assert (document.mime_type, document.name) == ("application/pdf", "contrato.pdf")
    # What no page shows is kept as bytes in the bucket, whatever it is called.
    assert world.files.types[document.key] == BYTES


def test_messengers_files_are_fetched_by_their_address_and_without_a_token(world, at_meta):
    """INB-6: they come with an address alone; what they are is seen from their bytes."""
    at_meta.files["foto%20da%20loja.jpg"] = JPEG
    url = "https://scontent.xx.fbcdn.net/v/foto%20da%20loja.jpg?oh=1"
    at_meta.files["foto da loja.jpg"] = JPEG
    key = received(File("image", "pending", url=url))
    assert fetch(world, "c1", key, 1) is None
    (one,) = files(key)
    assert (one.state, one.mime_type, one.name) == ("ready", "image/jpeg", "foto da loja.jpg")
    (request,) = at_meta.downloaded
    assert "authorization" not in request.headers
    assert at_meta.asked == []


@pytest.mark.parametrize("state", ["ready", "linked", "failed", "expired"])
def test_only_what_is_pending_is_fetched(world, at_meta, state):
    """INB-6: Instagram's files are linked, not stored."""
    key = received(File("image", state, url="https://lookaside.fbsbx.com/x", key="k"))
    before = store.load("c1")
    assert fetch(world, "c1", key, 1) is None
    assert (at_meta.asked, at_meta.downloaded, world.files.stored) == ([], [], {})
    assert store.load("c1") == before


def test_twice_late_and_at_once_there_is_one_object_and_one_row(world, at_meta):
    """INB-3 INB-6"""
    key = received()
    stale = store.load_message("c1", key)
    fetch(world, "c1", key, 1)
    stored, row = dict(world.files.stored), store.load_message("c1", key)
    fetch(world, "c1", key, 2)
    # Another worker that had read the row before the first one wrote it.
    fetched = fetching._fetched(world, "whatsapp", stale, 0, meta.Patience())
    fetching._settle(world, stale, 0, fetched)
    assert world.files.stored == stored
    assert store.load_message("c1", key) == row


# --- what is not what it says -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "told", "content"),
    [
        ("image", "image/jpeg", SVG),
        ("image", "image/png", HTML),
        ("image", "image/jpeg", picture(format_="PNG")),
        ("image", "image/webp", b"RIFF\x04\0\0\0WEBP"),
        ("image", "image/gif", b"GIF89a<script>"),
        ("image", "image/jpeg", b"\xff\xd8\xff\xe0<html>" + HTML),
        ("video", "video/mp4", HTML),
        ("audio", "audio/ogg", SVG),
        ("audio", "audio/mpeg", b"PK\x03\x04" + bytes(100)),
        ("image", None, SVG),
        ("sticker", "image/webp", JPEG),
    ],
)
def test_what_is_not_what_it_says_is_only_ever_downloaded(world, at_meta, kind, told, content):
    """INB-6 DESIGN 9"""
    at_meta.files["m1"] = content
    at_meta.lies = {"mime_type": told}
    at_meta.types["m1"] = "application/octet-stream"
    key = received(File(kind, "pending", provider_id="m1"))
    assert fetch(world, "c1", key, 1) is None
    (one,) = files(key)
    assert (one.state, one.mime_type, one.width, one.thumbnail) == ("ready", BYTES, None, None)
    assert world.files.types == {one.key: BYTES}


@pytest.mark.parametrize(
    ("told", "content"),
    [("image/svg+xml", SVG), ("text/html", HTML), ("application/xhtml+xml", HTML)],
)
def test_what_could_run_in_a_page_is_stored_as_bytes(world, at_meta, told, content):
    """DESIGN 9"""
    at_meta.files["m1"], at_meta.types["m1"] = content, told
    key = received(File("document", "pending", provider_id="m1", name="x.html"))
    fetch(world, "c1", key, 1)
    (one,) = files(key)
    assert world.files.types == {one.key: BYTES}
    assert one.mime_type == told  # shown as a name; the address makes it a download


def test_a_picture_that_is_a_page_as_well_is_shown_as_a_picture(world, at_meta):
    """DESIGN 9: under its own type no browser reads on."""
    at_meta.files["m1"] = JPEG + HTML
    key = received()
    fetch(world, "c1", key, 1)
    (one,) = files(key)
    assert (one.mime_type, one.width) == ("image/jpeg", 64)


def test_a_bomb_is_not_unpacked(world, at_meta):
    """INB-6"""
    bomb = picture(16000, 16000, format_="PNG", mode="1")
    assert len(bomb) < 200_000
    at_meta.files["m1"], at_meta.types["m1"] = bomb, "image/png"
    key = received(File("image", "pending", provider_id="m1"))
    fetch(world, "c1", key, 1)
    (one,) = files(key)
    assert (one.state, one.thumbnail) == ("ready", None)


@pytest.mark.parametrize("format_", ["PNG", "WEBP"])
def test_a_picture_too_large_to_unpack_is_not_unpacked_at_all(world, at_meta, format_, monkeypatch):
    """INB-6: neither for its small one nor for how it was held."""
    content = picture(6000, 5000, format_=format_)
    at_meta.files["m1"], at_meta.types["m1"] = content, f"image/{format_.lower()}"
    monkeypatch.setattr(Image.Image, "load", None)
    monkeypatch.setattr(ImageFile.ImageFile, "load", None)
    key = received(File("image", "pending", provider_id="m1"))
    monkeypatch.setattr(pictures, "THUMBNAIL_FROM", 0)
    fetch(world, "c1", key, 1)
    (one,) = files(key)
    assert (one.state, one.width, one.height, one.thumbnail) == ("ready", 6000, 5000, None)


def test_a_picture_that_is_broken_further_on_is_kept_without_a_small_one(world, at_meta):
    """INB-6"""
    whole = picture(800, 800, noise=True)
    at_meta.files["m1"] = whole[: len(whole) // 2]
    key = received()
    fetch(world, "c1", key, 1)
    (one,) = files(key)
    assert (one.state, one.mime_type, one.width, one.thumbnail) == (
        *("ready", "image/jpeg", 800),
        None,
    )


# --- what goes wrong --------------------------------------------------------------------------

GONE = httpx.Response(404)
NO = httpx.Response(401)


def test_an_address_that_ran_out_is_asked_for_anew(world, at_meta):
    """INB-6: it lives for five minutes."""
    at_meta.problems = [GONE]
    key = received()
    assert fetch(world, "c1", key, 1) is None
    assert outcome(key) == [("ready", None)]
    assert len(at_meta.asked) == 2
    assert at_meta.downloaded[0].url != at_meta.downloaded[1].url


@pytest.mark.parametrize("where", ["graph", "download"])
def test_a_token_that_ran_out_is_read_anew(world, at_meta, where):
    """INB-6"""
    old, new = ChannelSecrets("old"), ChannelSecrets("token")
    world.secrets.of = lambda channel, mismatch=False: {ACCOUNT: new if mismatch else old}
    at_meta.good_token = "token"
    if where == "download":
        at_meta.problems = [NO]
        world.secrets.of = lambda channel, mismatch=False: {
            ACCOUNT: ChannelSecrets("token2") if mismatch else new
        }
        told = at_meta.told

        def either(request):
            at_meta.good_token = request.headers["authorization"].removeprefix("Bearer ")
            return told(request)

        at_meta.told = either
    key = received()
    assert fetch(world, "c1", key, 1) is None
    assert outcome(key) == [("ready", None)]


def test_a_dead_token_raises_the_banner_and_the_file_waits(world, at_meta):
    """INB-10 INB-6"""
    channels.save("whatsapp", ACCOUNT, display="+55", portfolio="p")
    at_meta.good_token = "another"
    key = received()
    assert fetch(world, "c1", key, 1) == WAITS[0]
    assert outcome(key) == [("pending", None)]
    assert channels.problem("whatsapp", ACCOUNT) == "token_invalid"
    at_meta.good_token = "token"
    assert fetch(world, "c1", key, 2) is None
    assert outcome(key) == [("ready", None)]


def test_without_any_token_the_file_waits(world, at_meta):
    """INB-6"""
    world.secrets.accounts.clear()
    key = received()
    assert fetch(world, "c1", key, 1) == WAITS[0]
    assert outcome(key) == [("pending", None)]


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (GONE, "gone"),
        (NO, "refused"),
        (httpx.Response(500), "unreachable"),
        (httpx.ReadTimeout("slow"), "unreachable"),
        (httpx.RemoteProtocolError("cut"), "unreachable"),
        (JPEG[:-1], "mismatch"),
    ],
)
def test_what_passes_is_tried_again_and_in_the_end_said(world, at_meta, problem, reason):
    """INB-6: pending meanwhile, with longer and longer pauses."""
    key = received()
    for attempt, wait in enumerate(WAITS, 1):
        at_meta.problems = [problem] * 4
        assert fetch(world, "c1", key, attempt) == wait
        assert outcome(key) == [("pending", None)]
    assert sorted(WAITS) == WAITS
    at_meta.problems = [problem] * 4
    assert fetch(world, "c1", key, len(WAITS) + 1) is None
    assert outcome(key) == [("failed", reason)]
    assert world.files.stored == {}
    assert store.load_message("c1", key).to_do is None


@pytest.mark.parametrize(
    ("lies", "reason"),
    [
        ({"file_size": 100 * 1024 * 1024 + 1}, "too_large"),
        ({"url": "https://evil.example/x"}, "refused"),
        ({"url": "http://169.254.169.254/latest/meta-data"}, "refused"),
        ({"url": ""}, "refused"),
    ],
)
def test_what_will_never_be_otherwise_fails_at_once(world, at_meta, lies, reason):
    """INB-6"""
    at_meta.lies = lies
    key = received()
    assert fetch(world, "c1", key, 1) is None
    assert outcome(key) == [("failed", reason)]
    assert (at_meta.downloaded, world.files.stored) == ([], {})


def test_a_redirect_to_elsewhere_fails_at_once(world, at_meta):
    """INB-6"""
    at_meta.problems = [httpx.Response(302, headers={"location": "https://evil.example/x"})]
    key = received()
    assert fetch(world, "c1", key, 1) is None
    assert outcome(key) == [("failed", "refused")]
    assert len(at_meta.downloaded) == 1


def test_a_wrong_digest_is_not_stored(world, at_meta):
    """INB-6: the webhook's digest counts where Graph tells none."""
    at_meta.lies = {"sha256": None}
    other = base64.b64encode(hashlib.sha256(b"another").digest()).decode()
    key = received(File("image", "pending", provider_id="m1", sha256=other))
    assert fetch(world, "c1", key, 1) == WAITS[0]
    assert world.files.stored == {}
    right = base64.b64encode(hashlib.sha256(JPEG).digest()).decode()
    key = pending(File("image", "pending", provider_id="m1", sha256=right)).key
    one = store.load_message("c1", key)
    store.save_message(
        replace(one, files=(replace(one.files[0], sha256=right),), version=one.version + 1)
    )
    assert fetch(world, "c1", key, 2) is None
    assert outcome(key) == [("ready", None)]


def test_after_seven_days_meta_has_it_no_more(world, at_meta, clock):
    """INB-6 META.md §5: expired, at once; before that it is tried on."""
    at_meta.files.clear()
    key = received()
    clock.forward(days=6)
    assert fetch(world, "c1", key, 1) == WAITS[0]
    clock.forward(days=1, seconds=1)
    assert fetch(world, "c1", key, 2) is None
    assert outcome(key) == [("expired", None)]


def test_one_bad_file_spoils_none_of_its_neighbours(world, at_meta):
    """INB-6 INB-2"""
    at_meta.files |= {"a": JPEG, "c": JPEG}
    key = received(*(File("image", "pending", provider_id=one) for one in ("a", "b", "c")))
    assert fetch(world, "c1", key, 1) == WAITS[0]
    assert outcome(key) == [("ready", None), ("pending", None), ("ready", None)]
    at_meta.files["b"] = JPEG
    assert fetch(world, "c1", key, 2) is None
    assert outcome(key) == [("ready", None)] * 3
    assert len(at_meta.downloaded) == 3
    assert len(world.files.stored) == 3


def test_many_slow_files_are_fetched_in_more_than_one_turn(world, at_meta, monkeypatch):
    """INB-6: no function lives for ever, and what it fetched stays fetched."""
    at_meta.files |= {"a": JPEG, "b": JPEG}
    turns = iter([False, True, True, False])

    class Impatient:
        over = property(lambda self: next(turns))

    monkeypatch.setattr(fetching.meta, "Patience", Impatient)
    monkeypatch.setattr(
        fetching.meta,
        "download",
        lambda url, into, **_: meta.Taken(into.write(JPEG), "image/jpeg"),
    )
    key = received(*(File("image", "pending", provider_id=one) for one in ("a", "b")))
    assert fetch(world, "c1", key, LAST - 1) == WAITS[-1]
    assert outcome(key) == [("ready", None), ("pending", None)]


def test_the_last_attempt_says_what_the_others_died_of_and_it_can_be_asked_for_anew(
    world, at_meta, monkeypatch
):
    """INB-6 CHAT-5: nothing is left waiting for ever when its item ends in the dead letters."""
    key = received(File("image", "pending", provider_id="m1"), File("image", "ready", key="x"))

    def broken(*_):
        raise RuntimeError("our own fault")

    with monkeypatch.context() as broke:
        broke.setattr(fetching.pictures, "look_at", broken)
        for attempt in range(1, LAST):
            with pytest.raises(RuntimeError):
                fetch(world, "c1", key, attempt)
            assert outcome(key) == [("pending", None), ("ready", None)]
        assert fetch(world, "c1", key, LAST) is None
    assert outcome(key) == [("failed", "unreadable"), ("ready", None)]
    assert world.files.stored == {}
    fetch_again(world, agent(), "c1", key)
    assert fetch(world, "c1", key, 1) is None
    assert outcome(key) == [("ready", None), ("ready", None)]


def test_the_last_attempt_is_the_last_that_the_queue_makes():
    """INB-6"""
    from infra.storage import QUEUES

    assert QUEUES["Fetch"][2] == LAST == len(WAITS) + 2


# --- what happened meanwhile ------------------------------------------------------------------


def delete(key):
    """As a deletion by the contact leaves the message (CHAT-7)."""

    def verdict(one):
        return replace(one, deleted_at=NOON, files=(), text="")

    return lambda world: settling.settle(world, "c1", {key: verdict})


def meanwhile(world, monkeypatch, act):
    """Do something between the download and the row."""
    put_file = world.files.put_file

    def put(*given):
        put_file(*given)
        act(world)

    monkeypatch.setattr(world.files, "put_file", put)


def test_a_message_deleted_before_is_not_fetched(world, at_meta):
    """CHAT-7 INB-6"""
    key = received()
    delete(key)(world)
    assert fetch(world, "c1", key, 1) is None
    assert (at_meta.asked, world.files.stored) == ([], {})


def test_nothing_stays_of_a_message_deleted_meanwhile(world, at_meta, monkeypatch):
    """CHAT-7 INB-6"""
    at_meta.files["m1"] = picture(1600, 1200, noise=True)
    key = received()
    meanwhile(world, monkeypatch, delete(key))
    assert fetch(world, "c1", key, 1) is None
    assert world.files.stored == {}
    assert files(key) == ()


def test_nothing_stays_of_a_contact_erased_meanwhile(world, at_meta, monkeypatch):
    """LGPD INB-6"""
    boss = agent("ana", permissions=TABS | {Permission.CONTACTS})
    key = received()
    meanwhile(world, monkeypatch, lambda here: erasing.erase(here, boss, "c1"))
    assert fetch(world, "c1", key, 1) is None
    assert world.files.stored == {}
    at_meta.asked.clear()
    assert fetch(world, "c1", key, 2) is None
    assert at_meta.asked == []


def test_a_message_that_is_not_there_is_fetched_no_more(world, at_meta):
    """LGPD"""
    assert fetch(world, "c1", message("x").key, 1) is None
    put(chat())
    assert fetch(world, "c1", message("x").key, 1) is None


def test_a_chat_merged_meanwhile_keeps_its_files(world, at_meta, monkeypatch):
    """INB-7 INB-6: in the partition in which the message lies, found by the chat that took over."""
    put(chat("c0", created_at=NOON - timedelta(days=2)))
    key = received()

    def merged(_):
        winner, loser = store.load("c0"), store.load("c1")
        kept, gone = merge(winner, loser)
        others = ((loser, revised(loser, gone)),)
        store.commit(Change(before=winner, after=revised(winner, kept), others=others))

    meanwhile(world, monkeypatch, merged)
    before = store.load("c0").rev
    assert fetch(world, "c1", key, 1) is None
    (one,) = files(key)
    assert one.state == "ready"
    assert store.load("c0").rev == before + 2
    (address,) = addresses(world, ANA, "c1", [key])["files"]
    assert one.key in address["url"]


# --- again ------------------------------------------------------------------------------------


def failed(**facts):
    return File("image", "failed", reason="gone", provider_id="m1", **facts)


def test_an_agent_has_it_fetched_again(world, at_meta):
    """INB-6"""
    key = received(failed(), File("image", "ready", key="media/c1/x"))
    before = store.load("c1")
    sent = fetch_again(world, ANA, "c1", key)
    assert [one.state for one in sent.files] == ["pending", "ready"]
    assert (sent.rev, sent.to_do) == (before.rev + 1, "fetch")
    assert store.load("c1").touched == (key,)
    again = fetch_again(world, ANA, "c1", key)
    assert again.rev == sent.rev
    assert fetch(world, "c1", key, 1) is None
    assert outcome(key)[0] == ("ready", None)


@pytest.mark.parametrize(
    "file",
    [
        File("image", "expired", provider_id="m1"),
        File("image", "ready", key="media/c1/x"),
        File("image", "failed", reason="gone"),
        File("image", "linked", url="https://lookaside.fbsbx.com/x"),
    ],
)
def test_what_cannot_be_had_again_is_left_as_it_is(world, at_meta, file):
    """INB-6"""
    key = received(file)
    before = store.load("c1")
    assert fetch_again(world, ANA, "c1", key).files == (file,)
    assert store.load("c1") == before


def test_only_who_may_read_the_chat_has_it_fetched_again(world, at_meta):
    """PERM-2"""
    key = received(failed())
    stranger = agent("beto", permissions=frozenset({Permission.TAB_MINE}))
    for who, chat_id, one in (
        (stranger, "c1", key),
        (ANA, "nobody", key),
        (ANA, "c1", message("x").key),
    ):
        with pytest.raises(errors.NotFound):
            fetch_again(world, who, chat_id, one)
    assert outcome(key) == [("failed", "gone")]


def test_a_deleted_message_is_not_fetched_again(world, at_meta):
    """CHAT-7"""
    key = received(failed())
    delete(key)(world)
    assert fetch_again(world, ANA, "c1", key).files == ()
