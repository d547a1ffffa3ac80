"""Small flows for tests, and facts to run them with: say what matters, the rest is ordinary."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain import flow_nodes as nodes
from chalicelib.domain.flow import Department, Facts, Input, Line, Say, SayMenu, SayTemplate
from chalicelib.domain.flow_step import step
from chalicelib.domain.outgoing import Attached
from chalicelib.domain.profile import Profile
from chalicelib.domain.template import Button, Template
from tests.builders import NOON, agent, chat

ZONE = ZoneInfo("America/Sao_Paulo")
PICTURE = Attached("flow/abc.png", "loja.png", "image/png", 1000)
FOTO = "pictures/contact/c1/0123456789abcdef.png"
MENU = nodes.Menu(
    "Com quem quer falar?",
    (
        nodes.Option("vendas", "Vendas", "sold"),
        nodes.Option("fin", "Financeiro", "paid", "Boletos e notas"),
        nodes.Option("nada", "Mais nada"),
    ),
)
WELCOME = Template(
    "boas_vindas",
    "pt_BR",
    "utility",
    False,
    "",
    "Olá, {{1}}!",
    "",
    buttons=(Button("quick_reply", "Quero saber mais"), Button("quick_reply", "Agora não")),
)


def field(slug: str, kind: str = "text", **facts: Any) -> dict[str, Any]:
    """A custom field whose id is not its slug."""
    return {
        "field_id": f"id-{slug}",
        "slug": slug,
        "name": slug.capitalize(),
        "kind": kind,
        "options": [],
        "at_closing": "no",
        "active": True,
        **facts,
    }


FIELDS = (
    field("nota"),
    field("texto", "long_text"),
    field("saldo", "number"),
    field("vip", "yes_no"),
    field("desde", "date"),
    field("cor", "choice", options=["Verde", "Azul"]),
    field("cores", "choices", options=["Verde", "Azul", "Rosa"]),
    field("fone2", "phone"),
    field("foto", "image"),
    field("antigo", active=False),
)
AGENTS = (
    agent("ana", department_ids=["vendas"]),
    agent("bruno", department_ids=["suporte", "vendas"]),
    agent("carla", department_ids=[]),
    agent("gustavo", department_ids=["vendas"], active=False),
)
DEPARTMENTS = (
    Department("vendas", "Vendas"),
    Department("suporte", "Suporte", to_last_agent=True),
    Department("parcerias", "Parcerias", active=False),
)


def flow(*given: nodes.Node, flow_id: str = "f1", **named: nodes.Node) -> nodes.Flow:
    """Its start is the first node, which is called «start» unless it has a name."""
    every = {f"n{place}" if place else "start": one for place, one in enumerate(given)} | named
    return nodes.Flow(flow_id, 3, "Fluxo", next(iter(every)), MappingProxyType(every))


def facts(found: Any = (), **of_chat: Any) -> Facts:
    """Bia's chat, which nobody attends, and everything that may be asked of the agency."""
    known: dict[Any, Any] = {
        ("profile", ""): Profile("c1"),
        ("fields", ""): FIELDS,
        ("tags", ""): frozenset({"t1", "t2"}),
        ("agents", ""): AGENTS,
        ("departments", ""): DEPARTMENTS,
        ("last_agent", ""): None,
        ("last_answer", ""): "",
        ("business_hours", ""): True,
        ("protocol", ""): "200001",
        ("template", "boas_vindas/pt_BR"): WELCOME,
        ("file", PICTURE.key): PICTURE,
        ("file", FOTO): Attached(FOTO, "foto.png", "image/png", 2000),
    }
    known.update(dict(found))
    return Facts(chat(open_=False, **of_chat), ZONE, MappingProxyType(known))


def begun(given: nodes.Flow, known: Facts | None = None, *, at: Any = NOON) -> Any:
    """The flow's first step."""
    return step(given, None, known or facts(), Input("start"), at)


def replied(
    given: nodes.Flow, before: Any, text: str, known: Facts | None = None, **of: Any
) -> Any:
    """The step that a message makes, a minute later."""
    told = Input("message", text, **of)
    return step(given, before.position, known or facts(), told, NOON + timedelta(minutes=1))


def said(decisions: Any) -> list[str]:
    """What goes out and what lines say, one string each: a menu with its titles after it."""
    found = []
    for one in decisions.effects:
        match one:
            case Say(part):
                kind = "" if part.kind == "text" else f"[{part.kind}] "
                found.append(f"{kind}{part.text}")
            case SayMenu(text, shown):
                titles = " | ".join(option["title"] for option in shown["options"])
                found.append(f"{text} <{titles}>")
            case SayTemplate(template, filled):
                found.append(f"[template] {template.name} {dict(filled.values)}")
            case Line(code, _, name):
                found.append(f"--- {code} {name or ''}".rstrip())
    return found


def done(decisions: Any) -> list[Any]:
    """What happens beside what is said."""
    return [
        one for one in decisions.effects if not isinstance(one, Say | SayMenu | SayTemplate | Line)
    ]
