"""Numbers as people type them: with or without country, area, brackets and ninth digit (NEW-1)."""

from __future__ import annotations

import re
import unicodedata

from chalicelib.domain import errors
from chalicelib.domain.contact import BRAZIL, canonical_phone

# Area code and number, and what people put before them: the trunk zero, with a carrier or without.
NATIONAL = re.compile(r"(?:0(?:[1-9][0-9])?)?([1-9][0-9][2-9][0-9]{7,8}|[358]00[0-9]{7})")
WITH_COUNTRY = re.compile(BRAZIL + r"[1-9][0-9]{9,10}")
PUNCTUATION = frozenset("+().-/·")
FEWEST_DIGITS = 6  # fewer are nobody's number, with whatever country before them
MOST_DIGITS = 15  # E.164


def dialled(number: str, *, foreign: bool) -> str:
    """The number in digits, country code first, Brazil's ninth digit present.

    A national one is area code and number, and gets Brazil's code unless it has it. A foreign one
    begins with its country's («+1 415…», «001 415…», «1415…»). Giving back what this answered
    changes nothing. Raises Invalid with the reason `phone_needs_country` for a foreign number that
    may lack its country, else `phone_invalid`.
    """
    digits = _digits(number)
    if foreign and not international(number):
        found = _of_country(canonical_phone(digits))
        short = found is None and FEWEST_DIGITS <= len(digits) < MOST_DIGITS
        return _or_invalid(found, "phone_needs_country" if short else "phone_invalid")
    if international(number):
        found = _of_country(canonical_phone(digits.removeprefix("00")))
    else:
        found = _national(digits)
    abroad = found is not None and not found.startswith(BRAZIL)
    return _or_invalid(None if abroad and not foreign else found, "phone_invalid")


def international(number: str) -> bool:
    """Whether the number says itself that its country comes first: «+1 415…», «001 415…»."""
    start = re.sub(r"[^0-9+]", "", _plain(number))
    return start.startswith(("+", "00"))


def _national(digits: str) -> str | None:
    if WITH_COUNTRY.fullmatch(digits):
        return _of_country(canonical_phone(digits))
    found = NATIONAL.fullmatch(digits)
    return None if found is None else _of_country(canonical_phone(BRAZIL + found[1]))


def _of_country(digits: str) -> str | None:
    """The number as its country's plan has it, or None when it can be nobody's."""
    import phonenumbers  # heavy: only where a number is typed

    if not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS + 2:  # «+44 (0) 20…» is longer than it is
        return None
    try:
        parsed = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return canonical_phone(written)


def _digits(number: str) -> str:
    """The digits; none when there is something that no number has, such as a letter."""
    plain = _plain(number)
    strange = any(one not in PUNCTUATION and one not in "0123456789" for one in plain)
    return "" if strange else "".join(one for one in plain if one in "0123456789")


def _plain(number: str) -> str:
    """Every script's digits as ours, dashes as one; without spaces and marks that nobody sees."""
    return "".join(
        _one_form(one) for one in number if unicodedata.category(one) not in ("Cf", "Zs", "Cc")
    )


def _one_form(character: str) -> str:
    if unicodedata.category(character) == "Pd":
        return "-"
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    return "+" if character == "\uff0b" else character


def _or_invalid(found: str | None, reason: str) -> str:
    if found is None:
        raise errors.Invalid(fields=[{"path": "phone", "reason": reason}])
    return found
