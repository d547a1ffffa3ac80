"""The administration pages and «Meu Perfil», in the browser on the running stack."""

import json
import secrets
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zlib import compress, crc32

import pytest
from playwright.sync_api import Locator, Page, expect

from infra.package import ROOT
from local.stack import Stack
from local.users import PASSWORD
from tests.e2e.agent import Agent
from tests.e2e.conftest import screenshot
from tests.e2e.pages import LIST, DeskPage
from tests.e2e.phones import Phones

Json = dict[str, Any]
Hire = Callable[[int], list[Agent]]
NewPage = Callable[[], Page]

AT_MOST_MS = 5_000  # until a changed permission is felt
FIRST_PASSWORD = "Temporaria2026"
PAGES = [
    "/contatos",
    "/atendimentos",
    "/usuarios",
    "/departamentos",
    "/etiquetas",
    "/campos",
    "/configuracoes",
    "/perfil",
]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def png(side: int) -> bytes:
    """A square picture, all of one colour."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", crc32(name + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    lines = (b"\0" + b"\x33\x58\xd4" * side) * side
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", head), chunk(b"IDAT", compress(lines)), chunk(b"IEND", b"")]
    )


class Administration:
    """One person's page, outside the chats."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def log_in(self, email: str, password: str, path: str) -> None:
        """Enter by the login form, which leads to the page of that path."""
        self.page.goto(f"{self.address}{path}")
        self.page.get_by_test_id("login-email").fill(email)
        self.page.get_by_test_id("login-password").fill(password)
        self.page.get_by_test_id("login-submit").click()

    def go(self, path: str) -> None:
        """Open the page of that path."""
        self.page.goto(f"{self.address}{path}")

    def row(self, table: str, words: str) -> Locator:
        """The row of that table with those words."""
        return self.page.get_by_test_id(f"{table}-row").filter(has_text=words)

    def find(self, words: str) -> None:
        """Search the table."""
        self.page.get_by_test_id("table-search").fill(words)

    def open(self, table: str, words: str) -> None:
        """Enter the row with those words."""
        self.find(words)
        self.row(table, words).get_by_role("button").first.click()


@pytest.fixture
def of_ana(stack: Stack, new_page: NewPage) -> Administration:
    """Ana's page: she may do everything."""
    administration = Administration(new_page(), stack.web)
    administration.log_in("ana@example.com", PASSWORD, "/perfil")
    expect(administration.page.get_by_test_id("profile-name")).to_have_value("Ana Souza")
    return administration


def email_of(agent: Agent) -> str:
    """The address they log in by."""
    return str(agent.get("/me")["agent"]["email"])


def allow(ana: Agent, agent_id: str, *permissions: str) -> None:
    """Give that user these permissions and no others."""
    (now,) = [one for one in ana.get("/users")["users"] if one["agent_id"] == agent_id]
    kept = {name: now[name] for name in ("name", "active", "department_ids")}
    ana.ask("PUT", f"/users/{agent_id}", json={**kept, "permissions": list(permissions)})


def a_word() -> str:
    """A name that nothing else has."""
    return f"Zeta {secrets.token_hex(4)}"


def test_who_is_invited_enters_by_their_first_password(
    stack: Stack, of_ana: Administration, new_page: NewPage
) -> None:
    """ADM-1 PERM-1 PERM-3: and finds the pages that their permissions open, no others."""
    name = a_word()
    email = f"{secrets.token_hex(4)}@example.com"
    page = of_ana.page
    of_ana.go("/usuarios")
    page.get_by_test_id("invite").click()
    page.get_by_test_id("user-save").click()
    expect(page.get_by_text("Preencha este campo.")).to_have_count(2)
    page.get_by_test_id("user-name").fill(name)
    page.get_by_test_id("user-email").fill("ana@example.com")
    page.get_by_test_id("permission-contacts").check()
    page.get_by_test_id("user-save").click()
    expect(page.get_by_text("Já existe um usuário com este e-mail.")).to_be_visible()
    page.get_by_test_id("user-email").fill(email)
    page.get_by_test_id("user-save").dblclick()
    of_ana.find(name)
    expect(of_ana.row("users", name)).to_have_count(1)
    expect(of_ana.row("users", name)).to_contain_text("Convidado")
    page.screenshot(path=screenshot("administration-invited"))

    # What the mail says is known to its reader alone; this stands for it.
    stack.client("cognito-idp").admin_set_user_password(
        UserPoolId=stack.outputs["UserPoolId"],
        Username=email,
        Password=FIRST_PASSWORD,
        Permanent=False,
    )
    theirs = Administration(new_page(), stack.web)
    theirs.log_in(email, FIRST_PASSWORD, "/contatos")
    theirs.page.get_by_test_id("new-password").fill(PASSWORD)
    theirs.page.get_by_test_id("new-password-repeat").fill(PASSWORD)
    theirs.page.get_by_test_id("new-password-submit").click()
    expect(theirs.page.get_by_test_id("contacts-row").first).to_be_visible()
    expect(theirs.page.get_by_test_id("nav-usuarios")).to_have_count(0)
    theirs.go("/usuarios")
    expect(theirs.page.get_by_role("alert")).to_contain_text("não está liberada para você")
    page.reload()
    expect(of_ana.row("users", name)).to_contain_text("Ativo")


def test_a_permission_taken_away_changes_the_open_pages(
    stack: Stack, ana: Agent, hire: Hire, new_page: NewPage
) -> None:
    """PERM-2: within five seconds, on an administration page and at the desk; nothing reloads."""
    (eva,) = hire(1)
    eva_id = eva.agent_id()
    allow(ana, eva_id, "1", "2", "contacts")
    administration = Administration(new_page(), stack.web)
    administration.log_in(email_of(eva), PASSWORD, "/contatos")
    contacts = administration.page
    expect(contacts.get_by_test_id("contacts-row").first).to_be_visible()
    desk = DeskPage(new_page(), stack.web)
    desk.log_in(email_of(eva), PASSWORD)
    contacts.wait_for_timeout(3_000)  # until its socket listens

    allow(ana, eva_id, "2")
    expect(contacts.get_by_role("alert")).to_contain_text(
        "não está liberada para você", timeout=AT_MOST_MS
    )
    expect(desk.page.get_by_test_id("tab-all")).to_have_count(0, timeout=AT_MOST_MS)
    expect(desk.page.get_by_test_id("tab-open")).to_be_visible()
    assert not desk.was_reloaded()
    contacts.screenshot(path=screenshot("administration-forbidden"))


def test_who_is_deactivated_is_cut_off(
    stack: Stack, ana: Agent, of_ana: Administration, hire: Hire, phones: Phones, new_page: NewPage
) -> None:
    """PERM-3: asked once, with the chats that they hold; they are out within five seconds."""
    (eva,) = hire(1)
    email = email_of(eva)
    contact = phones.somebody()
    contact.writes("oi")
    chat_id = ana.chat_of(contact.name)
    eva.answer(chat_id, "Olá!")
    desk = DeskPage(new_page(), stack.web)
    desk.log_in(email, PASSWORD, tab="mine")

    of_ana.go("/usuarios")
    of_ana.open("users", email)
    page = of_ana.page
    page.get_by_test_id("deactivate").click()
    expect(page.get_by_role("dialog").last).to_contain_text("Esta pessoa atende 1 conversa")
    page.get_by_test_id("confirm-deactivate-yes").click()
    expect(desk.page.get_by_role("alert")).to_contain_text(
        "Seu acesso está desativado", timeout=AT_MOST_MS
    )
    expect(of_ana.row("users", email)).to_contain_text("Desativado")

    of_ana.open("users", email)
    page.get_by_role("link", name="Ver conversas para reatribuir").click()
    expect(page.locator(LIST)).to_have_count(1)
    expect(page.locator(LIST)).to_have_attribute("data-chat-id", chat_id)
    again = Administration(new_page(), stack.web)
    again.log_in(email, PASSWORD, "/perfil")
    expect(again.page.get_by_test_id("login-failure")).to_be_visible()


def test_a_department_in_use_is_not_deleted(of_ana: Administration, ana: Agent) -> None:
    """ADM-1: the reason says by what; one that nothing uses goes; a name is taken once."""
    name = a_word()
    page = of_ana.page
    of_ana.go("/departamentos")
    page.get_by_test_id("add").click()
    page.get_by_test_id("department-name").fill("vendas")
    page.get_by_test_id("department-save").click()
    expect(page.get_by_test_id("department-failure")).to_contain_text("Já existe um cadastro")
    page.get_by_test_id("department-name").fill(name)
    page.get_by_test_id("department-save").click()
    of_ana.open("departments", name)
    page.get_by_test_id("remove").click()
    page.get_by_test_id("confirm-remove-yes").click()
    expect(of_ana.row("departments", name)).to_have_count(0)

    of_ana.open("departments", "Vendas")
    page.get_by_test_id("remove").click()
    page.get_by_test_id("confirm-remove-yes").click()
    refused = page.get_by_test_id("confirm-remove-failure")
    expect(refused).to_contain_text("fazem parte dele")
    page.screenshot(path=screenshot("administration-in-use"))
    page.keyboard.press("Escape")

    page.get_by_test_id("department-active").uncheck()
    page.get_by_test_id("department-save").click()
    expect(of_ana.row("departments", "Vendas")).to_contain_text("Desativado, mas ainda em uso")
    (vendas,) = [one for one in ana.get("/departments")["departments"] if one["name"] == "Vendas"]
    ana.ask(
        "PUT",
        f"/departments/{vendas['department_id']}",
        json={"name": "Vendas", "active": True, "to_last_agent": False},
    )


def test_a_new_tag_is_in_the_filter_of_the_list(of_ana: Administration) -> None:
    """ADM-1 INFO-5 FILT-1: made on its page, chosen at the desk without a reload."""
    name = a_word()
    page = of_ana.page
    page.get_by_test_id("nav-etiquetas").click()
    page.get_by_test_id("add").click()
    page.get_by_test_id("tag-name").fill(name)
    page.get_by_text("Verde", exact=True).last.click()
    page.get_by_test_id("tag-save").click()
    of_ana.find(name)
    expect(of_ana.row("tags", name)).to_contain_text("Verde")
    page.get_by_test_id("nav-chats").click()
    expect(page.locator(LIST).first).to_be_visible()
    page.get_by_test_id("filters").click()
    page.get_by_test_id("filter-tag").click()
    page.get_by_test_id("finder-search").fill(name)
    expect(page.get_by_test_id("finder-choice").filter(has_text=name)).to_be_visible()


def test_a_field_is_made_and_offers_its_variable(of_ana: Administration) -> None:
    """ADM-1 CLOSE-6 INFO-9: the variable is proposed, checked, and fixed afterwards."""
    name = f"Situação {secrets.token_hex(4)}"
    slug = name.lower().replace("situação", "situacao").replace(" ", "_")
    page = of_ana.page
    of_ana.go("/campos")
    page.get_by_test_id("add").click()
    page.get_by_test_id("field-name").fill("CPF")
    page.get_by_test_id("field-slug").fill("cpf")
    page.get_by_test_id("field-save").click()
    expect(page.get_by_text("Esta variável já é do sistema.")).to_be_visible()
    page.get_by_test_id("field-slug").fill("")
    page.get_by_test_id("field-name").fill(name)
    expect(page.get_by_test_id("field-slug")).to_have_value(slug)
    page.get_by_test_id("field-kind").select_option("choice")
    page.get_by_test_id("option").nth(0).fill("Novo")
    page.get_by_test_id("option").nth(1).fill("novo")
    page.get_by_test_id("field-save").click()
    expect(page.get_by_text("Há opções repetidas.")).to_be_visible()
    page.get_by_test_id("option").nth(1).fill("Antigo")
    page.get_by_role("button", name="Subir a opção 2").click()
    page.get_by_test_id("field").get_by_text("Obrigatório", exact=True).click()
    page.get_by_test_id("field-save").click()
    of_ana.open("fields", name)
    expect(page.get_by_test_id("field-slug")).to_be_disabled()
    expect(page.get_by_test_id("option").first).to_have_value("Antigo")
    # It is asked at every closing of this stack otherwise.
    page.get_by_test_id("field").get_by_text("Não", exact=True).click()
    page.get_by_test_id("field-save").click()
    expect(page.get_by_test_id("field")).to_have_count(0)


def test_a_list_is_imported_line_by_line(of_ana: Administration, tmp_path: Path) -> None:
    """ADM-3 NEW-1: what is in the file, what becomes of each line, and the result as a file."""
    word = a_word()
    digits = f"{secrets.randbelow(10**7):07}"
    lines = [
        "Nome;Celular",
        f'"{word}; Maria";11 98{digits}',
        f"{word} João;(21) 97{digits[:3]}-{digits[3:]}",
        f"{word} Maria de novo;+55 11 98{digits}",
        f"{word} sem número;123",
        f";1196{digits}",
        f"{'N' * 301};1195{digits}",
    ]
    file = tmp_path / "lista.csv"
    file.write_bytes("\r\n".join(lines).encode("cp1252"))
    page = of_ana.page
    of_ana.go("/contatos")
    page.get_by_test_id("import").click()
    page.locator("input[type=file]").set_input_files(file)
    first = page.get_by_test_id("import-preview-row").first
    expect(first).to_contain_text(f"{word}; Maria")
    page.screenshot(path=screenshot("administration-import-preview"))
    page.get_by_test_id("import-start").click()
    expect(page.get_by_test_id("import-state")).to_have_attribute("data-state", "done")
    told = {
        "added": 2,
        "repeated": 1,
        "phone_invalid": 1,
        "name_empty": 1,
        "name_too_long": 1,
    }
    for outcome, count in told.items():
        expect(page.get_by_test_id(f"import-count-{outcome}")).to_contain_text(str(count))
    page.screenshot(path=screenshot("administration-import"))
    with page.expect_download() as saved:
        page.get_by_test_id("import-download").click()
    result = saved.value.path().read_text(encoding="utf-8-sig")
    assert result.splitlines()[0] == "Linha;Nome;Telefone;Resultado"
    assert f"5;{word} sem número;123;Número inválido" in result
    page.get_by_test_id("import-finish").click()
    of_ana.find(f"{word} João")
    expect(of_ana.row("contacts", f"{word} João")).to_have_count(1)


def test_a_contact_is_added_exported_and_erased(of_ana: Administration) -> None:
    """ADM-3 NEW-2: who is known is named; the file has what is kept; then nothing is left."""
    word = a_word()
    phone = f"11 94{secrets.randbelow(10**7):07}"
    page = of_ana.page
    of_ana.go("/contatos")
    page.get_by_test_id("add").click()
    page.get_by_test_id("contact-name").fill(word)
    page.get_by_test_id("contact-phone").fill("12")
    page.get_by_test_id("contact-save").click()
    expect(page.get_by_text("Telefone inválido")).to_be_visible()
    page.get_by_test_id("contact-phone").fill(phone)
    page.get_by_test_id("contact-save").dblclick()
    expect(page.get_by_test_id("panel-name")).to_have_text(word)
    page.get_by_test_id("add-note").click()
    page.get_by_test_id("note-input").fill("Prefere ser atendido à tarde")
    page.get_by_test_id("note-save").click()
    expect(page.get_by_test_id("note-text")).to_have_text("Prefere ser atendido à tarde")
    with page.expect_download() as saved:
        page.get_by_test_id("export-contact").click()
    kept = json.loads(saved.value.path().read_text(encoding="utf-8"))
    assert kept["contact"]["name"] == word
    assert [note["text"] for note in kept["contact"]["notes"]] == ["Prefere ser atendido à tarde"]
    page.screenshot(path=screenshot("administration-contact"))
    page.keyboard.press("Escape")

    page.get_by_test_id("add").click()
    page.get_by_test_id("contact-name").fill("Outra pessoa")
    page.get_by_test_id("contact-phone").fill(f"+55 {phone}")
    page.get_by_test_id("contact-save").click()
    expect(page.get_by_test_id("contact-exists")).to_contain_text(f"Conversa já existente: {word}")
    page.get_by_role("link", name="Ver o cadastro").click()
    page.get_by_test_id("erase-contact").click()
    page.get_by_test_id("confirm-erase-yes").click()
    expect(page.get_by_test_id("panel-name")).to_have_count(0)
    of_ana.find(word)
    expect(page.get_by_text("Nada encontrado")).to_be_visible()


def test_a_blocked_contact_is_marked_and_not_erased(
    of_ana: Administration, ana: Agent, phones: Phones
) -> None:
    """BLOCK-2: «Bloqueado?», the filter «Bloqueado», and no deletion."""
    contact = phones.somebody(a_word())
    contact.writes("oi")
    chat_id = ana.chat_of(contact.name)
    ana.ask("PUT", f"/chats/{chat_id}/block")
    page = of_ana.page
    of_ana.go("/contatos")
    page.get_by_test_id("blocked-filter").click()
    expect(page.get_by_test_id("blocked-filter")).to_be_checked()
    of_ana.open("contacts", contact.name)
    expect(page.get_by_test_id("erase-contact")).to_be_disabled()
    ana.ask("DELETE", f"/chats/{chat_id}/block")
    # The card is asked anew by itself.
    expect(page.get_by_test_id("erase-contact")).to_be_enabled()


def test_attendances_are_read_and_exported(
    of_ana: Administration, ana: Agent, phones: Phones
) -> None:
    """CLOSE-7: who opened and closed, the farewell, and one file of all."""
    contact = phones.somebody(a_word())
    contact.writes("oi")
    chat_id = ana.chat_of(contact.name)
    ana.answer(chat_id, "Olá!")
    protocol = ana.opened(chat_id)["chat"]["protocol"]
    fields = {
        field["field_id"]: field["options"][0] if field["options"] else "Sim"
        for field in ana.get("/labels")["fields"]
        if field["active"] and field["at_closing"] == "required"
    }
    ana.ask(
        "POST",
        f"/chats/{chat_id}/close",
        json={"protocol": protocol, "farewell": "Até logo!", "fields": fields},
    )
    page = of_ana.page
    of_ana.go(f"/atendimentos?agent={ana.agent_id()}&state=closed")
    row = of_ana.row("attendances", protocol)
    expect(row).to_contain_text(contact.name)
    expect(row).to_contain_text("por Ana Souza")
    row.get_by_role("button").first.click()
    expect(page.get_by_test_id("attendance-farewell")).to_have_text("Até logo!")
    page.keyboard.press("Escape")
    with page.expect_download() as saved:
        page.get_by_test_id("export").click()
    csv = saved.value.path().read_bytes()
    assert csv.startswith("\ufeff".encode()), "spreadsheets know by this that it is UTF-8"
    assert protocol in csv.decode("utf-8-sig")


def test_a_profile_is_everybodys_own(
    stack: Stack, hire: Hire, new_page: NewPage, tmp_path: Path
) -> None:
    """ADM-4: name, picture, «Mensagem de encerramento» and password."""
    (eva,) = hire(1)
    email = email_of(eva)
    administration = Administration(new_page(), stack.web)
    administration.log_in(email, PASSWORD, "/perfil")
    page = administration.page
    name = a_word()
    page.get_by_test_id("profile-name").fill(name)
    page.get_by_test_id("profile-farewell").fill("Obrigada, até breve!")
    page.get_by_test_id("nav-chats").click()
    expect(page.get_by_text("Descartar alterações?")).to_be_visible()
    page.get_by_role("button", name="Continuar editando").click()
    page.get_by_test_id("profile-save").dblclick()
    expect(page.get_by_test_id("profile-saved")).to_contain_text("Perfil salvo")
    expect(page.get_by_test_id("user-menu")).to_contain_text(name)
    mine = eva.get("/me")["agent"]
    assert (mine["name"], mine["farewell"]) == (name, "Obrigada, até breve!")

    text = tmp_path / "foto.png"
    text.write_text("isto não é uma imagem")
    page.locator("input[type=file]").set_input_files(text)
    expect(page.get_by_text("não pôde ser aberto como imagem")).to_be_visible()
    picture = tmp_path / "eu.png"
    picture.write_bytes(png(700))
    page.locator("input[type=file]").set_input_files(picture)
    page.get_by_test_id("picture-use").click()
    shown = page.get_by_test_id("user-menu").locator("img")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    page.get_by_test_id("picture-remove").click()
    expect(shown).to_have_count(0)

    page.get_by_test_id("change-password").click()
    page.get_by_test_id("password-current").fill("Errada2026xyz")
    page.get_by_test_id("password-next").fill("Atendente2027")
    page.get_by_test_id("password-repeat").fill("Atendente2027")
    page.get_by_test_id("password-save").click()
    expect(page.get_by_text("A senha atual não confere.")).to_be_visible()
    page.get_by_test_id("password-current").fill(PASSWORD)
    page.get_by_test_id("password-save").click()
    expect(page.get_by_test_id("password-changed")).to_contain_text("Senha trocada")
    stack.token(email, "Atendente2027")


def test_the_support_code_is_under_the_users_name(
    stack: Stack, of_ana: Administration, ana: Agent, new_page: NewPage
) -> None:
    """CODE-1: for who has the permission."""
    of_ana.page.get_by_test_id("user-menu").click()
    code = ana.get("/support-code")["code"]
    expect(of_ana.page.get_by_test_id("support-code-digits")).to_have_text(code)
    of_ana.page.screenshot(path=screenshot("administration-support-code"))
    other = Administration(new_page(), stack.web)
    other.log_in("bruno@example.com", PASSWORD, "/perfil")
    other.page.get_by_test_id("user-menu").click()
    expect(other.page.get_by_test_id("logout")).to_be_visible()
    expect(other.page.get_by_test_id("support-code")).to_have_count(0)


def test_going_away_and_back_the_desk_is_live(
    of_ana: Administration, stack: Stack, phones: Phones
) -> None:
    """LIVE-1: the desk begins anew after another page, and hears what comes."""
    page = of_ana.page
    page.get_by_test_id("nav-chats").click()
    desk = DeskPage(page, stack.web)
    desk.until_live()
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("menu-settings").click()
    expect(page.get_by_test_id("read-receipts")).to_be_attached()
    page.go_back()
    desk.until_live()
    contact = phones.somebody(a_word())
    contact.writes("Cheguei agora")
    expect(desk.row(contact.name)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_bars_anybody_and_nothing_is_cut(
    of_ana: Administration, scheme: Any, width: int
) -> None:
    """WCAG 2.2 AA by axe, and no page wider than its screen."""
    page = of_ana.page
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844 if width == 390 else 900})
    axe = AXE.read_text()
    for path in PAGES:
        of_ana.go(path)
        expect(page.get_by_role("heading", level=2).first).to_be_visible()
        expect(page.locator("[class*=bone]")).to_have_count(0)
        page.evaluate(axe)
        found = page.evaluate("tags => axe.run({ runOnly: tags })", WCAG)["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, f"{path} is {over} pixels wider than {width}"
        page.screenshot(path=screenshot(f"administration{path.replace('/', '-')}-{width}-{scheme}"))
        time.sleep(0.1)
