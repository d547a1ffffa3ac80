/** What the shortcuts and the palette of actions say; loaded with them. */

export const keyboard = {
  keys: {
    title: "Atalhos do teclado",
    next: "Próxima conversa",
    previous: "Conversa anterior",
    bar: "Escrever na conversa aberta",
    search: "Buscar uma conversa",
    newChat: "Novo chat",
    unread: "Marcar a conversa como não lida",
    close: "Fechar o que está por cima",
    palette: "Buscar ações e conversas",
    help: "Mostrar estes atalhos",
    why: "Por que (não) fui notificado?",
    newline: "Quebrar a linha",
    send: "Enviar a mensagem",
    quickReplies: "Respostas rápidas, no início da mensagem",
    variables: "Variáveis, ao escrever a mensagem",
  },
  palette: {
    placeholder: "Buscar ações e conversas…",
    nothing: "Nada encontrado",
    actions: "Ações",
    chats: "Conversas da lista",
    tab: "Abrir {{tab}}",
    order: "Ordenar: {{order}}",
  },
} as const;
