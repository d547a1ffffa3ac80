"""Phone numbers as WhatsApp compares them, the Brazilian ninth digit included."""

import re

from .wire import Json

BSUID = re.compile(r"^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$")
_COUNTRIES: Json = {
    "55": "BR", "351": "PT", "54": "AR", "52": "MX", "56": "CL", "57": "CO",
    "44": "GB", "49": "DE", "34": "ES", "1": "US",
}  # fmt: skip


def digits(number: str) -> str:
    """Only the digits of a number however it was typed."""
    return re.sub(r"\D", "", number)


def is_bsuid(address: str) -> bool:
    """Whether an address is a business-scoped user id and not a phone number (META.md 3)."""
    return BSUID.match(address) is not None


def forms(number: str) -> list[str]:
    """The number itself first, then its Brazilian form with or without the ninth digit.

    Only mobiles have both forms: after the area code they start with 6 to 9.
    """
    plain = digits(number)
    if plain.startswith("55") and len(plain) == 13 and plain[4] == "9" and plain[5] in "6789":
        return [plain, plain[:4] + plain[5:]]
    if plain.startswith("55") and len(plain) == 12 and plain[4] in "6789":
        return [plain, plain[:4] + "9" + plain[4:]]
    return [plain]


def country(number: str | None) -> str:
    """The ISO country of a number, as a BSUID begins with it; BR when there is no number."""
    if number is None:
        return "BR"
    for length in (3, 2, 1):
        found = _COUNTRIES.get(digits(number)[:length])
        if found:
            return str(found)
    return "US"
