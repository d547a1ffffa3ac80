"""What the demonstration's contacts and agents are called, and what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain.events import ChannelName

FIRST_NAMES = [
    "Adriana", "Alice", "Antônio", "Beatriz", "Caio", "Camila", "Cecília", "Cláudio", "Daniela",
    "Débora", "Diego", "Eduardo", "Fernanda", "Flávia", "Gabriel", "Giovana", "Heitor", "Helena",
    "Igor", "Isabela", "João", "Júlia", "Larissa", "Leonardo", "Letícia", "Luana", "Lucas",
    "Marcelo", "Mariana", "Mateus", "Mônica", "Natália", "Otávio", "Patrícia", "Paulo", "Rafaela",
    "Renato", "Rosana", "Sérgio", "Sofia", "Tatiana", "Thiago", "Valéria", "Vinícius", "Yasmin",
]  # fmt: skip

LAST_NAMES = [
    "Almeida", "Andrade", "Araújo", "Barbosa", "Barros", "Cardoso", "Carvalho", "Castro", "Costa",
    "Duarte", "Ferreira", "Freitas", "Gomes", "Gonçalves", "Lopes", "Machado", "Martins", "Mendes",
    "Moraes", "Moreira", "Nascimento", "Oliveira", "Pereira", "Pinto", "Ramos", "Ribeiro", "Rocha",
    "Santana", "Silveira", "Teixeira", "Vasconcelos", "Vieira",
]  # fmt: skip

# People whose names have tried every screen.
ODD_PEOPLE = [
    "Maria da Conceição Aparecida dos Santos Albuquerque de Vasconcelos e Silva Neta",
    "<b>João</b> <script>alert('oi')</script>",
    "\u202eoãoJ \u202c",
    "مريم الأنصاري",
    "👩🏽‍🚀 Bia 💜",
    "Condomínio Edifício Jardim das Palmeiras — Bloco B, apartamento 1204 (síndica)",
]

ODD_TEXTS = [
    "Bom dia! " + "Preciso muito da ajuda de vocês com o meu pedido. " * 60,
    "<img src=x onerror=alert(1)> o site mostra isso quando tento pagar",
    "Olhem https://example.com/pedido/123?a=1&b=2 por favor\n\ne também http://example.com",
    "مرحبا، هل يمكنني الدفع عند الاستلام؟ obrigado!",
    "👍🏽👩‍👩‍👧‍👦🇧🇷",
    "Segue a lista:\n1. camiseta azul\n2. caneca\n3. adesivos\n\n      muito obrigada!",
]

QUESTIONS = [
    "Oi, tudo bem?",
    "Bom dia! Vocês ainda têm o modelo azul?",
    "Meu pedido não chegou até agora 😕",
    "Consigo trocar o endereço de entrega?",
    "Qual o prazo para o CEP 04538-132?",
    "Obrigada!",
    "Paguei o boleto ontem, já caiu?",
    "Pode me mandar a segunda via da nota fiscal?",
    "Perfeito, é isso mesmo",
    "Vocês abrem no sábado?",
    "Queria saber se dá para parcelar em 6 vezes sem juros no cartão",
    "Deu erro na hora de finalizar a compra, aparece uma tela branca e não sai dali",
    "ok",
    "Não entendi, pode explicar de novo?",
    "Qual o tamanho certo para quem veste 42?",
    "Boa tarde, gostaria de falar com o financeiro por favor",
    "Show, fico no aguardo 🙏",
    "É possível retirar na loja?",
]

REPLIES = [
    "Olá! Tudo bem? Como posso ajudar?",
    "Claro, só um momento que já verifico para você.",
    "Seu pedido saiu para entrega hoje de manhã.",
    "Consegue me enviar o número do pedido, por favor?",
    "Sim, aceitamos cartão em até 10 vezes, com juros a partir da sétima.",
    "Já encaminhei para o financeiro, eles respondem ainda hoje.",
    "Prontinho! Mais alguma coisa?",
    "Obrigado pelo contato e tenha um ótimo dia!",
    "O prazo é de 3 a 5 dias úteis.",
    "Abrimos aos sábados das 9h às 13h.",
]

# Who shows every kind of message of their channel, and eleven who write there too.
DIRECT_PEOPLE: dict[ChannelName, list[str]] = {
    "whatsapp": ["Clara Todos os Tipos", "Pietro Salgado", "Nair Bittencourt"],
    "instagram": [
        "Lia Stories", "Bianca Prado", "Ravi Fontes", "Ester Lacerda", "Nina Quadros",
        "Otto Siqueira", "Malu Bastos", "Dora Peixoto", "Theo Guerra", "Iara Menezes",
        "Caetano Luz", "Vera Assunção",
    ],
    "facebook": [
        "Zeca Mensageiro", "Dirce Pacheco", "Osmar Teles", "Ivone Cruz", "Nelson Brito",
        "Marlene Sá", "Geraldo Pires", "Sônia Rangel", "Wilson Couto", "Aparecida Reis",
        "Jorge Amaro", "Célia Viana",
    ],
}  # fmt: skip

DIRECT_TEXTS = [
    "Oi, vi no perfil de vocês. Ainda tem?",
    "Qual o valor com frete para o Recife? 😊",
    "Vocês fazem com o nome gravado?",
    "Consegue me mandar uma foto da azul?",
    "Perfeito, vou querer duas!",
    "Posso retirar na loja no sábado?",
]
