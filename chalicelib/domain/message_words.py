"""Where words stand in a message: texts, captions, templates, cards, places (FIND-2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chalicelib.domain.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EXCERPT = 160
BEFORE = 40  # signs shown before the words
UNREAD = frozenset({"url", "payload"})  # parts of details that nobody reads


def pattern(wanted: str) -> re.Pattern[str] | None:
    """What finds these words, one after the other, in a text of `one_form`.

    Without regard to case, accents and the gaps between them. What begins with a letter is found at
    the beginning of a word, and the last word may go on; a number is found within another. None for
    what has no words.
    """
    words = one_form(wanted).split()
    if not words:
        return None
    begins = r"(?<!\w)" if words[0][0].isalpha() else ""
    return re.compile(begins + r"\s+".join(map(re.escape, words)))


def one_form(text: str) -> str:
    """A text without case and accents."""
    return text.casefold() if text.isascii() else plain(text)


def texts(text: str, details: Mapping[str, Any] | None, names: Iterable[str]) -> list[str]:
    """Everything that reads as words: the text or caption, what is beside it, and files' names."""
    found = [text, *names]
    for part in (details or {}).values():
        found += _strings(part)
    return [one for one in found if one]


def excerpt(text: str, sought: re.Pattern[str]) -> str | None:
    """The part of the text where the words stand, on one line; None when they do not."""
    match = sought.search(one_form(text))
    if match is None:
        return None
    start = max(_place(text, match.start()) - BEFORE, 0)
    cut = text[start : start + EXCERPT]
    line = " ".join(cut.split())
    before, after = "…" if start else "", "…" if start + EXCERPT < len(text) else ""
    room = EXCERPT - len(before) - len(after)
    return f"{before}{line[:room]}{after}"


def _place(text: str, at: int) -> int:
    """The sign of the text from which that of its one form comes."""
    if text.isascii():
        return at
    length = 0
    for place, sign in enumerate(text):
        length += len(plain(sign))
        if length > at:
            return place
    return len(text)


def _strings(part: object) -> list[str]:
    if isinstance(part, str):
        return [part]
    if isinstance(part, dict):
        return [text for name, one in part.items() if name not in UNREAD for text in _strings(one)]
    if isinstance(part, list):
        return [text for one in part for text in _strings(one)]
    return []
