"""A contact on the running stack: pictures in S3, everything at once, and erased to the last."""

import time
from datetime import timedelta
from typing import Any

import httpx

from chalicelib.gateways.files import contact_pictures
from local.stack import Stack
from tests.e2e.agent import Agent, client_key
from tests.e2e.phones import Phones
from tests.e2e.waiting import at_once, until

Json = dict[str, Any]

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8cfc0f01f0005000"
    "1ff56c72f0d0000000049454e44ae426082"
)
ERASED_WITHIN = timedelta(seconds=60)


def new_label(ana: Agent, path: str, **facts: Any) -> Json:
    """A tag or field of a name that no other has."""
    made: Json = ana.ask("POST", path, json={"name": f"x{time.time_ns()}", **facts})
    return made


def image_field(ana: Agent) -> str:
    """A new field for a picture; its id."""
    made = new_label(ana, "/fields", slug=f"x{time.time_ns()}", kind="image")
    return str(made["field_id"])


def uploaded(agent: Agent, chat_id: str) -> str:
    """A picture sent to S3 as a browser sends it; its key."""
    wish = {"content_type": "image/png", "size": len(PNG)}
    upload = agent.ask("POST", f"/contacts/{chat_id}/pictures", json=wish)
    sent = httpx.post(
        upload["url"],
        data=upload["fields"],
        files={"file": ("foto.png", PNG, "image/png")},
        headers={"origin": agent.origin},
    )
    assert sent.status_code == 204, sent.text
    assert sent.headers["access-control-allow-origin"] in ("*", agent.origin)
    return str(upload["key"])


def test_a_picture_goes_to_s3_and_comes_back_as_a_picture(
    phones: Phones, ana: Agent, bruno: Agent
) -> None:
    """INFO-2 SEND-4"""
    bia = phones.somebody()
    bia.writes("oi")
    chat_id = ana.chat_of(bia.name)
    field = image_field(ana)
    wish = {"content_type": "image/png", "size": len(PNG)}
    unused = ana.ask("POST", f"/contacts/{chat_id}/pictures", json=wish)
    for content, content_type in ((PNG, "text/html"), (PNG * 100_000, "image/png")):
        refused = httpx.post(
            unused["url"],
            data={**unused["fields"], "Content-Type": content_type},
            files={"file": content},
        )
        assert refused.status_code in (400, 403)
    missing = {"fields": {field: unused["key"]}}
    assert ana.ask("PUT", f"/contacts/{chat_id}", json=missing, expect=400)["fields"] == [
        {"path": f"fields.{field}", "reason": "image_missing"}
    ]
    key = uploaded(bruno, chat_id)
    shown = bruno.ask("PUT", f"/contacts/{chat_id}", json={"fields": {field: key}})
    picture = httpx.get(shown["pictures"][key])
    assert (picture.status_code, picture.content) == (200, PNG)
    assert picture.headers["content-type"] == "image/png"
    # replaced: the first one goes
    other = uploaded(ana, chat_id)
    ana.ask("PUT", f"/contacts/{chat_id}", json={"fields": {field: other}})
    until(lambda: gone(shown["pictures"][key]), "the old picture is gone", 30)


def gone(address: str) -> bool:
    """Whether there is nothing any more."""
    assert httpx.get(address).status_code == 404
    return True


def test_what_many_do_to_one_contact_at_once_all_stands(
    phones: Phones, ana: Agent, bruno: Agent
) -> None:
    """INFO-4 INFO-5 LIVE-4"""
    bia = phones.somebody()
    bia.writes("oi")
    chat_id = ana.chat_of(bia.name)
    tags = [new_label(ana, "/tags", color="blue")["tag_id"] for _ in range(4)]

    def act(number: int) -> None:
        by = (ana, bruno)[number % 2]
        by.ask("PUT", f"/contacts/{chat_id}/tags/{tags[number % 4]}")
        note = {"client_key": client_key(), "text": f"observação {number}"}
        for _ in range(2):
            ana.ask("POST", f"/contacts/{chat_id}/notes", json=note)

    at_once(act, list(range(8)), 8)
    shown = ana.get(f"/contacts/{chat_id}")
    assert sorted(shown["tags"]) == sorted(tags)
    assert sorted(note["text"] for note in shown["notes"]) == [
        f"observação {number}" for number in range(8)
    ]
    assert bruno.get(f"/contacts/{chat_id}")["notes"] is None


def test_an_erased_contact_is_gone_for_everybody_and_a_new_one_when_they_write(
    phones: Phones, stack: Stack, ana: Agent, bruno: Agent
) -> None:
    """LGPD TAB-7 INB-7"""
    bia = phones.somebody()
    bia.writes("um", "dois")
    chat_id = ana.chat_of(bia.name)
    ana.answer(chat_id, "oi")
    field = image_field(ana)
    key = uploaded(ana, chat_id)
    described = {
        "system": {"cpf": "529.982.247-25", "email": "bia@exemplo.com"},
        "fields": {field: key},
    }
    address = ana.ask("PUT", f"/contacts/{chat_id}", json=described)["pictures"][key]
    note = {"client_key": client_key(), "text": "liga à tarde"}
    ana.ask("POST", f"/contacts/{chat_id}/notes", json=note)
    with bruno.socket("all", chat_id) as socket:
        bruno.ask("DELETE", f"/contacts/{chat_id}", expect=403)
        ana.ask("DELETE", f"/contacts/{chat_id}")
        told = socket.event(lambda event: event["type"] == "chat" and event["chat"] is None)
        assert told["chat_id"] == chat_id
    for path in (f"/chats/{chat_id}", f"/contacts/{chat_id}"):
        ana.ask("GET", path, expect=404)
    assert ana.chats_of(bia.name) == []
    bia.writes("voltei")
    again = ana.chat_of(bia.name)
    assert again != chat_id
    until(lambda: nothing_left(stack, chat_id), "nothing is left", ERASED_WITHIN.total_seconds())
    assert httpx.get(address).status_code == 404
    assert [text for text in ana.texts(again) if text] == ["voltei"]
    assert ana.get(f"/contacts/{again}")["system"]["cpf"] is None


def nothing_left(stack: Stack, chat_id: str) -> bool:
    """Whether no row says anything of the chat, but that it was erased, and no file is there."""
    pages = stack.client("dynamodb").get_paginator("scan")
    rows = [
        row
        for page in pages.paginate(TableName=stack.outputs["DeskTable"])
        for row in page["Items"]
    ]
    left = [row for row in rows if chat_id in str(row)]
    assert [row["what"]["S"] for row in left if "what" in row] == ["contact_erased"]
    assert len(left) == 1, left
    found = stack.client("s3").list_object_versions(
        Bucket=stack.outputs["MediaBucketName"], Prefix=contact_pictures(chat_id)
    )
    assert not found.get("Versions")
    assert not found.get("DeleteMarkers")
    return True
