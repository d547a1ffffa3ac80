"""A template is chosen, filled and checked before anything is sent."""

import pytest

from chalicelib.domain import errors
from chalicelib.domain.template import (
    STATUSES,
    Filled,
    check_bindings,
    defined,
    fill,
    parts,
    quality_of,
    reason_of,
    text_of,
    view,
)


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


ORDER = defined(
    told(
        header("Pedido {{ numero }}"),
        body("Oi, {{nome}}! O pedido {{numero}} chega em {{prazo}}."),
        {"type": "FOOTER", "text": "Responda SAIR para não receber mais"},
        buttons({"type": "URL", "text": "Ver", "url": "https://loja.example"}),
        parameter_format="NAMED",
    )
)
NAMED = {"header.numero": "1", "body.nome": "Bia", "body.numero": "2", "body.prazo": "já"}
SWAPPED = defined(told(body("Horário {{2}}, {{1}}. Até {{2}}!")))


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
    assert defined(template).category == category


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        (told(category="AUTHENTICATION"), "authentication"),
        *(
            (told(status=status), "status")
            for status in ("PENDING", "REJECTED", "PAUSED", "DISABLED")
        ),
        (told(status="ARCHIVED"), "status"),
        (told(status="PENDING_DELETION"), "status"),
        (told(status="A_NEW_WORD"), "status"),
        (told(status=None), "status"),
        (told(status="PAUSED", category="AUTHENTICATION"), "status"),
        (told({"type": "HEADER", "format": "LOCATION"}, body("Oi")), "unsupported"),
        (told({"type": "HEADER", "format": "GIF"}, body("Oi")), "unsupported"),
        (told(header("Veja {{file}}"), body("Oi")), "unsupported"),
        (told(body("Oi"), buttons({"type": "FLOW", "text": "Abrir"})), "unsupported"),
        (told(body("Oi"), buttons({"type": "NEW_KIND", "text": "Abrir"})), "unsupported"),
        (told(body("Oi"), buttons({"type": "QUICK_REPLY"})), "unsupported"),
        (told(body("Oi"), buttons("?")), "unsupported"),
        (told(body("Oi"), {"type": "CAROUSEL", "cards": []}), "unsupported"),
        (told(body("Oi"), {"type": "LIMITED_TIME_OFFER"}), "unsupported"),
        (told(header("Só o título")), "unsupported"),
        (told(body("")), "unsupported"),
        (told({"type": "BODY"}), "unsupported"),
        (told(components=None), "unsupported"),
        (told(components="?"), "unsupported"),
        (told(components=[None]), "unsupported"),
    ],
)
def test_what_may_not_or_cannot_be_sent_says_why(template, reason):
    """SEND-2 ADM-1"""
    found = defined(template)
    assert (found.unsendable_because, found.sendable) == (reason, False)
    assert view(found, "t1")["unsendable_because"] == reason


@pytest.mark.parametrize(
    "template",
    [
        told(category="SOMETHING_NEW"),
        told(category=None),
        told(name=None),
        told(name=""),
        told(language=7),
        {},
    ],
)
def test_what_is_no_template_is_none(template):
    assert defined(template) is None


@pytest.mark.parametrize(("word", "status"), sorted(STATUSES.items()))
def test_metas_words_are_told_in_six(word, status):
    """META.md §2.2"""
    assert defined(told(status=word)).status == status
    assert defined(told(status=word.lower())).sendable is (status == "approved")


def test_what_was_told_since_stands_above_the_definition():
    """INB-4"""
    found = defined(told(), status="paused", reason="LOW_QUALITY", quality="RED")
    assert (found.status, found.reason, found.quality) == ("paused", "LOW_QUALITY", "RED")


@pytest.mark.parametrize(
    ("template", "reason", "quality"),
    [
        (told(rejected_reason="NONE", quality_score={"score": "UNKNOWN"}), None, None),
        (told(rejected_reason="INVALID_FORMAT"), "INVALID_FORMAT", None),
        (told(quality_score={"score": "YELLOW", "date": 1}), None, "YELLOW"),
        (told(quality_score="GREEN"), None, "GREEN"),
        (told(quality_score=[1], rejected_reason=7), None, None),
        (told(), None, None),
    ],
)
def test_reasons_and_quality_are_metas_words_or_none(template, reason, quality):
    assert (reason_of(template), quality_of(template)) == (reason, quality)


# --- headers with files, buttons with values --------------------------------------------------

KEY = "uploads/ana/00000000000000aa.png"
COUPON = defined(
    told(
        {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["https://x"]}},
        body("Use {{1}}"),
        buttons(
            {"type": "QUICK_REPLY", "text": "Sim"},
            {"type": "URL", "text": "Ver", "url": "https://loja.example/{{1}}"},
            {"type": "COPY_CODE", "text": "Copiar código", "example": ["X"]},
        ),
    )
)
VALUES = {"header.file": KEY, "body.1": "já", "button.1": "p/8812?a=b", "button.2": "BEMVINDO"}


def test_a_header_takes_a_file_and_buttons_take_values():
    """SEND-2"""
    assert COUPON.sendable
    assert COUPON.header_kind == "image"
    assert COUPON.variables == ("header.file", "body.1", "button.1", "button.2")


@pytest.mark.parametrize(
    ("format", "kind"), [("IMAGE", "image"), ("VIDEO", "video"), ("DOCUMENT", "document")]
)
def test_what_a_header_shows_is_sent_by_metas_name_for_the_file(format, kind):
    """META.md §4"""
    shown = defined(told({"type": "HEADER", "format": format}, body("Oi")))
    filled = fill(shown, {"header.file": KEY})
    assert (filled.file, filled.header_kind) == (KEY, kind)
    assert filled.components({"id": "M1"}) == [
        {"type": "header", "parameters": [{"type": kind, kind: {"id": "M1"}}]}
    ]
    assert filled.components({"link": "https://files", "filename": "a.pdf"})[0]["parameters"] == [
        {"type": kind, kind: {"link": "https://files", "filename": "a.pdf"}}
    ]


def test_values_of_buttons_go_out_with_their_place():
    """META.md §4"""
    components = fill(COUPON, VALUES).components({"id": "M1"})
    assert [one["type"] for one in components] == ["header", "body", "button", "button"]
    assert components[2:] == [
        {
            "type": "button",
            "sub_type": "url",
            "index": "1",
            "parameters": [{"type": "text", "text": "p/8812?a=b"}],
        },
        {
            "type": "button",
            "sub_type": "copy_code",
            "index": "2",
            "parameters": [{"type": "coupon_code", "coupon_code": "BEMVINDO"}],
        },
    ]


def test_what_is_kept_of_it_is_each_part_with_its_values():
    """CHAT-1 FIND-2"""
    assert parts(ORDER, fill(ORDER, NAMED)) == {
        "name": "retomar",
        "header": "Pedido 1",
        "body": "Oi, Bia! O pedido 2 chega em já.",
        "footer": "Responda SAIR para não receber mais",
        "buttons": ["Ver"],
    }


def test_a_coupon_is_short_and_an_address_has_an_end():
    wrong = reasons(COUPON, **{**VALUES, "button.2": "A" * 21, "button.1": "a" * 2001})
    assert wrong == {"values.button.1": "too_long", "values.button.2": "too_long"}


def test_a_file_of_a_header_must_be_given():
    """SEND-3"""
    assert reasons(COUPON, body_1="já", button_1="a", button_2="B") == {
        "values.header.file": "empty"
    }


# --- bindings ---------------------------------------------------------------------------------


def test_variables_are_bound_to_texts_and_blanks_bind_nothing():
    """SEND-3"""
    assert check_bindings(COUPON, {"body.1": " {nome} ", "button.1": " "}) == {"body.1": "{nome}"}
    shown = view(COUPON, "t1", bindings={"body.1": "{nome}", "body.9": "{gone}"})
    assert shown["bindings"] == {"body.1": "{nome}"}


@pytest.mark.parametrize(
    ("bindings", "wrong"),
    [
        ({"body.9": "x"}, {"bindings.body.9": "unknown"}),
        ({"header.file": KEY}, {"bindings.header.file": "unknown"}),
        ({"body.1": "a\nb"}, {"bindings.body.1": "unsendable"}),
    ],
)
def test_what_cannot_be_bound_is_refused(bindings, wrong):
    """SEND-3"""
    with pytest.raises(errors.Invalid) as caught:
        check_bindings(COUPON, bindings)
    assert {one["path"]: one["reason"] for one in caught.value.fields["fields"]} == wrong


def test_variables_stand_in_the_order_of_reading_each_once():
    assert ORDER.variables == ("header.numero", "body.nome", "body.numero", "body.prazo")
    assert SWAPPED.variables == ("body.2", "body.1")
    assert defined(told()).variables == ()


def test_variables_with_names_are_named_whatever_the_format_says():
    assert ORDER.named
    assert defined(told(body("Oi, {{nome}}"))).named
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
    assert fill(ORDER, NAMED).components() == [
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
    many = defined(told(body(" ".join(f"{{{{{number}}}}}" for number in range(1, 12)))))
    filled = fill(many, {f"body.{number}": str(number) for number in range(1, 12)})
    [component] = filled.components()
    assert [one["text"] for one in component["parameters"]] == [str(one) for one in range(1, 12)]


def test_a_template_without_variables_has_nothing_to_fill():
    assert fill(defined(told()), {}) == Filled("retomar", "pt_BR", False)
    assert fill(defined(told()), {}).components() == []


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
    titled = defined(told(header("Olá, {{1}}"), body("Oi")))
    assert fill(titled, {"header.1": "a" * 55}).values["header.1"]
    assert reasons(titled, header_1="a" * 56) == {"values.header.1": "too_long"}


def test_the_page_gets_texts_buttons_and_variables():
    shown = view(ORDER, "t1")
    assert (shown["name"], shown["category"], shown["template_id"]) == ("retomar", "utility", "t1")
    assert shown["buttons"] == [{"kind": "url", "text": "Ver", "variable": None}]
    assert shown["variables"] == list(ORDER.variables)
    assert view(COUPON, "t2")["buttons"][2] == {
        "kind": "copy_code",
        "text": "Copiar código",
        "variable": "button.2",
    }
