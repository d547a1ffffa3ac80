"""How names, phones and protocols are found: words and digits, in one form (FIND-1)."""

from __future__ import annotations

import re
import unicodedata

from chalicelib.domain.contact import canonical_phone

WORDS_KEPT = 40  # of one name: a renaming takes out and puts in as many, in one transaction
WORD_LENGTH = 32
WORD = re.compile(r"[^\W_]+")


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
