"""A template is chosen, filled and checked before anything is sent."""

import pytest

from chalicelib.domain import errors
from chalicelib.domain.template import Filled, fill, listed, text_of, view


def told(*components, **facts):
    """A template as Graph tells it: an approved one with a body and nothing else."""
    return {
        "name": "retomar",
        "language": "pt_BR",
        "category": "UTILITY",
        "status": "APPROVED",
        "parameter_format": "POSITIONAL",
        "components": list(components) or [{"type": "BODY", "text": "Podemos continuar?"}],
        **facts,
    }


def body(text):
    return {"type": "BODY", "text": text, "example": {"body_text": [["Maria"]]}}


def header(text):
    return {"type": "HEADER", "format": "TEXT", "text": text}


def buttons(*several):
    return {"type": "BUTTONS", "buttons": list(several)}


def reasons(template, **values):
    """Why these values do not fit, by variable."""
    with pytest.raises(errors.Invalid) as caught:
        fill(template, {key.replace("_", ".", 1): value for key, value in values.items()})
    return {one["path"]: one["reason"] for one in caught.value.fields["fields"]}


ORDER = listed(
    told(
        header("Pedido {{ numero }}"),
        body("Oi, {{nome}}! O pedido {{numero}} chega em {{prazo}}."),
        {"type": "FOOTER", "text": "Responda SAIR para não receber mais"},
        buttons({"type": "URL", "text": "Ver", "url": "https://loja.example"}),
        parameter_format="NAMED",
    )
)
SWAPPED = listed(told(body("Horário {{2}}, {{1}}. Até {{2}}!")))


@pytest.mark.parametrize(
    ("template", "category"),
    [
        (told(), "utility"),
        (told(category="MARKETING"), "marketing"),
        (told(parameter_format=None), "utility"),
        (told(body("Oi"), buttons({"type": "QUICK_REPLY", "text": "Sim"})), "utility"),
        (told(body("Oi"), buttons({"type": "PHONE_NUMBER", "text": "Ligar"})), "utility"),
        (told(body("Oi"), buttons()), "utility"),
    ],
)
def test_approved_templates_of_text_are_listed_with_their_category(template, category):
    """SEND-2"""
    assert listed(template).category == category


@pytest.mark.parametrize(
    "template",
    [
        told(category="AUTHENTICATION"),
        told(category="SOMETHING_NEW"),
        told(category=None),
        *(told(status=status) for status in ("PENDING", "REJECTED", "PAUSED", "DISABLED", None)),
        told({"type": "HEADER", "format": "IMAGE"}, body("Oi")),
        told({"type": "HEADER", "format": "LOCATION"}, body("Oi")),
        told(body("Oi"), buttons({"type": "URL", "text": "Ver", "url": "https://l.example/{{1}}"})),
        told(body("Oi"), buttons({"type": "COPY_CODE", "text": "Copiar"})),
        told(body("Oi"), buttons({"type": "FLOW", "text": "Abrir"})),
        told(body("Oi"), buttons({"type": "NEW_KIND", "text": "Abrir"})),
        told(body("Oi"), buttons({"type": "QUICK_REPLY"})),
        told(body("Oi"), buttons("?")),
        told(body("Oi"), {"type": "CAROUSEL", "cards": []}),
        told(body("Oi"), {"type": "LIMITED_TIME_OFFER"}),
        told(header("Só o título")),
        told(body("")),
        told({"type": "BODY"}),
        told(components=None),
        told(components="?"),
        told(components=[None]),
        told(name=None),
        told(language=7),
        {},
    ],
)
def test_what_may_not_or_cannot_be_sent_is_not_listed(template):
    """SEND-2"""
    assert listed(template) is None


def test_variables_stand_in_the_order_of_reading_each_once():
    assert ORDER.variables == ("header.numero", "body.nome", "body.numero", "body.prazo")
    assert SWAPPED.variables == ("body.2", "body.1")
    assert listed(told()).variables == ()


def test_variables_with_names_are_named_whatever_the_format_says():
    assert ORDER.named
    assert listed(told(body("Oi, {{nome}}"))).named
    assert not SWAPPED.named


def test_a_filled_template_reads_as_on_the_phone():
    """SEND-2"""
    values = {"header.numero": "8812", "body.nome": " João ", "body.numero": "8812"}
    filled = fill(ORDER, {**values, "body.prazo": "2 dias"})
    assert text_of(ORDER, filled) == (
        "Pedido 8812\n\nOi, João! O pedido 8812 chega em 2 dias.\n\n"
        "Responda SAIR para não receber mais"
    )


def test_named_values_go_out_with_their_names():
    """META.md §4"""
    values = {"header.numero": "1", "body.nome": "Bia", "body.numero": "2", "body.prazo": "já"}
    assert fill(ORDER, values).components() == [
        {
            "type": "header",
            "parameters": [{"type": "text", "parameter_name": "numero", "text": "1"}],
        },
        {
            "type": "body",
            "parameters": [
                {"type": "text", "parameter_name": "nome", "text": "Bia"},
                {"type": "text", "parameter_name": "numero", "text": "2"},
                {"type": "text", "parameter_name": "prazo", "text": "já"},
            ],
        },
    ]


def test_numbered_values_go_out_by_their_numbers():
    """META.md §6: their order counts, not that of the text."""
    filled = fill(SWAPPED, {"body.2": "9h", "body.1": "Bia"})
    assert text_of(SWAPPED, filled) == "Horário 9h, Bia. Até 9h!"
    [component] = filled.components()
    assert [one["text"] for one in component["parameters"]] == ["Bia", "9h"]


def test_ten_numbers_do_not_sort_as_words():
    many = listed(told(body(" ".join(f"{{{{{number}}}}}" for number in range(1, 12)))))
    filled = fill(many, {f"body.{number}": str(number) for number in range(1, 12)})
    [component] = filled.components()
    assert [one["text"] for one in component["parameters"]] == [str(one) for one in range(1, 12)]


def test_a_template_without_variables_has_nothing_to_fill():
    assert fill(listed(told()), {}) == Filled("retomar", "pt_BR", False)
    assert fill(listed(told()), {}).components() == []


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({}, {"values.body.1": "empty", "values.body.2": "empty"}),
        ({"body_1": "a", "body_2": " \n "}, {"values.body.2": "empty"}),
        ({"body_1": "a", "body_2": "b", "body_3": "c"}, {"values.body.3": "unknown"}),
        ({"body_1": "a", "body_2": "b", "x": "c"}, {"values.x": "unknown"}),
        ({"body_1": "a\nb", "body_2": "b"}, {"values.body.1": "unsendable"}),
        ({"body_1": "a\tb", "body_2": "b"}, {"values.body.1": "unsendable"}),
        ({"body_1": "a\r\nb", "body_2": "b"}, {"values.body.1": "unsendable"}),
        ({"body_1": "a     b", "body_2": "b"}, {"values.body.1": "unsendable"}),
        (
            {"body_1": "a" * 1024, "body_2": "b"},
            {"values.body.1": "too_long", "values.body.2": "too_long"},
        ),
    ],
)
def test_values_that_meta_would_refuse_are_refused_here(values, wrong):
    """SEND-3"""
    assert reasons(SWAPPED, **values) == wrong


def test_four_blanks_and_braces_are_only_text():
    """INFO-9"""
    filled = fill(SWAPPED, {"body.1": "a    b", "body.2": "{{1}} {nome}"})
    assert "{{1}} {nome}, a    b" in text_of(SWAPPED, filled)


def test_a_header_is_short():
    """META.md §6"""
    titled = listed(told(header("Olá, {{1}}"), body("Oi")))
    assert fill(titled, {"header.1": "a" * 55}).values["header.1"]
    assert reasons(titled, header_1="a" * 56) == {"values.header.1": "too_long"}


def test_the_page_gets_texts_buttons_and_variables():
    shown = view(ORDER)
    assert (shown["name"], shown["category"], shown["buttons"]) == ("retomar", "utility", ["Ver"])
    assert shown["variables"] == list(ORDER.variables)
