"""Meta's side of webhooks: statuses, retries, memory, and everything it can do wrong."""

import json

import httpx
import pytest

from local.simulator.webhooks import backoff


def first_id(answer):
    return answer.json()["messages"][0]["id"]


def test_a_message_reaches_the_product_escaped_and_signed(simulator):
    simulator.write(text="João / São 😀", name="João", id="wamid.X", timestamp=1790000001)
    simulator.until(simulator.product.bodies.copy)
    raw = simulator.product.bodies[0]
    assert b"Jo\\u00e3o \\/ S\\u00e3o \\ud83d\\ude00" in raw
    value = json.loads(raw)["entry"][0]["changes"][0]["value"]
    assert value["metadata"] == {
        "display_phone_number": "551140001234", "phone_number_id": "106540352242922",
    }  # fmt: skip
    (message,) = value["messages"]
    assert (message["id"], message["timestamp"], message["from"]) == (
        "wamid.X",
        "1790000001",
        "5511987654321",
    )
    assert value["contacts"][0]["user_id"] == message["from_user_id"]
    simulator.until(lambda: simulator.thread()[0]["status"] == "delivered")


def test_any_raw_message_is_passed_on_as_it_is(simulator):
    strange = {"type": "hologram", "hologram": {"size": 3}, "context": {"forwarded": True}}
    simulator.ask("POST", "/contacts/5511987654321/messages", json=strange)
    simulator.until(simulator.product.messages)
    assert strange.items() <= simulator.product.messages()[0].items()


def test_an_accepted_send_is_sent_delivered_and_read(simulator):
    simulator.write()
    message_id = first_id(simulator.send(biz_opaque_callback_data="outbox-1"))
    simulator.until(lambda: simulator.product.statuses(message_id) == ["sent", "delivered"])
    assert simulator.ask("POST", "/contacts/5511987654321/read") == {"read": 1}
    simulator.until(lambda: simulator.product.statuses(message_id) == ["sent", "delivered", "read"])
    told = [one for value in simulator.product.values() for one in value.get("statuses", [])]
    assert {status["biz_opaque_callback_data"] for status in told} == {"outbox-1"}
    assert {status["recipient_id"] for status in told} == {"5511987654321"}
    assert [status.get("pricing", {}).get("category") for status in told] == [
        "service", "service", None,
    ]  # fmt: skip
    (sent,) = simulator.ask("GET", "/sent")
    assert (sent["id"], sent["callback_data"], sent["accepted"]) == (message_id, "outbox-1", True)


def test_a_phone_that_is_off_keeps_one_tick(simulator):
    simulator.write()
    simulator.ask("POST", "/contacts", json={"wa_id": "5511987654321", "online": False})
    message_id = first_id(simulator.send())
    simulator.until(lambda: simulator.product.statuses(message_id) == ["sent"])
    assert [message["from_business"] for message in simulator.thread()] == [False]
    simulator.ask("POST", "/contacts", json={"wa_id": "5511987654321", "online": True})
    simulator.until(lambda: simulator.product.statuses(message_id) == ["sent", "delivered"])


def test_auto_read_and_reactions(simulator):
    written = simulator.write()
    simulator.ask("POST", "/contacts", json={"wa_id": "5511987654321", "auto_read": True})
    message_id = first_id(simulator.send())
    reaction = {"message_id": written["id"], "emoji": "👍"}
    reaction_id = first_id(simulator.send(type="reaction", reaction=reaction))
    simulator.until(lambda: simulator.product.statuses(message_id)[-1:] == ["read"])
    assert simulator.product.statuses(reaction_id) == ["sent"]


def test_an_open_phone_reads(simulator):
    simulator.write()
    with simulator.http.stream("GET", "/events?open=5511987654321") as stream:
        lines = stream.iter_lines()
        next(lines)
        message_id = first_id(simulator.send())
        event = next(json.loads(line[6:]) for line in lines if "delivered" in line)
        assert event["kind"] == "message"
        simulator.until(lambda: simulator.product.statuses(message_id)[-1:] == ["read"])


def test_marking_as_read_turns_the_ticks(simulator):
    first, second = simulator.write(text="um"), simulator.write(text="dois")
    simulator.until(lambda: len(simulator.product.messages()) == 2)
    body = {"messaging_product": "whatsapp", "status": "read", "message_id": second["id"]}
    answer = simulator.graph("POST", "106540352242922/messages", json=body)
    assert answer.json() == {"success": True}
    assert [(one["id"], one["status"]) for one in simulator.thread()] == [
        (first["id"], "read"),
        (second["id"], "read"),
    ]
    assert simulator.ask("GET", "/sent") == []


@pytest.mark.parametrize("refusal", [500, 404, 302, 0])
def test_webhooks_are_retried_until_2xx(simulator, refusal):
    simulator.product.answers[:] = [refusal]
    simulator.write()
    simulator.until(lambda: simulator.thread()[0]["status"] == "delivered")
    log = simulator.ask("GET", "/deliveries")["log"]
    assert [entry["attempt"] for entry in log] == [1, 2]


def test_back_off_grows_to_a_minute():
    waits = [backoff(attempts) for attempts in range(1, 20)]
    assert waits[0] <= 0.2
    assert waits == sorted(waits)
    assert waits[-1] == 60


def test_a_restart_forgets_nothing(start, product, tmp_path):
    product.answers[:] = [500] * 30
    first = start(state=tmp_path)
    first.write()
    first.send()
    first.until(lambda: first.ask("GET", "/deliveries")["log"])
    before = first.ask("GET", "/contacts"), first.ask("GET", "/sent")
    first.stop()
    product.answers.clear()
    second = start(state=tmp_path)
    second.until(lambda: product.texts() and "delivered" in product.statuses())
    assert (second.ask("GET", "/contacts"), second.ask("GET", "/sent")) == before
    assert [message["from_business"] for message in second.thread()] == [False, True]


def test_reset_forgets_everything(simulator):
    simulator.write()
    simulator.misbehave(delay_ms=5)
    simulator.ask("POST", "/reset")
    assert simulator.ask("GET", "/contacts") == simulator.ask("GET", "/sent") == []
    assert simulator.ask("GET", "/misbehave")["delay_ms"] == 0


def test_duplicate(simulator):
    simulator.misbehave(duplicate=4)
    simulator.write()
    simulator.until(lambda: simulator.product.texts() == ["oi"] * 5)


def test_the_same_id_is_the_same_message_told_again(simulator):
    simulator.write(id="wamid.X")
    simulator.write(id="wamid.X")
    simulator.until(lambda: simulator.product.texts() == ["oi", "oi"])
    assert len(simulator.thread()) == 1


def write_many(simulator, count):
    wishes = [{"text": str(number)} for number in range(count)]
    return simulator.ask("POST", "/contacts/5511987654321/messages", json=wishes)


def test_reorder(simulator):
    simulator.misbehave(reorder=True)
    write_many(simulator, 5)
    simulator.until(lambda: simulator.product.texts() == ["4", "3", "2", "1", "0"])
    assert len(simulator.product.bodies) == 5


def test_batch(simulator):
    simulator.misbehave(batch=3)
    write_many(simulator, 5)
    simulator.until(lambda: simulator.product.texts() == ["0", "1", "2"])
    assert len(simulator.product.bodies) == 1
    assert simulator.ask("GET", "/health")["waiting"] == 2
    simulator.misbehave(reset=True)
    simulator.until(lambda: len(simulator.product.texts()) == 5)


def test_many_that_wait_share_posts(simulator):
    write_many(simulator, 1500)
    simulator.until(lambda: len(simulator.product.texts()) == 1500)
    assert len(simulator.product.bodies) <= 8


def test_delay(simulator):
    simulator.misbehave(delay_ms=300)
    simulator.write()
    assert simulator.ask("GET", "/health")["waiting"] == 1
    simulator.until(simulator.product.messages)


def test_drop_answer(simulator):
    simulator.write()
    simulator.misbehave(drop_answer=1)
    with pytest.raises(httpx.RemoteProtocolError):
        simulator.send(biz_opaque_callback_data="outbox-1")
    assert simulator.send().status_code == 200
    simulator.until(lambda: simulator.product.statuses().count("delivered") == 2)
    assert [sent["accepted"] for sent in simulator.ask("GET", "/sent")] == [True, True]


def test_error_for_a_contact_in_the_answer(simulator):
    simulator.write()
    simulator.write("5521912345678")
    simulator.misbehave(error={"contact": "5511987654321", "code": 131026, "times": 1})
    assert simulator.send().json()["error"]["code"] == 131026
    assert simulator.send("+5521912345678").status_code == 200
    assert simulator.send().status_code == 200
    first, *_ = simulator.ask("GET", "/sent")
    assert (first["accepted"], first["id"], first["error"]["code"]) == (False, None, 131026)
    assert first["contact"] == "5511987654321"
    assert len(simulator.ask("GET", f"/sent?after={first['seq']}")) == 2


def test_error_for_everyone_by_webhook(simulator):
    simulator.write()
    simulator.misbehave(error={"code": 131049, "async": True})
    message_id = first_id(simulator.send())
    simulator.until(lambda: simulator.product.statuses(message_id) == ["failed"])
    assert len(simulator.thread()) == 1
    simulator.misbehave(error=None)
    message_id = first_id(simulator.send())
    simulator.until(lambda: "delivered" in simulator.product.statuses(message_id))


def test_expired_token(simulator):
    simulator.write()
    simulator.misbehave(expired_token=True)
    answer = simulator.send()
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["error_subcode"]) == (401, 190, 463)
    assert error["message"].startswith("Error validating access token")


@pytest.mark.parametrize(
    ("wish", "status", "accepted"),
    [("server_error", 503, False), ("bad_gateway", 502, False), ("bad_gateway_after", 502, True)],
)
def test_broken_answers(simulator, wish, status, accepted):
    simulator.write()
    simulator.misbehave(**{wish: 1})
    answer = simulator.send()
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith(
        "application/json" if status == 503 else "text/html"
    )
    assert simulator.send().status_code == 200
    assert [sent["accepted"] for sent in simulator.ask("GET", "/sent")] == [accepted, True]


def test_slow_answer(simulator):
    simulator.write()
    simulator.misbehave(slow_answer_ms=400)
    with pytest.raises(httpx.ReadTimeout):
        simulator.http.post(
            "/v25.0/106540352242922/messages",
            headers={"authorization": "Bearer EAATESTTOKEN"},
            json={
                "messaging_product": "whatsapp", "to": "5511987654321", "text": {"body": "oi"},
            },
            timeout=0.1,
        )  # fmt: skip
    assert [sent["accepted"] for sent in simulator.ask("GET", "/sent")] == [True]


def test_slow_media(simulator):
    simulator.misbehave(slow_media_ms=300)
    with pytest.raises(httpx.ReadTimeout):
        simulator.http.get("/whatsapp_business/attachments/", timeout=0.1)


def test_hold_statuses(simulator):
    simulator.misbehave(hold_statuses=True)
    simulator.write()
    simulator.send()
    simulator.until(lambda: simulator.ask("GET", "/health")["waiting"] == 2)
    assert simulator.product.texts() == ["oi"]
    simulator.misbehave(hold_statuses=False)
    simulator.until(lambda: sorted(simulator.product.statuses()) == ["delivered", "sent"])


def test_statuses_before_the_answer(simulator):
    simulator.write()
    simulator.misbehave(statuses_before_answer=True)
    message_id = first_id(simulator.send())
    assert simulator.product.statuses(message_id) == ["sent", "delivered"]


def test_pair_limit(simulator):
    simulator.write()
    simulator.misbehave(pair_limit=True)
    codes = [simulator.send().json().get("error", {}).get("code") for _ in range(46)]
    assert codes == [None] * 45 + [131056]
    simulator.clock.pass_time(seconds=6)
    assert simulator.send().status_code == 200


@pytest.mark.parametrize(
    "wishes", [{"explode": True}, {"duplicate": "many"}, {"reorder": 1}, {"error": {"times": 1}}]
)
def test_unknown_misbehaviour_is_refused(simulator, wishes):
    assert simulator.http.post("/misbehave", json=wishes).status_code == 400


@pytest.mark.parametrize(
    ("wishes", "status"),
    [
        ({"body": {"object": "x"}}, 200),
        ({"raw": "hello", "content_type": "text/plain"}, 200),
        ({"body": {}, "signature": "wrong"}, 401),
        ({"body": {}, "signature": "none"}, 401),
    ],
)
def test_raw_webhooks_tell_what_the_product_answered(simulator, wishes, status):
    assert simulator.ask("POST", "/webhooks/raw", json=wishes)["status"] == status


def test_handshake(simulator):
    assert simulator.ask("POST", "/verify")["verified"]


def test_a_moved_contact_is_announced(simulator):
    simulator.write()
    simulator.ask("POST", "/contacts/5511987654321/number", json={"wa_id": "5511900001111"})
    simulator.until(lambda: len(simulator.product.messages()) == 2)
    system = next(one for one in simulator.product.messages() if one["type"] == "system")
    assert system["from"] == "5511987654321"
    assert system["system"]["wa_id"] == "5511900001111"
    assert system["system"]["user_id"] != system["from_user_id"]
    assert len(simulator.ask("GET", "/contacts")) == 1


def test_the_page_is_served(simulator):
    assert "phones" in simulator.http.get("/").text
    for name in ("main.js", "phone.js", "texts.js", "phone.css"):
        assert simulator.http.get(f"/page/{name}").status_code == 200
    for name in ("main.js", "phone.js", "bubble.js", "panel.js", "dom.js"):
        assert "innerHTML" not in simulator.http.get(f"/page/{name}").text


def test_one_webhook_at_a_time_keeps_the_order(simulator):
    simulator.misbehave(one_at_a_time=True)
    for number in range(10):
        simulator.write(text=str(number))
    simulator.until(lambda: simulator.product.texts() == [str(number) for number in range(10)])


def test_a_quoted_reply_names_the_author(simulator):
    simulator.write()
    message_id = first_id(simulator.send())
    simulator.write(text="isso!", context={"id": message_id})
    simulator.until(lambda: len(simulator.product.messages()) == 2)
    reply = next(one for one in simulator.product.messages() if one["text"]["body"] == "isso!")
    assert reply["context"] == {"from": "551140001234", "id": message_id}
