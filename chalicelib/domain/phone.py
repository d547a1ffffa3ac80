"""Numbers as agents type them (NEW-1)."""

from __future__ import annotations

import re

from chalicelib.domain import errors
from chalicelib.domain.contact import BRAZIL, canonical_phone

NATIONAL = re.compile(r"(?:0?[1-9][0-9])[2-9][0-9]{7,8}")


def dialled(number: str, *, foreign: bool) -> str:
    """The number in digits, country code first, Brazil's ninth digit present.

    A national one gets Brazil's code unless it has it; a foreign one begins with its country's.
    Raises Invalid, reason `phone_invalid`, for what can be nobody's number.
    """
    import phonenumbers  # heavy: only where a number is typed

    digits = "".join(one for one in number if one in "0123456789")
    international = number.strip().startswith(("+", "00"))
    digits = digits.removeprefix("00") if international else digits
    if not foreign and not international and NATIONAL.fullmatch(digits):
        digits = BRAZIL + digits.removeprefix("0")
    digits = canonical_phone(digits)
    try:
        parsed = phonenumbers.parse(f"+{digits}")
        valid = phonenumbers.is_valid_number(parsed)
    except phonenumbers.NumberParseException:
        valid = False
    if not valid or (not foreign and not digits.startswith(BRAZIL)):
        raise errors.Invalid(fields=[{"path": "phone", "reason": "phone_invalid"}])
    return digits
