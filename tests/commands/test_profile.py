"""What users change of themselves."""

from dataclasses import replace

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.commands import profile
from chalicelib.domain import errors
from chalicelib.stores import people
from tests.builders import agent, join

OWN = "pictures/user/ana/0123456789abcdef.png"


@pytest.fixture
def ana(world):
    """Herself."""
    return join(agent("ana"))


def test_name_and_farewell_are_ones_own(world, ana):
    """ADM-4"""
    shown = profile.edit(world, ana, "Ana Souza", "  Até logo!\n")
    assert (shown["name"], shown["farewell"]) == ("Ana Souza", "Até logo!")
    stored = people.agent("ana")
    assert (stored.name, stored.farewell, stored.version) == ("Ana Souza", "Até logo!", 1)
    assert world.logins.names == {"ana@example.com": "Ana Souza"}


def test_a_blank_farewell_is_none(world, ana):
    """ADM-4"""
    profile.edit(world, ana, "Ana", "até logo")
    assert profile.edit(world, ana, "Ana", " \n ")["farewell"] == ""
    assert people.agent("ana").farewell == ""
    assert world.logins.names == {}, "the name did not change"


def test_a_pool_that_does_not_answer_hinders_nobody(world, ana):
    """ADM-4"""

    def rename(email, name):
        raise EndpointConnectionError(endpoint_url="pool")

    world.logins.rename = rename
    assert profile.edit(world, ana, "Ana Souza", "")["name"] == "Ana Souza"


def test_what_the_administrator_changes_meanwhile_stays(world, ana, monkeypatch):
    """ADM-4 PERM-3"""
    commit = profile.commit_rows

    def commit_after_the_other(*writes):
        monkeypatch.setattr(profile, "commit_rows", commit)
        people.save_agent(replace(ana, permissions=frozenset(), version=1))
        commit(*writes)

    monkeypatch.setattr(profile, "commit_rows", commit_after_the_other)
    profile.edit(world, ana, "Ana Souza", "")
    assert (people.agent("ana").permissions, people.agent("ana").version) == (frozenset(), 2)
    people.save_agent(replace(ana, active=False, version=3))
    with pytest.raises(errors.AgentInactive):
        profile.edit(world, ana, "Outra", "")


@pytest.mark.parametrize(
    ("content_type", "ending"),
    [("image/jpeg", "jpg"), ("image/png", "png"), ("image/webp", "webp")],
)
def test_a_picture_is_sent_where_only_it_fits(world, ana, content_type, ending):
    """ADM-4"""
    told = profile.upload(world, ana, content_type, 1000)
    assert told["key"].startswith("pictures/user/ana/")
    assert told["key"].endswith(f".{ending}")
    assert told["fields"]["Content-Type"] == content_type
    assert told["limit"] == 5_000_000
    assert profile.upload(world, ana, content_type, 1000)["key"] != told["key"]


def test_a_picture_is_shown_once_it_is_there(world, ana):
    """ADM-4"""
    with pytest.raises(errors.Invalid) as refused:
        profile.save_picture(world, ana, OWN)
    assert refused.value.fields["fields"] == [{"path": "key", "reason": "not_there"}]
    world.files.put(OWN, b"png")
    assert profile.save_picture(world, ana, OWN)["picture"] == world.files.address(OWN)
    assert people.agent("ana").picture == OWN


def test_anothers_picture_is_not_ones_own(world, ana):
    """ADM-4"""
    anothers = "pictures/user/beto/0123456789abcdef.png"
    world.files.put(anothers, b"png")
    for key in (anothers, "kept/anything", "pictures/contact/c1/0123456789abcdef.png"):
        with pytest.raises(errors.Invalid) as refused:
            profile.save_picture(world, ana, key)
        assert refused.value.fields["fields"] == [{"path": "key", "reason": "not_yours"}]


def test_the_picture_before_it_is_deleted(world, ana):
    """ADM-4"""
    second = OWN.replace("0", "1")
    for key in (OWN, second):
        world.files.put(key, b"png")
        profile.save_picture(world, ana, key)
    assert set(world.files.stored) == {second}
    assert profile.save_picture(world, ana, None)["picture"] is None
    assert world.files.stored == {}
