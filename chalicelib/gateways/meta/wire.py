"""JSON as it comes, and as it goes on: read whatever it is, written so that any reader can."""

from __future__ import annotations

import json
import re
from math import isfinite

DEPTH = 64  # no message nests deeper; what does travels as text
LONGEST_NUMBER = 40
LONE_SURROGATES = re.compile("[\ud800-\udfff]")
TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)


def _float(digits: str) -> float | str:
    number = float(digits)
    return number if isfinite(number) else digits


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits


# Control characters inside strings, NaN, and numbers that no machine holds spoil nothing here.
DECODER = json.JSONDecoder(strict=False, parse_float=_float, parse_int=_integer, parse_constant=str)
ENCODER = json.JSONEncoder(check_circular=False, separators=(",", ":"))
PLAIN_ENCODER = json.JSONEncoder(check_circular=False, ensure_ascii=False, separators=(",", ":"))


def written(value: object) -> str:
    """ASCII, no half characters, no deep nesting: whoever reads it next needs no care."""
    text = ENCODER.encode(value)
    if "\\ud" in text:
        plain = PLAIN_ENCODER.encode(value)
        if LONE_SURROGATES.search(plain):
            text = ENCODER.encode(DECODER.decode(LONE_SURROGATES.sub("\ufffd", plain)))
    if text.count("[") + text.count("{") > DEPTH:
        text = flattened(text)
    return text


def ascii_of(text: str) -> str:
    """A short name of what has any name."""
    return text[:100].encode("ascii", "replace").decode()


def flattened(text: str) -> str:
    """The same JSON, with what nests too deeply turned into the text it was."""
    pieces = []
    depth = copied = 0
    for token in TOKENS.finditer(text):
        mark = text[token.start()]
        if mark in "[{":
            depth += 1
            if depth == DEPTH + 1:
                pieces.append(text[copied : token.start()])
                copied = token.start()
        elif mark in "]}":
            if depth == DEPTH + 1:
                pieces.append(ENCODER.encode(text[copied : token.end()]))
                copied = token.end()
            depth -= 1
    if depth <= DEPTH:  # else it never closes: not JSON, and it should not look deep either
        pieces.append(text[copied:])
    return "".join(pieces)
