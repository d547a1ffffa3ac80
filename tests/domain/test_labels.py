"""What tags and custom fields may be."""

import pytest

from chalicelib.domain import errors
from chalicelib.domain.labels import (
    COLORS,
    SYSTEM_VARIABLES,
    check_color,
    check_options,
    check_slug,
    same_name,
)


@pytest.mark.parametrize(
    "name", ["Pós-Venda", "pós-venda", "PÓS-VENDA", "  pos-venda ", "Po\u0301s-Venda"]
)
def test_names_that_people_take_for_one_are_one(name):
    """ADM-1"""
    assert same_name(name) == "pos-venda"


def test_gaps_do_not_make_another_name():
    """ADM-1"""
    assert same_name("Pós  Venda") == same_name("pos\u00a0venda") != same_name("posvenda")


def test_colours():
    """INFO-5"""
    for color in COLORS:
        check_color(color)
    for color in ("pink", "", "#ff0000"):
        with pytest.raises(errors.Invalid) as refused:
            check_color(color)
        assert refused.value.fields == {"fields": [{"path": "color", "reason": "unknown"}]}


def test_a_field_is_not_called_as_a_system_variable():
    """INFO-9"""
    check_slug("foto")
    assert len(SYSTEM_VARIABLES) == 11
    for slug in SYSTEM_VARIABLES:
        with pytest.raises(errors.Invalid):
            check_slug(slug)


@pytest.mark.parametrize(
    ("kind", "options", "reason"),
    [
        ("choice", ["a", "b"], None),
        ("choices", ["a"], None),
        ("choice", [], "missing"),
        ("choices", ["a", "Á"], "repeated"),
        ("text", [], None),
        ("text", ["a"], "not_of_this_kind"),
        ("image", ["a"], "not_of_this_kind"),
    ],
)
def test_options_are_for_what_is_chosen_from_them(kind, options, reason):
    """ADM-1"""
    if reason is None:
        check_options(kind, options)
        return
    with pytest.raises(errors.Invalid) as refused:
        check_options(kind, options)
    assert refused.value.fields == {"fields": [{"path": "options", "reason": reason}]}
