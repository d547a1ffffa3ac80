"""What the demonstration's contacts and agents are called, and what they say."""

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
