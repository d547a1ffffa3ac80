"""Who writes on Messenger or Instagram is asked of Meta, since webhooks name nobody."""

from datetime import timedelta

import httpx
import pytest

from chalicelib.commands.edit_contact import edit
from chalicelib.commands.erase_contact import erase
from chalicelib.commands.fetch_profile import WAITS, fetch
from chalicelib.domain import chat as chats
from chalicelib.domain.access import Permission
from chalicelib.domain.chat import merge
from chalicelib.domain.inbound import Person
from chalicelib.domain.revision import revised
from chalicelib.gateways.meta.graph import Graph
from chalicelib.gateways.secrets import ChannelSecrets
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change
from tests.builders import ACCOUNT, NOON, TABS, agent, chat, join, put

ANA = agent("ana", permissions=TABS | {Permission.CONTACTS})
WHO = "7890123456"


class People:
    """Meta's two hosts, telling who somebody is."""

    def __init__(self, world):
        self.told = {"first_name": "Bia", "last_name": "Souza", "id": WHO}
        self.problems, self.asked = [], []
        transport = httpx.MockTransport(self.answer)

        def at(url):
            return lambda token: Graph(url, "v25.0", token, transport=transport)

        world.graph, world.instagram = at("http://graph.invalid"), at("http://instagram.invalid")
        world.secrets.of = lambda channel, mismatch=False: {ACCOUNT: ChannelSecrets("token")}

    def answer(self, request):
        self.asked.append(request)
        problem = self.problems.pop(0) if self.problems else None
        if isinstance(problem, Exception):
            raise problem
        return problem or httpx.Response(200, json=self.told)


def refused(code, status=400, **more):
    body = {"error": {"message": "no", "code": code, **more}}
    return httpx.Response(status, json=body)


@pytest.fixture
def people(world):
    join(ANA)
    return People(world)


def wanted(channel="facebook", **facts):
    """A chat whose contact nobody has named."""
    made_up = chats._made_up_name(chat(phone=None, user_id=WHO, name=""))
    given = {"phone": None, "user_id": WHO, "name": made_up, "profile_wanted": True, **facts}
    return put(chat(channel=channel, **given))


def test_somebody_on_messenger_is_called_what_facebook_calls_them(world, people):
    """INB-7 INFO-1 META.md §8"""
    before = wanted()
    assert fetch(world, "c1", 1) is None
    after = store.load("c1")
    assert (after.name, after.given_name, after.profile_wanted) == ("Bia Souza", "Bia Souza", False)
    assert (after.rev, after.row_rev) == (before.rev + 1, before.rev + 1)  # lists show it
    (request,) = people.asked
    assert str(request.url).startswith(f"http://graph.invalid/v25.0/{WHO}?fields=first_name")


def test_somebody_on_instagram_has_a_name_and_an_at(world, people):
    """INB-7 INFO-1 META.md §8"""
    people.told = {"name": "Bia  Souza ✨", "username": "@bia.souza", "profile_pic": "https://x"}
    wanted("instagram")
    assert fetch(world, "c1", 1) is None
    after = store.load("c1")
    assert (after.name, after.username) == ("Bia Souza ✨", "bia.souza")
    assert "profile_pic" in str(people.asked[0].url)


def test_who_has_only_an_at_is_called_by_it(world, people):
    """INFO-1"""
    people.told = {"username": "bia.souza"}
    wanted("instagram")
    fetch(world, "c1", 1)
    assert "bia.souza" in store.load("c1").name


def test_a_name_that_people_gave_stays(world, people):
    """INFO-1"""
    wanted()
    edit(world, ANA, "c1", {"name": "Beatriz da loja"})
    fetch(world, "c1", 1)
    after = store.load("c1")
    assert (after.name, after.given_name) == ("Beatriz da loja", "Bia Souza")


def test_a_name_that_a_message_told_meanwhile_stays(world, people):
    """INFO-1 INB-4"""
    before = wanted()
    known = chats.told_of(before, Person(user_id=WHO, name="Bia"), NOON - timedelta(days=1))
    store.commit(Change(before=before, after=revised(before, known)))
    fetch(world, "c1", 1)
    assert store.load("c1").name == "Bia"


def test_once_is_as_good_as_twice(world, people):
    """INB-3"""
    wanted()
    fetch(world, "c1", 1)
    after = store.load("c1")
    fetch(world, "c1", 2)
    assert store.load("c1") == after
    assert len(people.asked) == 1


@pytest.mark.parametrize(
    "problem",
    [
        httpx.ConnectError("no"),
        httpx.ReadTimeout("slow"),
        httpx.Response(500, text="<html>"),
        refused(4),
        refused(2, 503),
        refused(190, 401),
        refused(100, 400, is_transient=True),
    ],
)
def test_what_passes_is_asked_again_and_in_the_end_given_up_quietly(world, people, problem):
    """INFO-1: the name stays what was made up; nobody is bothered."""
    before = wanted()
    for attempt, wait in enumerate(WAITS, 1):
        people.problems = [problem]
        assert fetch(world, "c1", attempt) == wait
    assert store.load("c1") == before
    people.problems = [problem]
    assert fetch(world, "c1", len(WAITS) + 1) is None
    after = store.load("c1")
    assert (after.name, after.profile_wanted) == (before.name, False)


@pytest.mark.parametrize("problem", [refused(100), refused(10), refused(230), refused(551)])
def test_what_meta_will_not_tell_is_not_asked_again(world, people, problem):
    """INFO-1"""
    before = wanted()
    people.problems = [problem]
    assert fetch(world, "c1", 1) is None
    after = store.load("c1")
    assert (after.name, after.profile_wanted) == (before.name, False)


@pytest.mark.parametrize(
    "told", [{}, {"name": None}, {"name": ["x"]}, {"first_name": "  "}, {"id": "7"}]
)
def test_an_answer_that_says_nothing_leaves_the_made_up_name(world, people, told):
    """INFO-1"""
    people.told = told
    before = wanted()
    assert fetch(world, "c1", 1) is None
    assert store.load("c1").name == before.name


def test_without_a_token_it_waits_for_one(world, people):
    """INB-10"""
    tokens = {}
    world.secrets.of = lambda channel, mismatch=False: tokens
    wanted()
    assert fetch(world, "c1", 1) == WAITS[0]
    tokens[ACCOUNT] = ChannelSecrets("token")
    assert fetch(world, "c1", 2) is None
    assert store.load("c1").name == "Bia Souza"


def test_a_chat_merged_meanwhile_asks_for_who_it_became(world, people):
    """INB-7"""
    wanted()
    put(chat("c0", channel="facebook", created_at=NOON - timedelta(days=2), name="x"))
    winner, loser = store.load("c0"), store.load("c1")
    kept, gone = merge(winner, loser)
    assert kept.profile_wanted
    assert not gone.profile_wanted
    store.commit(
        Change(before=winner, after=revised(winner, kept), others=((loser, revised(loser, gone)),))
    )
    fetch(world, "c1", 1)
    assert (store.load("c0").given_name, store.load("c0").profile_wanted) == ("Bia Souza", False)


def test_nobody_is_asked_about_who_was_erased(world, people):
    """LGPD"""
    wanted()
    erase(world, ANA, "c1")
    assert fetch(world, "c1", 1) is None
    assert fetch(world, "nobody", 1) is None
    assert people.asked == []


def test_an_erasure_while_meta_answers_wins(world, people):
    """LGPD"""
    wanted()
    answer = people.answer

    def erased(request):
        erase(world, ANA, "c1")
        return answer(request)

    transport = httpx.MockTransport(erased)
    world.graph = lambda token: Graph("http://graph.invalid", "v25.0", token, transport=transport)
    assert fetch(world, "c1", 1) is None
    assert store.load("c1").given_name is None


def test_whatsapp_is_never_asked(world, people):
    """INB-7: its webhooks tell the name."""
    wanted("whatsapp")
    assert fetch(world, "c1", 1) is None
    assert people.asked == []
    assert store.load("c1").profile_wanted is False
