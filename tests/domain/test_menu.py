"""In which form a menu reaches a contact, on each channel (FLOW-4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import errors
from chalicelib.domain.media import RULES, length
from chalicelib.domain.menu import Form, form, numbered, opener, said
from chalicelib.domain.outgoing import menu_part


def options(*titles, about=None, payload="r1/inicio/{}"):
    return [
        {"payload": payload.format(number), "title": title, "description": about}
        for number, title in enumerate(titles)
    ]


def menu(*titles, button=None, **facts):
    return {"button": button, "options": options(*titles, **facts)}


TEN = [f"Opção {number}" for number in range(10)]


@pytest.mark.parametrize(
    ("shown", "text", "wanted"),
    [
        (menu("Vendas"), "Olá", Form.BUTTONS),
        (menu("Vendas", "Financeiro", "Suporte"), "Olá", Form.BUTTONS),
        (menu("x" * 20), "Olá", Form.BUTTONS),
        (menu("Vendas", payload="x" * 256), "x" * 1024, Form.BUTTONS),
        (menu("Vendas", "Financeiro", "Suporte", "Outros"), "Olá", Form.LIST),
        (menu(*TEN), "Olá", Form.LIST),
        (menu("Vendas"), "x" * 1025, Form.LIST),
        (menu("Vendas"), "x" * 4096, Form.LIST),
        (menu("Vendas", about="Pedidos e preços"), "Olá", Form.LIST),
        (menu("Vendas", about="x" * 72), "Olá", Form.LIST),
        (menu("x" * 21), "Olá", Form.LIST),
        (menu("x" * 24), "Olá", Form.LIST),
        (menu("Sim", "Sim"), "Dois iguais", Form.LIST),
        (menu("x" * 25), "Olá", Form.NUMBERED),
        (menu("Vendas", about="x" * 73), "Olá", Form.NUMBERED),
        (menu("Vendas", payload="x" * 257), "Olá", Form.NUMBERED),
        (menu(*TEN, payload="x{}" + "x" * 200), "Olá", Form.NUMBERED),
        (menu("Um", "Dois", payload="o mesmo"), "Olá", Form.NUMBERED),
        (menu("Vendas"), " ", Form.NUMBERED),
        (menu("Vendas", " "), "Olá", Form.NUMBERED),
    ],
)
def test_the_form_on_whatsapp(shown, text, wanted):
    """FLOW-4, META.md §4"""
    assert form("whatsapp", shown, text) is wanted


@pytest.mark.parametrize("channel", ["facebook", "instagram"])
@pytest.mark.parametrize(
    ("shown", "text", "wanted"),
    [
        (menu("Vendas"), "Olá", Form.QUICK_REPLIES),
        (menu(*TEN), "Olá", Form.QUICK_REPLIES),
        (menu("x" * 20, payload="x" * 1000), "Olá", Form.QUICK_REPLIES),
        (menu("Vendas", about="Pedidos e preços"), "Olá", Form.QUICK_REPLIES),
        (menu("x" * 21), "Olá", Form.NUMBERED),
        (menu("Vendas", "x" * 24), "Olá", Form.NUMBERED),
        (menu("Vendas", payload="x" * 1001), "Olá", Form.NUMBERED),
        (menu("Um", "Dois", payload="o mesmo"), "Olá", Form.NUMBERED),
        (menu("Vendas"), "", Form.NUMBERED),
    ],
)
def test_the_form_on_messenger_and_instagram(channel, shown, text, wanted):
    """FLOW-4, META.md §8"""
    assert form(channel, shown, text) is wanted


@pytest.mark.parametrize(
    ("shown", "text", "written"),
    [
        (menu("Financeiro", "Vendas"), "Olá!", "Olá!\n\n1. Financeiro\n2. Vendas"),
        (menu("Vendas", about="Preços"), "Olá!", "Olá!\n\n1. Vendas: Preços"),
        (menu("Financeiro", "Vendas"), "", "1. Financeiro\n2. Vendas"),
    ],
)
def test_options_as_numbers(shown, text, written):
    """FLOW-4"""
    assert numbered(shown, text) == written


@pytest.mark.parametrize(
    ("channel", "shown", "written"),
    [
        ("whatsapp", menu("Vendas"), "Olá"),
        ("whatsapp", menu("Vendas", about="Preços"), "Olá"),
        ("whatsapp", menu("x" * 25), f"Olá\n\n1. {'x' * 25}"),
        ("facebook", menu("Vendas"), "Olá"),
        ("facebook", menu("Vendas", about="Preços"), "Olá\n\nVendas: Preços"),
        ("instagram", menu("x" * 21), f"Olá\n\n1. {'x' * 21}"),
    ],
)
def test_the_text_says_what_the_form_has_no_room_for(channel, shown, written):
    """FLOW-4"""
    assert said(channel, shown, "Olá") == written


@pytest.mark.parametrize(
    ("button", "written"),
    [
        (None, "Opções"),
        (" ", "Opções"),
        ("Departamentos", "Departamentos"),
        ("x" * 20, "x" * 20),
        ("x" * 21, "Opções"),
    ],
)
def test_what_opens_a_list(button, written):
    """FLOW-4"""
    assert opener(menu("Vendas", button=button)) == written


def test_a_menu_is_a_message_with_its_options():
    """FLOW-4"""
    part = menu_part("whatsapp", "Olá", menu("Vendas"))
    assert (part.kind, part.text) == ("menu", "Olá")
    assert part.details == {"menu": menu("Vendas")}


@pytest.mark.parametrize(
    ("channel", "shown", "text"),
    [
        ("whatsapp", menu("Vendas"), "x" * 4097),
        ("whatsapp", menu("x" * 25), "x" * 4090),
        ("facebook", menu("x" * 25), "x" * 1990),
        ("instagram", menu("Vendas"), "é" * 501),
        ("instagram", menu("é" * 21), "é" * 490),
    ],
)
def test_a_text_that_leaves_no_room_for_its_options_is_refused(channel, shown, text):
    """FLOW-4"""
    with pytest.raises(errors.TextTooLong):
        menu_part(channel, text, shown)


words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=80)
anything = st.builds(
    dict,
    button=st.none() | words,
    options=st.lists(
        st.builds(dict, payload=words, title=words, description=st.none() | words),
        min_size=1,
        max_size=10,
    ),
)


@given(st.sampled_from(["whatsapp", "facebook", "instagram"]), anything, st.text(max_size=1200))
def test_what_is_accepted_fits_its_channel(channel, shown, text):
    """FLOW-4: whatever the options, what goes out says them, within the channel's limits."""
    try:
        part = menu_part(channel, text, shown)
    except errors.TextTooLong:
        return
    chosen = form(channel, shown, part.text)
    written = said(channel, shown, part.text)
    assert length(channel, written) <= RULES[channel]["text_limit"]
    if chosen is Form.NUMBERED:
        assert all(one["title"] in written for one in shown["options"])
    else:
        assert len({one["payload"] for one in shown["options"]}) == len(shown["options"])
