"""The doors of lists and search: what a query says, and what is refused."""

import pytest

from chalicelib.domain.listing import Order, Tab
from chalicelib.queries import chats as queries
from chalicelib.stores import people
from tests.api.gateway import ask
from tests.builders import chat, put


@pytest.fixture(autouse=True)
def _open(desk_open):
    """Ana's chat c1 is there, unread; these are beside it."""
    put(chat("c2", tags=("vip",), campaigns=("july",), channel="instagram", name="João Silva"))
    put(chat("c3", department_id="sales", name="Joana", phone="5521976543210"))


def listed(query):
    answer = ask("GET", f"/chats?tab=all{query}", agent="ana")
    assert answer.status == 200
    return {row["chat_id"] for row in answer.body["chats"]}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"c1", "c2", "c3"}),
        ("&unread=true", {"c1"}),
        ("&tag=vip", {"c2"}),
        ("&tag=expired", set()),
        ("&campaign=july", {"c2"}),
        ("&channel=instagram", {"c2"}),
        ("&department=sales", {"c3"}),
        ("&agent=ana", {"c1"}),
        ("&agent=ana&unread=true&channel=whatsapp", {"c1"}),
        ("&agent=ana&department=sales", set()),
        ("&order=opened_oldest&tag=vip&campaign=july", {"c2"}),
    ],
)
def test_every_filter_is_asked_at_the_door(query, found):
    """FILT-1"""
    assert listed(query) == found


@pytest.mark.parametrize(
    "query",
    ["&channel=telegram", "&tag=a/b", "&tags=vip", "&order=random", "&cursor=1", "&limit=51"],
)
def test_a_filter_that_cannot_be_is_refused(query):
    """FILT-1"""
    answer = ask("GET", f"/chats?tab=all{query}", agent="ana")
    assert (answer.status, answer.code) == (400, "invalid")


def test_the_cursor_of_a_page_asks_for_the_next(desk_open):
    """SORT-4"""
    first = ask("GET", "/chats?tab=all&limit=2", agent="ana").body
    cursor = first["cursor"].replace("#", "%23")
    rest = ask("GET", f"/chats?tab=all&limit=2&cursor={cursor}", agent="ana").body
    whole = queries.list_page(desk_open, people.agent("ana"), Tab.ALL, Order.NEWEST, limit=5)[
        "chats"
    ]
    assert first["chats"] + rest["chats"] == whole
    assert rest["cursor"] is None


def test_search_is_narrowed_by_what_one_may_read():
    """FIND-1 PERM-2"""
    hits = ask("GET", "/search?q=jo%C3%A3o", agent="ana").body["hits"]
    assert [(hit["row"]["chat_id"], hit["matched"]) for hit in hits] == [("c2", "name")]
    assert ask("GET", "/search?q=3210", agent="bruno").body["hits"] == []
    assert ask("GET", "/search?q=", agent="ana").code == "invalid"


def test_a_chat_is_left_unread_at_its_door():
    """READ-2"""
    assert ask("PUT", "/chats/c2/unread", agent="ana").body["unread"] == 1
    assert ask("PUT", "/chats/c1/unread", agent="carla").status == 404
