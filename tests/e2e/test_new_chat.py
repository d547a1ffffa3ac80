"""«Novo chat» on the whole stack: the template reaches the phone, and its answer the same chat."""

import secrets
from typing import Any

from tests.e2e.agent import Agent, client_key
from tests.e2e.phones import Contact, Json, Phones
from tests.e2e.waiting import at_once, until

REMINDER = {
    "header.nome": "Maria",
    "body.nome": "Maria",
    "body.profissional": "Dra. Sônia",
    "body.dia": "25/11",
    "body.hora": "14h30",
}


def somebody(phones: Phones, **more: Any) -> Contact:
    """Who has a phone, and was never heard of here."""
    return phones.somebody(wa_id=f"55{mobile()}", **more)


def mobile() -> str:
    """A number that somebody in São Paulo could have, with its area."""
    return f"119{60_000_000 + secrets.randbelow(40_000_000)}"


def wish(contact: Contact, **facts: Any) -> Json:
    """What «Novo chat» asks for."""
    return {
        "client_key": client_key(),
        "name": contact.name,
        "phone": contact.wa_id.removeprefix("55"),
        "foreign": False,
        "open": True,
        "template": {"name": "lembrete_consulta", "language": "pt_BR", "values": REMINDER},
    } | facts


def start(agent: Agent, contact: Contact, **facts: Any) -> Json:
    """Begin a chat with that person."""
    started: Json = agent.ask("POST", "/chats", json=wish(contact, **facts))
    return started


def template_of(agent: Agent, chat_id: str) -> Json:
    """The template of a chat, as it stands."""
    [message] = [one for one in agent.messages(chat_id) if one["kind"] == "template"]
    return message


def test_a_template_reaches_the_phone_and_its_answer_the_same_chat(
    phones: Phones, ana: Agent
) -> None:
    """NEW-1 NEW-3 SEND-2: with named values; Meta's number is without the ninth digit."""
    contact = somebody(phones)
    started = start(ana, contact, phone=f"{contact.wa_id[2:4]}{contact.wa_id[5:]}")
    chat_id = started["chat_id"]
    assert started["chat"]["row"]["agent_id"] == ana.agent_id()
    message = template_of(ana, chat_id)
    ana.until_status(chat_id, message["key"], "delivered")
    [shown] = contact.thread()
    assert shown["rendered"]["header"] == "Consulta de Maria"
    assert shown["rendered"]["body"] == (
        "Olá, Maria! Sua consulta com Dra. Sônia está marcada para 25/11, às 14h30. Confirma?"
    )
    contact.writes("Confirmo!")
    until(lambda: "Confirmo!" in ana.texts(chat_id), "the answer in the same chat")
    [row] = ana.chats_of(contact.name)
    assert (row["chat_id"], row["agent_id"], row["closed"]) == (chat_id, ana.agent_id(), False)
    assert ana.answer(chat_id, "Até lá")["status"] == "queued"


def test_numbered_values_stand_where_their_numbers_do(phones: Phones, ana: Agent) -> None:
    """SEND-2"""
    contact = somebody(phones)
    values = {"body.1": "Bia", "body.2": "8812", "body.3": "Rua das Flores, 10"}
    template = {"name": "confirmar_endereco", "language": "pt_BR", "values": values}
    chat_id = start(ana, contact, template=template, open=False)["chat_id"]
    ana.until_status(chat_id, template_of(ana, chat_id)["key"], "delivered")
    [shown] = contact.thread()
    expected = "O pedido 8812 vai para Rua das Flores, 10. Está certo, Bia?"
    assert (shown["rendered"]["body"], template_of(ana, chat_id)["text"]) == (expected, expected)
    assert ana.row(chat_id)["closed"] is True


def test_the_templates_to_choose_from(phones: Phones, ana: Agent) -> None:
    """SEND-2"""
    found = ana.get("/templates")
    by_name = {(one["name"], one["language"]): one for one in found["templates"]}
    assert found["account"] == phones.account["account"]
    assert by_name["lembrete_consulta", "pt_BR"]["variables"] == list(REMINDER)
    assert by_name["novidades_da_loja", "pt_BR"]["category"] == "marketing"
    assert ("aviso_horario", "en_US") in by_name
    assert by_name["boas_vindas", "pt_BR"]["variables"] == ["header.file", "body.1", "button.0"]
    assert not {"codigo_acesso", "promocao_relampago"} & {name for name, _ in by_name}


def offered(agent: Agent, name: str) -> bool:
    """Whether it is among those that may be sent, as Meta's webhooks told of it."""
    return name in {one["name"] for one in agent.get("/templates")["templates"]}


def test_ten_simultaneous_starts_of_a_number_make_one_chat(
    phones: Phones, ana: Agent, bruno: Agent
) -> None:
    """NEW-2 SEND-12: five with the same key, and five others who all come too late."""
    contact = somebody(phones)
    same = wish(contact)
    others = [wish(contact) for _ in range(5)]
    asked = [pair for one in others for pair in ((ana, same), (bruno, one))]

    def ask(given: tuple[Agent, Json]) -> tuple[int, Json]:
        agent, body = given
        for _ in range(10):
            answer = agent.http.post("/chats", json=body)
            if answer.status_code != 503:
                break
        return answer.status_code, answer.json()

    answers = at_once(ask, asked, 10)
    made = {body["chat_id"] for status, body in answers if status == 200}
    [chat_id] = made
    refused = [body for status, body in answers if status != 200]
    assert {(one["code"], one["chat_id"]) for one in refused} == {("chat_exists", chat_id)}
    assert len(refused) in (5, 9)
    assert len(ana.chats_of(contact.name)) == 1
    ana.until_status(chat_id, template_of(ana, chat_id)["key"], "delivered")
    assert len(contact.attempts()) == 1


def test_a_template_that_disappears_says_so_or_fails_in_sight(phones: Phones, ana: Agent) -> None:
    """NEW-1 CHAT-5 CHAT-6: before the button, and between the button and Meta."""
    name = {"name": "so_por_hoje", "language": "pt_BR"}
    body = {"type": "BODY", "text": "Só hoje, {{1}}!"}
    template = {**name, "values": {"body.1": "Bia"}}
    phones.ask("POST", "/templates", json={**name, "components": [body]})
    until(lambda: offered(ana, name["name"]), "a new template is mirrored")
    contact, late = somebody(phones), somebody(phones)
    phones.error(contact, 132001, times=1)
    chat_id = start(ana, contact, template=template)["chat_id"]
    failed = ana.until_status(chat_id, template_of(ana, chat_id)["key"], "failed")
    assert failed["failure"]["code"] == 132001
    path = f"/chats/{chat_id}/messages/{failed['key']}/retry"
    again = ana.ask("POST", path, json={"client_key": client_key()})["messages"][0]
    ana.until_status(chat_id, again["key"], "delivered")

    phones.ask("DELETE", "/templates", params=name)
    until(lambda: not offered(ana, name["name"]), "one that is gone is offered no more")
    refusal = ana.ask("POST", "/chats", json=wish(late, template=template), expect=409)
    assert refusal["code"] == "template_gone"
    assert ana.get("/lookup", phone=late.wa_id)["found"] == "none"


def test_who_is_registered_is_found_by_every_form_of_the_number(
    phones: Phones, ana: Agent, davi: Agent
) -> None:
    """NEW-2 NEW-4"""
    contact = somebody(phones)
    contact.writes("oi")
    chat_id = ana.chat_of(contact.name)
    national = contact.wa_id[2:]
    for typed in (national, f"0{national}", contact.wa_id, f"+{contact.wa_id}"):
        refusal = ana.ask("POST", "/chats", json=wish(contact, phone=typed), expect=409)
        assert (refusal["code"], refusal["chat_id"]) == ("chat_exists", chat_id)
        assert ana.get("/lookup", phone=typed)["chat_id"] == chat_id
        hidden = davi.ask("POST", "/chats", json=wish(contact, phone=typed), expect=409)
        assert (hidden["chat_id"], hidden["name"]) == (None, None)
        assert davi.get("/lookup", phone=typed)["found"] == "hidden"


def test_numbers_that_are_nobodys_are_told(phones: Phones, ana: Agent) -> None:
    """NEW-1"""
    contact = somebody(phones)
    for phone, foreign, reason in (
        ("98765-4321", False, "phone_invalid"),
        ("912 345 678", True, "phone_needs_country"),
    ):
        body = wish(contact, phone=phone, foreign=foreign)
        refusal = ana.ask("POST", "/chats", json=body, expect=400)
        assert refusal["fields"] == [{"path": "phone", "reason": reason}]
    assert contact.attempts() == []


def test_a_list_of_contacts_is_added_once(phones: Phones, ana: Agent) -> None:
    """ADM-3"""
    numbers = [mobile() for _ in range(24)]
    lines = [
        {"line": place, "name": f"Importado {number}", "phone": number}
        for place, number in enumerate(numbers, 1)
    ]
    lines.append({"line": 25, "name": "", "phone": numbers[0]})

    def add(_: int) -> list[str]:
        answer = ana.ask("POST", "/contact-imports", json={"lines": lines})
        return [one["outcome"] for one in answer["lines"]]

    first, second = at_once(add, [1, 2], 2)
    for one, other in zip(first[:24], second[:24], strict=True):
        assert sorted((one, other)) == ["added", "exists"]
    assert first[24] == second[24] == "name_empty"
    assert add(3)[:24] == ["exists"] * 24
    listed = ana.get("/contacts")["contacts"]
    assert {one["phone"] for one in listed} >= {f"55{number}" for number in numbers}
