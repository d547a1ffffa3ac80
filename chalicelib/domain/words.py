"""How names, phones and protocols are found: words and digits, in one form (FIND-1)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from chalicelib.domain.contact import BRAZIL, canonical_phone

if TYPE_CHECKING:
    from collections.abc import Iterable

WORDS_KEPT = 40  # of one name: a renaming takes out and puts in as many, in one transaction
WORD_LENGTH = 32
WORD = re.compile(r"[^\W_]+")
TRUNK_ZERO = "(0)"  # «+44 (0) 20…»: dialled at home only
PHONE_PUNCTUATION = frozenset("+()./·")
IGNORED = frozenset({"Cc", "Cf", "Pd", "Zs"})  # in numbers: controls, marks, dashes, spaces
PHONE_DIGITS = 4  # the fewest by which a phone is found


def plain(text: str) -> str:
    """Without case and accents: «João» and «JOAO» are one."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(one for one in apart if not unicodedata.combining(one)).casefold()


def words(text: str) -> tuple[str, ...]:
    """The words of a name, in one form, each once, in their order; at most forty."""
    found = dict.fromkeys(word[:WORD_LENGTH] for word in WORD.findall(plain(text)))
    return tuple(found)[:WORDS_KEPT]


def reversed_phone(digits: str) -> str:
    """The canonical number from its end: its beginning is what people remember of a number."""
    return canonical_phone(digits)[::-1]


def all_in(wanted: Iterable[str], names: Iterable[str]) -> bool:
    """Whether each wanted word begins one of the names (FIND-1)."""
    names = tuple(names)
    return all(any(name.startswith(word) for name in names) for word in wanted)


def digits_of(text: str) -> str | None:
    """The digits of what can only be a number, however it is punctuated; else None.

    Marks that nobody sees come along when a number is copied; every script has digits.
    """
    found = []
    for one in unicodedata.normalize("NFKC", text).replace(TRUNK_ZERO, ""):
        digit = unicodedata.decimal(one, None)
        if digit is not None:
            found.append(str(digit))
        elif one not in PHONE_PUNCTUATION and unicodedata.category(one) not in IGNORED:
            return None
    return "".join(found) or None


def phone_forms(digits: str) -> tuple[str, ...]:
    """Every form in which the last digits of a canonical number may have been typed (FIND-1).

    With or without country, trunk zero and carrier, and the Brazilian ninth digit. The first is
    the shortest ending that they share. None for fewer digits than a phone is found by.
    """
    if len(digits) < PHONE_DIGITS:
        return ()
    forms = {digits}
    if digits.startswith("00") and len(digits) > 10:
        forms.add(digits[2:])
    elif digits.startswith("0") and len(digits) in (11, 12):
        forms.add(digits[1:])
    elif digits.startswith("0") and len(digits) in (13, 14):
        forms.add(digits[3:])
    for form in tuple(forms):
        forms.add(canonical_phone(form))
        forms.add(canonical_phone(BRAZIL + form).removeprefix(BRAZIL))
    shortest = min(forms, key=len)
    start = next(
        start
        for start in range(len(shortest) + 1)
        if all(form.endswith(shortest[start:]) for form in forms)
    )
    return (shortest[start:], *sorted(forms))
