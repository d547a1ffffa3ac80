"""The Graph API, called: what goes out, and the three ways in which a call fails."""

import gzip
import json
import logging
import traceback
from datetime import timedelta
from email import message_from_bytes
from io import BytesIO

import httpx
import pytest

from chalicelib.domain.delivery import AnswerLost, NotSent, Refused
from chalicelib.domain.inbound import Person
from chalicelib.gateways.meta import whatsapp
from chalicelib.gateways.meta.graph import Graph, Sent
from tests.builders import message

TOKEN = "EAAsecretTOKEN0123456789"
TEXT = "um segredo entre nós"
ACCEPTED = {
    "messaging_product": "whatsapp",
    "contacts": [{"input": "+5511999999999", "wa_id": "5511999999999"}],
    "messages": [{"id": "wamid.SENT"}],
}
ANA = Person(phone="5511999999999", user_id="BR.1")
SAID = message(TEXT)


def graph(answer, *, token=TOKEN, timeout=timedelta(seconds=5)):
    def respond(request):
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    return Graph(
        "https://graph.test/", "v25.0", token, timeout, transport=httpx.MockTransport(respond)
    )


def send(answer, person=ANA, **others):
    return graph(answer, **others).send("106", whatsapp.message(person, SAID, "a1/chat/key"))


def refusal(code=131047, status=400, headers=None, **error):
    body = {"error": {"message": f"(#{code}) said so", "type": "OAuthException", "code": code}}
    body["error"] |= error
    return httpx.Response(status, json=body, headers=headers)


def test_a_message_goes_out_as_it_was_made():
    """META.md §4"""
    seen = []

    def remember(request):
        seen.append(request)
        return httpx.Response(200, json=ACCEPTED)

    content = whatsapp.message(ANA, SAID, "a1/chat/key")
    assert graph(remember).send("106/..?x", content) == Sent("wamid.SENT")
    (request,) = seen
    assert request.method == "POST"
    assert str(request.url) == "https://graph.test/v25.0/106%2F..%3Fx/messages"
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.content) == content


def test_messenger_and_instagram_name_what_they_took_otherwise():
    """META.md §8"""
    answer = httpx.Response(200, json={"recipient_id": "1", "message_id": "m_SENT"})
    assert graph(answer).send("106", {}) == Sent("m_SENT")


def pages(*several):
    """Answers of the list of templates, one after the other, and what was asked for each."""
    asked = []

    def respond(request):
        asked.append(dict(request.url.params))
        assert (request.url.host, request.url.path) == (
            "graph.test",
            "/v25.0/102/message_templates",
        )
        return httpx.Response(200, json=several[len(asked) - 1])

    return graph(respond), asked


def a_page(*names, after=None):
    paging = {"cursors": {"before": "b", "after": after or "last"}}
    if after:
        paging["next"] = f"https://elsewhere.test/v25.0/102?after={after}&access_token=x"
    return {"data": [{"name": name} for name in names], "paging": paging}


def test_every_page_of_the_templates_is_read_from_our_own_address():
    """META.md §6 DESIGN §9: the token follows nobody's link."""
    client, asked = pages(a_page("a", "b", after="2"), a_page("c", after="3"), a_page("d"))
    assert [one["name"] for one in client.templates("102")] == ["a", "b", "c", "d"]
    assert [one.get("after") for one in asked] == [None, "2", "3"]
    assert not {"status", "name"} & asked[0].keys()  # whatever their status
    assert {"components", "rejected_reason"} <= set(asked[0]["fields"].split(","))


@pytest.mark.parametrize("strange", [{}, {"data": None}, {"data": "?"}])
def test_a_list_without_entries_is_none(strange):
    """META.md §6: whoever mirrors an empty list marks all as deleted."""
    client, _ = pages(strange)
    with pytest.raises(AnswerLost):
        client.templates("102")


@pytest.mark.parametrize(
    "strange",
    [
        {"data": [None, "?"], "paging": None},
        {"data": [], "paging": {"next": 7, "cursors": {"after": "2"}}},
        {"data": [], "paging": {"next": "x", "cursors": {}}},
    ],
)
def test_strange_entries_and_pages_are_passed_over(strange):
    client, asked = pages(strange)
    assert client.templates("102") == []
    assert len(asked) == 1


def test_a_cursor_that_comes_again_leads_nowhere():
    client, asked = pages(*[a_page("a", after="2")] * 3)
    with pytest.raises(AnswerLost):
        client.templates("102")
    assert len(asked) == 2


def test_templates_fail_in_the_ways_of_every_call():
    for answer, raised in ((refusal(190, 401), Refused), (httpx.ReadTimeout("no"), AnswerLost)):
        with pytest.raises(raised):
            graph(answer).templates("102")


def test_half_a_character_stops_no_message():
    seen = []

    def remember(request):
        seen.append(json.loads(request.content)["text"]["body"])
        return httpx.Response(200, json=ACCEPTED)

    half = whatsapp.message(ANA, message("a\ud83db é 😀"), "a1/chat/key")
    graph(remember).send("106", half)
    assert seen == ["a?b é 😀"]


def test_what_meta_took_has_its_id():
    assert send(httpx.Response(200, json=ACCEPTED)) == Sent("wamid.SENT")


def test_a_refusal_has_its_code_and_words():
    """CHAT-5"""
    details = {"messaging_product": "whatsapp", "details": "more than 24 hours"}
    with pytest.raises(Refused) as caught:
        send(refusal(131047, error_data=details))
    failure = caught.value.failure
    assert (failure.code, failure.title) == (131047, "(#131047) said so")
    assert failure.details == "more than 24 hours"
    assert (caught.value.retry_after, caught.value.transient) == (None, False)


@pytest.mark.parametrize(
    ("answer", "code", "transient", "retry_after"),
    [
        (refusal(131000, 500), 131000, True, None),
        (refusal(2, 503, is_transient=True), 2, True, None),
        (refusal(99, 400, is_transient=True), 99, True, None),
        (refusal(99, 400, is_transient="yes"), 99, False, None),
        (refusal(4, 429, {"Retry-After": "7"}), 4, True, 7),
        (refusal(4, 429, {"Retry-After": "9" * 9}), 4, True, 86400),
        (refusal(4, 429, {"Retry-After": "9" * 90}), 4, True, None),
        (refusal(4, 429, {"Retry-After": "Tue, 24 Nov 2026 00:00:00 GMT"}), 4, True, None),
        (httpx.Response(429, text="slow down", headers={"Retry-After": "3"}), 4, True, 3),
        (refusal(190, 401), 190, False, None),
        (refusal(100, 200), 100, False, None),
        (refusal(100, error_data="?", message=None), 100, False, None),
        (refusal(10, error_subcode=2018278), 10, False, None),
    ],
)
def test_every_explicit_refusal_is_refused(answer, code, transient, retry_after):
    with pytest.raises(Refused) as caught:
        send(answer)
    assert caught.value.failure.code == code
    assert caught.value.failure.title
    assert caught.value.transient is transient
    seconds = caught.value.retry_after and caught.value.retry_after.total_seconds()
    assert seconds == retry_after


def test_nobody_to_send_to_is_refused():
    with pytest.raises(Refused):
        send(httpx.Response(200, json=ACCEPTED), Person(name="Ana"))


@pytest.mark.parametrize("token", ["", "with space", "line\nbreak", "é", "\ud800"])
def test_a_token_that_cannot_be_one_is_refused_unused(token):
    with pytest.raises(Refused) as caught:
        send(AssertionError("called"), token=token)
    assert caught.value.failure.code == 190


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("name not known"),
        httpx.ConnectTimeout("no answer to SYN"),
        httpx.PoolTimeout("pool"),
        httpx.UnsupportedProtocol("gopher"),
    ],
)
def test_what_certainly_never_left_was_not_sent(error):
    with pytest.raises(NotSent):
        send(error)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ReadTimeout("silence"),
        httpx.WriteTimeout("stuck"),
        httpx.ReadError("cut"),
        httpx.WriteError("cut"),
        httpx.RemoteProtocolError("server disconnected"),
        httpx.Response(502, html="<html>502 Bad Gateway</html>"),
        httpx.Response(500, json={}),
        httpx.Response(500, json={"error": "text"}),
        httpx.Response(503, json={"error": {"message": "no code"}}),
        httpx.Response(503, json={"error": {"code": True}}),
        httpx.Response(404, html="<html>not Graph</html>"),
        httpx.Response(302, headers={"Location": "https://elsewhere.test/"}),
        httpx.Response(200, html="<html>hello</html>"),
        httpx.Response(200, content=b""),
        httpx.Response(200, content=b"\xff\xfe"),
        httpx.Response(200, content=b"[" * 100_000),
        httpx.Response(200, content=b"9" * 5000),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={}),
        httpx.Response(200, json={"messages": []}),
        httpx.Response(200, json={"messages": [{"id": ""}]}),
        httpx.Response(200, json={"messages": [{"id": 7}]}),
        httpx.Response(500, json=ACCEPTED),
        httpx.Response(200, content=b" " * 1_100_000 + json.dumps(ACCEPTED).encode()),
        httpx.Response(
            200, stream=httpx.ByteStream(b"not gzip"), headers={"content-encoding": "gzip"}
        ),
    ],
)
def test_whatever_may_have_arrived_is_an_answer_lost(answer):
    with pytest.raises(AnswerLost):
        send(answer)


def test_a_slow_drip_is_cut():
    class Drip(httpx.SyncByteStream):
        def __iter__(self):
            while True:
                yield b" "

    with pytest.raises(AnswerLost):
        send(httpx.Response(200, stream=Drip()), timeout=timedelta(milliseconds=50))


def test_the_token_follows_no_redirect():
    """DESIGN §9"""
    hosts = []

    def redirect(request):
        hosts.append(request.url.host)
        return httpx.Response(307, headers={"Location": "https://elsewhere.test/"})

    with pytest.raises(AnswerLost):
        send(redirect)
    assert hosts == ["graph.test"]


@pytest.mark.parametrize(
    "answer",
    [
        refusal(190, 401, message=f"Malformed access token {TOKEN}"),
        refusal(100, message=f"bad {TOKEN}", error_data={"details": f"{TOKEN} and EAAother12345"}),
        httpx.Response(502, html=f"<html>{TOKEN}</html>"),
        httpx.Response(200, json={"echo": TOKEN}),
        httpx.ConnectError(f"{TOKEN} {TEXT}"),
        httpx.ReadTimeout(f"{TOKEN} {TEXT}"),
        httpx.LocalProtocolError(f"Illegal header value b'Bearer {TOKEN}'"),
    ],
)
def test_neither_token_nor_text_gets_out(answer, caplog):
    """DESIGN §9"""
    caplog.set_level(logging.DEBUG)
    client = graph(answer)
    with pytest.raises((Refused, NotSent, AnswerLost)) as caught:
        client.send("106", whatsapp.message(ANA, SAID, "a1/chat/key"))
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    shown = "".join(traceback.format_exception(error)) + caplog.text + repr(vars(error))
    shown += repr(client)
    assert TOKEN not in shown
    assert "EAAother" not in shown
    assert TEXT not in shown


def test_a_request_brings_the_object_that_meta_answers():
    def respond(request):
        assert (request.method, request.url.query) == ("GET", b"fields=id%2Cname")
        return httpx.Response(200, json={"data": []})

    found = graph(respond).request("GET", "102/message_templates", query={"fields": "id,name"})
    assert found == {"data": []}


def test_a_compressed_answer_is_read():
    body = gzip.compress(json.dumps(ACCEPTED).encode())
    answer = httpx.Response(
        200, stream=httpx.ByteStream(body), headers={"content-encoding": "gzip"}
    )
    assert send(answer) == Sent("wamid.SENT")


def test_a_port_where_nobody_listens_was_not_sent():
    client = Graph("http://127.0.0.1:1", "v25.0", TOKEN, timedelta(seconds=2))
    with pytest.raises(NotSent):
        client.send("106", whatsapp.message(ANA, SAID, "a1/chat/key"))


# --- blocks and read receipts -----------------------------------------------------------------

USER = {"input": "+5511999999999", "wa_id": "5511999999999"}
FULL = {"code": 139101, "message": "Blocklist limit reached", "error_data": {"details": "full"}}


def partly(**outcome):
    """A part of the users was refused: an error, with all that was done in its body."""
    error = {"message": "Failed to block some users", "type": "OAuthException", "code": 139100}
    return httpx.Response(400, json={"error": error, "block_users": outcome})


def block(answer, *, person=ANA, blocked=True):
    graph(answer).block_user("106/..?x", person, blocked=blocked)


@pytest.mark.parametrize(
    ("person", "blocked", "method", "user"),
    [
        (ANA, True, "POST", {"user": "+5511999999999"}),
        (ANA, False, "DELETE", {"user": "+5511999999999"}),
        (Person(user_id="BR.1"), True, "POST", {"user_id": "BR.1"}),
    ],
)
def test_a_block_goes_out_as_meta_wants_it(person, blocked, method, user):
    """BLOCK-1 META.md §7"""
    seen = []

    def remember(request):
        seen.append(request)
        return httpx.Response(200, json={"block_users": {"added_users": [USER]}})

    block(remember, person=person, blocked=blocked)
    (request,) = seen
    assert request.method == method
    assert str(request.url) == "https://graph.test/v25.0/106%2F..%3Fx/block_users"
    assert json.loads(request.content) == {
        "messaging_product": "whatsapp",
        "block_users": [user],
    }


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={"block_users": {"added_users": [USER]}}),
        httpx.Response(200, json={"block_users": {"removed_users": [USER]}}),
        httpx.Response(200, json={"messaging_product": "whatsapp", "block_users": {}}),
        partly(added_users=[USER], failed_users=[]),
        partly(added_users=[USER], failed_users=[{"input": "+55", "errors": [FULL]}]),
        partly(removed_users=[USER], failed_users=[]),
    ],
)
def test_whoever_is_among_those_done_is_done(answer):
    """BLOCK-1: also when the answer as a whole is an error."""
    block(answer)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (partly(added_users=[], failed_users=[USER | {"errors": [FULL]}]), 139101),
        (partly(failed_users=[USER | {"errors": []}]), 139100),
        (partly(failed_users=[USER]), 139100),
        (partly(failed_users="all"), 139100),
        (partly(), 139100),
        (refusal(190, 401), 190),
        (refusal(139102, 400), 139102),
    ],
)
def test_a_block_is_refused_for_the_users_own_reason(answer, code):
    """BLOCK-3 META.md §7"""
    with pytest.raises(Refused) as caught:
        block(answer)
    assert caught.value.failure.code == code


def test_a_block_may_be_lost_or_never_have_left():
    """BLOCK-3"""
    with pytest.raises(AnswerLost):
        block(httpx.Response(502, text="<html>"))
    with pytest.raises(NotSent):
        block(httpx.ConnectError("no route"))
    with pytest.raises(Refused):
        block(httpx.Response(200, json={}), person=Person())


def test_a_read_receipt_goes_out_as_meta_wants_it():
    """READ-1 META.md §4"""
    seen = []

    def remember(request):
        seen.append(request)
        return httpx.Response(200, json={"success": True})

    graph(remember).tell("106", whatsapp.read("wamid.IN"))
    assert str(seen[0].url) == "https://graph.test/v25.0/106/messages"
    assert json.loads(seen[0].content) == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.IN",
    }
    with pytest.raises(Refused):
        graph(refusal(131009)).tell("106", whatsapp.read("wamid.OLD"))


def test_a_second_code_is_kept():
    """CHAT-5 META.md §8"""
    for told, kept in ((2018278, 2018278), ("2018278", None), (True, None), (None, None)):
        with pytest.raises(Refused) as caught:
            send(refusal(10, error_subcode=told))
        assert caught.value.failure.subcode == kept


# --- uploads ----------------------------------------------------------------------------------

CONTENT = bytes(range(256)) * 3000  # more than one piece


def upload(answer, *, mime_type="image/png"):
    return graph(answer).upload("106", BytesIO(CONTENT), size=len(CONTENT), mime_type=mime_type)


def test_a_file_goes_up_as_a_form_of_known_length():
    """META.md §5"""
    seen = []

    def remember(request):
        seen.append((request, request.read()))
        return httpx.Response(200, json={"id": "media.1"})

    assert upload(remember, mime_type="audio/ogg; codecs=opus") == "media.1"
    ((request, body),) = seen
    assert str(request.url) == "https://graph.test/v25.0/106/media"
    assert "transfer-encoding" not in request.headers
    assert int(request.headers["content-length"]) == len(body)
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    parts = message_from_bytes(head + body).get_payload()
    told = {one.get_param("name", header="content-disposition"): one for one in parts}
    assert told["messaging_product"].get_payload() == "whatsapp"
    assert told["type"].get_payload() == "audio/ogg; codecs=opus"
    assert told["file"].get_content_type() == "audio/ogg"
    assert CONTENT in body


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        (refusal(131053), Refused),
        (refusal(190, 401), Refused),
        (httpx.ConnectError("no"), NotSent),
        (httpx.ReadTimeout("no"), AnswerLost),
        (httpx.Response(200, json={}), AnswerLost),
        (httpx.Response(200, json={"id": 7}), AnswerLost),
        (httpx.Response(413, html="<html>"), AnswerLost),
    ],
)
def test_an_upload_fails_in_the_ways_of_every_call(answer, raised):
    with pytest.raises(raised):
        upload(answer)
