"""Whatever a flow is made of and whatever a contact writes: a step ends, and ends the same way."""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import flow_nodes as nodes
from chalicelib.domain.flow import Input, Line, Needs, Say, SayMenu
from chalicelib.domain.flow_faults import faults
from chalicelib.domain.flow_format import FORMAT, read, write
from chalicelib.domain.flow_step import MOST_NODES, step
from chalicelib.domain.media import RULES, length
from chalicelib.domain.menu import said as menu_text
from chalicelib.domain.profile import Profile
from tests.builders import ACCOUNT, NOON
from tests.domain.flows import FIELDS, FOTO, PICTURE, WELCOME, facts, flow

IDS = [f"n{number}" for number in range(8)]
ways = st.sampled_from([*IDS, "gone", None])
texts = st.sampled_from(
    ["Oi", "{nome}", "{email}", "{saldo} e {foto}", "{nada}", "x" * 4000, "{texto}", "é😀 " * 300]
)
titles = st.sampled_from(["Um", "Dois", "Três", "2", "😀", "x" * 60])
slugs = st.sampled_from([*(one["slug"] for one in FIELDS), "email", "cpf", "birth_date", "gone"])
tags = st.sampled_from(["t1", "t2", "gone"])
fallbacks = st.none() | st.builds(nodes.Fallback, texts, st.integers(1, 2), ways)
limits = st.none() | st.builds(nodes.Limit, st.integers(1, 60), ways)
options = st.lists(
    st.builds(nodes.Option, st.sampled_from("abc"), titles, ways), min_size=1, max_size=4
).map(tuple)
kinds = st.sampled_from(["text", "number", "date", "email", "cpf", "phone", "yes_no", "choice"])
answers = st.builds(nodes.Answer, kinds, st.lists(titles, min_size=1, max_size=3).map(tuple))
tests = st.one_of(
    st.builds(
        nodes.FieldTest,
        slugs | st.sampled_from(["nome", "agente"]),
        st.sampled_from(["filled", "empty", "equals", "differs", "contains", "greater", "less"]),
        st.sampled_from(["", "10", "Azul", "24/12/2026", "sim"]),
    ),
    st.builds(nodes.TagTest, tags, st.sampled_from(["has", "lacks"])),
    st.builds(nodes.HoursTest, st.sampled_from(["open", "closed"])),
    st.builds(nodes.AnswerTest, st.sampled_from(["filled", "equals"]), titles),
)
values = st.dictionaries(st.sampled_from(["body.1", "header.file"]), texts, max_size=2)
languages = st.sampled_from(["pt_BR", "en"])
any_node = st.one_of(
    st.builds(nodes.Text, texts, ways),
    st.builds(nodes.Media, st.just("image"), st.just(PICTURE), texts | st.just(""), ways),
    st.builds(nodes.Contact, st.builds(nodes.Card, titles, st.sampled_from(["", "12"])), ways),
    st.builds(nodes.Menu, texts, options, st.none(), fallbacks, limits),
    st.builds(
        nodes.Template,
        st.just("boas_vindas"),
        languages,
        values,
        st.lists(st.builds(nodes.Reply, titles, ways), max_size=2).map(tuple),
        ways,
        fallbacks,
        limits,
    ),
    st.builds(
        nodes.Question,
        texts,
        answers,
        st.none() | st.builds(nodes.Save, slugs),
        ways,
        fallbacks,
        limits,
    ),
    st.builds(nodes.Wait, st.integers(1, 60), ways),
    st.builds(nodes.SendTemplate, st.just("boas_vindas"), languages, values, ways),
    st.builds(
        nodes.OpenChat,
        st.sampled_from([None, "vendas", "suporte", "parcerias", "gone"]),
        st.sampled_from(["none", "specific", "random", "last", "sequence"]),
        st.sampled_from([None, "ana", "gustavo"]),
        st.sampled_from([(), ("ana", "gone"), ("gustavo",)]),
        ways,
    ),
    st.builds(nodes.AddTag, tags, ways),
    st.builds(nodes.RemoveTag, tags, ways),
    st.builds(nodes.SetField, slugs, texts | st.just(""), ways),
    st.builds(nodes.Book, texts, st.integers(0, 3), st.just("09:00"), st.just("ana"), ways),
    st.just(nodes.Close()),
    st.builds(nodes.GoTo, st.sampled_from([*IDS, "gone"])),
    st.builds(nodes.StartFlow, st.sampled_from(["f1", "gone"])),
    st.builds(
        nodes.Condition,
        st.sampled_from(["all", "any"]),
        st.lists(tests, min_size=1, max_size=2).map(tuple),
        ways,
        ways,
    ),
)
flows = st.lists(any_node, min_size=1, max_size=8).map(
    lambda several: flow(**dict(zip(IDS, several, strict=False)))
)
inputs = st.builds(
    Input,
    st.sampled_from(["message", "message", "message", "time", "start"]),
    st.sampled_from(["Um", "2", "a", "sim", "bia@x.com.br", "24/12/1990", "", "x" * 4000])
    | st.text(),
    st.none() | st.sampled_from(["x/n0/a", "//", ""]),
    st.sampled_from(["text", "text", "choice", "sticker", "image"]),
)
channels = st.sampled_from(["whatsapp", "instagram", "facebook"])
PROFILE = Profile(
    "c1",
    system={"email": "bia@x.com.br"},
    values={"id-saldo": "12.5", "id-foto": FOTO, "id-texto": "palavra " * 400},
)


def known(of_flow, **of_chat):
    found = {
        ("profile", ""): PROFILE,
        ("flow", "f1"): of_flow,
        ("flow", "gone"): None,
        ("template", "boas_vindas/pt_BR"): WELCOME,
        ("template", "boas_vindas/en"): None,
        ("last_agent", ""): "bruno",
    }
    found |= {(kind, f"f1/{node}"): 3 for kind in ("turn", "chance") for node in IDS}
    return facts(found=found, **of_chat)


def path(of_flow, told, given_facts):
    """The steps that these inputs make, one after another, as long as the flow waits."""
    now, position, found = NOON, None, []
    for one in [Input("start"), *told]:
        decisions = step(of_flow, position, given_facts, one, now)
        found.append((one, position, decisions))
        if decisions.outcome != "waiting":
            break
        position, now = decisions.position, now + timedelta(minutes=20)
        if decisions.last_answer is not None:
            answered = {**given_facts.found, ("last_answer", ""): decisions.last_answer}
            given_facts = replace(given_facts, found=MappingProxyType(answered))
    return found


@settings(max_examples=300, deadline=None)
@given(of_flow=flows, told=st.lists(inputs, max_size=5), channel=channels)
def test_every_step_ends_within_its_bound_and_says_where_it_is(of_flow, told, channel):
    """FLOW-12"""
    for one, before, decisions in path(of_flow, told, known(of_flow, channel=channel)):
        assert decisions.nodes_run <= MOST_NODES
        assert (decisions.position is not None) is (decisions.outcome == "waiting")
        assert (decisions.reason is not None) is (decisions.outcome == "stopped")
        lines = [
            place for place, effect in enumerate(decisions.effects) if isinstance(effect, Line)
        ]
        if decisions.outcome == "stopped":  # one line says so, and nothing comes after it
            assert lines == [len(decisions.effects) - 1]
            assert decisions.effects[-1].code == f"flow_{decisions.reason}"
        else:
            assert lines == []
        if decisions.position is not None:
            assert len(decisions.position.run) <= 16
            assert decisions.position.node in of_flow.nodes
        if one.kind == "time" and before and (not before.until or decisions.position == before):
            assert decisions.effects == ()


@settings(max_examples=200, deadline=None)
@given(of_flow=flows, told=st.lists(inputs, max_size=5), channel=channels)
def test_nothing_is_longer_than_the_channel_takes(of_flow, told, channel):
    """FLOW-4"""
    limit = RULES[channel]["text_limit"]
    for _, _, decisions in path(of_flow, told, known(of_flow, channel=channel)):
        for effect in decisions.effects:
            if isinstance(effect, Say) and effect.part.kind == "text":
                assert 0 < length(channel, effect.part.text) <= limit
            if isinstance(effect, SayMenu):
                assert length(channel, menu_text(channel, effect.menu, effect.text)) <= limit
                assert all(len(one["payload"]) <= 200 for one in effect.menu["options"])


@settings(max_examples=150, deadline=None)
@given(of_flow=flows, told=st.lists(inputs, max_size=4))
def test_the_same_facts_make_the_same_step_however_they_are_found(of_flow, told):
    """FLOW-12"""
    every = known(of_flow)
    for one, before, decisions in path(of_flow, told, every):
        assert step(of_flow, before, every, one, NOON) == step(of_flow, before, every, one, NOON)
        found = {}
        for _ in range(40):
            try:
                partly = replace(every, found=MappingProxyType(dict(found)))
                after = step(of_flow, before, partly, one, NOON)
                break
            except Needs as need:
                found[need.kind, need.key] = every.found[need.kind, need.key]
        assert after == step(of_flow, before, every, one, NOON)
        assert decisions is not None


@settings(max_examples=100, deadline=None)
@given(of_flow=flows, told=st.lists(inputs, max_size=3))
def test_who_is_blocked_or_attended_gets_nothing_of_a_flow_that_waits(of_flow, told):
    """BLOCK-2, FLOW-14"""
    for one, before, _ in path(of_flow, told, known(of_flow)):
        blocked = step(of_flow, before, known(of_flow, blocked=True), one, NOON)
        assert (blocked.outcome, blocked.effects) == ("ended", ())


@settings(max_examples=100, deadline=None)
@given(of_flow=flows)
def test_with_the_session_shut_only_templates_go_out(of_flow):
    """SCH-2"""
    shut = known(of_flow, last_inbound_at={ACCOUNT: NOON - timedelta(hours=24)})
    after = step(of_flow, None, shut, Input("start"), NOON)
    assert not any(isinstance(one, Say | SayMenu) for one in after.effects)


@settings(max_examples=200, deadline=None)
@given(of_flow=flows)
def test_every_flow_is_written_and_read_again(of_flow):
    """FLOW-9"""
    document = write(of_flow)
    assert document["format"] == FORMAT
    assert read(document, of_flow.flow_id, of_flow.version) == of_flow


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(of_flow=flows, odd=json_values, place=st.integers(0, 200))
def test_whatever_stands_in_a_document_is_told_and_never_breaks(of_flow, odd, place):
    """FLOW-9"""
    document = write(of_flow)
    spots = []

    def walk(inner):
        every = inner.items() if isinstance(inner, dict) else enumerate(inner)
        for key, one in every:
            spots.append((inner, key))
            if isinstance(one, dict | list):
                walk(one)

    walk(document)
    holder, key = spots[place % len(spots)]
    holder[key] = odd
    found = faults(document)
    assert isinstance(faults(odd), list)
    if not found:
        read(document, "f1", 1)
