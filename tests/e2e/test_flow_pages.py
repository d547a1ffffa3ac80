"""Flows, webhooks, business hours and the chatbot's switch on their pages, in a browser (FLOW-9,
FLOW-10, FLOW-13, ADM-1).
"""

from __future__ import annotations

import json
import re
import secrets
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from playwright.sync_api import expect

from local.simulator.samples import SAMPLES
from tests.e2e.conftest import ROOT, screenshot
from tests.e2e.pages import Held
from tests.e2e.test_new_chat import mobile
from tests.e2e.test_panel import Desk, Entering, enter
from tests.e2e.test_schedule_pages import accessible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.e2e.agent import Agent

__all__ = ["enter"]

PNG = SAMPLES["png"].content
EXAMPLE = ROOT / "local" / "flows" / "pesquisa-de-satisfacao.json"


@pytest.fixture
def named() -> str:
    """A name that no flow has."""
    return f"Fluxo {secrets.token_hex(4)}"


@pytest.fixture
def settings(ana: Agent) -> Iterator[None]:
    """The general settings are as before afterwards."""
    before = ana.get("/settings")
    yield
    ana.put_back_settings(before)


def at(enter: Entering, path: str) -> Desk:
    """Ana's page there."""
    desk = enter("ana")
    desk.page.goto(f"{desk.address}{path}")
    return desk


def imported(desk: Desk, file: Path, name: str) -> None:
    """Choose the file, call it so, and begin."""
    desk.see("import").click()
    desk.see("import-file").set_input_files(str(file))
    if name:
        desk.see("import-name").fill(name)
    desk.see("import-flow-save").click()


def hook(name: str) -> dict[str, Any]:
    """What a new webhook is asked for with."""
    return {
        "version": 0,
        "name": name,
        "production": False,
        "account": None,
        "foreign": False,
        "event_path": "",
        "mapping": [],
        "flow_id": None,
    }


def text_of(desk: Desk) -> Any:
    """The document in the editor."""
    return desk.see("flow-json")


def test_a_flow_comes_from_a_file_is_mended_published_and_goes_back_into_one(
    enter: Entering, ana: Agent, named: str, tmp_path: Path
) -> None:
    """FLOW-9 FLOW-11: each fault has its place."""
    desk = at(enter, "/fluxos")
    expect(desk.page.get_by_role("row").filter(has_text="Boas-vindas")).to_be_visible()
    desk.page.screenshot(path=screenshot("flows-1-list"))
    accessible(desk)
    broken = tmp_path / "quebrado.json"
    broken.write_text('{\n "name": "x",\n}')
    desk.see("import").click()
    desk.see("import-file").set_input_files(str(broken))
    expect(desk.see("import-wrong")).to_contain_text("não é um JSON válido: linha 3")
    wrong = tmp_path / "errado.json"
    wrong.write_text(json.dumps({"format": "atendente-flow/1", "start": "a", "nodes": {"a": {}}}))
    desk.see("import-file").set_input_files(str(wrong))
    desk.see("import-name").fill(named)
    desk.see("import-flow-save").click()
    expect(desk.see("import-faults")).to_contain_text("nodes.a")
    desk.page.screenshot(path=screenshot("flows-2-refused"))
    desk.see("import-file").set_input_files(str(EXAMPLE))
    desk.see("import-name").fill(named)
    desk.see("import-flow-save").click()

    expect(desk.page.get_by_role("heading", name=named)).to_be_visible()
    expect(desk.see("flow-faults")).to_contain_text("Nenhum erro")
    good = text_of(desk).input_value()
    text_of(desk).fill(good.replace('"next": null', '"next": "nada"', 1))
    fault = desk.see("fault").first
    expect(fault).to_contain_text("«nada» não existe")
    line = good[: good.index('"next": null')].count("\n") + 1
    expect(fault).to_contain_text(f"linha {line}")
    expect(desk.see("flow-publish")).to_be_disabled()
    fault.get_by_role("button").click()
    expect(text_of(desk)).to_be_focused()
    desk.page.screenshot(path=screenshot("flows-3-fault"))
    text_of(desk).fill(good.replace("{", "", 1))
    expect(desk.see("flow-faults")).to_contain_text("não é um JSON válido")
    expect(desk.see("flow-update")).to_be_disabled()
    text_of(desk).fill(good)
    desk.see("flow-publish").click()
    expect(desk.see("flow-said")).to_contain_text("Publicado.")
    accessible(desk)
    desk.page.screenshot(path=screenshot("flows-4-published"))

    with desk.page.expect_download() as download:
        desk.see("flow-export").click()
    assert download.value.suggested_filename == f"{named}.json"
    exported = json.loads(download.value.path().read_text())
    assert exported["name"] == named
    assert exported["nodes"] == json.loads(EXAMPLE.read_text())["nodes"]

    desk.see("remove").click()
    desk.page.get_by_role("dialog").get_by_role("button", name="Excluir").click()
    expect(desk.page.get_by_role("heading", name="Fluxos de Conversa")).to_be_visible()
    assert named not in {one["name"] for one in ana.get("/flows")["flows"]}


def test_what_somebody_else_changed_meanwhile_is_not_lost(
    enter: Entering, ana: Agent, named: str
) -> None:
    """FLOW-9"""
    made = ana.ask("POST", "/flows", json={"name": named})
    flow_id = made["flow"]["flow_id"]
    desk = at(enter, f"/fluxos?fluxo={flow_id}")
    expect(desk.see("flow-name")).to_have_value(named)
    body = {"name": f"{named} B", "version": made["version"]}
    ana.ask("PUT", f"/flows/{flow_id}", json=body)
    desk.see("flow-name").fill(f"{named} A")
    desk.see("flow-update").click()
    expect(desk.see("flow-meanwhile")).to_contain_text("mudou este fluxo enquanto você editava")
    desk.see("flow-meanwhile").get_by_role("button", name="por cima").click()
    expect(desk.see("flow-said")).to_contain_text("Rascunho salvo.")
    assert ana.get(f"/flows/{flow_id}")["flow"]["name"] == f"{named} A"
    ana.ask("DELETE", f"/flows/{flow_id}")


def test_what_is_written_while_a_file_or_a_save_is_on_its_way_stays(
    enter: Entering, ana: Agent, named: str
) -> None:
    """FLOW-4 FLOW-9"""
    made = ana.ask("POST", "/flows", json={"name": named})
    flow_id = made["flow"]["flow_id"]
    desk = at(enter, f"/fluxos?fluxo={flow_id}")
    nodes = {"a": {"type": "image", "file": "AQUI", "text": "", "next": None}}
    document = {**made["document"], "start": "a", "nodes": nodes}
    text_of(desk).fill(json.dumps(document, indent=2))
    expect(desk.see("fault").first).to_contain_text("nodes.a.file")
    text_of(desk).evaluate(
        """area => {
            const at = area.value.indexOf('"AQUI"');
            area.setSelectionRange(at, at + 6);
        }"""
    )
    uploads = Held(desk.page, re.compile(r"/api/flow-files$"), "POST")
    with desk.page.expect_request("**/flow-files"):
        desk.see("flow-file").set_input_files(
            [{"name": "foto.png", "mimeType": "image/png", "buffer": PNG}]
        )
    desk.see("flow-name").fill(f"{named} B")
    uploads.release()
    expect(desk.see("flow-said")).to_contain_text("Arquivo adicionado.")
    expect(desk.see("flow-faults")).to_contain_text("Nenhum erro")

    saves = Held(desk.page, re.compile(f"/api/flows/{flow_id}$"), "PUT")
    with desk.page.expect_request(f"**/flows/{flow_id}"):
        desk.see("flow-update").click()
    desk.see("flow-name").fill(f"{named} C")
    saves.release()
    expect(desk.see("flow-said")).to_contain_text("Rascunho salvo.")
    expect(desk.see("flow-name")).to_have_value(f"{named} C")
    expect(desk.see("flow-update")).to_be_enabled()
    kept = ana.get(f"/flows/{flow_id}")
    assert kept["flow"]["name"] == f"{named} B"
    assert kept["document"]["nodes"]["a"]["file"]["name"] == "foto.png"
    ana.ask("DELETE", f"/flows/{flow_id}")


def test_flows_lie_in_folders(enter: Entering, ana: Agent, named: str) -> None:
    """FLOW-9: «Adicionar categoria», «Categoria de fluxo»."""
    desk = at(enter, "/fluxos")
    desk.see("add-category").click()
    desk.see("category-name").fill(named)
    desk.see("category-save").click()
    folder = desk.see("folder").filter(has_text=named)
    folder.click()
    desk.see("add").first.click()
    desk.see("new-flow-name").fill(named)
    desk.see("new-flow-save").click()
    expect(desk.see("flow-category")).to_be_visible()
    desk.see("flow-back").click()
    expect(folder).to_contain_text("1")
    desk.page.get_by_role("button", name=f"Editar categoria: {named}").click()
    desk.page.get_by_test_id("category").get_by_role("button", name="Excluir").click()
    asked = desk.page.get_by_role("dialog").last
    asked.get_by_role("button", name="Excluir").click()
    expect(asked).to_contain_text(f"o fluxo «{named}» usa")
    for one in ana.get("/flows")["flows"]:
        if one["name"] == named:
            ana.ask("DELETE", f"/flows/{one['flow_id']}")
    asked.get_by_role("button", name="Excluir").click()
    expect(folder).to_have_count(0)


@pytest.mark.usefixtures("settings")
def test_the_chatbot_is_switched_and_its_flow_cannot_go(enter: Entering, ana: Agent) -> None:
    """FLOW-13 CLOSE-5"""
    desk = at(enter, "/configuracoes")
    desk.see("chatbot").locator("..").click()
    expect(desk.see("chatbot-off")).to_be_visible()
    desk.see("main-flow").select_option(label="Boas-vindas")
    desk.see("closing-flow").select_option(label="Pesquisa de satisfação")
    expect(desk.see("chatbot-off")).to_have_count(0)
    expect(desk.see("chatbot-outcome")).to_contain_text("salva")
    desk.page.screenshot(path=screenshot("flows-5-settings"))
    accessible(desk)
    kept = ana.get("/settings")
    flows = {one["name"]: one["flow_id"] for one in ana.get("/flows")["flows"]}
    assert (kept["chatbot"], kept["main_flow_id"]) == (True, flows["Boas-vindas"])
    assert kept["closing_flow_id"] == flows["Pesquisa de satisfação"]

    desk.page.goto(f"{desk.address}/fluxos?fluxo={flows['Boas-vindas']}")
    desk.see("remove").click()
    desk.page.get_by_role("dialog").get_by_role("button", name="Excluir").click()
    expect(desk.page.get_by_role("dialog")).to_contain_text("é o fluxo principal")


def test_a_webhook_is_set_up_by_what_arrived(enter: Entering, ana: Agent, named: str) -> None:
    """FLOW-10: test, then production."""
    desk = at(enter, "/webhooks")
    desk.see("add").first.click()
    desk.see("webhook-name").fill(named)
    desk.see("webhook-save").click()
    address = desk.see("webhook-url").inner_text()
    assert address.startswith(f"{desk.address}/api/hooks/")
    told = {"cliente": {"nome": named, "fone": mobile()}, "total": 12.5}
    assert httpx.post(address, json=told, timeout=60).status_code == 204
    call = desk.see("hook-call")
    expect(call).to_contain_text("Teste: nada foi alterado")
    desk.see("leaf").filter(has_text="cliente.fone").click()
    expect(desk.see("mapping-path").first).to_have_value("cliente.fone")
    desk.see("leaf").filter(has_text="cliente.nome").click()
    desk.see("mapping-field").last.select_option(label="Nome")
    desk.see("webhook-production").locator("..").click()
    desk.page.screenshot(path=screenshot("flows-6-webhook"))
    accessible(desk)
    desk.see("webhook-save").click()
    expect(desk.see("webhook")).to_have_count(0)
    row = desk.page.get_by_role("row").filter(has_text=named)
    expect(row).to_contain_text("Produção")
    assert httpx.post(address, json=told, timeout=60).status_code == 204
    assert httpx.post(address, content=b"{}", timeout=60).status_code == 400
    assert ana.get("/search", q=named)["hits"][0]["row"]["name"] == named
    row.click()
    expect(desk.see("hook-call").first).to_contain_text("o telefone não foi encontrado")
    expect(desk.see("hook-call").nth(1)).to_contain_text("Campos salvos")
    desk.page.get_by_test_id("webhook").get_by_role("button", name="Excluir").click()
    desk.page.get_by_role("dialog").last.get_by_role("button", name="Excluir").click()
    expect(row).to_have_count(0)
    assert httpx.post(address, json=told, timeout=60).status_code == 404


def test_a_webhook_that_another_saved_meanwhile_is_not_written_over(
    enter: Entering, ana: Agent, named: str
) -> None:
    """FLOW-10: the list follows under the open window, whose save is refused."""
    webhook_id = ana.ask("POST", "/incoming-webhooks", json=hook(named))["webhook_id"]
    desk = at(enter, "/webhooks")
    desk.page.get_by_role("row").filter(has_text=named).click()
    expect(desk.see("webhook-name")).to_have_value(named)
    theirs = {**hook(f"{named} B"), "version": 1}
    ana.ask("PUT", f"/incoming-webhooks/{webhook_id}", json=theirs)
    expect(desk.page.get_by_test_id("webhooks")).to_contain_text(f"{named} B")
    desk.see("webhook-name").fill(f"{named} A")
    desk.see("webhook-save").click()
    expect(desk.see("webhook")).to_contain_text("mudou este webhook enquanto você editava")
    kept = ana.get("/incoming-webhooks")["webhooks"]
    assert f"{named} B" in {one["name"] for one in kept}
    ana.ask("DELETE", f"/incoming-webhooks/{webhook_id}")


def test_the_hours_are_said_day_by_day(enter: Entering, ana: Agent) -> None:
    """FLOW-6 ADM-1"""
    before = ana.get("/business-hours")
    desk = at(enter, "/horario-de-atendimento")
    desk.see("end-0-0").fill("8")
    desk.see("start-0-0").fill("9")
    desk.see("hours-save").click()
    expect(desk.see("day-0")).to_contain_text("O fim precisa ser depois do início")
    desk.see("end-0-0").fill("1830")
    desk.see("copy-0").click()
    desk.see("add-holiday").click()
    desk.see("holiday-date").last.fill("25122026")
    desk.see("hours-save").click()
    expect(desk.page.get_by_text("Dê um nome ao feriado.")).to_be_visible()
    desk.see("holiday-name").last.fill("Natal")
    desk.see("hours-save").click()
    expect(desk.see("hours-saved")).to_be_visible()
    expect(desk.see("hours-save")).to_be_disabled()
    desk.page.screenshot(path=screenshot("flows-7-hours"))
    accessible(desk)
    kept = ana.get("/business-hours")
    assert kept["days"][:5] == [[{"start": "09:00", "end": "18:30"}]] * 5
    assert {"date": "2026-12-25", "name": "Natal", "yearly": False} in kept["holidays"]

    desk.see("start-0-0").fill("10")
    asked = {**kept, "holidays": []}
    del asked["open_now"]
    kept = ana.ask("PUT", "/business-hours", json=asked)
    desk.see("hours-save").click()
    expect(desk.see("hours-failed")).to_contain_text("mudou o horário enquanto você editava")
    expect(desk.see("start-0-0")).to_have_value("10:00")
    desk.see("hours-failed").get_by_role("button", name="Recarregar").click()
    expect(desk.see("start-0-0")).to_have_value("09:00")
    expect(desk.see("holiday")).to_have_count(0)
    ana.ask(
        "PUT",
        "/business-hours",
        json={**{name: before[name] for name in ("days", "holidays")}, "version": kept["version"]},
    )
