"""What may stand in a field of a contact: custom ones of every kind, and the system's own (INFO-2).

Values come from screens as people typed them, and are kept in one canonical form each.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chalicelib.domain import errors
from chalicelib.domain.phone import dialled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from chalicelib.domain import events
    from chalicelib.domain.events import FieldValue

TEXT_LENGTH = 300
LONG_TEXT_LENGTH = 4000
NUMBER_LENGTH = 40
EMAIL_LENGTH = 254
URL_LENGTH = 2000
CODE_LENGTH = 60
FIRST_BIRTH_DATE = date(1900, 1, 1)

# Why a value is refused. The page has a sentence for each, under `reasons`.
REASONS = (
    "empty",  # nothing but blanks
    "required",  # asked at closing, and not given (CLOSE-6)
    "too_long",
    "wrong_kind",  # a list where a text belongs, and the like
    "not_a_number",
    "not_a_date",  # no such day
    "in_the_future",
    "too_long_ago",
    "cpf_invalid",
    "rg_invalid",
    "email_invalid",
    "phone_invalid",
    "url_invalid",
    "not_an_option",
    "image_missing",  # no such upload, or one of another contact
    "inactive",  # the field is no longer used
    "unknown",  # there is no such field
)

NUMBER = re.compile(r"([+-]?)([0-9]+)(?:[.,]([0-9]+))?", re.ASCII)
GROUPED_NUMBER = re.compile(
    r"[+-]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[+-]?[0-9]{1,3}(?:\.[0-9]{3}){2,}"
)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
EMAIL = re.compile(r"[^\s@\"<>(),:;\\\[\]]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}")
RG = re.compile(r"(?=.*[0-9])[0-9A-Z./-]{3,20}", re.ASCII)
CPF_MARKS = str.maketrans("", "", ".-/ ")
CONTACT_PICTURE = re.compile(
    r"pictures/contact/([0-9A-Za-z_-]{1,64})/[0-9a-f]{16,64}\.(?:jpg|png|webp)"
)


class _Refused(Exception):
    """A value that cannot stand, with the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def value(field: events.Field, given: FieldValue, *, path: str) -> FieldValue:
    """The value as it is kept, or Invalid with `path` and one of REASONS.

    Texts are trimmed; a number is decimal text with a dot («-1234.5»), typed with a comma or a dot
    («1.234,5» too); `yes_no` a bool; a date «2026-11-24»; a choice is the option's text, `choices`
    a list in the options' order; a phone is digits, country code first, and one of another
    country is typed with «+» or «00»; an image is a file key (whose it is: `is_picture_of`).
    """
    try:
        if not field["active"]:
            raise _Refused("inactive")
        return _of_kind(field, given)
    except _Refused as refused:
        raise _invalid(path, refused.reason) from None


def values(
    fields: Iterable[events.Field], given: Mapping[str, FieldValue | None], *, path: str = "fields"
) -> dict[str, FieldValue | None]:
    """The given values by field id, as they are kept; None (or a blank) for what is removed.

    Raises one Invalid with all that is wrong, at `<path>.<field id>`.
    """
    known = {field["field_id"]: field for field in fields}
    kept: dict[str, FieldValue | None] = {}
    wrong: list[dict[str, str]] = []
    for field_id, one in given.items():
        at = f"{path}.{field_id}"
        if field_id not in known:
            wrong.append({"path": at, "reason": "unknown"})
        elif is_blank(one):
            kept[field_id] = None
        else:
            assert one is not None
            try:
                kept[field_id] = value(known[field_id], one, path=at)
            except errors.Invalid as refusal:
                wrong.extend(refusal.fields["fields"])
    if wrong:
        raise errors.Invalid(fields=wrong)
    return kept


def is_blank(given: FieldValue | None) -> bool:
    """Whether it says nothing: none, blanks, an empty list. «No» says something."""
    if given is None:
        return True
    return not (given.strip() if isinstance(given, str) else given or given is False)


def system_value(name: str, given: str, *, path: str, today: date) -> str:
    """A system field's value as it is kept, or Invalid with `path` and one of REASONS.

    `name` is one of profile.SYSTEM_FIELDS; `today` is the agency's. A CPF is eleven digits with
    right check digits; an RG capital letters, digits, «.», «-», «/»; a birth date a real day from
    1900 until today.
    """
    try:
        return _SYSTEM[name](given, today)
    except _Refused as refused:
        raise _invalid(path, refused.reason) from None


def masked_cpf(cpf: str) -> str:
    """What who may not see a CPF sees of it: the check digits."""
    return f"•••.•••.•••-{cpf[-2:]}"


def masked_rg(rg: str) -> str:
    """What who may not see an RG sees of it: the last two signs, or of a short one nothing."""
    return f"•••••••{rg[-2:] if len(rg) > 5 else '••'}"


def is_picture_of(key: str, chat_ids: Iterable[str]) -> bool:
    """Whether the key is of a picture uploaded for the contact with one of these ids."""
    found = CONTACT_PICTURE.fullmatch(key)
    return found is not None and found[1] in set(chat_ids)


def _invalid(path: str, reason: str) -> errors.Invalid:
    return errors.Invalid(fields=[{"path": path, "reason": reason}])


def _of_kind(field: events.Field, given: FieldValue) -> FieldValue:
    kind = field["kind"]
    if kind == "yes_no":
        if not isinstance(given, bool):
            raise _Refused("wrong_kind")
        return given
    if kind == "choices":
        if not isinstance(given, list):
            raise _Refused("wrong_kind")
        return _choices(field["options"], given)
    if not isinstance(given, str):
        raise _Refused("wrong_kind")
    if not given.strip():
        raise _Refused("empty")
    if kind == "choice":
        if given not in field["options"]:
            raise _Refused("not_an_option")
        return given
    return _TEXTUAL[kind](given.strip())


def _choices(options: list[str], given: list[str]) -> list[str]:
    if not given:
        raise _Refused("empty")
    if not set(given) <= set(options):
        raise _Refused("not_an_option")
    return [option for option in dict.fromkeys(options) if option in given]


def _line(given: str, longest: int = TEXT_LENGTH) -> str:
    line = " ".join(given.split())
    if not line:
        raise _Refused("empty")
    if len(line) > longest:
        raise _Refused("too_long")
    return line


def _long_text(given: str) -> str:
    if len(given) > LONG_TEXT_LENGTH:
        raise _Refused("too_long")
    return given


def _number(given: str) -> str:
    if len(given) > NUMBER_LENGTH:
        raise _Refused("too_long")
    if GROUPED_NUMBER.fullmatch(given):
        given = given.replace(".", "")
    found = NUMBER.fullmatch(given)
    if found is None:
        raise _Refused("not_a_number")
    whole = found[2].lstrip("0") or "0"
    fraction = (found[3] or "").rstrip("0")
    written = f"{whole}.{fraction}" if fraction else whole
    return f"-{written}" if found[1] == "-" and written != "0" else written


def _day(given: str) -> date:
    if not DAY.fullmatch(given):
        raise _Refused("not_a_date")
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise _Refused("not_a_date") from None


def _phone(given: str) -> str:
    try:
        return dialled(given, foreign=given.startswith(("+", "00")))
    except errors.Invalid:
        raise _Refused("phone_invalid") from None


def _email(given: str) -> str:
    given = given.strip()
    local = given.partition("@")[0]
    if (
        len(given) > EMAIL_LENGTH
        or not EMAIL.fullmatch(given)
        or local.startswith(".")
        or local.endswith(".")
        or ".." in local
    ):
        raise _Refused("email_invalid")
    return given


def _url(given: str) -> str:
    if len(given) > URL_LENGTH:
        raise _Refused("too_long")
    written = given if SCHEME.match(given) else f"https://{given}"
    if any(character.isspace() or not character.isprintable() for character in written):
        raise _Refused("url_invalid")
    try:
        parts = urlsplit(written)
        named = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise _Refused("url_invalid") from None
    if (
        parts.scheme not in ("http", "https")
        or "@" in parts.netloc  # what stands before it would be taken for the site
        or "\\" in written
        or not HOST.fullmatch(named)
    ):
        raise _Refused("url_invalid")
    return written


def _image(given: str) -> str:
    if not CONTACT_PICTURE.fullmatch(given):
        raise _Refused("image_missing")
    return given


_TEXTUAL: Mapping[str, Callable[[str], str]] = {
    "text": _line,
    "long_text": _long_text,
    "number": _number,
    "date": lambda given: _day(given).isoformat(),
    "phone": _phone,
    "email": _email,
    "url": _url,
    "image": _image,
}


def _birth_date(given: str, today: date) -> str:
    born = _day(given.strip())
    if born > today:
        raise _Refused("in_the_future")
    if born < FIRST_BIRTH_DATE:
        raise _Refused("too_long_ago")
    return born.isoformat()


def _cpf(given: str, today: date) -> str:
    digits = given.translate(CPF_MARKS)
    if not re.fullmatch(r"[0-9]{11}", digits) or digits == digits[0] * 11:
        raise _Refused("cpf_invalid")
    if digits[9:] != _cpf_check_digits(digits[:9]):
        raise _Refused("cpf_invalid")
    return digits


def _cpf_check_digits(nine: str) -> str:
    """The two digits after the first nine: weighted sums modulo 11, of 9 and then 10 digits."""
    digits = nine
    for heaviest in (10, 11):
        weighed = sum(
            int(digit) * weight
            for digit, weight in zip(digits, range(heaviest, 1, -1), strict=True)
        )
        digits += str(weighed * 10 % 11 % 10)
    return digits[9:]


def _rg(given: str, today: date) -> str:
    written = "".join(given.split()).upper()
    if not RG.fullmatch(written):
        raise _Refused("rg_invalid")
    return written


_SYSTEM: Mapping[str, Callable[[str, date], str]] = {
    "birth_date": _birth_date,
    "cpf": _cpf,
    "rg": _rg,
    "customer_code": lambda given, today: _line(given, CODE_LENGTH),
    "email": lambda given, today: _email(given),
}
