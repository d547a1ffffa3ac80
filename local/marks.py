"""What the demonstration's contacts are marked and described by: all of it made up."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from chalicelib.domain import attendance as attendances
from chalicelib.domain import fields as rules
from chalicelib.domain.ids import AgentId, DepartmentId
from chalicelib.domain.note import Note
from chalicelib.domain.profile import Profile
from chalicelib.stores.quick_replies import QuickReply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat

TAGS: list[events.Tag] = [
    {"tag_id": "cliente-vip", "name": "Cliente VIP", "color": "violet"},
    {"tag_id": "novo-cliente", "name": "Novo cliente", "color": "green"},
    {"tag_id": "orcamento", "name": "Orçamento", "color": "blue"},
    {"tag_id": "pedido-atrasado", "name": "Pedido atrasado", "color": "red"},
    {"tag_id": "troca", "name": "Troca ou devolução", "color": "orange"},
    {"tag_id": "pagamento", "name": "Aguardando pagamento", "color": "yellow"},
    {"tag_id": "nota-fiscal", "name": "Nota fiscal", "color": "gray"},
    {"tag_id": "atacado", "name": "Atacado", "color": "teal"},
    {"tag_id": "reclamacao", "name": "Reclamação", "color": "red"},
    {"tag_id": "elogio", "name": "Elogio", "color": "green"},
    {"tag_id": "retirada", "name": "Retira na loja", "color": "teal"},
    {"tag_id": "parceiro", "name": "Parceiro", "color": "blue"},
]
CAMPAIGNS: list[events.Campaign] = [
    {"campaign_id": "inverno", "name": "Coleção de inverno"},
    {"campaign_id": "black-friday", "name": "Black Friday"},
]
QUICK_REPLIES = [
    QuickReply("boas-vindas", "olá", "Olá, {nome}! Aqui é {agente}. Como posso ajudar?", None),
    QuickReply("horario", "horário", "Atendemos de segunda a sexta, das 9h às 18h.", None),
    QuickReply(
        "endereco",
        "endereço",
        "Nossa loja fica na Rua das Flores, 120, Centro, São Paulo.\nHá estacionamento ao lado.",
        None,
    ),
    QuickReply("pix", "pix", "Nossa chave Pix é pix@loja.example. Envie o comprovante aqui.", None),
    QuickReply("troca", "troca", "Para a troca, {nome}, informe o pedido e o tamanho novo.", None),
    QuickReply("protocolo", "protocolo", "Seu protocolo é {protocolo}.", None),
]
# What templates of the simulator's catalogue are filled with unless something else is typed.
BINDINGS = {"retomar_atendimento": {"body.1": "{nome}", "body.2": "{protocolo}"}}
REASON_FIELD = "motivo-do-encerramento"
REASONS = ["Resolvido", "Sem resposta do cliente", "Encaminhado para outro canal", "Engano"]


def _field(
    field_id: str,
    name: str,
    kind: events.FieldKind,
    *,
    options: Sequence[str] = (),
    at_closing: events.AskedAtClosing = "no",
    active: bool = True,
) -> events.Field:
    return {
        "field_id": field_id,
        "slug": field_id.replace("-", "_"),
        "name": name,
        "kind": kind,
        "options": list(options),
        "at_closing": at_closing,
        "active": active,
    }


FIELDS: list[events.Field] = [
    _field(
        REASON_FIELD, "Motivo do encerramento", "choice", options=REASONS, at_closing="required"
    ),
    _field("resumo", "Resumo do atendimento", "text", at_closing="optional"),
    _field("preferencias", "Preferências", "long_text"),
    _field("limite-de-credito", "Limite de crédito", "number"),
    _field("assina-novidades", "Assina as novidades", "yes_no"),
    _field("ultima-visita", "Última visita", "date"),
    _field(
        "interesses",
        "Interesses",
        "choices",
        options=["Camisetas", "Canecas", "Adesivos", "Presentes", "Atacado"],
    ),
    _field("telefone-fixo", "Telefone fixo", "phone"),
    _field("email-da-empresa", "E-mail da empresa", "email"),
    _field("site", "Site", "url"),
    _field("foto-da-fachada", "Foto da fachada", "image"),
    _field("numero-do-contrato", "Número do contrato", "text", active=False),
]

NOTES = [
    "Prefere ser atendida depois das 18h.",
    "Já comprou três vezes este ano; costuma pagar com Pix.",
    "Pediu desconto para 50 unidades. Falar com o atacado antes de responder.",
    "O endereço do cadastro está desatualizado: confirmar antes do próximo envio.",
    "Ligar para confirmar a retirada do pedido.",
    "Reclamou da embalagem em outubro.\nEnviamos outra sem custo e agradeceu.",
]
SUMMARIES = ["Dúvida sobre o prazo", "Segunda via enviada", "Trocou o tamanho", "Fechou a compra"]
FAREWELL = "Obrigado pelo contato! Se precisar, é só chamar por aqui."


@dataclass(frozen=True)
class Marks:
    """All that stands beside one chat."""

    profile: Profile | None
    notes: tuple[Note, ...]
    past: tuple[attendances.Attendance, ...]


def tags_of(chance: random.Random) -> tuple[str, ...]:
    """None for a third of the contacts, up to four for the others, some more common than others."""
    if chance.random() < 0.35:
        return ()
    weights = [len(TAGS) - place for place in range(len(TAGS))]
    chosen = chance.choices(TAGS, weights, k=chance.choice([1, 1, 2, 2, 3, 4]))
    return tuple(dict.fromkeys(tag["tag_id"] for tag in chosen))


def campaigns_of(chance: random.Random) -> tuple[str, ...]:
    """Most contacts never got one."""
    return tuple(one["campaign_id"] for one in CAMPAIGNS if chance.random() < 0.12)


def marks(chat: Chat, agents: list[Agent], began_at: datetime, chance: random.Random) -> Marks:
    """What is kept of the contact beside the chat, which began then."""
    number = int(chat.chat_id, 16)
    profile = _profile(chat, number, chance) if chance.random() < 0.6 else None
    notes = tuple(_notes(chat, agents, chance)) if chance.random() < 0.2 else ()
    past = tuple(_past(chat, agents, began_at, chance)) if chance.random() < 0.4 else ()
    return Marks(profile, notes, past)


def closing(chance: random.Random) -> tuple[events.ClosingValue, ...]:
    """What was chosen and written in a closing window (CLOSE-6)."""
    given: dict[str, str] = {REASON_FIELD: chance.choice(REASONS)}
    if chance.random() < 0.5:
        given["resumo"] = chance.choice(SUMMARIES)
    return attendances.closing_values(attendances.asked_at_closing(FIELDS), given)


def cpf(number: int) -> str:
    """Eleven digits with right check digits, of nobody: real ones do not begin with so many 9s."""
    digits = [int(digit) for digit in f"999{number % 10**6:06d}"]
    for _ in range(2):
        weights = range(len(digits) + 1, 1, -1)
        rest = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        digits.append(0 if rest < 2 else 11 - rest)
    return "".join(map(str, digits))


def _profile(chat: Chat, number: int, chance: random.Random) -> Profile:
    today = datetime.now(UTC).date()
    born = date(1950, 1, 1) + timedelta(days=chance.randint(0, 55 * 365))
    offered = {
        "birth_date": born.isoformat(),
        "cpf": cpf(7 * number + 11),
        "rg": f"{chance.randint(10, 60)}.{chance.randint(100, 999)}.{chance.randint(100, 999)}-X",
        "customer_code": f"C-{10_000 + number}",
        "email": f"{_address(chat.name, number)}@example.com",
    }
    system = {
        name: rules.system_value(name, given, path=name, today=today)
        for name, given in offered.items()
        if chance.random() < 0.75
    }
    visited = today - timedelta(days=chance.randint(1, 400))
    custom: dict[str, events.FieldValue] = {
        "preferencias": "Gosta de receber fotos dos produtos.\nNão atende ligações pela manhã.",
        "limite-de-credito": f"{chance.randint(1, 80) * 250},00",
        "assina-novidades": chance.random() < 0.5,
        "ultima-visita": visited.isoformat(),
        "interesses": chance.sample(["Camisetas", "Canecas", "Adesivos", "Presentes"], 2),
        "telefone-fixo": f"11 3{chance.randint(1000000, 9999999)}",
        "email-da-empresa": f"compras{number}@example.com",
        "site": f"https://loja{number}.example.com",
        REASON_FIELD: chance.choice(REASONS),
    }
    known = {field["field_id"]: field for field in FIELDS}
    values = {
        field_id: rules.value(known[field_id], given, path=field_id)
        for field_id, given in custom.items()
        if chance.random() < 0.4
    }
    return Profile(
        chat_id=chat.chat_id,
        system=MappingProxyType(system),
        values=MappingProxyType(values),
        broadcasts=chance.random() > 0.08,
    )


def _address(name: str, number: int) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = ["".join(filter(str.isalnum, word)) for word in plain.split()]
    return ".".join([*[word for word in words if word][:2], str(number)])


def _notes(chat: Chat, agents: list[Agent], chance: random.Random) -> list[Note]:
    found = []
    for place in range(chance.choice([1, 1, 2, 3])):
        writer = chance.choice(agents)
        at = (chat.last_activity_at or chat.created_at) - timedelta(days=place, minutes=9)
        to = chance.choice(agents).agent_id if chance.random() < 0.25 else None
        found.append(
            Note(
                chat_id=chat.chat_id,
                note_id=f"{int(at.timestamp() * 1000):013d}-{chance.getrandbits(64):016x}",
                text=chance.choice(NOTES),
                date=(at + timedelta(days=3)).date().isoformat() if chance.random() < 0.4 else None,
                to_agent_id=to,
                by=writer.agent_id,
                by_name=writer.name,
                created_at=at,
                edited_at=at + timedelta(minutes=5) if chance.random() < 0.2 else None,
            )
        )
    return found


def _past(
    chat: Chat, agents: list[Agent], began_at: datetime, chance: random.Random
) -> list[attendances.Attendance]:
    """Attendances closed long before what is told; their protocols are given later."""
    found = []
    at = began_at - timedelta(days=chance.randint(3, 40))
    for _ in range(chance.choice([1, 1, 2, 3, 4])):
        holder = chance.choice(agents)
        ended_at = at + timedelta(minutes=chance.randint(4, 300))
        department = chance.choice([None, "vendas", "suporte", "financeiro"])
        farewell = FAREWELL if chance.random() < 0.5 else ""
        found.append(
            attendances.Attendance(
                chat_id=chat.chat_id,
                protocol="",
                opened_at=at,
                opened_by=None if chance.random() < 0.7 else holder.agent_id,
                agent_ids=(AgentId(holder.agent_id),),
                department_ids=(DepartmentId(department),) if department else (),
                closed_at=ended_at,
                closed_by=holder.agent_id,
                farewell=farewell,
                farewell_fate="queued" if farewell else "none",
                values=closing(chance),
            )
        )
        at -= timedelta(days=chance.randint(5, 60))
    return found
