"""Words that the specification fixes stand in the page's one place for words, and are shown."""

import re
from pathlib import Path
from typing import get_args

import pytest

from chalicelib.domain.errors import every_code
from chalicelib.domain.events import HookOutcome, HookReason, LineName, ScheduleReason
from chalicelib.domain.fields import REASONS
from chalicelib.domain.flow_faults import REASONS as FAULTS

PAGE = Path(__file__).parents[2] / "web" / "src"
SENTENCES = (PAGE / "i18n" / "pt-BR.ts").read_text("utf-8")
OF_VALUES = (PAGE / "i18n" / "reasons.ts").read_text("utf-8")
SHOWN = "\n".join(
    file.read_text("utf-8") for file in PAGE.rglob("*.tsx") if ".test." not in file.name
)


def block(name):
    """The sentences under one name."""
    found = re.search(rf"^( *){name}: \{{$(.*?)^\1\}},$", SENTENCES, re.S | re.M)
    assert found is not None
    return found[2]


@pytest.mark.parametrize("code", sorted(every_code()))
def test_every_refusal_has_its_sentence(code):
    """The server answers with codes; the page owns every word."""
    assert re.search(rf"^    {code}:\s+\"", block("errors"), re.M)


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_why_a_value_is_refused_has_its_sentence(reason):
    """INFO-2"""
    assert re.search(rf"^  {reason}: \"", OF_VALUES, re.M)


@pytest.mark.parametrize(
    ("area", "name"),
    [
        ("list", "Lista de Conversas"),
        ("conversation", "Campo de Conversa"),
        ("panel", "Configurações do Chat"),
        ("bar", "Botões e Notificações"),
    ],
)
def test_the_four_areas_have_their_names(area, name):
    """CHAT-9"""
    assert f'{area}: "{name}"' in block("areas")
    assert f"areas.{area}" in SHOWN


def test_the_failed_resync_says_what_to_check():
    """LIVE-2 LIVE-5"""
    assert "Não foi possível reconectar ao servidor." in SENTENCES
    assert "Verifique sua conexão com a internet." in SENTENCES
    checks = re.findall(r"(\w+): \"", block("checks"))
    assert checks == ["internet", "network", "firewall", "power", "ports", "software"]
    assert all(f'"{check}"' in SHOWN for check in checks)


@pytest.mark.parametrize("code", get_args(LineName))
@pytest.mark.parametrize("told", ["lines", "linesAlone"])
def test_every_happening_has_its_sentences(code, told):
    """CHAT-3: with who did it, and without."""
    assert re.search(rf"^    {code}:\s+\"", block(told), re.M)


@pytest.mark.parametrize("reason", get_args(ScheduleReason))
def test_every_reason_of_a_schedule_has_its_words(reason):
    """SCH-5"""
    assert re.search(rf"^    {reason}:\s+\"", block("scheduleReasons"), re.M)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        *(("hookOutcomes", outcome) for outcome in get_args(HookOutcome)),
        *(("hookReasons", reason) for reason in get_args(HookReason)),
    ],
)
def test_what_becomes_of_a_call_has_its_words(told, code):
    """FLOW-10"""
    assert re.search(rf"^    {code}:\s+\"", block(told), re.M)


@pytest.mark.parametrize("reason", FAULTS)
def test_every_fault_of_a_flow_has_its_sentence(reason):
    """FLOW-9"""
    told = (PAGE / "i18n" / "flows.ts").read_text("utf-8")
    faults = re.search(r"^  faults: \{$(.*?)^  \},$", told, re.S | re.M)
    assert faults is not None
    assert re.search(rf"^    {reason}: \"", faults[1], re.M)
