"""People by their ids: every way of writing a number is one number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.contact import canonical_phone, display_name, identities
from chalicelib.domain.inbound import Person


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("5511987654321", "5511987654321"),
        ("551187654321", "5511987654321"),  # without the ninth digit
        ("+55 (11) 98765-4321", "5511987654321"),
        ("+55 11 8765 4321", "5511987654321"),
        ("551161234567", "5511961234567"),
        ("551140001234", "551140001234"),  # a land line stays
        ("551151234567", "551151234567"),
        ("5511287654321", "5511287654321"),
        ("12125550123", "12125550123"),  # another country
        ("5491187654321", "5491187654321"),
        ("5215512345678", "525512345678"),  # Mexico's 1, which Meta adds
        ("525512345678", "525512345678"),
        ("", ""),
    ],
)
def test_a_number_has_one_form(written, canonical):
    """INB-7"""
    assert canonical_phone(written) == canonical


@given(st.text(alphabet="0123456789+ -()٠٩", max_size=20))
def test_one_form_is_the_last_form(written):
    """INB-7"""
    once = canonical_phone(written)
    assert canonical_phone(once) == once
    assert set(once) <= set("0123456789")


@given(area=st.integers(11, 99), number=st.integers(60_000_000, 99_999_999))
def test_every_brazilian_mobile_is_the_same_with_and_without_the_ninth_digit(area, number):
    """INB-7"""
    if area % 10:
        assert canonical_phone(f"55{area}{number}") == canonical_phone(f"55{area}9{number}")


def named(person):
    return [str(one) for one in identities("whatsapp", "number", "portfolio", person)]


def test_a_person_is_found_by_every_id_the_strongest_first():
    """INB-7: a business-scoped id is the portfolio's, a phone number the number's."""
    phone, user_id = "whatsapp#number#phone#5511987654321", "whatsapp#portfolio#user_id#BR.1"
    assert named(Person(phone="551187654321", user_id="BR.1")) == [user_id, phone]
    assert named(Person(phone="5511987654321")) == [phone]
    assert named(Person(user_id="BR.1")) == [user_id]


@pytest.mark.parametrize("channel", ["instagram", "facebook"])
def test_a_scoped_id_is_the_accounts_own(channel):
    """INB-7: Instagram and the Page give each account its own id for a person."""
    (one,) = identities(channel, "account", "portfolio", Person(user_id="17"))
    assert str(one) == f"{channel}#account#user_id#17"


@pytest.mark.parametrize(
    ("person", "name"),
    [
        (Person(name="Bia", username="bia.s", phone="5511987654321"), "Bia"),
        (Person(name="  ", username="bia.s", phone="5511987654321"), "@bia.s"),
        (Person(phone="5511987654321", user_id="BR.1"), "+5511987654321"),
        (Person(user_id="BR.1"), "BR.1"),
        (Person(), "?"),
    ],
)
def test_somebody_nobody_has_named_is_called_by_what_is_known(person, name):
    """INFO-1 ROW-1"""
    assert display_name(person) == name
