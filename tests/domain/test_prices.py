"""What a template costs: by market and category, from a table with a day and a source."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.prices import country_of, price
from chalicelib.domain.rates import TABLES, Table
from tests.builders import NOON


@pytest.mark.parametrize(
    ("category", "country", "amount"),
    [
        ("marketing", "BR", "0.0625"),
        ("utility", "BR", "0.0068"),
        ("authentication", "BR", "0.0068"),
        ("utility", "CO", "0.0008"),
        ("marketing", "ZZ", None),  # a market of which no table tells
        ("marketing", "", None),
        ("something", "BR", None),
    ],
)
def test_a_price_is_of_the_market_and_the_category(category, country, amount):
    """SEND-2 META.md §9"""
    found = price(category, country, NOON)
    assert (found and found["amount"]) == amount


def test_a_price_says_since_when_and_from_where():
    """SEND-2"""
    found = price("utility", "BR", NOON)
    assert (found["currency"], found["country"], found["since"]) == ("USD", "BR", "2026-10-01")
    assert found["read"] == "2026-11-26"
    assert found["source"].startswith("https://")
    assert "facebook.com" not in found["source"]  # it was read in a copy of Meta's card


def test_before_its_first_table_nothing_is_told():
    assert price("utility", "BR", datetime(2026, 9, 30, 23, 59, tzinfo=UTC)) is None
    assert price("utility", "BR", datetime(2026, 10, 1, tzinfo=UTC)) is not None


def test_a_newer_table_holds_from_its_day(monkeypatch):
    newer = Table(
        date(2027, 1, 1), date(2026, 12, 1), "USD", "https://x", {"BR": {"utility": "0.0100"}}
    )
    monkeypatch.setattr("chalicelib.domain.prices.TABLES", (newer, *TABLES))
    assert price("utility", "BR", NOON)["amount"] == "0.0068"
    assert price("utility", "BR", datetime(2027, 1, 1, tzinfo=UTC))["amount"] == "0.0100"


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.since.isoformat())
def test_a_table_is_whole(table):
    for country, amounts in table.markets.items():
        assert len(country) == 2
        assert amounts.keys() == {"marketing", "utility", "authentication"}
        assert all(0 < float(one) < 1 for one in amounts.values())
    assert table.read >= table.since  # of a card to come nobody knows yet that it holds


@pytest.mark.parametrize(
    ("phone", "user_id", "country"),
    [
        ("5511987654321", None, "BR"),
        ("5491123456789", "BR.13491208655302741918", "AR"),
        (None, "BR.13491208655302741918", "BR"),
        (None, "1234567890", None),  # of Messenger: it says no country
        (None, None, None),
        ("00", None, None),
    ],
)
def test_a_country_is_that_of_the_number_or_of_the_user_id(phone, user_id, country):
    """META.md §3"""
    assert country_of(phone, user_id) == country
