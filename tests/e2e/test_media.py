"""Files that contacts send, fetched by the worker on the stack and served to browsers (INB-6)."""

import io
import secrets
import time
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from PIL import Image

from local.simulator.samples import SAMPLES
from local.stack import Stack
from tests.e2e.agent import Agent
from tests.e2e.phones import Contact, Phones
from tests.e2e.waiting import until

Json = dict[str, Any]
PATIENCE = 60.0


def sends(
    phones: Phones, address: str, content: bytes, mime_type: str, name: str, **more: str
) -> None:
    """A person sends a file, not in the second of another: Meta's time of it has no fractions."""
    time.sleep(1.02 - time.time() % 1)
    phones.ask(
        "POST",
        f"/contacts/{address}/media",
        files={"file": (name, content, mime_type)},
        data=more,
    )


def file_of(agent: Agent, chat_id: str, state: str) -> tuple[Json, Json]:
    """The last message with a file, and that file, once it is so."""

    def look() -> tuple[Json, Json]:
        with_files = [one for one in agent.messages(chat_id) if one["files"]]
        assert with_files, "no message with a file"
        message = with_files[-1]
        assert message["files"][0]["state"] == state, message["files"]
        return message, message["files"][0]

    return until(look, f"a file that is {state}", PATIENCE)


def address_of(agent: Agent, chat_id: str, key: str) -> Json:
    """Where the file of that message is."""
    (address,) = agent.get(f"/chats/{chat_id}/files", keys=key)["files"]
    found: Json = address
    return found


def photo(width: int = 1600, height: int = 1200) -> bytes:
    """A picture of some hundreds of kilobytes, held sideways."""
    exif = Image.Exif()
    exif[0x0112] = 6
    written = io.BytesIO()
    image = Image.effect_noise((width, height), 60).convert("RGB")
    image.save(written, "JPEG", quality=80, exif=exif)
    return written.getvalue()


@pytest.fixture
def bia(phones: Phones) -> Contact:
    """Somebody new on WhatsApp."""
    return phones.somebody()


def test_a_photo_is_stored_and_shown_with_a_small_one(
    phones: Phones, ana: Agent, bia: Contact
) -> None:
    """INB-6 PERM-2"""
    content = photo()
    sends(phones, bia.wa_id, content, "image/jpeg", "foto.jpg", caption="olha")
    chat_id = ana.chat_of(bia.name)
    message, file = file_of(ana, chat_id, "ready")
    assert (message["kind"], message["text"]) == ("image", "olha")
    assert (file["mime_type"], file["size"]) == ("image/jpeg", len(content))
    assert (file["width"], file["height"]) == (1200, 1600)
    address = address_of(ana, chat_id, message["key"])
    shown = httpx.get(address["url"])
    assert shown.content == content
    assert shown.headers["content-type"] == "image/jpeg"
    small = httpx.get(address["thumbnail"])
    assert small.headers["content-type"] == "image/webp"
    assert Image.open(io.BytesIO(small.content)).size == (360, 480)
    saved = httpx.get(address["download"])
    assert saved.content == content
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"].startswith("attachment;")
    assert httpx.get(address["url"].partition("?")[0]).status_code in (400, 403)


@pytest.mark.parametrize("sample", sorted(SAMPLES))
def test_every_kind_of_file_comes_as_it_was_sent(phones: Phones, ana: Agent, sample: str) -> None:
    """INB-5 INB-6"""
    one, somebody = SAMPLES[sample], phones.somebody()
    kind = {"gif": "document", "sticker": "sticker", "animated": "sticker"}.get(sample, "")
    more = {"type": kind} if kind else {}
    sends(phones, somebody.wa_id, one.content, one.mime_type, one.name, **more)
    chat_id = ana.chat_of(somebody.name)
    message, file = file_of(ana, chat_id, "ready")
    assert file["mime_type"] == one.mime_type.partition(";")[0]
    assert file["size"] == len(one.content)
    assert file["voice"] is (sample == "voice")
    address = address_of(ana, chat_id, message["key"])
    shown = httpx.get(address["url"])
    assert shown.content == one.content
    safe = sample != "document"
    expected = one.mime_type.partition(";")[0] if safe else "application/octet-stream"
    assert shown.headers["content-type"] == expected
    assert shown.headers["content-disposition"] == ("inline" if safe else "attachment")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(document.domain)</script>"


@pytest.mark.parametrize(
    ("content", "mime_type", "name", "kind"),
    [
        (SVG, "image/svg+xml", "logo.svg", "document"),
        (HTML, "text/html", "página.html", "document"),
        (SVG, "image/png", "foto.png", "image"),
        (HTML, "audio/ogg; codecs=opus", "voz.ogg", "audio"),
        (b"\xff\xd8\xff\xe0" + HTML, "image/jpeg", "poli.jpg", "image"),
    ],
)
def test_what_could_run_in_a_page_is_never_served_inline(
    phones: Phones, ana: Agent, content: bytes, mime_type: str, name: str, kind: str
) -> None:
    """DESIGN 9"""
    somebody = phones.somebody()
    sends(phones, somebody.wa_id, content, mime_type, name, type=kind)
    chat_id = ana.chat_of(somebody.name)
    message, _ = file_of(ana, chat_id, "ready")
    address = address_of(ana, chat_id, message["key"])
    for place in ("url", "download"):
        served = httpx.get(address[place])
        assert served.content == content
        assert served.headers["content-type"] == "application/octet-stream"
        assert served.headers["content-disposition"].startswith("attachment")
    if kind == "document":
        assert unquote(served.headers["content-disposition"]).endswith(name)
    assert address["thumbnail"] is None


def test_a_bad_file_holds_no_message_back_and_is_fetched_again(
    phones: Phones, ana: Agent, bia: Contact
) -> None:
    """INB-6 INB-2: pending meanwhile, and there as soon as Meta gives it."""
    one = SAMPLES["image"]
    sends(phones, bia.wa_id, one.content, one.mime_type, one.name)
    chat_id = ana.chat_of(bia.name)
    file_of(ana, chat_id, "ready")
    phones.misbehave(media_fault="missing")
    sends(phones, bia.wa_id, one.content, one.mime_type, "sumiu.jpg")
    began = time.monotonic()
    bia.writes("recebeu?")
    until(lambda: "recebeu?" in ana.texts(chat_id), "the message behind it")
    assert time.monotonic() - began < 15
    file_of(ana, chat_id, "pending")
    phones.misbehave(media_fault="")
    file_of(ana, chat_id, "ready")


def test_an_address_that_ran_out_and_a_body_that_ends_early_are_got_over(
    phones: Phones, ana: Agent, bia: Contact
) -> None:
    """INB-6"""
    one = SAMPLES["png"]
    sends(phones, bia.wa_id, one.content, one.mime_type, one.name, fault="expired")
    chat_id = ana.chat_of(bia.name)
    file_of(ana, chat_id, "ready")
    phones.misbehave(media_fault="truncated")
    sends(phones, bia.wa_id, one.content, one.mime_type, one.name)
    file_of(ana, chat_id, "pending")
    phones.misbehave(media_fault="")
    message, _ = file_of(ana, chat_id, "ready")
    address = address_of(ana, chat_id, message["key"])
    assert httpx.get(address["url"]).content == one.content


def test_what_is_too_large_or_elsewhere_fails_in_sight_and_can_be_asked_for_again(
    phones: Phones, ana: Agent, bia: Contact
) -> None:
    """INB-6: a hundred megabytes and one byte, announced or not; a redirect to another host."""
    one = SAMPLES["image"]
    phones.ask("DELETE", "/elsewhere")
    phones.misbehave(media_fault="redirect")
    sends(phones, bia.wa_id, one.content, one.mime_type, one.name)
    chat_id = ana.chat_of(bia.name)
    message, file = file_of(ana, chat_id, "failed")
    assert file["reason"] == "refused"
    assert phones.ask("GET", "/elsewhere") == []  # it was not even asked
    assert ana.get(f"/chats/{chat_id}/files", keys=message["key"])["files"] == []
    for fault in ("huge", "huge_hidden"):
        phones.misbehave(media_fault=fault)
        asked = ana.ask("POST", f"/chats/{chat_id}/messages/{message['key']}/fetch", json={})
        assert asked["messages"][0]["files"][0]["state"] == "pending"
        message, file = file_of(ana, chat_id, "failed")
        assert file["reason"] == "too_large", fault
    phones.misbehave(media_fault="")
    ana.ask("POST", f"/chats/{chat_id}/messages/{message['key']}/fetch", json={})
    file_of(ana, chat_id, "ready")


def test_a_dead_token_raises_the_banner_and_stops_no_message(
    phones: Phones, ana: Agent, bia: Contact
) -> None:
    """INB-10 INB-6"""
    one = SAMPLES["image"]
    bia.writes("oi")
    chat_id = ana.chat_of(bia.name)
    phones.misbehave(expired_token=True)
    sends(phones, bia.wa_id, one.content, one.mime_type, one.name)
    file_of(ana, chat_id, "pending")

    def banner() -> bool:
        return any(one["problem"] == "token_invalid" for one in ana.get("/me")["channels"])

    until(banner, "the banner")
    phones.misbehave(expired_token=False)
    file_of(ana, chat_id, "ready")
    sent = ana.ask(
        "POST",
        f"/chats/{chat_id}/messages",
        json={"client_key": f"{int(time.time() * 1000)}-{secrets.token_hex(8)}", "text": "oi"},
    )["messages"][0]
    ana.until_status(chat_id, sent["key"], "sent", "delivered", "read")
    until(lambda: not banner(), "no banner")


def test_who_may_not_see_the_chat_gets_no_address(
    phones: Phones, ana: Agent, davi: Agent, bia: Contact
) -> None:
    """PERM-2"""
    one = SAMPLES["image"]
    sends(phones, bia.wa_id, one.content, one.mime_type, one.name)
    chat_id = ana.chat_of(bia.name)
    message, _ = file_of(ana, chat_id, "ready")
    key = message["key"]
    davi.ask("GET", f"/chats/{chat_id}/files", params={"keys": key}, expect=404)
    davi.ask("POST", f"/chats/{chat_id}/messages/{key}/fetch", json={}, expect=404)


def test_screens_see_a_file_become_ready(phones: Phones, ana: Agent, bia: Contact) -> None:
    """LIVE-1 INB-6"""
    bia.writes("oi")
    chat_id = ana.chat_of(bia.name)
    one = SAMPLES["image"]
    with ana.socket("all", chat_id) as socket:
        sends(phones, bia.wa_id, one.content, one.mime_type, one.name)
        for state in ("pending", "ready"):
            heard = socket.event(
                lambda event, state=state: (
                    event["type"] == "message"  # type: ignore[misc]
                    and [file["state"] for file in event["message"]["files"]] == [state]
                ),
                PATIENCE,
            )
            assert "lookaside" not in str(heard)
            assert "key" not in heard["message"]["files"][0]


def test_messengers_files_are_stored_and_instagrams_are_linked(
    stack: Stack, phones: Phones, ana: Agent
) -> None:
    """INB-6 INB-7: and both people have the names that Meta tells."""
    one = SAMPLES["image"]
    name = f"Bia {secrets.token_hex(3)}"
    for channel, state in (("facebook", "ready"), ("instagram", "linked")):
        somebody = phones.ask("POST", "/contacts", json={"channel": channel, "name": name})
        sends(phones, somebody["user_id"], one.content, one.mime_type, one.name, channel=channel)

        def chat(channel: str = channel) -> str:
            found = [row for row in ana.rows(pages=1) if row["channel"] == channel]
            rows = [row for row in found if row["name"] == name]
            assert len(rows) == 1, [row["name"] for row in found]
            return str(rows[0]["chat_id"])

        chat_id = until(chat, f"a chat of {name} on {channel}", PATIENCE)
        message, file = file_of(ana, chat_id, state)
        address = address_of(ana, chat_id, message["key"])
        assert httpx.get(address["url"]).content == one.content
        linked = address["url"].startswith(stack.simulator)
        assert linked is (channel == "instagram")
        assert (file["mime_type"] == "image/jpeg") is not linked


def test_an_upload_takes_one_file_of_what_was_said(stack: Stack, ana: Agent) -> None:
    """SEND-5 DESIGN 9"""
    asked = {"channel": "whatsapp", "content_type": "image/jpeg", "size": 100, "name": "a.jpg"}
    given = ana.ask("POST", "/uploads", json=asked)
    assert given["key"].startswith(f"uploads/{ana.agent_id()}/")

    def post(content: bytes, **fields: str) -> int:
        answer = httpx.post(
            given["url"], data=given["fields"] | fields, files={"file": ("a.jpg", content)}
        )
        return answer.status_code

    assert post(b"jpg") in (200, 204)
    stored = stack.client("s3").head_object(
        Bucket=stack.outputs["MediaBucketName"], Key=given["key"]
    )
    assert (stored["ContentType"], stored["ContentLength"]) == ("image/jpeg", 3)
    refusal = ana.ask("POST", "/uploads", json={**asked, "size": 5 * 1024 * 1024 + 1}, expect=409)
    assert refusal["code"] == "file_refused"


def test_the_daily_look_at_templates_is_scheduled(stack: Stack) -> None:
    """SEND-2 SCH-7"""
    scheduler = stack.client("scheduler")
    group = next(
        one["Name"]
        for one in scheduler.list_schedule_groups()["ScheduleGroups"]
        if one["Name"] != "default"
    )
    names = [one["Name"] for one in scheduler.list_schedules(GroupName=group)["Schedules"]]
    every = [scheduler.get_schedule(Name=name, GroupName=group) for name in names]
    (found,) = [one for one in every if one["ScheduleExpression"] == "rate(1 day)"]
    assert found["Target"]["Arn"].endswith(stack.outputs["FetchQueueUrl"].rpartition("/")[2])
