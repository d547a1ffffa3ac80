"""Names and numbers in the one form by which they are found."""

import pytest

from chalicelib.domain import words
from chalicelib.domain.contact import canonical_phone


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("João da Silva", ("joao", "da", "silva")),
        ("JOÃO  joao", ("joao",)),
        ("Ana-Luísa (mãe)", ("ana", "luisa", "mae")),
        ("Straße ﬁm", ("strasse", "fim")),
        ("@bia.souza_2", ("bia", "souza", "2")),
        ("مريم الأنصاري", ("مريم", "الانصاري")),
        ("💜 👩🏽‍🚀", ()),
        ("  ", ()),
        ("x" * 300, ("x" * words.WORD_LENGTH,)),
    ],
)
def test_a_name_is_its_words(text, found):
    """FIND-1"""
    assert words.words(text) == found


def test_every_word_of_a_long_name_is_kept_up_to_forty():
    """FIND-1"""
    name = " ".join(f"palavra{number}" for number in range(60))
    assert len(words.words(name)) == words.WORDS_KEPT == 40


@pytest.mark.parametrize(
    ("wanted", "names", "found"),
    [
        (("jo",), ("joao", "silva"), True),
        (("sil", "joao"), ("joao", "silva"), True),
        (("oao",), ("joao",), False),
        (("joao", "souza"), ("joao", "silva"), False),
        (("joaozinho",), ("joao",), False),
    ],
)
def test_all_words_must_begin_a_name(wanted, names, found):
    """FIND-1"""
    assert words.all_in(wanted, names) is found


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("4321", "4321"),
        ("+55 (11) 98765-4321", "5511987654321"),
        ("\u202a+55\u00a011\u00a098765\u20114321\u202c", "5511987654321"),
        ("11.98765.4321", "11987654321"),
        ("+44 (0) 20 7946 0958", "442079460958"),
        ("\uff0b55 \uff11\uff11", "5511"),
        ("٤٣٢١", "4321"),
        ("apto 1204", None),
        ("João", None),
        ("-", None),
        ("", None),
    ],
)
def test_a_number_is_its_digits(text, digits):
    """FIND-1"""
    assert words.digits_of(text) == digits


MOBILE = "5511987654321"
LANDLINE = "551133334444"
FOREIGN = "442079460958"


@pytest.mark.parametrize(
    ("phone", "typed"),
    [
        *[
            (MOBILE, typed)
            for typed in (
                "4321",
                "54321",
                "8765-4321",
                "98765-4321",
                "11 98765-4321",
                "11 8765-4321",
                "(11) 98765 4321",
                "011 98765-4321",
                "0 15 11 98765-4321",
                "0 15 11 8765-4321",
                "55 11 98765-4321",
                "55 11 8765-4321",
                "+55 (11) 98765-4321",
                "+55 11 8765-4321",
                "0055 11 98765-4321",
                "0055 11 8765-4321",
            )
        ],
        (LANDLINE, "3333-4444"),
        (LANDLINE, "(11) 3333-4444"),
        (LANDLINE, "+55 11 3333-4444"),
        (FOREIGN, "0958"),
        (FOREIGN, "+44 20 7946 0958"),
        (FOREIGN, "+44 (0) 20 7946 0958"),
        (FOREIGN, "0044 20 7946 0958"),
        ("5511990120123", "0123"),
    ],
)
def test_a_phone_ends_in_what_was_typed_in_any_form(phone, typed):
    """FIND-1"""
    ending, *forms = words.phone_forms(words.digits_of(typed))
    assert any(canonical_phone(phone).endswith(form) for form in forms)
    assert all(form.endswith(ending) for form in forms)
    assert len(ending) >= words.PHONE_DIGITS


@pytest.mark.parametrize("typed", ["5511987654322", "21 98765-4321", "11 7765-4321", "43210"])
def test_another_number_does_not(typed):
    """FIND-1"""
    _, *forms = words.phone_forms(words.digits_of(typed))
    assert not any(MOBILE.endswith(form) for form in forms)


def test_three_digits_are_no_phone():
    """FIND-1"""
    assert words.phone_forms("321") == ()
