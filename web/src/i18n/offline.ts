/** What the page says while the server cannot be reached; loaded with what says it. */

export const offline = {
  asItWas: {
    today: "Sem conexão. Como estava às {{time}}",
    yesterday: "Sem conexão. Como estava ontem às {{time}}",
    earlier: "Sem conexão. Como estava em {{day}} às {{time}}",
  },
  retry: "Tentar de novo",
  waits: "aguardando conexão",
  refused:
    "Não foi possível conectar ao servidor, e isto não pode ficar na fila. Tente de novo quando a conexão voltar.",
  needs: {
    list: {
      title: "Esta lista não está disponível sem conexão",
      text: "Outras abas, filtros e ordens são buscados no servidor. Ela aparece assim que a conexão voltar.",
    },
    chat: {
      title: "Esta conversa não está disponível sem conexão.",
      text: "Neste aparelho ficam só as últimas que você abriu. Ela aparece assim que a conexão voltar.",
    },
    search: {
      title: "A busca precisa de conexão",
      text: "As conversas são procuradas no servidor. Tente de novo quando a conexão voltar.",
    },
    panel: {
      title: "Estes dados precisam de conexão",
      text: "Dados do contato, etiquetas, notas, agendamentos, encaminhamento e encerramento voltam com a conexão.",
    },
    administration: {
      title: "Esta página precisa de conexão",
      text: "A administração lê e grava no servidor. Tente de novo quando a conexão voltar.",
    },
  },
};
