"""A number as people type it, on its way to the one form in which it is dialled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import errors
from chalicelib.domain.phone import dialled, international

INVALID, NEEDS_COUNTRY = "phone_invalid", "phone_needs_country"
MOBILE, LAND = "5511987654321", "551140001234"


def refusal(number, *, foreign):
    """The reason why a number is not dialled."""
    with pytest.raises(errors.Invalid) as caught:
        dialled(number, foreign=foreign)
    [field] = caught.value.fields["fields"]
    assert field["path"] == "phone"
    return field["reason"]


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("11987654321", MOBILE),
        ("(11) 98765-4321", MOBILE),
        ("11 9 8765.4321", MOBILE),
        ("(11) 8765-4321", MOBILE),  # without the ninth digit
        ("11 7765-4321", "5511977654321"),
        ("11 6123-4567", "5511961234567"),
        ("011 98765-4321", MOBILE),  # with the trunk's zero
        ("0 15 11 98765-4321", MOBILE),  # and with a carrier
        ("0151140001234", LAND),
        ("5511987654321", MOBILE),
        ("551187654321", MOBILE),
        ("+55 11 98765-4321", MOBILE),
        ("+55 (11) 8765-4321", MOBILE),
        ("+55 011 98765-4321", MOBILE),
        ("0055 11 98765-4321", MOBILE),
        ("(+55) 11 98765-4321", MOBILE),
        ("+55+11+987654321", MOBILE),
        ("11 4000-1234", LAND),  # a land line stays
        ("+551140001234", LAND),
        ("21 2555-1234", "552125551234"),
        ("55 98765-4321", "5555987654321"),  # area 55 is not the country
        ("55 8765-4321", "5555987654321"),
        ("55 55 98765-4321", "5555987654321"),
        ("55 3222-1234", "555532221234"),
        ("0800 123 4567", "558001234567"),
        ("11\u00a098765\u20114321", MOBILE),  # blanks and dashes of every kind
        ("\u202a+55 11 98765-4321\u202c", MOBILE),  # marks that a contact card brings along
        ("１１ ９８７６５-４３２１", MOBILE),
        ("\u0661\u0661\u0669\u0668\u0667\u0666\u0665\u0664\u0663\u0662\u0661", MOBILE),
    ],
)
def test_a_national_number_gets_its_country(typed, digits):
    """NEW-1"""
    assert dialled(typed, foreign=False) == digits


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("+1 415 555-2671", "14155552671"),
        ("001 415 555 2671", "14155552671"),
        ("1 415 555 2671", "14155552671"),
        ("(+1) 415 555 2671", "14155552671"),
        ("\uff0b1 415 555 2671", "14155552671"),
        ("+351 912 345 678", "351912345678"),
        ("351912345678", "351912345678"),
        ("+44 (0) 20 7946 0958", "442079460958"),  # the zero that is not dialled from abroad
        ("+39 06 6982 1234", "390669821234"),  # and the one that is
        ("+52 55 1234 5678", "525512345678"),
        ("+52 1 55 1234 5678", "525512345678"),
        ("+54 9 11 2345-6789", "5491123456789"),
        ("+54 11 15 2345-6789", "5491123456789"),
        ("+595 981 123456", "595981123456"),
        ("+55 11 98765-4321", MOBILE),
        ("5511987654321", MOBILE),
    ],
)
def test_a_foreign_number_begins_with_its_country(typed, digits):
    """NEW-1"""
    assert dialled(typed, foreign=True) == digits


@pytest.mark.parametrize(
    ("typed", "foreign", "reason"),
    [
        ("", False, INVALID),
        ("", True, INVALID),
        ("   ", True, INVALID),
        ("+", True, INVALID),
        ("98765-4321", False, INVALID),  # without area
        ("4000-1234", False, INVALID),
        ("10 98765-4321", False, INVALID),  # no such area
        ("20 98765-4321", False, INVALID),
        ("11 1234-5678", False, INVALID),
        ("11 98765-43", False, INVALID),
        ("11 98765-43210", False, INVALID),
        ("+1 415 555 2671", False, INVALID),  # foreign, and not said to be
        ("001 415 555 2671", False, INVALID),
        ("11 98765-4321 ramal 2", False, INVALID),
        ("onze 98765", False, INVALID),
        ("11987654321; 11987654322", False, INVALID),
        ("190", False, INVALID),
        ("5" * 40, False, INVALID),
        ("912 345 678", True, NEEDS_COUNTRY),  # Portugal's
        ("(305) 555-0123", True, NEEDS_COUNTRY),
        ("0151 23456789", True, NEEDS_COUNTRY),
        ("11 98765-4321", True, NEEDS_COUNTRY),
        ("+999 123 456 789", True, INVALID),
        ("+1 415 555", True, INVALID),
        ("+0 415 555 2671", True, INVALID),
        ("12345", True, INVALID),
        ("5" * 40, True, INVALID),
        ("+1 800 FLOWERS", True, INVALID),
    ],
)
def test_what_can_be_nobodys_number_is_refused(typed, foreign, reason):
    """NEW-1"""
    assert refusal(typed, foreign=foreign) == reason


@pytest.mark.parametrize(
    ("typed", "says_so"),
    [
        ("+1 415", True),
        ("(+1) 415", True),
        (" 001 415", True),
        ("1 415", False),
        ("011 4000", False),
        ("", False),
    ],
)
def test_some_numbers_say_that_their_country_comes_first(typed, says_so):
    """ADM-3"""
    assert international(typed) is says_so


NUMBERS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789 ()+-.", max_size=24),
    st.from_regex(r"(\+|00)?(55|1|44|52|54|351|39)?[0-9]{8,11}", fullmatch=True),
)


@given(typed=NUMBERS, foreign=st.booleans())
def test_a_number_is_dialled_or_refused_and_its_form_is_the_last(typed, foreign):
    """NEW-1"""
    try:
        digits = dialled(typed, foreign=foreign)
    except errors.Invalid:
        return
    assert digits.isascii()
    assert digits.isdigit()
    assert foreign or digits.startswith("55")
    assert dialled(digits, foreign=True) == digits
    assert dialled(f"+{digits}", foreign=foreign) == digits
    if not foreign:
        assert dialled(digits, foreign=False) == digits
