"""«Novo chat»: a template to somebody who is not registered, once, and to nobody twice."""

import json

import pytest

from chalicelib.commands.deliver import deliver
from chalicelib.commands.receive import receive
from chalicelib.commands.send import retry, send
from chalicelib.commands.start_chat import start
from chalicelib.commands.sync_templates import heed, sync
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.domain.delivery import AnswerLost, Refused, Status, callback_data
from chalicelib.domain.inbound import Failure, Notice, Person
from chalicelib.domain.instants import iso
from chalicelib.domain.listing import Order, Tab
from chalicelib.domain.message import CLIENT_KEY_LIFE
from chalicelib.gateways.secrets import ChannelSecrets
from chalicelib.queries import lookup
from chalicelib.queries.chats import list_page
from chalicelib.stores import channels
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Stale, commit_rows
from chalicelib.stores.tables import AttendanceRow, ChatRow, Row, chat_pk
from tests.builders import ACCOUNT, NOON, PORTFOLIO, agent, arrival, chat, client_key, put

ANA = agent("ana")
DAVI = agent("davi", permissions=frozenset({Permission.TAB_MINE}))
PHONE = "5511987654321"
SECOND = "206540352242922"
RETOMAR = {
    "name": "retomar",
    "language": "pt_BR",
    "category": "UTILITY",
    "status": "APPROVED",
    "parameter_format": "POSITIONAL",
    "components": [
        {"type": "BODY", "text": "Olá, {{1}}! Seu atendimento {{2}} ficou sem resposta."},
        {"type": "FOOTER", "text": "Responda SAIR para parar"},
    ],
}
BANNER = {
    **RETOMAR,
    "name": "banner",
    "components": [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "BODY", "text": "Veja, {{1}}"},
        {"type": "BUTTONS", "buttons": [{"type": "COPY_CODE", "text": "Copiar"}]},
    ],
}
UPLOAD = "uploads/ana/00000000000000aa.png"
ENGLISH = {**RETOMAR, "language": "en_US", "components": [{"type": "BODY", "text": "Hi!"}]}


@pytest.fixture
def here(world, graph):
    """A desk with a WhatsApp number, and what may be sent from it."""
    channels.save("whatsapp", ACCOUNT, display="+55 11 4000-1234", portfolio=PORTFOLIO)
    graph.told = [RETOMAR, ENGLISH, BANNER, {**RETOMAR, "name": "pausado", "status": "PAUSED"}]
    sync(world, PORTFOLIO, 1)
    graph.asked.clear()
    return world


def wish(number=1, **facts):
    """What «Novo chat» asks for."""
    return {
        "client_key": client_key(number=number),
        "name": "Bia da Silva",
        "phone": "(11) 98765-4321",
        "foreign": False,
        "open": True,
        "template": {
            "name": "retomar",
            "language": "pt_BR",
            "values": {"body.1": "Bia", "body.2": "100001"},
        },
        "account": None,
    } | facts


def to_send(name="retomar", language="pt_BR", **values):
    return {"name": name, "language": language, "values": values}


def messages(chat_id):
    return store.page_of_messages(store.load(chat_id), limit=50)


def template_of(chat_id):
    [message] = [one for one in messages(chat_id) if one.kind == "template"]
    return message


def chats():
    return [row for row in Row.scan() if isinstance(row, ChatRow)]


# --- what it makes ----------------------------------------------------------------------------


def test_an_opened_chat_is_its_makers(here):
    """NEW-1 NEW-3 ROUTE-4"""
    started = start(here, ANA, wish())
    chat = store.load(started["chat_id"])
    assert (chat.name, chat.phone, chat.channel) == ("Bia da Silva", PHONE, "whatsapp")
    assert (chat.account, chat.portfolio) == (ACCOUNT, PORTFOLIO)
    assert (chat.agent_id, chat.department_id) == ("ana", None)
    assert (chat.attendance.opened_by, chat.attendance.agent_ids) == ("ana", ("ana",))
    assert chat.attendance.protocol.isdigit()
    assert started["chat"]["protocol"] == chat.attendance.protocol
    assert started["chat"]["row"]["preview"].startswith("Olá, Bia!")
    assert started["chat"]["row"]["last_activity_at"] == iso(NOON)
    [record] = AttendanceRow.query(chat_pk(chat.chat_id), AttendanceRow.sk.startswith("ATT#"))
    assert (record.protocol, record.agent_ids) == (chat.attendance.protocol, ["ana"])
    assert [one.line and one.line["code"] for one in messages(chat.chat_id)].count("took") == 1


def test_what_is_queued_reads_as_on_the_phone(here):
    """SEND-2"""
    message = template_of(start(here, ANA, wish())["chat_id"])
    assert (message.kind, message.author, message.status) == ("template", "agent", Status.QUEUED)
    assert message.text == (
        "Olá, Bia! Seu atendimento 100001 ficou sem resposta.\n\nResponda SAIR para parar"
    )
    assert (message.agent_id, message.author_name) == ("ana", "Ana")
    assert dict(message.template.values) == {"body.1": "Bia", "body.2": "100001"}


def test_one_that_is_not_opened_is_only_among_all(here):
    """NEW-3 TAB-5"""
    started = start(here, ANA, wish(open=False))
    chat = store.load(started["chat_id"])
    assert (chat.attendance, chat.agent_id, chat.opened_at) == (None, None, None)
    assert [one.kind for one in messages(chat.chat_id)] == ["template"]

    def held(tab):
        page = list_page(here, ANA, tab, Order.NEWEST, limit=9)
        return [row["chat_id"] for row in page["chats"]]

    assert held(Tab.ALL) == [chat.chat_id]
    assert [held(tab) for tab in (Tab.OPEN, Tab.MINE, Tab.IN_SERVICE)] == [[], [], []]


@pytest.mark.parametrize(("open_", "shown"), [(True, True), (False, False)])
def test_its_maker_sees_it_only_if_they_may(here, open_, shown):
    """TAB-7 PERM-2"""
    started = start(here, DAVI, wish(open=open_))
    assert (started["chat"] is not None) is shown
    assert store.load(started["chat_id"]).name == "Bia da Silva"


def test_the_typed_name_stays_when_the_profile_has_another(here):
    """INFO-1"""
    chat_id = start(here, ANA, wish())["chat_id"]
    receive(here, arrival("oi", person=Person(phone=PHONE, name="bia 🌸")))
    chat = store.load(chat_id)
    assert (chat.name, chat.given_name) == ("Bia da Silva", "bia 🌸")


@pytest.mark.parametrize("wa_id", [PHONE, "551187654321"])
def test_the_contacts_answer_lands_in_the_same_chat(here, wa_id):
    """NEW-3 INB-7: with Meta's own form of the number, and an id never seen before."""
    chat_id = start(here, ANA, wish())["chat_id"]
    person = Person(phone=wa_id, user_id="BR.77", name="Bia")
    here.led_to.clear()
    answered = receive(here, arrival("oi", person=person))
    assert answered.chat_id == chat_id
    assert len(chats()) == 1
    chat = store.load(chat_id)
    assert (chat.agent_id, chat.unread) == ("ana", 1)


def test_free_text_stays_shut_until_the_contact_writes(here):
    """SEND-1 SES-1"""
    started = start(here, ANA, wish())
    session = started["chat"]["session"]
    assert (session["state"], session["ends_at"]) == ("none", None)
    answer = {"client_key": client_key(number=9), "text": "oi"}
    with pytest.raises(errors.SessionClosed):
        send(here, ANA, started["chat_id"], answer)
    receive(here, arrival("oi", person=Person(phone=PHONE)))
    [sent] = send(here, ANA, started["chat_id"], answer)
    assert sent.text == "oi"


# --- the number -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phone", "foreign", "reason"),
    [
        ("98765-4321", False, "phone_invalid"),
        ("+1 415 555 2671", False, "phone_invalid"),
        ("912 345 678", True, "phone_needs_country"),
        ("quem?", True, "phone_invalid"),
    ],
)
def test_a_number_that_is_nobodys_is_a_clear_error(here, graph, phone, foreign, reason):
    """NEW-1"""
    with pytest.raises(errors.Invalid) as caught:
        start(here, ANA, wish(phone=phone, foreign=foreign))
    assert caught.value.fields == {"fields": [{"path": "phone", "reason": reason}]}
    assert (graph.asked, chats()) == ([], [])


def test_a_foreign_number_is_dialled_with_its_country(here, graph):
    """NEW-1"""
    chat_id = start(here, ANA, wish(phone="001 415 555 2671", foreign=True))["chat_id"]
    deliver(here, chat_id, template_of(chat_id).key)
    assert graph.sent[0]["to"] == "14155552671"


# --- already there ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["11987654321", "1187654321", "+55 11 98765-4321", "0 15 11 8765-4321", "551187654321"]
)
@pytest.mark.parametrize("known", [PHONE, "551187654321"])
def test_a_contact_is_known_under_every_form_of_the_number(here, graph, typed, known):
    """NEW-2"""
    receive(here, arrival("oi", person=Person(phone=known, name="Bia")))
    [row] = chats()
    with pytest.raises(errors.ChatExists) as caught:
        start(here, ANA, wish(phone=typed))
    assert caught.value.fields == {"chat_id": row.pk.removeprefix("CHAT#"), "name": "Bia"}
    assert len(chats()) == 1
    assert graph.asked == []  # nothing needs to be asked of Meta


def test_who_may_not_read_the_chat_hears_only_that_there_is_one(here):
    """NEW-2"""
    receive(here, arrival("oi"))
    with pytest.raises(errors.ChatExists) as caught:
        start(here, DAVI, wish())
    assert caught.value.fields == {"chat_id": None, "name": None}


def test_a_contact_of_another_number_of_the_agency_is_known(here):
    """NEW-2"""
    channels.save("whatsapp", SECOND, display="+55 11 4000-9999", portfolio=PORTFOLIO)
    here.secrets.accounts[SECOND] = ChannelSecrets("token", "s", "v")
    receive(here, arrival("oi", account=SECOND))
    with pytest.raises(errors.ChatExists):
        start(here, ANA, wish(account=ACCOUNT))


def test_a_contact_who_has_moved_on_is_found_where_they_are(here):
    """NEW-2 INB-7"""
    identity = f"whatsapp#{ACCOUNT}#phone#{PHONE}"
    put(chat("new", phone="5511911112222", name="Bia", identities=(identity,)))
    with pytest.raises(errors.ChatExists) as caught:
        start(here, ANA, wish())
    assert caught.value.fields["chat_id"] == "new"


def test_one_merged_chat_leads_to_the_other(here):
    """NEW-2 INB-7"""
    put(chat("winner", phone="5511911112222", name="Bia"))
    identity = f"whatsapp#{ACCOUNT}#phone#{PHONE}"
    put(chat("loser", phone=None, open_=False, merged_into="winner", identities=(identity,)))
    with pytest.raises(errors.ChatExists) as caught:
        start(here, ANA, wish())
    assert caught.value.fields["chat_id"] == "winner"


# --- once -------------------------------------------------------------------------------------


def test_a_double_click_is_one_chat(here, graph):
    """SEND-12"""
    first = start(here, ANA, wish())
    graph.told = []
    sync(here, PORTFOLIO, 1)  # whatever has become of the template since
    assert start(here, ANA, wish()) == first
    assert len(chats()) == 1
    assert len(messages(first["chat_id"])) == 2


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Bianca"},
        {"phone": "(11) 98765-4322"},
        {"open": False},
        {"template": to_send(language="en_US")},
        {"template": to_send(**{"body.1": "Bia", "body.2": "100002"})},
    ],
)
def test_another_wish_under_the_same_key_is_refused(here, other):
    """SEND-12"""
    start(here, ANA, wish())
    with pytest.raises(errors.ClientKeyReused):
        start(here, ANA, wish(**other))
    assert len(chats()) == 1


def test_the_same_key_of_another_agent_is_another_wish(here):
    """SEND-12"""
    start(here, ANA, wish())
    with pytest.raises(errors.ChatExists):
        start(here, DAVI, wish())


def test_a_key_that_waited_too_long_starts_nothing(here, clock):
    """SEND-12"""
    clock.at += CLIENT_KEY_LIFE * 2
    with pytest.raises(errors.ClientKeyExpired):
        start(here, ANA, wish())


def test_the_same_key_made_since_we_looked_is_our_own_chat(here, monkeypatch):
    """SEND-12: and not somebody else's of the same number."""
    first = start(here, ANA, wish())
    load, looks = store.load, []

    def too_early(chat_id):
        looks.append(chat_id)
        return None if len(looks) == 1 else load(chat_id)

    monkeypatch.setattr(store, "load", too_early)
    assert start(here, ANA, wish()) == first


@pytest.mark.parametrize("same", [True, False])
def test_of_two_at_once_one_makes_the_chat(here, monkeypatch, same):
    """SEND-12 NEW-2: the other one finds it."""
    commit, late = store.commit, []

    def overtaken(change):
        if not late:
            late.append(change)
            monkeypatch.setattr(store, "commit", commit)
            late.append(start(here, ANA, wish()))
        commit(change)

    monkeypatch.setattr(store, "commit", overtaken)
    if same:
        assert start(here, ANA, wish()) == late[1]
    else:
        with pytest.raises(errors.ChatExists):
            start(here, DAVI, wish(2))
    assert len(chats()) == 1


def test_two_who_start_from_different_numbers_meet(here, monkeypatch):
    """NEW-2"""
    channels.save("whatsapp", SECOND, display="+55 11 4000-9999", portfolio=PORTFOLIO)
    here.secrets.accounts[SECOND] = ChannelSecrets("token", "s", "v")
    start(here, ANA, wish(account=SECOND))
    monkeypatch.setattr("chalicelib.stores.identities.with_phone", lambda *_: None)
    with pytest.raises((errors.Contended, Stale)):
        start(here, DAVI, wish(2, account=ACCOUNT))
    assert len(chats()) == 1


# --- the template -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "template",
    [to_send("sumiu"), to_send("pausado"), to_send(language="es"), to_send("RETOMAR")],
)
def test_a_template_that_is_gone_by_now_sends_nothing(here, template):
    """NEW-1"""
    with pytest.raises(errors.TemplateGone):
        start(here, ANA, wish(template=template))
    assert chats() == []


def test_one_that_was_paused_since_it_was_listed_sends_nothing(here, graph):
    """NEW-1: whatever the list still showed; and Meta need not be asked."""
    told = {"message_template_name": "retomar", "message_template_language": "pt_BR"}
    field = "message_template_status_update"
    heed(here, Notice("whatsapp", "", PORTFOLIO, field, {**told, "event": "PAUSED"}, NOON))
    with pytest.raises(errors.TemplateGone):
        start(here, ANA, wish())
    assert (graph.asked, chats()) == ([], [])


def test_values_may_hold_variables_of_the_contact_that_it_makes(here):
    """SEND-3 INFO-9"""
    values = {"body.1": "{nome}", "body.2": "{protocolo} de {agente}"}
    chat_id = start(here, ANA, wish(template=to_send(**values)))["chat_id"]
    protocol = store.load(chat_id).attendance.protocol
    assert template_of(chat_id).text.startswith(
        f"Olá, Bia da Silva! Seu atendimento {protocol} de Ana ficou"
    )


@pytest.mark.parametrize(
    ("open_", "text", "lacking"),
    [
        (True, "{cpf}", {"name": "cpf", "reason": "empty"}),
        (True, "{nada}", {"name": "nada", "reason": "unknown"}),
        (False, "{protocolo}", {"name": "protocolo", "reason": "empty"}),
    ],
)
def test_a_variable_that_stands_for_nothing_stops_it(here, open_, text, lacking):
    """SEND-3"""
    with pytest.raises(errors.VariablesEmpty) as caught:
        start(here, ANA, wish(open=open_, template=to_send(**{"body.1": "a", "body.2": text})))
    assert caught.value.fields == {"variables": [lacking]}
    assert chats() == []


# --- the file of its header -------------------------------------------------------------------


def banner(**values):
    given = {"header.file": UPLOAD, "body.1": "Bia", "button.0": "BEMVINDO", **values}
    return wish(template=to_send("banner", **given))


def test_a_file_of_the_header_is_kept_with_the_chat_and_sent(here):
    """SEND-2"""
    here.files.put(UPLOAD, b"png", "image/png")
    chat_id = start(here, ANA, banner())["chat_id"]
    message = template_of(chat_id)
    [file] = message.files
    assert (file.kind, file.state, file.name, file.size) == ("image", "ready", "banner.png", 3)
    assert file.key == f"media/{chat_id}/00000000000000aa.png"
    assert here.files.get(file.key) == b"png"
    assert message.details["template"]["buttons"] == ["Copiar"]
    assert message.template.header_kind == "image"
    assert dict(message.template.buttons) == {"button.0": "copy_code"}


@pytest.mark.parametrize(
    ("key", "content_type", "reason"),
    [
        (UPLOAD.replace("ana", "davi"), "image/png", "missing"),  # somebody else's
        ("uploads/ana/00000000000000bb.png", None, "missing"),
        ("media/c9/00000000000000aa.png", "image/png", "missing"),
        (UPLOAD, "image/svg+xml", "type"),
        (UPLOAD, "video/mp4", "type"),
    ],
)
def test_a_file_that_the_header_cannot_show_is_refused(here, key, content_type, reason):
    """SEND-2 PERM-2"""
    if content_type is not None:
        here.files.put(key, b"x", content_type)
    with pytest.raises(errors.FileRefused) as caught:
        start(here, ANA, banner(**{"header.file": key}))
    assert caught.value.fields["reason"] == reason
    assert chats() == []


def test_a_file_larger_than_meta_takes_is_refused(here):
    """META.md §5"""
    here.files.put(UPLOAD, b"x" * (5 * 1024 * 1024 + 1), "image/png")
    with pytest.raises(errors.FileRefused) as caught:
        start(here, ANA, banner())
    assert caught.value.fields["reason"] == "too_large"


def test_values_are_checked_against_the_variables(here):
    """SEND-3"""
    with pytest.raises(errors.Invalid) as caught:
        start(here, ANA, wish(template=to_send(**{"body.1": "a\nb", "body.3": "x"})))
    assert {one["path"]: one["reason"] for one in caught.value.fields["fields"]} == {
        "values.body.1": "unsendable",
        "values.body.2": "empty",
        "values.body.3": "unknown",
    }
    assert chats() == []


@pytest.mark.parametrize("problem", ["token_invalid", "disabled"])
def test_from_a_number_that_cannot_send_nothing_is_started(here, problem):
    """NEW-1 INB-10"""
    if problem == "disabled":
        row = channels.row_of(f"whatsapp-{ACCOUNT}")
        facts = {"display": "x", "portfolio": PORTFOLIO, "page": "", "human_agent": False}
        commit_rows(*channels.saved(row, {**facts, "active": False}))
    else:
        channels.set_problem("whatsapp", ACCOUNT, problem)
    with pytest.raises(errors.ChannelUnavailable) as caught:
        start(here, ANA, wish())
    assert caught.value.fields == {"problem": problem}
    assert chats() == []


def test_an_agency_without_whatsapp_says_so(world):
    """NEW-1: WhatsApp only."""
    channels.save("instagram", "1", display="@loja", portfolio="p")
    with pytest.raises(errors.ChannelUnavailable) as caught:
        start(world, ANA, wish())
    assert caught.value.fields == {"problem": "missing"}


def test_an_account_that_is_not_the_agencys_does_not_exist(here):
    """PERM-2"""
    with pytest.raises(errors.NotFound):
        start(here, ANA, wish(account="1"))


# --- on its way -------------------------------------------------------------------------------


def test_the_template_goes_out_as_it_was_filled(here, graph):
    """NEW-1 SEND-2"""
    chat_id = start(here, ANA, wish())["chat_id"]
    message = template_of(chat_id)
    for _ in range(2):
        assert deliver(here, chat_id, message.key) is None
    [sent] = graph.sent
    assert sent["to"] == PHONE
    assert sent["callback"] == callback_data(chat_id, message.key)
    assert (sent["template"], sent["language"]) == ("retomar", "pt_BR")
    assert sent["components"] == message.template.components()
    assert template_of(chat_id).status is Status.SENT


@pytest.mark.parametrize(
    ("code", "synchronised"), [(132001, 1), (132015, 1), (132016, 1), (131026, 0)]
)
def test_one_that_disappears_on_its_way_fails_in_sight(here, graph, code, synchronised):
    """CHAT-5 NEW-1 SEND-2: and Meta is asked what else has changed."""
    chat_id = start(here, ANA, wish())["chat_id"]
    here.queues.entries["fetch"].clear()
    graph.outcomes = [Refused(Failure(code, "Template name does not exist"))]
    deliver(here, chat_id, template_of(chat_id).key)
    message = template_of(chat_id)
    assert (message.status, message.failure.code) == (Status.FAILED, code)
    asked = [json.loads(entry.body) for entry in here.queues.entries["fetch"]]
    assert asked == [{"what": "templates", "portfolio": PORTFOLIO}] * synchronised


def test_a_token_that_was_replaced_on_its_way_is_tried_once_more(here, graph):
    """INB-10: who pasted the new one need not send it again."""
    chat_id = start(here, ANA, wish())["chat_id"]
    key = template_of(chat_id).key
    secrets = here.secrets.of

    def replaced(channel, *, mismatch=False):
        return {ACCOUNT: ChannelSecrets("new")} if mismatch else secrets(channel)

    here.secrets.of = replaced
    graph.outcomes = [Refused(Failure(190, "Error validating access token"))]
    assert deliver(here, chat_id, key) is not None
    assert template_of(chat_id).status is Status.QUEUED
    here.secrets.of = lambda channel, *, mismatch=False: {ACCOUNT: ChannelSecrets("new")}
    assert deliver(here, chat_id, key) is None
    assert template_of(chat_id).status is Status.SENT
    assert channels.problem("whatsapp", ACCOUNT) is None


def test_a_failed_template_is_sent_again_as_one_without_a_session(here, graph):
    """CHAT-6"""
    chat_id = start(here, ANA, wish())["chat_id"]
    failed = template_of(chat_id)
    graph.outcomes = [Refused(Failure(131026, "undeliverable"))]
    deliver(here, chat_id, failed.key)
    again = retry(here, ANA, chat_id, failed.key, client_key(number=2))
    assert (again.kind, again.template, again.text) == ("template", failed.template, failed.text)
    assert again.retry_of == failed.key
    deliver(here, chat_id, again.key)
    assert [one["components"] for one in graph.sent] == [failed.template.components()]


def test_a_template_whose_answer_was_lost_is_not_sent_twice(here, graph):
    """CHAT-4: whoever knows better may send it again."""
    chat_id = start(here, ANA, wish())["chat_id"]
    message = template_of(chat_id)
    graph.outcomes = [AnswerLost("cut")]
    for _ in range(2):
        assert deliver(here, chat_id, message.key) is None
    assert (graph.sent, template_of(chat_id).status) == ([], Status.UNKNOWN)
    again = retry(here, ANA, chat_id, message.key, client_key(number=2))
    deliver(here, chat_id, again.key)
    assert len(graph.sent) == 1


def test_nothing_goes_to_whoever_was_blocked_meanwhile(here, graph):
    """BLOCK-2"""
    chat_id = start(here, ANA, wish())["chat_id"]
    ChatRow(chat_pk(chat_id), "CHAT").update(actions=[ChatRow.blocked.set(True)])
    message = template_of(chat_id)
    deliver(here, chat_id, message.key)
    assert graph.sent == []
    assert template_of(chat_id).status is Status.FAILED
    with pytest.raises(errors.ContactBlocked):
        retry(here, ANA, chat_id, message.key, client_key(number=2))


# --- whose number it is -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("11987654321", PHONE),
        ("1187654321", PHONE),
        ("5511987654321", PHONE),
        ("+55 (11) 98765-4321", PHONE),
        (" 5511987654321", PHONE),  # the «+» of an address
        ("14155552671", "+14155552671"),
        ("+1 415 555 2671", "+14155552671"),
    ],
)
def test_a_link_to_nobody_fills_the_number_in(here, typed, digits):
    """NEW-4"""
    found = lookup.by_phone(ANA, typed)
    assert found == {"found": "none", "phone": digits, "chat_id": None, "name": None}


def test_what_is_no_number_is_filled_in_as_it_came(here):
    """NEW-4"""
    assert lookup.by_phone(ANA, "98765-4321")["phone"] == "98765-4321"
    assert lookup.by_phone(ANA, "<b>")["found"] == "none"


def test_a_link_leads_to_the_contact_for_who_may_read_the_chat(here):
    """NEW-4 NEW-2"""
    receive(here, arrival("oi", person=Person(phone="551187654321", name="Bia")))
    [row] = chats()
    for typed in ("11987654321", "1187654321", "+55 11 8765-4321"):
        found = lookup.by_phone(ANA, typed)
        assert (found["found"], found["name"]) == ("readable", "Bia")
        assert found["chat_id"] == row.pk.removeprefix("CHAT#")
        hidden = lookup.by_phone(DAVI, typed)
        assert hidden == {"found": "hidden", "phone": PHONE, "chat_id": None, "name": None}


def test_a_link_works_before_the_agency_has_a_number(world):
    """NEW-4"""
    assert lookup.by_phone(ANA, "11987654321")["found"] == "none"
