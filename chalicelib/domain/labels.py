"""Tags and custom fields: what may be made of them, and what they may be called (ADM-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import errors
from chalicelib.domain.words import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.events import FieldKind

# Of tags, by name, so that each theme can show them legibly (INFO-5).
COLORS = ("red", "orange", "yellow", "green", "teal", "blue", "violet", "gray")

CHOSEN_FROM: frozenset[FieldKind] = frozenset({"choice", "choices"})  # those that need options
MOST_TAGS = 10_000
MOST_FIELDS = 200
MOST_DEPARTMENTS = 500

# INFO-9: a custom field may not be called as one of these, or its variable would mean two things.
SYSTEM_VARIABLES = frozenset(
    {
        "nome",
        "telefone",
        "canal",
        "data_nascimento",
        "cpf",
        "rg",
        "codigo_cliente",
        "email",
        "protocolo",
        "agente",
        "departamento",
    }
)


def same_name(name: str) -> str:
    """What two names that people would take for one have in common: no case, accents or gaps."""
    return " ".join(plain(name).split())


def check_color(color: str) -> None:
    """Raises Invalid for a colour that no screen has."""
    if color not in COLORS:
        raise errors.Invalid(fields=[{"path": "color", "reason": "unknown"}])


def check_slug(slug: str) -> None:
    """Raises Invalid for the name of a system variable (INFO-9)."""
    if slug in SYSTEM_VARIABLES:
        raise errors.Invalid(fields=[{"path": "slug", "reason": "reserved"}])


def check_options(kind: FieldKind, options: Sequence[str]) -> None:
    """Options are for what is chosen from them, each once. Raises Invalid."""
    if kind in CHOSEN_FROM:
        reason = "missing" if not options else "repeated" if _repeated(options) else None
    else:
        reason = "not_of_this_kind" if options else None
    if reason is not None:
        raise errors.Invalid(fields=[{"path": "options", "reason": reason}])


def _repeated(options: Sequence[str]) -> bool:
    return len({same_name(option) for option in options}) < len(options)
