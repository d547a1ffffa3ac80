"""What contacts are marked and described by: colours, names, and what a custom field may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import errors

if TYPE_CHECKING:
    from collections.abc import Sequence

COLORS = ("red", "orange", "yellow", "green", "teal", "blue", "violet", "gray")
MOST_TAGS = 10_000
MOST_FIELDS = 200
MOST_DEPARTMENTS = 300
WITH_OPTIONS = ("choice", "choices")
# INFO-9: the variables of the system, which no custom field may be called.
SYSTEM_VARIABLES = (
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
)


def same_name(name: str) -> str:
    """One form for names that people would take for the same."""
    return " ".join(name.split()).casefold()


def check_color(color: str) -> None:
    """Raises Invalid for what is no tag's colour."""
    if color not in COLORS:
        raise errors.Invalid(fields=[{"path": "color", "reason": "unknown"}])


def check_slug(slug: str) -> None:
    """Raises Invalid for a variable that the system has already (INFO-9)."""
    if slug in SYSTEM_VARIABLES:
        raise errors.Invalid(fields=[{"path": "slug", "reason": "reserved"}])


def check_options(kind: str, options: Sequence[str]) -> None:
    """Choices have options, each once; nothing else has any. Raises Invalid."""
    reason = None
    if kind in WITH_OPTIONS:
        if not options:
            reason = "missing"
        elif len(set(options)) != len(options):
            reason = "repeated"
    elif options:
        reason = "not_for_this_kind"
    if reason is not None:
        raise errors.Invalid(fields=[{"path": "options", "reason": reason}])
