"""What Meta refuses: the request checks, the window, blocks, tokens, templates."""

import pytest

from .running import ACCOUNT, NUMBER, TOKEN

TEXT = {"messaging_product": "whatsapp", "to": "+5511987654321", "type": "text"}
BUTTON = {"type": "reply", "reply": {"id": "a", "title": "Sim"}}


def interactive(**action):
    kind = "button" if "buttons" in action else "list"
    return {"type": kind, "body": {"text": "?"}, "action": action}


def rows(count):
    return [{"title": "Opções", "rows": [{"id": str(n), "title": str(n)} for n in range(count)]}]


def row(**changes):
    """The sections of a list of one row."""
    return [{"rows": [{"id": "a", "title": "Sim"} | changes]}]


def button(**changes):
    """The buttons of a menu of one."""
    return [{"type": "reply", "reply": BUTTON["reply"] | changes}]


def body(**changes):
    whole = TEXT | {"text": {"body": "oi"}} | changes
    return {key: value for key, value in whole.items() if value is not None}


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (body(messaging_product=None), 100),
        (body(messaging_product="telegram"), 100),
        (body(to=None), 100),
        (body(to="abc"), 131009),
        (body(to=None, recipient="maria"), 131009),
        (body(type="fax"), 100),
        (body(text=None), 131008),
        (body(text={"body": ""}), 100),
        (body(text={"body": "x" * 4097}), 100),
        (body(text={"body": 7}), 100),
        (body(text="oi"), 100),
        (body(text={"body": "x", "preview_url": "yes"}), 100),
        (body(biz_opaque_callback_data="x" * 513), 100),
        (body(context={}), 100),
        (body(type="image", image={}), 131008),
        (body(type="image", image={"id": "1", "link": "https://a"}), 131008),
        (body(type="image", image={"link": "ftp://a"}), 100),
        (body(type="image", image={"link": "https://a", "caption": "x" * 1025}), 100),
        (body(type="image", image={"id": "404"}), 100),
        (body(type="audio", audio={"link": "https://a", "caption": "x"}), 100),
        (body(type="location", location={"latitude": 99, "longitude": 0}), 131009),
        (body(type="location", location={}), 131008),
        (body(type="contacts", contacts=[]), 100),
        (body(type="contacts", contacts=[{"name": {}}]), 131008),
        (body(type="reaction", reaction={"message_id": "wamid.x"}), 131008),
        (
            body(
                type="reaction",
                reaction={"message_id": "wamid.x", "emoji": "x"},
                context={"message_id": "wamid.x"},
            ),
            100,
        ),
        (body(type="interactive", interactive=interactive(buttons=[BUTTON] * 4)), 131009),
        (body(type="interactive", interactive=interactive(buttons=[BUTTON] * 2)), 131009),
        *[
            (body(type="interactive", interactive=asked), code)
            for asked, code in [
                (interactive(button="Ver", sections=rows(11)), 131009),
                (interactive(button="Ver", sections=[]), 131009),
                (interactive(button="Ver", sections=[{"rows": rows(1)[0]["rows"] * 2}]), 131009),
                (interactive(button="x" * 21, sections=rows(1)), 100),
                (interactive(sections=rows(1)), 131008),
                (interactive(button="Ver", sections=row(id="x" * 201)), 100),
                (interactive(button="Ver", sections=row(title="x" * 25)), 100),
                (interactive(button="Ver", sections=row(description="x" * 73)), 100),
                (interactive(buttons=[]), 131009),
                (interactive(buttons=button(title="x" * 21)), 100),
                (interactive(buttons=button(id="x" * 257)), 100),
                (interactive(buttons=button() + button(title="Não")), 131009),
                (interactive(buttons=button() + button(id="b")), 131009),
                (interactive(buttons=button()) | {"body": {"text": "x" * 1025}}, 100),
                (interactive(buttons=button()) | {"body": {"text": ""}}, 100),
                (interactive(buttons=button()) | {"body": None}, 131008),
            ]
        ],
        (body(type="template", template={"name": "x"}), 131008),
        (body(type="template", template={"name": "x", "language": {"code": "pt_BR"}}), 132001),
        (body(to="+55 11 4000-1234"), 131021),
        (body(status="read", message_id="wamid.unknown"), 131009),
        (body(status="delivered"), 100),
    ],
)
def test_refused_at_sight(simulator, sent, code):
    simulator.write()
    answer = simulator.graph("POST", f"{NUMBER}/messages", json=sent)
    assert answer.status_code in (400, 404)
    error = answer.json()["error"]
    assert error["code"] == code
    assert {"message", "type", "fbtrace_id"} <= set(error)


@pytest.mark.parametrize(
    "sent",
    [
        body(),
        body(type=None),
        body(text={"body": "x" * 4096, "preview_url": True}),
        body(biz_opaque_callback_data="x" * 512),
        body(type="image", image={"link": "https://a/b.png", "caption": "olha"}),
        body(type="location", location={"latitude": -23.5, "longitude": "-46.6"}),
        body(
            type="contacts",
            contacts=[{"name": {"formatted_name": "Ana", "first_name": "Ana"}}],
        ),
        body(type="reaction", reaction={"message_id": "wamid.x", "emoji": ""}),
        body(type="interactive", interactive=interactive(buttons=[BUTTON])),
        body(type="interactive", interactive=interactive(button="Ver", sections=rows(10))),
        body(
            type="interactive",
            interactive=interactive(
                button="x" * 20,
                sections=row(id="x" * 200, title="x" * 24, description="x" * 72),
            )
            | {"body": {"text": "x" * 4096}},
        ),
        body(
            type="interactive",
            interactive=interactive(
                buttons=button(id="x" * 256, title="x" * 20) + button(id="b", title="Não")
            )
            | {"body": {"text": "x" * 1024}},
        ),
    ],
)
def test_accepted(simulator, sent):
    written = simulator.write()
    answer = simulator.graph("POST", f"{NUMBER}/messages", json=sent)
    assert answer.status_code == 200, answer.text
    content = answer.json()
    assert content["contacts"] == [{"input": "+5511987654321", "wa_id": written["wa_id"]}]
    assert content["messages"][0]["id"].startswith("wamid.")


@pytest.mark.parametrize(
    ("path", "headers", "status", "code", "subcode"),
    [
        (f"/v25.0/{NUMBER}/messages", {}, 401, 104, None),
        (f"/v25.0/{NUMBER}/messages", {"authorization": "Bearer wrong"}, 401, 190, None),
        ("/v25.0/999/messages", {"authorization": f"Bearer {TOKEN}"}, 400, 100, 33),
        (f"/v21.0/{NUMBER}/messages", {"authorization": f"Bearer {TOKEN}"}, 400, 2635, None),
        (f"/latest/{NUMBER}/messages", {"authorization": f"Bearer {TOKEN}"}, 400, 2500, None),
    ],
)
def test_access(simulator, path, headers, status, code, subcode):
    answer = simulator.http.post(path, json=body(), headers=headers)
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == code
    assert answer.json()["error"].get("error_subcode") == subcode


def test_a_body_that_is_not_json_is_refused(simulator):
    answer = simulator.graph("POST", f"{NUMBER}/messages", content=b"{oi")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 100)


def test_free_text_only_within_24_hours_of_the_last_word(simulator):
    assert simulator.send().json()["error"]["code"] == 131047
    simulator.write()
    assert simulator.send().status_code == 200
    simulator.clock.pass_time(hours=23, minutes=59)
    assert simulator.send().status_code == 200
    simulator.clock.pass_time(minutes=1)
    assert simulator.send().json()["error"]["code"] == 131047
    template = {"name": "aviso_horario", "language": {"code": "pt_BR"}}
    assert simulator.send(type="template", template=template).status_code == 200


def test_the_window_can_be_old_from_the_start(simulator):
    simulator.write(timestamp=1)
    assert simulator.send().json()["error"]["code"] == 131047


def test_refusals_can_come_by_webhook(simulator):
    simulator.misbehave(async_refusals=True)
    message_id = simulator.send(biz_opaque_callback_data="outbox-1").json()["messages"][0]["id"]
    simulator.until(lambda: simulator.product.statuses(message_id) == ["failed"])
    value = simulator.product.values()[-1]
    assert value["statuses"][0]["errors"][0]["code"] == 131047
    assert value["statuses"][0]["biz_opaque_callback_data"] == "outbox-1"
    assert "contacts" not in value
    assert "recipient_user_id" not in value["statuses"][0]


def test_either_form_of_the_number_reaches_the_same_contact(simulator):
    simulator.write("551187654321")
    answer = simulator.send("+5511987654321").json()
    assert answer["contacts"] == [{"input": "+5511987654321", "wa_id": "551187654321"}]
    assert len(simulator.ask("GET", "/contacts")) == 1


def test_a_username_user_is_known_by_bsuid_only(simulator):
    user_id = "BR.13491208655302741918"
    simulator.ask(
        "POST",
        "/contacts",
        json={"user_id": user_id, "wa_id": "5511987654321", "username": "@ana", "name": "Ana"},
    )
    simulator.write(user_id)
    simulator.until(simulator.product.messages)
    value = simulator.product.values()[0]
    assert "from" not in value["messages"][0]
    assert value["messages"][0]["from_user_id"] == user_id
    assert value["contacts"] == [
        {"profile": {"name": "Ana", "username": "ana"}, "user_id": user_id}
    ]
    answer = simulator.send(None, recipient=user_id).json()
    assert answer["contacts"] == [{"input": user_id, "user_id": user_id}]
    simulator.until(simulator.product.statuses)
    status = simulator.product.values()[-1]["statuses"][0]
    assert status["recipient_user_id"] == user_id
    assert "recipient_id" not in status


@pytest.mark.parametrize(
    ("name", "parameters", "code"),
    [
        ("retomar_atendimento", [{"type": "text", "text": "Ana"}], 132000),
        ("promocao_relampago", [], 132015),
        ("pesquisa_satisfacao", [], 132001),
        ("boas_vindas", [{"type": "text", "text": "Ana"}], 132012),
        (
            "pedido_enviado",
            [{"type": "text", "text": "Ana"}, {"type": "text", "text": "hoje"}],
            132000,
        ),
        ("retomar_atendimento", [{"type": "text", "text": "a\nb"}, {"type": "text"}], 100),
    ],
)
def test_refused_templates(simulator, name, parameters, code):
    template = {
        "name": name,
        "language": {"code": "pt_BR"},
        "components": [{"type": "body", "parameters": parameters}],
    }
    answer = simulator.send(type="template", template=template)
    assert answer.json()["error"]["code"] == code


def test_the_phone_shows_a_template_filled(simulator):
    def named(name, text):
        return {"type": "text", "parameter_name": name, "text": text}

    template = {
        "name": "pedido_enviado",
        "language": {"code": "pt_BR"},
        "components": [
            {"type": "header", "parameters": [named("numero", "8812")]},
            {"type": "body", "parameters": [named("prazo", "2 dias"), named("nome", "João")]},
            {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"text": "8812"}]},
        ],
    }
    assert simulator.send(type="template", template=template).status_code == 200
    simulator.until(simulator.thread)
    rendered = simulator.thread()[0]["rendered"]
    assert rendered["header"] == "Pedido 8812"
    assert rendered["body"] == "Oi, João! Seu pedido saiu para entrega e chega em 2 dias."
    assert rendered["buttons"][0]["url"] == "https://loja.example/pedidos/8812"


def test_templates_are_paged_and_filtered(simulator):
    path, names = f"{ACCOUNT}/message_templates?limit=3&fields=name,status", []
    while path:
        content = simulator.graph("GET", path).json()
        names += [template["name"] for template in content["data"]]
        path = content.get("paging", {}).get("next", "").partition("/v25.0/")[2]
    assert len(names) == 13
    approved = simulator.graph("GET", f"{ACCOUNT}/message_templates?status=PAUSED").json()
    assert [template["name"] for template in approved["data"]] == ["promocao_relampago"]


def test_a_template_can_disappear_and_come_back(simulator):
    name = {"name": "aviso_horario", "language": "pt_BR"}

    def listed():
        path = f"{ACCOUNT}/message_templates?name=aviso_horario&fields=language"
        return [one["language"] for one in simulator.graph("GET", path).json()["data"]]

    def code():
        template = {"name": "aviso_horario", "language": {"code": "pt_BR"}}
        answer = simulator.send(type="template", template=template).json()
        return answer.get("error", {}).get("code")

    simulator.ask("DELETE", "/templates", params=name)
    assert (listed(), code()) == (["en_US"], 132001)
    simulator.ask("POST", "/templates", json={**name, "status": "PAUSED"})
    assert (listed(), code()) == (["pt_BR", "en_US"], 132015)
    simulator.ask("POST", "/templates", json={**name, "status": "APPROVED"})
    assert code() is None


def test_the_number_tells_about_itself(simulator):
    fields = "display_phone_number,quality_rating"
    assert simulator.graph("GET", f"{NUMBER}?fields={fields}").json() == {
        "display_phone_number": "+55 11 4000-1234", "quality_rating": "GREEN", "id": NUMBER,
    }  # fmt: skip
    listed = simulator.graph("GET", f"{ACCOUNT}/phone_numbers").json()
    assert listed["data"][0]["id"] == NUMBER


def block(simulator, method, *users):
    given = {"messaging_product": "whatsapp", "block_users": [{"user": user} for user in users]}
    return simulator.graph(method, f"{NUMBER}/block_users", json=given)


def test_blocking_succeeds_in_part(simulator):
    simulator.write("5511987654321")
    simulator.write("5511911112222", timestamp=1)
    answer = block(simulator, "POST", "+5511987654321", "+5511911112222")
    assert answer.status_code == 400
    content = answer.json()
    assert content["error"]["code"] == 139100
    assert [user["input"] for user in content["block_users"]["added_users"]] == ["+5511987654321"]
    failed = content["block_users"]["failed_users"]
    assert [(user["wa_id"], user["errors"][0]["code"]) for user in failed] == [
        ("5511911112222", 131047)
    ]


def test_nobody_writes_over_a_block(simulator):
    simulator.write()
    simulator.until(simulator.product.messages)
    assert block(simulator, "POST", "+5511987654321").status_code == 200
    assert simulator.send().json()["error"]["code"] == 130403
    listed = simulator.graph("GET", f"{NUMBER}/block_users").json()["data"]
    assert [user["wa_id"] for user in listed] == ["5511987654321"]
    assert simulator.write(text="ouviu?")["blocked"]
    simulator.clock.pass_time(hours=30)
    answer = block(simulator, "DELETE", "+5511987654321").json()
    assert [user["wa_id"] for user in answer["block_users"]["removed_users"]] == ["5511987654321"]
    simulator.write(text="e agora?")
    simulator.until(lambda: simulator.product.texts() == ["oi", "e agora?"])


def upload(simulator, content=b"png", mime_type="image/png"):
    return simulator.graph(
        "POST",
        f"{NUMBER}/media",
        data={"messaging_product": "whatsapp"},
        files={"file": ("foto.png", content, mime_type)},
    )


def test_media_addresses_live_five_minutes_and_need_the_token(simulator):
    media_id = upload(simulator).json()["id"]
    described = simulator.graph("GET", media_id).json()
    assert described["file_size"] == 3
    bearer = {"authorization": f"Bearer {TOKEN}"}
    assert simulator.http.get(described["url"]).status_code == 401
    assert simulator.http.get(described["url"], headers=bearer).content == b"png"
    simulator.clock.pass_time(minutes=6)
    assert simulator.http.get(described["url"], headers=bearer).status_code == 404
    assert simulator.graph("DELETE", media_id).json() == {"success": True}
    assert simulator.graph("GET", media_id).json()["error"]["error_subcode"] == 33


@pytest.mark.parametrize(
    ("content", "mime_type", "code"),
    [
        (b"x", "image/gif", 100),
        (b"", "image/png", 100),
        (b"x" * (5 * 1024 * 1024 + 1), "image/jpeg", 131053),
    ],
)
def test_refused_media(simulator, content, mime_type, code):
    assert upload(simulator, content, mime_type).json()["error"]["code"] == code


def test_a_contact_sends_a_file(simulator):
    answer = simulator.ask(
        "POST",
        "/contacts/5511987654321/media",
        files={"file": ("voz.ogg", b"opus", "audio/ogg; codecs=opus")},
    )
    simulator.until(simulator.product.messages)
    audio = simulator.product.messages()[0]["audio"]
    assert audio["id"] == answer["media_id"]
    assert audio["voice"] is True
    assert simulator.graph("GET", audio["id"]).json()["mime_type"] == "audio/ogg; codecs=opus"
